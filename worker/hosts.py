"""Which requests go to one party, whatever the names of its machines, how it is asked, and how a feed is called."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from urllib.parse import urlsplit

from tld import get_fld

from worker.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class Terms:
    """How a host is asked: the least time between two requests, headers for it alone, whether robots.txt counts."""

    gap: timedelta
    headers: Mapping[str, str]
    robots: bool


def plain(_: str) -> Terms:
    """How a host is asked of which nothing is said."""
    return Terms(timedelta(seconds=1), {}, robots=True)


def terms(watchlist: Watchlist, url: str) -> Terms:
    """What the watchlist says of an address: of its host, else of its registered domain, else of all."""
    said = None
    if watchlist.hosts:
        said = watchlist.hosts.get((urlsplit(url).hostname or "").lower()) or watchlist.hosts.get(party(url))
    if said is None:
        return Terms(watchlist.host_gap, {}, robots=True)
    headers = {name: value.get_secret_value() for name, value in said.headers.items()}
    return Terms(watchlist.host_gap if said.host_gap is None else said.host_gap, headers, said.robots)


def headers(watchlist: Watchlist, address: str, feed: str) -> dict[str, str]:
    """What a feed is asked with: the headers of its host, and at its own origin its credentials.

    ``address`` is what is asked, ``feed`` the address in the watchlist.
    """
    sent = dict(terms(watchlist, address).headers)
    secret = watchlist.credentials.get(feed)
    if secret is not None and urlsplit(address)[:2] == urlsplit(feed)[:2]:
        sent["authorization"] = "Basic " + b64encode(secret.get_secret_value().encode()).decode()
    return sent


def party(url: str) -> str:
    """The registered domain of an address, as the public suffix list tells it; host and port where it has none.

    ``https://news.example.co.uk/a`` and ``https://example.co.uk/b`` are one party; so is each port of an IP address.
    """
    domain = get_fld(url, fail_silently=True)
    if domain:
        return domain
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


class Addressed(Protocol):
    """A feed, wherever it is kept: its address, the address as the watchlist writes it, and its name."""

    @property
    def url(self) -> str:
        """What is asked."""

    @property
    def shown(self) -> str:
        """What may be seen: a variable, not its value. Empty where the watchlist never named the feed."""

    @property
    def name(self) -> str:
        """What people call it, or empty."""


def shown(feed: Addressed) -> str:
    """The address of a feed as logs and people see it."""
    return feed.shown or feed.url


def label(feed: Addressed) -> str:
    """What a feed is called where people read of it: its name, else its address as it may be seen."""
    return feed.name or shown(feed)
