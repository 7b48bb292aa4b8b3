"""From the entries of a feed to the articles that they lead to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from worker import hosts, logs, types
from worker.articles import googlenews, urls
from worker.feeds.parse import settle
from worker.models import Article, Entry, Feed
from worker.store import leases, revisions
from worker.store.feeds import DueFeed

LONGEST_NAME = 40  # characters; some feeds put a whole sentence into their title
OUTRAN = 5  # entries; a feed with fewer may well have been emptied in between
TOO_OLD = "too old: the feed carried it already when it was first polled, and it is older than `since`"


@dataclass(frozen=True, slots=True)
class Added:
    """What a poll's entries came to: articles that are to be fetched, and entries that were new."""

    pending: int = 0
    fresh: int = 0


def add(session: Session, feed: DueFeed, entries: Sequence[types.Entry], now: datetime, since: timedelta) -> Added:
    """Store the entries that are not known yet, and have those read again that have changed.

    An article is stored once, whatever feeds and entries lead to it. What the feed carries at its first poll and was
    published longer than ``since`` ago is recorded as skipped: the desk is not told of old news.
    """
    hashes = {sha256(f"{entry.guid}\n{entry.url}".encode()).hexdigest()[:32]: entry for entry in entries}
    connection = session.connection()
    known = connection.execute(
        select(Entry.guid_hash, Entry.digest).where(Entry.feed_id == feed.id, Entry.guid_hash.in_(list(hashes)))
    )
    carried = len(hashes)
    changed = {}
    for guid_hash, digest in known:
        entry = hashes.pop(guid_hash)
        if digest != revisions.digest(entry):
            changed[guid_hash] = entry
    rewritten = revisions.add(session, feed, changed, now) if changed else 0
    if len(hashes) == carried >= OUTRAN and _asked_lately(feed, now):
        connection.execute(update(Feed).where(Feed.id == feed.id).values(outran_at=now))
    rows: dict[str, dict[str, Any]] = {}
    fresh: list[tuple[str, str, types.Entry]] = []
    for guid_hash, entry in hashes.items():
        try:
            row = _article_of(feed, entry, now, since)
        except urls.UrlError as error:
            logs.get(__name__).warning("entry skipped", feed=hosts.shown(feed), url=entry.url[:200], reason=str(error))
            continue
        rows.setdefault(row["url_key"], row)
        fresh.append((guid_hash, row["url_key"], entry))
    if not fresh:
        return Added(rewritten)
    made = leases.insert_for(session)(Article).on_conflict_do_nothing(index_elements=[Article.url_key])
    made = made.returning(Article.url_key)
    new = set(connection.execute(made, list(rows.values())).scalars())
    ids: dict[str, int] = dict(
        connection.execute(select(Article.url_key, Article.id).where(Article.url_key.in_(list(rows)))).all()
    )
    connection.execute(
        leases.insert_for(session)(Entry).on_conflict_do_nothing(),
        [
            {
                "feed_id": feed.id,
                "guid_hash": guid_hash,
                "digest": revisions.digest(entry),
                "article_id": ids[key],
                "title": entry.title,
                "published_at": entry.published,
                "seen_at": now,
            }
            for guid_hash, key, entry in fresh
        ],
    )
    pending = [key for key in new if rows[key]["state"] == "pending"]
    for key in pending:
        logs.get(__name__).info("article seen", article=ids[key], url=rows[key]["url"], feed=hosts.shown(feed))
    return Added(len(pending) + rewritten, len(fresh))


def _asked_lately(feed: DueFeed, now: datetime) -> bool:
    """Whether the last poll was as long ago as it should be: what was missed while nobody asked is another matter."""
    every = feed.slowest_seconds or feed.every_seconds
    return feed.last_success_at is not None and now - feed.last_success_at < timedelta(seconds=3 * every)


def _article_of(feed: DueFeed, entry: types.Entry, now: datetime, since: timedelta) -> dict[str, Any]:
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


def _source(feed: DueFeed, link: str) -> str:
    """Who carried an article: the feed's name when it is the site's own and short, else the site."""
    own = bool(feed.name) and len(feed.name) <= LONGEST_NAME and hosts.party(feed.url) == hosts.party(link)
    return feed.name if own else urls.site(link)
