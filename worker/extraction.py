"""The second room's door: an article's page is read, and its text is stored."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from worker import hosts, logs
from worker.articles import fetch, urls
from worker.articles.fetch import ArticleResult
from worker.models import Article
from worker.store import articles, leases, revisions
from worker.types import Page
from worker.watchlist import Watchlist

HOLD = timedelta(seconds=2 * fetch.LIMITS.total + 15)  # robots.txt, the page, and where its refresh leads
FIRST_WAIT = timedelta(seconds=20)
LONGEST_WAIT = timedelta(minutes=10)


def claim(session: Session, now: datetime) -> Article | None:
    """Claim the article that waits longest for its page and whose host is free."""
    return articles.claim_for_extraction(session, now, HOLD)


def read(article: Article, watchlist: Watchlist) -> ArticleResult:
    """Read the page of a claimed article; robots.txt and the page are as far apart as any two requests to the host."""
    return fetch.read(article.url, article.feed_text, gap=watchlist.host_gap.total_seconds())


def record(
    session: Session, claimed: Article, result: ArticleResult, watchlist: Watchlist, now: datetime, *, tries: int
) -> bool:
    """Store the text and where it is from; return whether the article can be judged.

    A page that may come another time is asked for ``tries`` times before the feed's own text is taken for it.
    """
    leases.give_slots(
        session, [(claimed.host, articles.slot_of(claimed, HOLD), now + hosts.terms(watchlist, claimed.url).gap)]
    )
    row = articles.still_mine(session, claimed)
    if row is None:
        return False
    row.lease_token = row.lease_until = None
    row.note = result.reason
    if result.transient and result.page is None and row.attempts < tries:
        wait = result.retry_after or FIRST_WAIT * 3 ** (row.attempts - 1)
        row.due_at = now + min(wait, LONGEST_WAIT)
        return False
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
