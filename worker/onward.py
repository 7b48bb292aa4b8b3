"""Redirects to other hosts: the right to ask them is taken on the way, and given back with the answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from worker import hosts
from worker.db import writing
from worker.hands import stopping
from worker.http import FetchError, Kind
from worker.store import leases
from worker.watchlist import Watchlist

PATIENCE: Final = timedelta(seconds=8)  # for all hosts of a visit together
LONGEST_GAP: Final = 5.0  # seconds between two requests of one visit to one host
_LOOK_EVERY: Final = 0.2
_WRITERS: Final = threading.BoundedSemaphore(8)  # many threads visit; few of them may need the database at once


class Visit:
    """One visit to a host whose slot is taken, and to those that it redirects to; ``http.fetch`` calls it ``onward``.

    On leaving the block the slots of the other hosts are given back.
    """

    def __init__(self, engine: Engine, watchlist: Watchlist, home: str, hold: timedelta) -> None:
        """``home`` is the host whose slot is taken; those of others are taken for ``hold`` at most."""
        self._engine, self._watchlist, self._home, self._hold = engine, watchlist, home, hold
        self._left = PATIENCE.total_seconds()
        self._taken: dict[str, tuple[datetime, str]] = {}

    def __enter__(self) -> Self:
        """Begin at home."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Give the slots back; one that cannot be given back, because the database is away, ends by itself."""
        if self._taken:
            now = datetime.now(UTC)
            given = [
                (host, until, now + hosts.terms(self._watchlist, url).gap) for host, (until, url) in self._taken.items()
            ]
            with suppress(SQLAlchemyError), _WRITERS, writing(self._engine) as session:
                leases.give_slots(session, given)

    def __call__(self, url: str) -> Mapping[str, str]:
        """Wait for the turn of the host of ``url``; give what the watchlist sends there. Raises FetchError."""
        host, terms = hosts.party(url), hosts.terms(self._watchlist, url)
        if host == self._home or host in self._taken:
            if stopping.wait(min(terms.gap.total_seconds(), LONGEST_GAP)):
                raise FetchError(Kind.BUSY, f"{urlsplit(url).hostname} is asked when wirewatch runs again")
        else:
            self._wait_for(host, url)
        return terms.headers

    def _wait_for(self, host: str, url: str) -> None:
        end = time.monotonic() + self._left
        while not self._take(host, url):
            if time.monotonic() > end or stopping.wait(_LOOK_EVERY):
                where = urlsplit(url).hostname
                raise FetchError(Kind.BUSY, f"{where}, where it redirects to, is being asked for something else")
        self._left = end - time.monotonic()

    def _take(self, host: str, url: str) -> bool:
        now = datetime.now(UTC)
        try:
            with _WRITERS, writing(self._engine) as session:
                taken = leases.take_slot(session, host, now, self._hold)
        except SQLAlchemyError:
            return False
        if taken:
            self._taken[host] = now + self._hold, url
        return taken
