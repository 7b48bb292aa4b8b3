"""The watchlist in force and the archive: an edit reaches the feeds, and the desk hears of one that was refused."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy.orm import Session

from worker import hosts
from worker.alerts.route import of_all
from worker.models import Heartbeat
from worker.store import feeds, leases, outbox, watched
from worker.store.coverage import IN_FORCE, REFUSED
from worker.store.feeds import WantedFeed
from worker.watchlist import Watchlist, WatchlistError
from worker.watchlist.values import written

GOOD: Final = "good"
BAD: Final = "bad"
MOST_PROBLEMS: Final = 10
NAMES_MOST: Final = 10
NAME_MOST: Final = 60  # characters


def wanted(watchlist: Watchlist) -> Iterator[WantedFeed]:
    """The feeds of a watchlist, as the archive keeps them."""
    for feed in watchlist.feeds:
        yield WantedFeed(feed.url, feed.name, feed.every, feed.slowest, feed.shown)


def settle(
    session: Session, watchlist: Watchlist, bad_edit: WatchlistError | None, now: datetime, *, edited: bool
) -> None:
    """Put the watchlist in force into the archive when it has changed; tell the desk once of an edit that was refused.

    Only for a process that has caught up with the files. One that has not would undo what another has just done.

    ``edited``: this process has read an edit since it settled last. Without one it leaves in force what another living
    process reads: where two machines have different files, the one that was edited last counts, and they do not undo
    each other's every second.
    """
    in_force, refused = session.get(Heartbeat, IN_FORCE), session.get(Heartbeat, REFUSED)
    others = None if edited else [line.split(" ") for line in leases.others(session, now)]
    theirs = others is not None and in_force is not None and any(line[0] == in_force.detail for line in others)
    if (in_force is None or in_force.detail != watchlist.digest) and not theirs:
        feeds.sync(session, wanted(watchlist), now)
        leases.beat(session, IN_FORCE, now, watchlist.digest)
        _welcome(session, watchlist, now)
    said = told(bad_edit) if bad_edit is not None else ""
    if said == (refused.detail if refused is not None else ""):
        return
    if others is not None and (said or any(line[1] == BAD for line in others)):
        return
    leases.beat(session, REFUSED, now, said)
    if said:
        body = f"The last good one stays in force.\n{said}"
        key = f"{REFUSED}:{sha256(said.encode()).hexdigest()[:16]}:{now:%Y-%m-%dT%H:%M}"
        outbox.notice(session, key, "The watchlist was refused", body, recipients=of_all(watchlist), now=now)


def reads(watchlist: Watchlist, bad_edit: WatchlistError | None) -> str:
    """The watchlist that a process reads, whether its latest edit was refused, and the machine, in a line."""
    return f"{watchlist.digest} {GOOD if bad_edit is None else BAD} {socket.gethostname()}"


def _welcome(session: Session, watchlist: Watchlist, now: datetime) -> None:
    """Tell the desk in one line what is watched from now on, and look for new names in what came lately."""
    feeds_by_url = {feed.url: hosts.label(feed) for feed in watchlist.feeds}
    fresh = watched.begin(session, feeds_by_url, [entity.name for entity in watchlist.entities], now)
    if fresh.entities and not fresh.first:
        watched.look_back(session, now - watchlist.since, now)
    named = (
        ("entity", "entities", [entity.name for entity in watchlist.entities if entity.name in fresh.entities]),
        ("feed", "feeds", [name for url, name in feeds_by_url.items() if url in fresh.feeds]),
    )
    counts = [f"{len(names)} {one if len(names) == 1 else several}" for one, several, names in named if names]
    if counts and not fresh.first:  # who starts the service knows what it watches
        title = f"Watched from now on: {' and '.join(counts)}"
        listed = "\n".join(_some(names) for _, _, names in named if names)
        body = f"{listed}\nWhat they carried longer than {written(watchlist.since)} ago is put on record and not sent."
        key = f"watched:{watchlist.digest[:16]}:{now:%Y-%m-%dT%H:%M:%S}"
        outbox.notice(session, key, title, body, recipients=of_all(watchlist), now=now)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMES_MOST} more" if len(names) > NAMES_MOST else ""
    return ", ".join(name[:NAME_MOST] for name in names[:NAMES_MOST]) + more


def told(bad_edit: WatchlistError) -> str:
    """The problems of an edit, a line each, no more of them than anybody reads."""
    lines = [str(problem) for problem in bad_edit.problems[:MOST_PROBLEMS]]
    more = len(bad_edit.problems) - len(lines)
    return "\n".join([*lines, *([f"and {more} more: `wirewatch check` shows them all"] if more else [])])
