"""What has grown old is taken away, a small step at a time, so that nobody waits for it long.

Each step looks at the oldest rows only, which the primary key or an index gives without a look at the others.

Kept for good: every article's row, which is how one that comes again is known; every verdict with its reason; and all
that the desk was told. Pruned: the texts, what each feed carried, the log of attempts, and names of hosts and workers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Delete, delete, or_, select, text, update
from sqlalchemy.orm import Session

from worker.models import HAS_TEXT, Article, Delivery, DeliveryAttempt, Entry, Heartbeat, HostSlot, Judgement, Story

AT_ONCE: Final = 500  # rows
WORKERS: Final = timedelta(days=7)  # a worker that has been silent for so long is not coming back under this name
HOSTS: Final = timedelta(days=1)


def texts(session: Session, before: datetime) -> int:
    """Empty the texts of articles seen ``before``, and say of how many.

    A story that goes on keeps all its texts: without them an article that repeats the oldest would seem to be news.
    """
    goes_on = (
        select(Judgement.article_id)
        .join(Story, Story.id == Judgement.story_id)
        .where(Judgement.article_id == Article.id, Story.updated_at >= before)
    )
    old = (
        select(Article.id)
        .where(Article.seen_at < before, text(f"({HAS_TEXT})"), ~goes_on.exists())
        .order_by(Article.seen_at)
        .limit(AT_ONCE)
    )
    return len(
        session.execute(
            update(Article)
            .where(Article.id.in_(old))
            .values(text="", feed_text="")
            .returning(Article.id)
            .execution_options(synchronize_session=False)
        ).all()
    )


def entries(session: Session, before: datetime) -> int:
    """Forget what feeds carried ``before``. An entry that a feed still carries comes back, and leads nowhere new."""
    oldest = select(Entry.id).order_by(Entry.id).limit(AT_ONCE)
    return _gone(session, delete(Entry).where(Entry.id.in_(oldest), Entry.seen_at < before))


def attempts(session: Session, before: datetime) -> int:
    """Forget how deliveries that have ended were tried ``before``; how they ended stays on record."""
    oldest = select(DeliveryAttempt.id).order_by(DeliveryAttempt.id).limit(AT_ONCE)
    ended = select(Delivery.id).where(Delivery.id == DeliveryAttempt.delivery_id, Delivery.state.in_(("sent", "dead")))
    return _gone(
        session,
        delete(DeliveryAttempt).where(
            DeliveryAttempt.id.in_(oldest), DeliveryAttempt.at < before, ended.correlate(DeliveryAttempt).exists()
        ),
    )


def leftovers(session: Session, now: datetime) -> int:
    """Forget workers that are gone and hosts that have not been asked for a while."""
    workers = delete(Heartbeat).where(
        or_(Heartbeat.name.startswith("worker:"), Heartbeat.name.startswith("alive:")), Heartbeat.at < now - WORKERS
    )
    hosts = select(HostSlot.host).where(HostSlot.next_at < now - HOSTS).limit(AT_ONCE)
    return _gone(session, workers) + _gone(session, delete(HostSlot).where(HostSlot.host.in_(hosts)))


STEPS: Final[tuple[Callable[[Session, datetime], int], ...]] = (texts, entries, attempts)


def _gone(session: Session, statement: Delete) -> int:
    return session.connection().execute(statement).rowcount
