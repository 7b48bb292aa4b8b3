"""A newsroom on the test's web server: articles as HTML pages, and the feed that carries them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from servers.web import Reply, Request, Web


@dataclass(frozen=True)
class Item:
    """An article that the feed names."""

    url: str
    title: str
    at: datetime


class Newsroom:
    """One site at ``/NAME`` of a web server; its feed is served with an ETag that changes with it."""

    def __init__(self, web: Web, name: str) -> None:
        self.web = web
        self.name = name
        self.items: list[Item] = []
        self.feed = web.add(f"/{name}/feed.xml", self._feed)

    def publish(self, path: str, title: str, paragraphs: Sequence[str], at: datetime | None = None) -> str:
        """Put an article on line and into the feed. Gives its address."""
        body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
        url = self.web.page(
            f"/{self.name}/{path}",
            f"<!doctype html><html><head><title>{escape(title)}</title></head><body>"
            f"<nav><a href='/'>Home</a></nav><article><h1>{escape(title)}</h1>{body}</article></body></html>",
        )
        self.announce(url, title, at)
        return url

    def announce(self, url: str, title: str, at: datetime | None = None) -> None:
        """Put an address into the feed."""
        self.items.insert(0, Item(url, title, at or datetime.now(UTC)))

    def _feed(self, _request: Request) -> Reply:
        items = "".join(
            f"<item><title>{escape(item.title)}</title><link>{escape(item.url)}</link>"
            f"<guid>{escape(item.url)}</guid><pubDate>{format_datetime(item.at)}</pubDate></item>"
            for item in self.items
        )
        return Reply(
            f'<rss version="2.0"><channel><title>{escape(self.name)}</title>{items}</channel></rss>',
            headers={"ETag": f'"{len(self.items)}"'},
            content_type="application/rss+xml",
        )
