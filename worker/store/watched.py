"""Since when each feed and entity is watched: what is new in a watchlist is told once, and looked back for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from worker.models import Article, Watched
from worker.store.leases import insert_for

FEED: Final = "feed:"
ENTITY: Final = "entity:"
LOOK_BACK_MOST: Final = 2000  # articles; each takes some milliseconds, and what comes in waits behind them


class Fresh(NamedTuple):
    """What is watched from now on. ``first``: nothing was watched before."""

    feeds: frozenset[str]
    entities: frozenset[str]
    first: bool


def begin(session: Session, feeds: Collection[str], entities: Collection[str], now: datetime) -> Fresh:
    """Record what the watchlist watches, forget what it does not any more, and say what it did not watch before."""
    wanted = {*(f"{FEED}{url}" for url in feeds), *(f"{ENTITY}{name}" for name in entities)}
    known = set(session.scalars(select(Watched.matter)))
    gone = sorted(known - wanted)
    for start in range(0, len(gone), 500):
        session.execute(delete(Watched).where(Watched.matter.in_(gone[start : start + 500])))
    new = sorted(wanted - known)
    if new:
        rows = [{"matter": matter, "since": now} for matter in new]
        session.execute(insert_for(session)(Watched).on_conflict_do_nothing(), rows)
    return Fresh(
        feeds=frozenset(matter.removeprefix(FEED) for matter in new if matter.startswith(FEED)),
        entities=frozenset(matter.removeprefix(ENTITY) for matter in new if matter.startswith(ENTITY)),
        first=not known,
    )


def look_back(session: Session, after: datetime, now: datetime) -> int:
    """Let the articles published ``after`` be searched again, because there are new names.

    The latest ``LOOK_BACK_MOST`` of them; says how many. What has a verdict keeps it, and only channels are told that
    were not told of its story.
    """
    published = func.coalesce(Article.published_at, Article.seen_at)
    lately = (
        select(Article.id)
        .where(
            Article.state == "judged",
            Article.seen_at >= after,
            published >= after,
            Article.same_as.is_(None),
            Article.text != "",
        )
        .order_by(published.desc())
        .limit(LOOK_BACK_MOST)
    )
    again = session.execute(
        update(Article)
        .where(Article.id.in_(lately))
        .values(state="extracted", due_at=now)
        .returning(Article.id)
        .execution_options(synchronize_session=False)
    )
    return len(again.all())
