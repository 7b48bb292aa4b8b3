"""Articles whose feed says that they were rewritten: their pages are read once more, as articles of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import RowMapping, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from worker import types
from worker.feeds.parse import FUTURE
from worker.models import Article, Entry
from worker.store import leases
from worker.store.feeds import DueFeed

WITHIN: Final = timedelta(days=3)  # of the first sight: what is changed later is archive work, not news
SUMMARY: Final = 500  # characters that count
LEAD: Final = 60  # words
AT_ONCE: Final = (
    6  # readings for new words, after which they must be apart: some feeds put a clock into their summaries
)
AT_ONCE_FOR_DATES: Final = 2  # readings for nothing but a new date
SPACING: Final = timedelta(minutes=10)  # doubled with each reading
LONGEST_SPACING: Final = timedelta(hours=12)
LEAST_MOVE: Final = 60  # seconds that a date must move by
REDATED: Final = 5  # entries that have nothing but new dates, half of the feed or more: its publisher dates them anew


class Change(StrEnum):
    """What a known entry shows that is new."""

    NOTHING = "nothing"
    DATE = "date"
    WORDS = "words"


def digest(entry: types.Entry, now: datetime) -> str:
    """What is kept of an entry to tell whether it has changed: a hash of its title and summary, and its latest date.

    A date in the future says nothing.
    """
    words = sha256(f"{entry.title}\n{(entry.summary or entry.content)[:SUMMARY]}".encode()).hexdigest()[:16]
    dates = [date for date in (entry.published, entry.updated) if date is not None and date <= now + FUTURE]
    return f"{words}@{max(dates).timestamp():.0f}" if dates else words


def change(old: str, new: str) -> Change:
    """What has changed from one digest of an entry to the next."""
    words, _, date = old.partition("@")
    new_words, _, new_date = new.partition("@")
    if words != new_words:
        return Change.WORDS
    moved = bool(date and new_date) and float(new_date) - float(date) >= LEAST_MOVE
    return Change.DATE if moved else Change.NOTHING


def worth_reading(changes: Mapping[str, Change], carried: int) -> dict[str, Change]:
    """Those changes of a feed's ``carried`` known entries for which pages are read again.

    A feed that gives many of its entries new dates at once, and nothing else, dates them anew without rewriting them.
    """
    dated = sum(each is Change.DATE for each in changes.values())
    redated = dated >= REDATED and 2 * dated >= carried
    return {
        guid: each for guid, each in changes.items() if each is Change.WORDS or (each is Change.DATE and not redated)
    }


def may_read(what: Change, readings: int, since_last: timedelta) -> bool:
    """Whether a page may be read once more, which was read again ``readings`` times, the last ``since_last`` ago."""
    beyond = readings - (AT_ONCE if what is Change.WORDS else AT_ONCE_FOR_DATES)
    return beyond < 0 or since_last >= min(SPACING * 2 ** min(beyond, 10), LONGEST_SPACING)


_CHANGED: Final = (
    update(Entry)
    .where(Entry.feed_id == bindparam("feed"), Entry.guid_hash == bindparam("guid"))
    .values(digest=bindparam("new_digest"))
)


def add(
    session: Session, feed: DueFeed, changed: Mapping[str, tuple[Change, types.Entry]], carried: int, now: datetime
) -> int:
    """Let the articles behind entries that have changed be read again; return how many are to be.

    ``changed`` has the entries, and what is new of them, under their ``guid_hash``; ``carried`` is how many known
    entries the feed has. An article that nobody has judged yet is read anyway. A page that may not be read so
    soon again is read when the feed comes once more: its entry keeps its old digest.
    """
    connection = session.connection()
    later = Article.__table__.alias("later")
    of_it = later.c.revision_of == Entry.article_id
    readings = select(func.count()).select_from(later).where(of_it).correlate(Entry).scalar_subquery()
    last = select(func.max(later.c.seen_at)).where(of_it).correlate(Entry).scalar_subquery()
    query = (
        select(
            Entry.guid_hash,
            Article.id,
            Article.url,
            Article.url_key,
            Article.host,
            Article.source,
            Article.seen_at,
            readings.label("readings"),
            last.label("last"),
        )
        .join(Article, Article.id == Entry.article_id)
        .where(
            Entry.feed_id == feed.id,
            Entry.guid_hash.in_(list(changed)),
            Article.state == "judged",
            Article.seen_at > now - WITHIN,
        )
    )
    wanted = worth_reading({guid: what for guid, (what, _) in changed.items()}, carried)
    rows, put_off = [], set()
    for row in connection.execute(query).mappings():
        guid = row["guid_hash"]
        if guid not in wanted:
            continue
        if may_read(wanted[guid], row["readings"], now - (row["last"] or row["seen_at"])):
            rows.append(_row(row, changed[guid][1], now))
        else:
            put_off.add(guid)
    known = [
        {"feed": feed.id, "guid": guid, "new_digest": digest(entry, now)}
        for guid, (_, entry) in changed.items()
        if guid not in put_off
    ]
    if known:
        connection.execute(_CHANGED, known)
    if not rows:
        return 0
    made = leases.insert_for(session)(Article).on_conflict_do_nothing(index_elements=[Article.url_key])
    return len(connection.execute(made.returning(Article.id), rows).all())


def _row(first: RowMapping, entry: types.Entry, now: datetime) -> dict[str, Any]:
    return {
        "url": first["url"],
        "url_key": f"{first['url_key']} {digest(entry, now)}",
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
