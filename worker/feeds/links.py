"""Where a page says that its site's feeds are, and where they often are."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import html

TYPES: Final = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
USUAL: Final = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/en/rss")
MOST: Final = 12
_FEED_LIKE: Final = re.compile(r"rss|atom|feed|\.xml$", re.IGNORECASE)


def named(page: bytes, url: str) -> tuple[str, ...]:
    """The feeds that a page names in its head (``rel=alternate``), then those that its links look like leading to.

    Absolute addresses, each once, ``MOST`` at most. For the sandbox: the page may be anything.
    """
    tree = html.fromstring(page or b"<html></html>", base_url=url)
    stated = [
        link.get("href") or ""
        for link in tree.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and (link.get("type") or "").split(";")[0].strip().lower() in TYPES
    ]
    linked = [link.get("href") or "" for link in tree.iter("a") if _FEED_LIKE.search(link.get("href") or "")]
    found: dict[str, None] = {}
    for href in (*stated, *linked):
        address = _absolute(href, url)
        if address:
            found[address] = None
        if len(found) >= MOST:
            break
    return tuple(found)


def usual(url: str) -> tuple[str, ...]:
    """The addresses at which sites of all kinds keep their feed."""
    parts = urlsplit(url)
    return tuple(f"{parts.scheme}://{parts.netloc}{path}" for path in USUAL)


def _absolute(href: str, url: str) -> str:
    try:
        address = urljoin(url, href.strip())
        return address.partition("#")[0] if urlsplit(address).scheme in {"http", "https"} else ""
    except ValueError:
        return ""
