"""Finds the feeds of a site: what its page names, else what stands at the usual addresses. Each one is tried."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from worker import http, sandbox
from worker.feeds import fetch, links
from worker.hosts import Terms, plain

LIMITS: Final = http.Limits(total=20.0, body=5_000_000)
SECONDS: Final = 10.0


class NoPageError(RuntimeError):
    """The site's page cannot be had; the message says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was read: its address, title, number of entries, and when the newest was published."""

    url: str
    title: str
    entries: int
    newest: datetime | None


def find(
    url: str, tell: Callable[[str], None] = lambda _: None, *, terms: Callable[[str], Terms] = plain
) -> tuple[Found, ...]:
    """Find the feeds of the site at ``url``, which may be a feed itself.

    One address is asked after the other, apart by the host's gap. ``tell`` hears what is being tried; ``terms`` says
    how a host is asked. Raises NoPageError.
    """
    itself = _try(url, terms)
    if itself is not None:
        return (itself,)
    time.sleep(terms(url).gap.total_seconds())
    page = _page(url, terms)
    found = _tried(_named(page), tell, terms)
    front = urljoin(page.url, "/")
    if not found and front != page.url:  # of an article or a section: the front page may name what this one does not
        time.sleep(terms(front).gap.total_seconds())
        with suppress(NoPageError):
            found = _tried(_named(_page(front, terms)), tell, terms)
    return found or _tried(links.usual(page.url), tell, terms)


def _page(url: str, terms: Callable[[str], Terms]) -> http.Response:
    try:
        return http.fetch(url, headers=terms(url).headers, limits=LIMITS, onward=lambda there: terms(there).headers)
    except http.FetchError as error:
        raise NoPageError(error.message) from None


def _named(page: http.Response) -> tuple[str, ...]:
    try:
        return sandbox.run(links.named, page.body, page.url, timeout=SECONDS)
    except sandbox.SandboxError:
        return ()


def _tried(addresses: Iterable[str], tell: Callable[[str], None], terms: Callable[[str], Terms]) -> tuple[Found, ...]:
    found = []
    for address in addresses:
        time.sleep(terms(address).gap.total_seconds())
        tell(address)
        one = _try(address, terms)
        if one is not None:
            found.append(one)
    return tuple(found)


def _try(url: str, terms: Callable[[str], Terms]) -> Found | None:
    result = fetch.poll(url, headers=terms(url).headers, onward=lambda there: terms(there).headers)
    if result.document is None:
        return None
    dates = [entry.published for entry in result.document.entries if entry.published is not None]
    return Found(url, result.document.title, len(result.document.entries), max(dates, default=None))
