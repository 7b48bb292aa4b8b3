"""The second room's door: an article's page is read, and its text is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from worker import hosts, logs, onward
from worker.articles import fetch, urls
from worker.articles.fetch import ArticleResult
from worker.hands import AWAY, Done, Turn, stopping
from worker.models import Article
from worker.store import articles, leases, revisions
from worker.store.articles import DueArticle
from worker.types import Page
from worker.watchlist import Watchlist

HOLD = timedelta(seconds=fetch.SECONDS + fetch.EXTRACT_SECONDS + 15) + onward.PATIENCE
FIRST_WAIT = timedelta(seconds=20)
LONGEST_WAIT = timedelta(minutes=10)
AT_ONCE = 48  # pages of one process
MOST_AT_ONCE = 192  # with those whose servers are slow
SLOW = 4.0  # seconds
NO_LONGER = timedelta(minutes=3)  # an article waits for a host that is silent before the feed's own text is taken


class Extraction:
    """The second room at work in one process: what it has in hand, and how that ends."""

    def __init__(self, engine: Engine, watchlist: Callable[[], Watchlist], *, tries: int) -> None:
        """A page that may come another time is asked for ``tries`` times before the feed's own text is taken for it."""
        self._engine, self._watchlist, self._tries = engine, watchlist, tries

    def ask(self, article: DueArticle) -> ArticleResult | Exception:
        """Read the page of a claimed article; a fault of ours is given back, so that it stops nothing else."""
        watchlist = self._watchlist()
        try:
            with logs.about(article=article.id), onward.Visit(self._engine, watchlist, article.host, HOLD) as visit:
                terms = partial(hosts.terms, watchlist)
                return fetch.read(article.url, article.feed_text, terms=terms, onward=visit)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is recorded and the next article is taken
            logs.get(__name__).exception("step failed", article=article.id, url=article.url)
            return error

    def settle(
        self,
        session: Session,
        done: Sequence[Done[DueArticle, ArticleResult | Exception]],
        under_way: Sequence[tuple[DueArticle, float]],
    ) -> Turn[DueArticle]:
        """Record the texts that a round brought, and claim the articles of the next: one transaction."""
        now = datetime.now(UTC)
        watchlist = self._watchlist()
        leases.give_slots(session, [_slot(one, watchlist) for one in done])
        fresh = sum(self._record(session, one) for one in done)
        room = 0 if stopping.is_set() else rooms(under_way)
        return Turn(articles.claim_for_extraction(session, now, HOLD, room) if room > 0 else [], fresh)

    def _record(self, session: Session, one: Done[DueArticle, ArticleResult | Exception]) -> bool:
        if isinstance(one.result, Exception):
            articles.fault(session, one.row, one.result, one.at)
            return False
        try:
            with session.begin_nested(), logs.about(article=one.row.id):
                return record(session, one.row, one.result, one.at, tries=self._tries)
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001  # a text that the database refuses is the article's own trouble
            logs.get(__name__).exception("article not stored", article=one.row.id, url=one.row.url)
            articles.fault(session, one.row, error, one.at)
            return False


def rooms(under_way: Sequence[tuple[DueArticle, float]]) -> int:
    """How many more pages may be asked for. One whose server is slow gives its place to another."""
    quick = sum(age < SLOW for _, age in under_way)
    return min(AT_ONCE - quick, MOST_AT_ONCE - len(under_way))


def _slot(one: Done[DueArticle, ArticleResult | Exception], watchlist: Watchlist) -> tuple[str, datetime, datetime]:
    asked = isinstance(one.result, Exception) or not one.result.unasked
    gap = hosts.terms(watchlist, one.row.url).gap if asked else timedelta()
    return one.row.host, one.row.held_until, one.at + gap


def record(session: Session, claimed: DueArticle, result: ArticleResult, now: datetime, *, tries: int) -> bool:
    """Store the text and where it is from; return whether the article can be judged.

    A page that may come another time is asked for ``tries`` times before the feed's own text is taken for it.
    """
    row = articles.still_mine(session, claimed)
    if row is None:
        return False
    row.lease_token = row.lease_until = None
    if result.unasked and row.attempts < tries and now - row.seen_at < NO_LONGER:
        row.attempts -= 1
    if result.transient and result.page is None and row.attempts < tries:
        wait = min(result.retry_after or FIRST_WAIT * 3 ** max(row.attempts - 1, 0), LONGEST_WAIT)
        row.due_at = now + wait
        row.note = f"{result.problem}; it is asked for again at {row.due_at:%H:%M:%S} UTC"
        return False
    row.note = result.reason
    page = result.page or Page("")
    row.text, row.text_from = result.text, result.text_from
    row.title = row.title or page.title
    row.byline = row.byline or page.byline
    row.source = row.source or page.site_name or urls.site(row.url)
    row.language = page.language
    row.published_at = row.published_at or (min(page.published, now) if page.published else None) or row.seen_at
    row.due_at = now
    if row.revision_of is not None:
        if any(revisions.same_lead(row, other) for other in revisions.before(session, row)):
            row.state, row.note = "skipped", "read again, and it begins as before"
            return False
    elif (twin := _take_canonical(session, row, page.canonical_url)) is not None:
        row.state, row.same_as, row.note = "skipped", twin.id, f"the same page as {twin.url}"
        return False
    row.state = "extracted"
    logs.get(__name__).info("article read", url=row.url, says=result.reason)
    return True


def _take_canonical(session: Session, row: Article, canonical_url: str) -> Article | None:
    """Give the article the key of the address that its page calls canonical; return the twin that has it already.

    A page may call anything canonical. It is believed within its own site, and a twin must have the very same text:
    some sites name their front page on every page.
    """
    try:
        key = urls.key(canonical_url) if canonical_url else row.url_key
    except urls.UrlError:
        return None
    if key == row.url_key or hosts.party(canonical_url) != row.host:
        return None
    twin = articles.with_key(session, key)
    if twin is None:
        row.url_key = key
        return None
    return twin if twin.text == row.text and row.text else None
