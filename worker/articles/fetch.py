"""One article: its page, or why the page cannot be had and what is used instead.

robots.txt ─► page ─► (meta refresh, once) ─► extraction in the sandbox ─► the page's text or the feed's

Nothing that a server does raises; whatever happens ends as a text with its reason in words.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from worker import http, sandbox
from worker.articles import googlenews, urls
from worker.articles.choose import ENOUGH, choose
from worker.articles.extract import MAX_BYTES, extract
from worker.articles.permission import Refusal, RobotsTxt
from worker.articles.recurring import Recurring
from worker.articles.silence import Silence
from worker.hosts import Terms
from worker.types import Page

SECONDS = 20.0  # of all requests that one article takes: robots.txt, redirects, the page, and where it sends readers
EXTRACT_SECONDS = 15.0
EXTRACT_PATIENCE = 30.0  # seconds that a page waits for a child
_PAGE_SECONDS = 15.0
_LONGEST_GAP = 5.0
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
_TRANSIENT = frozenset({http.Kind.DNS, http.Kind.CONNECT, http.Kind.TIMEOUT, http.Kind.PROTOCOL, http.Kind.BUSY})
_FRONT_PAGE = "the page leads to the site's front page, as many sites do for articles that are gone"


@dataclass(frozen=True, slots=True)
class ArticleResult:
    """What is known of an article.

    ``page`` is None where none could be read. ``url`` is where the page came from at last. ``text`` is what to judge,
    ``text_from`` says where it is from (``page``, ``feed`` or empty), ``reason`` why. ``transient`` tells that another
    try may bring the page; ``retry_after`` when the server wants it. ``problem`` is why there is no page, in words;
    ``unasked`` tells that nobody was asked for it.
    """

    page: Page | None
    url: str
    text: str
    text_from: str
    reason: str
    status: int = 0
    transient: bool = False
    retry_after: timedelta | None = None
    problem: str = ""
    unasked: bool = False


@dataclass(frozen=True, slots=True)
class _Got:
    """What the network gave: a page, or the problem."""

    page: Page | None
    url: str
    problem: str = ""
    status: int = 0
    transient: bool = False
    retry_after: timedelta | None = None
    unasked: bool = False


def _plain_terms(_: str) -> Terms:
    return Terms(timedelta(), {}, robots=True)


@http.bodies()
def read(
    url: str,
    feed_text: str = "",
    *,
    terms: Callable[[str], Terms] = _plain_terms,
    onward: http.Onward | None = None,
) -> ArticleResult:
    """Fetch and extract the article at ``url``; where that fails, fall back on the feed's own text.

    Args:
        url: the entry's link.
        feed_text: the fullest plain text that the feed carried for it.
        terms: what the watchlist says of an address: headers, whether robots.txt counts, and the time between two
            requests to one host, where robots.txt or a refresh makes a second one necessary.
        onward: asked before a request goes to another host than that of ``url``.
    """
    got = _get(url, _Visit(terms, onward))
    if got.page and recurring.note(url, got.page.text, feed_text):
        same = "the page shows the same words as other pages of its site"
        got = replace(got, page=replace(got.page, text=""), problem=same)
    chosen = choose(got.page, got.problem, feed_text)
    return ArticleResult(
        got.page,
        got.url,
        chosen.text,
        chosen.text_from,
        chosen.reason,
        got.status,
        got.transient,
        got.retry_after,
        got.problem,
        got.unasked,
    )


class _Visit:
    """The requests of one article: how its hosts are asked, and what is left of the time."""

    def __init__(self, terms: Callable[[str], Terms], onward: http.Onward | None) -> None:
        self.terms = terms
        self._onward = onward
        self._end = time.monotonic() + SECONDS

    def left(self) -> float:
        """Seconds that the next request may take."""
        return max(self._end - time.monotonic(), 1.0)

    def gap(self, url: str) -> float:
        return min(self.terms(url).gap.total_seconds(), _LONGEST_GAP)

    def turn(self, url: str) -> Mapping[str, str]:
        """Wait until the host of ``url`` may be asked, which is another than before; give the headers meant for it."""
        if self._onward is None:
            return {}
        began = time.monotonic()
        headers = self._onward(url)
        self._end += time.monotonic() - began
        return headers

    def refusal(self, url: str) -> str:
        """Why the site of a redirect forbids it, or empty. Raises FetchError when it may permit it another time."""
        refusal = self.robots(url)
        if refusal is not None and refusal.transient:
            raise http.FetchError(http.Kind.BUSY, refusal.reason)
        return refusal.reason if refusal is not None else ""

    def robots(self, url: str) -> Refusal | None:
        if not self.terms(url).robots:
            return None
        return robots_txt.refusal(url, self.gap(url), seconds=self.left(), onward=self.turn)


def _get(url: str, visit: _Visit) -> _Got:
    if googlenews.is_link(url):
        target = googlenews.target(url)
        if target is None:
            return _Got(None, url, "Google News does not say where the article is")
        url = target
    got = _page(url, visit, visit.terms(url).headers)
    page = got.page
    # A signpost may say a few words, as "click here if nothing happens".
    if page is None or page.refresh in {"", url, got.url} or len(page.text.split()) >= ENOUGH:
        return got
    led = _led(got.url, page.refresh, visit)
    return led if not page.text or (led.page and len(led.page.text) > len(page.text)) else got


def _led(origin: str, there: str, visit: _Visit) -> _Got:
    """What stands where a meta refresh of the page at ``origin`` sends its readers."""
    try:
        headers = visit.turn(there)
    except http.FetchError as error:
        return _Got(None, there, f"the page could not be fetched: {error.message}", transient=True)
    if _same_host(origin, there):
        headers = visit.terms(there).headers
    return _page(there, visit, headers)


def _page(url: str, visit: _Visit, headers: Mapping[str, str]) -> _Got:
    host = urlsplit(url).netloc
    silent = silence.of(host)
    if silent:
        problem = f"{host} let the last requests run into their time limit and is left alone for a moment"
        return _Got(None, url, problem, transient=True, retry_after=timedelta(seconds=silent), unasked=True)
    refusal = visit.robots(url)
    if refusal:
        return _Got(None, url, refusal.reason, transient=refusal.transient)

    def onward(there: str) -> Mapping[str, str]:
        meant = visit.turn(there)
        if not _same_host(url, there) and (refused := visit.refusal(there)):
            raise http.FetchError(http.Kind.NOT_PERMITTED, refused)
        return meant

    limits = http.Limits(total=min(_PAGE_SECONDS, visit.left()), body=MAX_BYTES)
    try:
        response = http.fetch(url, headers={"accept": _ACCEPT, **headers}, limits=limits, onward=onward)
    except http.FetchError as error:
        silence.note(host, answered=error.kind is not http.Kind.TIMEOUT)
        return _Got(None, url, f"the page could not be fetched: {error.message}", transient=error.kind in _TRANSIENT)
    silence.note(host, answered=True)
    problem = _unusable(url, response)
    if problem:
        seconds = http.retry_after(response.headers, datetime.now(UTC))
        wait = None if seconds is None else timedelta(seconds=seconds)
        again = response.status in {408, 425, 429} or response.status >= 500  # noqa: PLR2004
        return _Got(None, response.url, problem, response.status, again, wait)
    return _extracted(response)


def _extracted(response: http.Response) -> _Got:
    kind = response.headers.get("content-type", "")
    try:
        page = sandbox.run(
            extract, response.body, response.url, kind, timeout=EXTRACT_SECONDS, patience=EXTRACT_PATIENCE
        )
    except sandbox.SandboxError as error:
        # A child that was stopped may have been so for the machine's load; one more try tells.
        stopped = error.kind is not sandbox.SandboxKind.ERROR
        return _Got(None, response.url, f"the page cannot be read: {error}", response.status, transient=stopped)
    return _Got(page, response.url, status=response.status)


def _unusable(asked: str, response: http.Response) -> str:
    if response.status not in {200, 203}:
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


robots_txt = RobotsTxt()
silence = Silence()
recurring = Recurring()
