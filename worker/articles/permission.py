"""What sites permit: their robots.txt files, asked for and kept for some hours."""

from __future__ import annotations

import threading
import time
import zlib
from collections import OrderedDict
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from worker import http, sandbox
from worker.articles import robots

_SECONDS = 8.0
_READ_SECONDS = 2.0
_PATIENCE = 10.0
_AWAY = frozenset({http.Kind.DNS, http.Kind.CONNECT, http.Kind.BUSY})
_UNREACHABLE = frozenset({http.Kind.TIMEOUT, http.Kind.PROTOCOL})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a page must not be fetched; ``transient`` when it may be another time."""

    reason: str
    transient: bool


@dataclass(frozen=True, slots=True)
class _Rules:
    packed: bytes
    reason: str
    until: float


class RobotsTxt:
    """The robots.txt files of the sites that were asked lately. Thread-safe."""

    def __init__(
        self, sites: int = 5000, size: int = 16_000_000, keep: float = 6 * 3600.0, keep_failure: float = 60.0
    ) -> None:
        """Keep the files of ``sites`` sites and ``size`` bytes at most, each for ``keep`` seconds.

        Failures are kept for ``keep_failure`` seconds: less than the tries for a page take, so that the last one asks
        again. Files that forbid nobody anything take no room, the others are kept compressed.
        """
        self._sites = sites
        self._size = size
        self._keep = keep
        self._keep_failure = keep_failure
        self._lock = threading.Lock()
        self._rules: OrderedDict[str, _Rules] = OrderedDict()
        self._held = 0

    def refusal(
        self, url: str, gap: float, *, seconds: float = _SECONDS, onward: http.Onward | None = None
    ) -> Refusal | None:
        """Why the page must not be fetched; None when it may be.

        Asks the site for at most ``seconds`` where its file is not kept, and waits ``gap`` seconds afterwards.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            rules = self._rules.get(origin)
        if rules is None or rules.until <= time.monotonic():
            try:
                rules = self._fetched(origin, rules, min(seconds, _SECONDS), onward)
            except http.FetchError as error:
                return Refusal(f"the page could not be fetched: {error.message}", transient=True)
            self._keep_rules(origin, rules)
            time.sleep(gap)
        if rules.reason:
            return Refusal(rules.reason, transient=True)
        if not rules.packed:
            return None
        body = zlib.decompress(rules.packed)
        try:
            permitted = sandbox.run(robots.permits, body, url, timeout=_READ_SECONDS, patience=_PATIENCE)
        except sandbox.SandboxError:
            return None  # a file that cannot be read says nothing (RFC 9309, section 2.2)
        return None if permitted else Refusal("the site's robots.txt forbids fetching the page", transient=False)

    def _keep_rules(self, origin: str, rules: _Rules) -> None:
        with self._lock:
            old = self._rules.pop(origin, None)
            self._rules[origin] = rules
            self._held += len(rules.packed) - (len(old.packed) if old else 0)
            while len(self._rules) > self._sites or self._held > self._size:
                self._held -= len(self._rules.popitem(last=False)[1].packed)

    def _fetched(self, origin: str, old: _Rules | None, seconds: float, onward: http.Onward | None) -> _Rules:
        """RFC 9309, section 2.3.1: 4xx permits everything; 5xx or no answer nothing, but for an older copy.

        What else keeps the file away (too many redirects, its size, a certificate) is no reason not to ask for the
        page. Raises FetchError for a host that is away.
        """
        now = time.monotonic()
        limits = http.Limits(total=seconds, body=robots.MAX_BYTES)
        try:
            response = http.fetch(f"{origin}/robots.txt", limits=limits, onward=onward)
        except http.FetchError as error:
            if error.kind in _AWAY:
                raise
            if error.kind in _UNREACHABLE:
                return self._unreachable(old, f"could not be had ({error.message})", now)
            return _Rules(b"", "", now + self._keep_failure)
        if response.status >= 500:  # noqa: PLR2004
            return self._unreachable(old, f"answered {response.status}", now)
        body = response.body if response.status == 200 else b""  # noqa: PLR2004
        return _Rules(b"" if robots.says_nothing(body) else zlib.compress(body), "", now + self._keep)

    def _unreachable(self, old: _Rules | None, what: str, now: float) -> _Rules:
        """The older copy, which section 2.4 lets be used meanwhile; without one nothing is permitted."""
        until = now + self._keep_failure
        if old is not None and not old.reason:
            return replace(old, until=until)
        return _Rules(b"", f"the site's robots.txt {what}, which forbids fetching for the time being", until)
