"""One article: its page, or why the page cannot be had and what is used instead.

robots.txt ─► page ─► (meta refresh, once) ─► extraction in the sandbox ─► the page's text or the feed's

Nothing that a server does raises; whatever happens ends as a text with its reason in words.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from worker import http, sandbox
from worker.articles import googlenews, robots, urls
from worker.articles.choose import choose
from worker.articles.extract import MAX_BYTES, extract
from worker.types import Page

LIMITS = http.Limits(total=15.0, body=MAX_BYTES)
EXTRACT_SECONDS = 15.0
_LONGEST_GAP = 5.0
_ROBOTS_LIMITS = http.Limits(total=10.0, body=robots.MAX_BYTES)
_ROBOTS_SECONDS = 2.0
_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_PAGES = (
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "application/xml",
    "text/xml",
    "application/octet-stream",
    "",
)
_TRANSIENT = frozenset({http.Kind.DNS, http.Kind.CONNECT, http.Kind.TIMEOUT, http.Kind.PROTOCOL})
_FRONT_PAGE = "the page leads to the site's front page, as many sites do for articles that are gone"


@dataclass(frozen=True, slots=True)
class ArticleResult:
    """What is known of an article.

    ``page`` is None where none could be read. ``url`` is where the page came from at last. ``text`` is what to judge,
    ``text_from`` says where it is from (``page``, ``feed`` or empty), ``reason`` why. ``transient`` tells that another
    try may bring the page; ``retry_after`` when the server wants it.
    """

    page: Page | None
    url: str
    text: str
    text_from: str
    reason: str
    status: int = 0
    transient: bool = False
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Got:
    """What the network gave: a page, or the problem."""

    page: Page | None
    url: str
    problem: str = ""
    status: int = 0
    transient: bool = False
    retry_after: timedelta | None = None


def read(
    url: str,
    feed_text: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    obey_robots: bool = True,
    gap: float = 0.0,
) -> ArticleResult:
    """Fetch and extract the article at ``url``; where that fails, fall back on the feed's own text.

    Args:
        url: the entry's link.
        feed_text: the fullest plain text that the feed carried for it.
        headers: the watchlist's headers for this host (an account's cookie).
        obey_robots: False for a host that the watchlist exempts.
        gap: seconds between two requests to one host, where robots.txt or a refresh makes a second one necessary.
    """
    got = _get(url, _Manner(headers or {}, obey_robots, min(gap, _LONGEST_GAP)))
    chosen = choose(got.page, got.problem, feed_text)
    return ArticleResult(
        got.page, got.url, chosen.text, chosen.text_from, chosen.reason, got.status, got.transient, got.retry_after
    )


@dataclass(frozen=True, slots=True)
class _Manner:
    """How to ask."""

    headers: Mapping[str, str]
    obey_robots: bool
    gap: float


def _get(url: str, manner: _Manner) -> _Got:
    if googlenews.is_link(url):
        target = googlenews.target(url)
        if target is None:
            return _Got(None, url, "Google News does not say where the article is")
        url = target
    got = _page(url, manner)
    if got.page and got.page.refresh and not got.page.text and got.page.refresh != url:
        there = got.page.refresh
        if not _same_host(got.url, there):
            return _page(there, replace(manner, headers={}))
        time.sleep(manner.gap)
        return _page(there, manner)
    return got


def _page(url: str, manner: _Manner) -> _Got:
    refusal = robots_txt.refusal(url, manner.gap) if manner.obey_robots else None
    if refusal:
        return _Got(None, url, refusal.reason, transient=refusal.transient)
    try:
        response = http.fetch(url, headers={"accept": _ACCEPT, **manner.headers}, limits=LIMITS)
    except http.FetchError as error:
        return _Got(None, url, f"the page could not be fetched: {error.message}", transient=error.kind in _TRANSIENT)
    problem = _unusable(url, response)
    if problem:
        seconds = http.retry_after(response.headers, datetime.now(UTC))
        wait = None if seconds is None else timedelta(seconds=seconds)
        again = response.status in {408, 425, 429} or response.status >= 500  # noqa: PLR2004
        return _Got(None, response.url, problem, response.status, again, wait)
    try:
        page = sandbox.run(
            extract, response.body, response.url, response.headers.get("content-type", ""), timeout=EXTRACT_SECONDS
        )
    except sandbox.SandboxError as error:
        # A child that was stopped may have been so for the machine's load; one more try tells.
        stopped = error.kind is not sandbox.SandboxKind.ERROR
        return _Got(None, response.url, f"the page cannot be read: {error}", response.status, transient=stopped)
    return _Got(page, response.url, status=response.status)


def _unusable(asked: str, response: http.Response) -> str:
    if response.status != 200:  # noqa: PLR2004
        return f"the page answered {response.status}"
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in _PAGES:
        return f"the link leads to {kind[:100]}, not to a page"
    if not response.body.strip():
        return "the page is empty"
    if _is_front_page(response.url) and not _is_front_page(asked):
        return _FRONT_PAGE
    return ""


def _is_front_page(url: str) -> bool:
    try:
        return not urls.key(url).partition("/")[2] and "?" not in url
    except urls.UrlError:
        return False


def _same_host(one: str, other: str) -> bool:
    return urlsplit(one).netloc == urlsplit(other).netloc


@dataclass(frozen=True, slots=True)
class _Refusal:
    reason: str
    transient: bool


@dataclass(frozen=True, slots=True)
class _Rules:
    body: bytes
    reason: str
    until: float


class RobotsTxt:
    """The robots.txt files of the sites that were asked lately. Thread-safe."""

    def __init__(self, size: int = 500, keep: float = 6 * 3600.0, keep_failure: float = 300.0) -> None:
        """Keep the files of ``size`` sites, each for ``keep`` seconds, and failures for ``keep_failure``."""
        self._size = size
        self._keep = keep
        self._keep_failure = keep_failure
        self._lock = threading.Lock()
        self._rules: OrderedDict[str, _Rules] = OrderedDict()

    def refusal(self, url: str, gap: float) -> _Refusal | None:
        """Why the page must not be fetched; None when it may be. Waits ``gap`` seconds after asking the site."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        rules = self._kept(origin)
        if rules is None:
            rules = self._keep_rules(origin, self._fetched(origin))
            time.sleep(gap)
        if rules.reason:
            return _Refusal(rules.reason, transient=True)
        if robots.says_nothing(rules.body):
            return None
        try:
            permitted = sandbox.run(robots.permits, rules.body, url, timeout=_ROBOTS_SECONDS)
        except sandbox.SandboxError:
            return None  # a file that cannot be read says nothing (RFC 9309, section 2.2)
        return None if permitted else _Refusal("the site's robots.txt forbids fetching the page", transient=False)

    def _kept(self, origin: str) -> _Rules | None:
        with self._lock:
            rules = self._rules.get(origin)
        return rules if rules and rules.until > time.monotonic() else None

    def _keep_rules(self, origin: str, rules: _Rules) -> _Rules:
        with self._lock:
            self._rules[origin] = rules
            self._rules.move_to_end(origin)
            while len(self._rules) > self._size:
                self._rules.popitem(last=False)
        return rules

    def _fetched(self, origin: str) -> _Rules:
        """RFC 9309, section 2.3.1: 4xx permits everything, 5xx nothing. A host that is away fails with its page."""
        now = time.monotonic()
        try:
            response = http.fetch(f"{origin}/robots.txt", limits=_ROBOTS_LIMITS)
        except http.FetchError:
            return _Rules(b"", "", now + self._keep_failure)
        if response.status >= 500:  # noqa: PLR2004
            reason = f"the site's robots.txt answered {response.status}, which forbids fetching for the time being"
            return _Rules(b"", reason, now + self._keep_failure)
        body = response.body if response.status == 200 else b""  # noqa: PLR2004
        return _Rules(body, "", now + self._keep)


robots_txt = RobotsTxt()
