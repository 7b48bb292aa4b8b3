"""The demo's internet: every newsroom is a web server of its own on loopback, with a feed and its articles."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from xml.sax.saxutils import escape

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | {site}</title>
<meta property="article:published_time" content="{published}"><link rel="canonical" href="{url}"></head>
<body><nav><a href="/">Home</a> <a href="/about">About us</a></nav><article><h1>{title}</h1>
<p class="byline">By {byline}</p>{body}</article><footer>© {site}</footer></body></html>"""


@dataclass(frozen=True)
class Published:
    """An article that a newsroom has put on line."""

    path: str
    title: str
    byline: str
    paragraphs: tuple[str, ...]
    at: datetime


@dataclass
class Newsroom:
    """One site: its feed is at ``/feed.xml``."""

    name: str
    articles: dict[str, Published] = field(default_factory=dict)
    server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        """Serve from now on, on a port that the system chooses."""
        newsroom = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version: ClassVar[str] = "HTTP/1.1"

            def do_GET(self) -> None:
                found = newsroom.answer(self.path)
                body = (found or "not here").encode()
                self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
                self.send_header("Content-Type", "application/rss+xml" if self.path == "/feed.xml" else "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """The site's address without a path."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def publish(self, path: str, title: str, byline: str, paragraphs: list[str]) -> str:
        """Put an article on line, give back its address."""
        self.articles = {**self.articles, path: Published(path, title, byline, tuple(paragraphs), datetime.now(UTC))}
        return self.address + path

    def answer(self, path: str) -> str | None:
        """What stands at a path."""
        if path == "/feed.xml":
            return self._feed()
        article = self.articles.get(path)
        if article is None:
            return None
        return PAGE.format(
            title=escape(article.title),
            site=escape(self.name),
            byline=escape(article.byline or self.name),
            published=article.at.isoformat(),
            url=self.address + path,
            body="".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs),
        )

    def _feed(self) -> str:
        items = "".join(
            f"<item><title>{escape(article.title)}</title><link>{self.address}{article.path}</link>"
            f"<guid>{self.address}{article.path}</guid><pubDate>{format_datetime(article.at)}</pubDate></item>"
            for article in reversed(self.articles.values())
        )
        return f'<rss version="2.0"><channel><title>{escape(self.name)}</title>{items}</channel></rss>'
