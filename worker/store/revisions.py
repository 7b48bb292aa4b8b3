"""Articles whose feed says that they were rewritten: their pages are read once more, as articles of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import RowMapping, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from worker import types
from worker.models import Article, Entry
from worker.store import leases
from worker.store.feeds import DueFeed

MOST: Final = 6  # of one article; some feeds put a clock or a counter into their summaries
WITHIN: Final = timedelta(days=3)  # of the first sight: what is changed later is archive work, not news
SUMMARY: Final = 500  # characters that count
LEAD: Final = 60  # words


def digest(entry: types.Entry) -> str:
    """What stands for an entry's title and summary: another one means that the article may have been rewritten."""
    return sha256(f"{entry.title}\n{(entry.summary or entry.content)[:SUMMARY]}".encode()).hexdigest()[:16]


_CHANGED: Final = (
    update(Entry)
    .where(Entry.feed_id == bindparam("feed"), Entry.guid_hash == bindparam("guid"))
    .values(digest=bindparam("new_digest"))
)


def add(session: Session, feed: DueFeed, changed: Mapping[str, types.Entry], now: datetime) -> int:
    """Let the articles behind entries that have changed be read again; return how many are to be.

    ``changed`` has the entries under their ``guid_hash``. An article that nobody has judged yet is read anyway.
    """
    connection = session.connection()
    connection.execute(
        _CHANGED, [{"feed": feed.id, "guid": guid, "new_digest": digest(entry)} for guid, entry in changed.items()]
    )
    revisions = (
        select(func.count())
        .where(Article.revision_of == Entry.article_id)
        .correlate(Entry)
        .scalar_subquery()
        .label("revisions")
    )
    query = (
        select(Entry.guid_hash, Article.id, Article.url, Article.url_key, Article.host, Article.source, revisions)
        .join(Article, Article.id == Entry.article_id)
        .where(
            Entry.feed_id == feed.id,
            Entry.guid_hash.in_(list(changed)),
            Article.state == "judged",
            Article.seen_at > now - WITHIN,
        )
    )
    rows = [
        _row(row, changed[row["guid_hash"]], now)
        for row in connection.execute(query).mappings()
        if row["revisions"] < MOST
    ]
    if not rows:
        return 0
    made = leases.insert_for(session)(Article).on_conflict_do_nothing(index_elements=[Article.url_key])
    return len(connection.execute(made.returning(Article.id), rows).all())


def _row(first: RowMapping, entry: types.Entry, now: datetime) -> dict[str, Any]:
    return {
        "url": first["url"],
        "url_key": f"{first['url_key']} {digest(entry)}",
        "host": first["host"],
        "revision_of": first["id"],
        "source": first["source"],
        "title": entry.title,
        "byline": entry.author,
        "language": "",
        "published_at": now,
        "seen_at": now,
        "first_sight": False,
        "feed_text": entry.content or entry.summary,
        "text": "",
        "text_from": "",
        "state": "pending",
        "note": "",
        "attempts": 0,
        "faults": 0,
        "due_at": now,
    }


def before(session: Session, revision: Article) -> Sequence[Article]:
    """The earlier readings of the same page, the first one first."""
    same = or_(Article.id == revision.revision_of, Article.revision_of == revision.revision_of)
    return session.scalars(select(Article).where(same, Article.id < revision.id).order_by(Article.id)).all()


def same_lead(one: Article, other: Article) -> bool:
    """Whether two readings of a page begin with the same words, below the same title."""
    return _lead(one) == _lead(other) and one.title.casefold().split() == other.title.casefold().split()


def _lead(article: Article) -> list[str]:
    return article.text.casefold().split()[:LEAD]
