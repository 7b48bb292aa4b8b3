"""From the entries of a feed to the articles that they lead to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
from worker.store.revisions import Change

LONGEST_NAME = 40  # characters; some feeds put a whole sentence into their title
OUTRAN = 5  # entries; a feed with fewer may well have been emptied in between
TOO_OLD = "too old: it is among what the feed carried first, and older than `since`"


@dataclass(frozen=True, slots=True)
class Added:
    """What a poll's entries came to: articles that are to be fetched, and entries that were new."""

    pending: int = 0
    fresh: int = 0


def add(session: Session, feed: DueFeed, entries: Sequence[types.Entry], now: datetime, since: timedelta) -> Added:
    """Store the entries that are not known yet, and have those read again that have changed.

    An article is stored once, whatever feeds and entries lead to it; but entries that share a link and say different
    things, as those of a live blog or of an authority's list, are articles of their own. What is among the first
    entries that the feed shows and was published longer than ``since`` before its first poll is recorded as skipped:
    the desk is not told of old news.
    """
    carried = {_hash(entry): entry for entry in entries}
    connection = session.connection()
    known: dict[str, str] = dict(
        connection.execute(
            select(Entry.guid_hash, Entry.digest).where(Entry.feed_id == feed.id, Entry.guid_hash.in_(list(carried)))
        ).all()
    )
    changes = _changes({guid: (digest, carried[guid]) for guid, digest in known.items()}, now)
    rows: dict[str, dict[str, Any]] = {}
    fresh: list[_Fresh] = []
    guests = _guests(carried, known)
    for guid, entry in carried.items():
        if guid in known:
            continue
        try:
            row = _article_of(feed, entry, now, since)
            if guid in guests:
                row |= _by_itself(row, entry, now)
        except urls.UrlError as error:
            logs.get(__name__).warning("entry skipped", feed=hosts.shown(feed), url=entry.url[:200], reason=str(error))
            continue
        rows.setdefault(row["url_key"], row)
        fresh.append(_Fresh(guid, row["url_key"], entry))
    new, ids = _stored(session, rows) if rows else (set(), {})
    renamed = _renamed(session, feed, [one for one in fresh if one.key not in new], ids, set(carried))
    changes |= _changes({one.guid: (digest, one.entry) for one, digest in renamed}, now)
    names = {one.guid for one, _ in renamed}
    fresh = [one for one in fresh if one.guid not in names]
    if fresh:
        connection.execute(leases.insert_for(session)(Entry).on_conflict_do_nothing(), _rows(feed, fresh, ids, now))
    reread = revisions.add(session, feed, changes, len(known) + len(renamed), now) if changes else 0
    if len(fresh) == len(carried) >= OUTRAN and _asked_lately(feed, now):
        connection.execute(update(Feed).where(Feed.id == feed.id).values(outran_at=now))
    pending = [key for key in new if rows[key]["state"] != "skipped"]
    for key in pending:
        logs.get(__name__).info("article seen", article=ids[key], url=rows[key]["url"], feed=hosts.shown(feed))
    return Added(len(pending) + reread, len(fresh))


def _guests(carried: Mapping[str, types.Entry], known: Collection[str]) -> set[str]:
    """Those of the entries that are not ``known`` whose link is that of another entry which says something else.

    Of several that come at once, the first has the page.
    """
    owners: dict[str, list[types.Entry]] = {}
    for guid, entry in carried.items():
        if guid in known:
            owners.setdefault(entry.url, []).append(entry)
    guests = set()
    for guid, entry in carried.items():
        if guid not in known:
            others = owners.setdefault(entry.url, [])
            if others and not any(_says_the_same(entry, other) for other in others):
                guests.add(guid)
            others.append(entry)
    return guests


def _says_the_same(one: types.Entry, other: types.Entry) -> bool:
    if one.title.casefold().split() == other.title.casefold().split():
        return True
    text = one.summary or one.content
    return bool(text) and text == (other.summary or other.content)


def _by_itself(row: Mapping[str, Any], entry: types.Entry, now: datetime) -> dict[str, Any]:
    """What is different about an entry that shares its link: the page is not its own, so the feed's text is used."""
    text, words = row["feed_text"], len(row["feed_text"].split())
    used = (
        f"the feed's own text of {words} words was used"
        if words
        else "the feed carries no text, so only the title is known"
    )
    own = {"url_key": f"{row['url_key']} {revisions.digest(entry, now).partition('@')[0]}"}
    if row["state"] == "skipped":
        return own
    note = f"other entries of the feed have the same link; {used}"
    source = "feed" if words else ""
    published = row["published_at"] or now
    return own | {"text": text, "text_from": source, "state": "extracted", "note": note, "published_at": published}


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An entry whose guid the feed has not shown before, and the key of its article."""

    guid: str
    key: str
    entry: types.Entry


def _hash(entry: types.Entry) -> str:
    return sha256(f"{entry.guid}\n{entry.url}".encode()).hexdigest()[:32]


def _changes(known: Mapping[str, tuple[str, types.Entry]], now: datetime) -> dict[str, tuple[Change, types.Entry]]:
    """What is new of entries that were known by a digest."""
    found = {
        guid: (revisions.change(digest, revisions.digest(entry, now)), entry) for guid, (digest, entry) in known.items()
    }
    return {guid: change for guid, change in found.items() if change[0] is not Change.NOTHING}


def _stored(session: Session, rows: Mapping[str, dict[str, Any]]) -> tuple[set[str], dict[str, int]]:
    """Store articles that are not known; give the keys of those, and the ids of all."""
    made = leases.insert_for(session)(Article).on_conflict_do_nothing(index_elements=[Article.url_key])
    connection = session.connection()
    new = set(connection.execute(made.returning(Article.url_key), list(rows.values())).scalars())
    ids = connection.execute(select(Article.url_key, Article.id).where(Article.url_key.in_(list(rows)))).all()
    return new, dict(ids)


def _renamed(
    session: Session, feed: DueFeed, fresh: Sequence[_Fresh], ids: Mapping[str, int], carried: set[str]
) -> list[tuple[_Fresh, str]]:
    """Those of the entries which the feed carried before under another guid, with their digests.

    Their rows get the new guid. Only where the old guid is gone: a feed may carry one article in two entries.
    """
    if not fresh:
        return []
    before: dict[int, list[tuple[int, str]]] = {}
    query = select(Entry.id, Entry.article_id, Entry.guid_hash, Entry.digest).where(
        Entry.feed_id == feed.id, Entry.article_id.in_([ids[one.key] for one in fresh])
    )
    for entry_id, article_id, guid, digest in session.execute(query.order_by(Entry.id)):
        if guid not in carried:
            before.setdefault(article_id, []).append((entry_id, digest))
    found = []
    for one in fresh:
        if rows := before.get(ids[one.key]):
            entry_id, digest = rows.pop()
            session.execute(update(Entry).where(Entry.id == entry_id).values(guid_hash=one.guid))
            found.append((one, digest))
    return found


def _rows(feed: DueFeed, fresh: Sequence[_Fresh], ids: Mapping[str, int], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "feed_id": feed.id,
            "guid_hash": one.guid,
            "digest": revisions.digest(one.entry, now),
            "article_id": ids[one.key],
            "title": one.entry.title,
            "published_at": one.entry.published,
            "seen_at": now,
        }
        for one in fresh
    ]


def _asked_lately(feed: DueFeed, now: datetime) -> bool:
    """Whether the last poll was as long ago as it should be: what was missed while nobody asked is another matter."""
    every = feed.slowest_seconds or feed.every_seconds
    return feed.last_success_at is not None and now - feed.last_success_at < timedelta(seconds=3 * every)


def _article_of(feed: DueFeed, entry: types.Entry, now: datetime, since: timedelta) -> dict[str, Any]:
    """The row of the article that the entry leads to. Raises UrlError."""
    link = googlenews.target(entry.url) or entry.url
    first_sight = feed.first_polled_at is None
    published = settle(entry.published, now)
    began = feed.first_polled_at or now  # a feed that came empty at first may show its archive later
    old = feed.entries == 0 and published is not None and published < began - since
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
