"""Queries on feeds and their entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, case, or_, select, update
from sqlalchemy.orm import Session

from worker import hosts, logs, types
from worker.articles import googlenews, urls
from worker.feeds.parse import settle
from worker.models import Article, Entry, Feed
from worker.store.leases import busy, claim_these, free, insert_for, take_slots
from worker.watchlist import Watchlist

LEASE = timedelta(seconds=120)  # more than a request, its redirects and a parse may take together
LOOKS = 8
FIELDS: Final = (
    "name",
    "etag",
    "last_modified",
    "body_hash",
    "ttl_seconds",
    "moved_to",
    "next_poll_at",
    "failures",
    "first_polled_at",
    "last_success_at",
    "last_failure_at",
    "last_error",
)
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


def claim_due(session: Session, now: datetime, hold: timedelta, room: int, room_for_doubtful: int) -> list[Feed]:
    """Claim the feeds that have been due longest and whose hosts may be asked now, one of each host, at most ``room``.

    At most ``room_for_doubtful`` of them are such that failed last or were never read: what hangs is among these.
    """
    chosen: dict[str, int] = {}
    doubtful = case((Feed.failures > 0, 1), (Feed.first_polled_at.is_(None), 1), else_=0)
    ready = [*due(now), free(Feed, now, LEASE), ~busy(Feed.host, now, hold)]
    if room_for_doubtful <= 0:
        ready.append(doubtful == 0)
    for _ in range(LOOKS):  # one look is enough, unless many feeds of one host are due
        most = 2 * room
        rows = session.execute(
            select(Feed.id, Feed.host, doubtful)
            .where(*ready, Feed.host.not_in(list(chosen)))
            .order_by(Feed.next_poll_at)
            .limit(most)
        ).all()
        for feed_id, host, is_doubtful in rows:
            if len(chosen) < room and host not in chosen and (room_for_doubtful > 0 or not is_doubtful):
                chosen[host] = feed_id
                room_for_doubtful -= is_doubtful
        if len(rows) < most or len(chosen) >= room:
            break
    if not chosen:
        return []
    claimed = claim_these(session, Feed, list(chosen.values()), now=now, lease=LEASE)
    granted = take_slots(session, (feed.host for feed in claimed), now, hold)
    late = [feed.id for feed in claimed if feed.host not in granted]  # another worker was quicker at these hosts
    if late:
        session.execute(update(Feed).where(Feed.id.in_(late)).values(lease_token=None, lease_until=None))
    return [feed for feed in claimed if feed.host in granted]


def slot_of(feed: Feed, hold: timedelta) -> datetime:
    """Until when the claim of a feed holds the slot of its host."""
    if feed.lease_until is None:
        raise ValueError(f"feed {feed.id} is not claimed")
    return feed.lease_until - LEASE + hold


def still_mine(session: Session, feed: Feed) -> Feed | None:
    """The stored row of a claimed feed, or None where the lease was lost to another worker meanwhile."""
    return session.scalars(
        select(Feed).where(Feed.id == feed.id, Feed.lease_token == feed.lease_token).with_for_update()
    ).one_or_none()


_RECORD: Final = (
    update(Feed)
    .where(Feed.id == bindparam("of"), Feed.lease_token == bindparam("token"))
    .values(
        lease_token=None,
        lease_until=None,
        **{name: bindparam(f"new_{name}") for name in FIELDS},
    )
)


def record(session: Session, rows: Sequence[tuple[Feed, Mapping[str, Any]]]) -> None:
    """Write what polls have changed in their claimed feeds, and end the leases; a lease that was lost changes nothing.

    Of each feed the changes may name any of ``FIELDS``; the others stay as they were when it was claimed.
    """
    values = [
        {
            "of": feed.id,
            "token": feed.lease_token,
            **{f"new_{name}": changes[name] if name in changes else getattr(feed, name) for name in FIELDS},
        }
        for feed, changes in rows
    ]
    if values:
        session.connection().execute(_RECORD, values)


def make_all_due(session: Session, now: datetime) -> None:
    """Let every active feed be polled now."""
    session.execute(update(Feed).where(Feed.active.is_(True)).values(next_poll_at=now))


def add_entries(session: Session, feed: Feed, entries: Sequence[types.Entry], now: datetime, since: timedelta) -> int:
    """Store the entries that are not known yet, and return how many articles are to be fetched for them.

    An article is stored once, whatever feeds and entries lead to it. What the feed carries at its first poll and was
    published longer than ``since`` ago is recorded as skipped: the desk is not told of old news.
    """
    hashes = {sha256(f"{entry.guid}\n{entry.url}".encode()).hexdigest()[:32]: entry for entry in entries}
    connection = session.connection()
    known = connection.execute(
        select(Entry.guid_hash).where(Entry.feed_id == feed.id, Entry.guid_hash.in_(list(hashes)))
    )
    for guid_hash in known.scalars():
        del hashes[guid_hash]
    rows: dict[str, dict[str, Any]] = {}
    fresh: list[tuple[str, str, types.Entry]] = []
    for guid_hash, entry in hashes.items():
        try:
            row = _article_of(feed, entry, now, since)
        except urls.UrlError as error:
            logs.get(__name__).warning("entry skipped", feed=feed.url, url=entry.url[:200], reason=str(error))
            continue
        rows.setdefault(row["url_key"], row)
        fresh.append((guid_hash, row["url_key"], entry))
    if not fresh:
        return 0
    made = insert_for(session)(Article).on_conflict_do_nothing(index_elements=[Article.url_key])
    made = made.returning(Article.url_key)
    pending: int = sum(
        rows[key]["state"] == "pending" for key in connection.execute(made, list(rows.values())).scalars()
    )
    ids: dict[str, int] = dict(
        connection.execute(select(Article.url_key, Article.id).where(Article.url_key.in_(list(rows)))).tuples().all()
    )
    connection.execute(
        insert_for(session)(Entry).on_conflict_do_nothing(),
        [
            {
                "feed_id": feed.id,
                "guid_hash": guid_hash,
                "article_id": ids[key],
                "title": entry.title,
                "published_at": entry.published,
                "seen_at": now,
            }
            for guid_hash, key, entry in fresh
        ],
    )
    return pending


def _article_of(feed: Feed, entry: types.Entry, now: datetime, since: timedelta) -> dict[str, Any]:
    """The row of the article that the entry leads to. Raises UrlError."""
    link = googlenews.target(entry.url) or entry.url
    first_sight = feed.first_polled_at is None
    published = settle(entry.published, now)
    old = first_sight and published is not None and published < now - since
    return {
        "url": urls.canonical(link),
        "url_key": urls.key(link),
        "host": hosts.party(link),
        "source": entry.source or _source(feed, link),
        "title": entry.title,
        "byline": entry.author,
        "language": "",
        "published_at": published,
        "seen_at": now,
        "first_sight": first_sight,
        "feed_text": entry.content or entry.summary,
        "text": "",
        "text_from": "",
        "state": "skipped" if old else "pending",
        "note": TOO_OLD if old else "",
        "attempts": 0,
        "faults": 0,
        "due_at": now,
    }


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
