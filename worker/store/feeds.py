"""Queries on feeds and their entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from worker import hosts, logs, types
from worker.articles import googlenews, urls
from worker.feeds.parse import settle
from worker.models import Article, Entry, Feed, HostSlot
from worker.store.leases import claim, insert_for, take_slot
from worker.watchlist import Watchlist

LEASE = timedelta(seconds=120)  # more than a request, its redirects and a parse may take together
CLOCK_SLACK = timedelta(minutes=1)
LONGEST_NAME = 40  # characters; some feeds put a whole sentence into their title
TOO_OLD = "too old: the feed carried it already when it was first polled, and it is older than `since`"


@dataclass(frozen=True, slots=True)
class WantedFeed:
    """A feed as the watchlist wants it."""

    url: str
    name: str
    every: timedelta


def sync(session: Session, wanted: Iterable[WantedFeed], now: datetime) -> None:
    """Make the feeds in the database those of the watchlist: new ones are due at once, missing ones sleep."""
    known = {feed.url: feed for feed in session.scalars(select(Feed))}
    listed = set()
    for want in wanted:
        listed.add(want.url)
        feed = known.get(want.url)
        if feed is None:
            feed = Feed(url=want.url, host=hosts.party(want.url), every_seconds=0, next_poll_at=now, active=False)
            session.add(feed)
            known[want.url] = feed
        if not feed.active:
            feed.active, feed.next_poll_at = True, now
        seconds = want.every.total_seconds()
        if feed.every_seconds != seconds:
            feed.every_seconds = seconds
            feed.next_poll_at = min(feed.next_poll_at, now + want.every)
        if want.name:
            feed.name = want.name
    for url, feed in known.items():
        if url not in listed:
            feed.active = False


def due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What makes a feed due: its time has come, or its last poll lies in the future because the clock was set back."""
    return (
        Feed.active.is_(True),
        or_(
            Feed.next_poll_at <= now,
            Feed.last_success_at > now + CLOCK_SLACK,
            Feed.last_failure_at > now + CLOCK_SLACK,
        ),
    )


def claim_next(session: Session, now: datetime, hold: timedelta) -> Feed | None:
    """Claim the feed that has been due longest and whose host may be asked now; None where there is none."""
    busy = select(HostSlot.host).where(
        HostSlot.host == Feed.host, HostSlot.next_at > now, HostSlot.next_at <= now + 2 * hold
    )
    feed = claim(session, Feed, *due(now), ~busy.exists(), order_by=Feed.next_poll_at, now=now, lease=LEASE)
    if feed is not None and not take_slot(session, feed.host, now, hold):
        session.rollback()  # another worker was quicker at this host
        return None
    return feed


def still_mine(session: Session, feed: Feed) -> Feed | None:
    """The stored row of a claimed feed, or None where the lease was lost to another worker meanwhile."""
    return session.scalars(
        select(Feed).where(Feed.id == feed.id, Feed.lease_token == feed.lease_token).with_for_update()
    ).one_or_none()


def make_all_due(session: Session, now: datetime) -> None:
    """Let every active feed be polled now."""
    session.execute(update(Feed).where(Feed.active.is_(True)).values(next_poll_at=now))


def add_entries(
    session: Session, feed: Feed, entries: Sequence[types.Entry], now: datetime, since: timedelta
) -> list[Article]:
    """Store the entries that are not known yet, and give back the articles that are to be fetched, newest entry first.

    An article is stored once, whatever feeds and entries lead to it. What the feed carries at its first poll and was
    published longer than ``since`` ago is recorded as skipped: the desk is not told of old news.
    """
    first_sight = feed.first_polled_at is None
    hashes = {sha256(f"{entry.guid}\n{entry.url}".encode()).hexdigest()[:32]: entry for entry in entries}
    known = set(
        session.scalars(select(Entry.guid_hash).where(Entry.feed_id == feed.id, Entry.guid_hash.in_(list(hashes))))
    )
    fresh = []
    for guid_hash, entry in hashes.items():
        if guid_hash in known:
            continue
        try:
            article, is_new = _article_of(session, feed, entry, now, first_sight=first_sight)
        except urls.UrlError as error:
            logs.get(__name__).warning("entry skipped", feed=feed.url, url=entry.url[:200], reason=str(error))
            continue
        if is_new:
            if first_sight and article.published_at is not None and article.published_at < now - since:
                article.state = "skipped"
                article.note = TOO_OLD
            else:
                fresh.append(article)
        session.execute(
            insert_for(session)(Entry)
            .values(
                feed_id=feed.id,
                guid_hash=guid_hash,
                article_id=article.id,
                title=entry.title,
                published_at=entry.published,
                seen_at=now,
            )
            .on_conflict_do_nothing()
        )
    return fresh


def _article_of(
    session: Session, feed: Feed, entry: types.Entry, now: datetime, *, first_sight: bool
) -> tuple[Article, bool]:
    """Find the article that the entry leads to, or make it; say whether it was made here."""
    link = googlenews.target(entry.url) or entry.url
    key = urls.key(link)
    made = session.scalars(
        insert_for(session)(Article)
        .values(
            url=urls.canonical(link),
            url_key=key,
            host=hosts.party(link),
            source=entry.source or _source(feed, link),
            title=entry.title,
            byline=entry.author,
            language="",
            published_at=settle(entry.published, now),
            seen_at=now,
            first_sight=first_sight,
            feed_text=entry.content or entry.summary,
            text="",
            text_from="",
            state="pending",
            note="",
            attempts=0,
            faults=0,
            due_at=now,
        )
        .on_conflict_do_nothing(index_elements=[Article.url_key])
        .returning(Article)
    ).one_or_none()
    if made is not None:
        return made, True
    return session.scalars(select(Article).where(Article.url_key == key)).one(), False


def _source(feed: Feed, link: str) -> str:
    """Who carried an article: the feed's name when it is the site's own and short, else the site."""
    own = bool(feed.name) and len(feed.name) <= LONGEST_NAME and hosts.party(feed.url) == hosts.party(link)
    return feed.name if own else urls.site(link)


def channels_of(session: Session, article: Article, watchlist: Watchlist) -> tuple[str, ...]:
    """The channels that are told of the feeds which carried an article, beside those of its entities."""
    wanted = {feed.url: feed.notify for feed in watchlist.feeds if feed.notify}
    if not wanted:
        return ()
    urls_of = select(Feed.url).join(Entry, Entry.feed_id == Feed.id).where(Entry.article_id == article.id)
    carried = set(session.scalars(urls_of))
    return tuple(dict.fromkeys(name for url, names in wanted.items() if url in carried for name in names))
