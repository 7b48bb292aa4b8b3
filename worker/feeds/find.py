"""Finds the feeds of a site: what its page names, else what stands at the usual addresses. Each one is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from worker import http, sandbox
from worker.feeds import fetch, links

LIMITS: Final = http.Limits(total=20.0, body=5_000_000)
SECONDS: Final = 10.0
AT_ONCE: Final = 3  # requests to one site


class NoPageError(RuntimeError):
    """The site's page cannot be had; the message says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was read: its address, title, number of entries, and when the newest was published."""

    url: str
    title: str
    entries: int
    newest: datetime | None


def find(url: str, tell: Callable[[str], None] = lambda _: None) -> tuple[Found, ...]:
    """Find the feeds of the site at ``url``, which may be a feed itself. ``tell`` hears what is being tried.

    Raises NoPageError.
    """
    itself = _try(url)
    if itself is not None:
        return (itself,)
    try:
        page = http.fetch(url, limits=LIMITS)
    except http.FetchError as error:
        raise NoPageError(error.message) from None
    try:
        named = sandbox.run(links.named, page.body, page.url, timeout=SECONDS)
    except sandbox.SandboxError:
        named = ()
    return _tried(named, tell) or _tried(links.usual(page.url), tell)


def _tried(addresses: Iterable[str], tell: Callable[[str], None]) -> tuple[Found, ...]:
    def attempt(address: str) -> Found | None:
        tell(address)
        return _try(address)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return tuple(found for found in pool.map(attempt, addresses) if found is not None)


def _try(url: str) -> Found | None:
    result = fetch.poll(url)
    if result.document is None:
        return None
    dates = [entry.published for entry in result.document.entries if entry.published is not None]
    return Found(url, result.document.title, len(result.document.entries), max(dates, default=None))
