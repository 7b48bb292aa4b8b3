"""Queries on articles on their way from entry to verdict."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Engine, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from worker import logs
from worker.db import writing
from worker.models import Article
from worker.store.leases import busy, claim, take_slot

LEASE = timedelta(seconds=120)  # more than a page, its redirects and its extraction may take together
LONGEST_WAIT = timedelta(minutes=11)  # no article is put off for longer; a later date means a clock set back

FAULT_WAIT = timedelta(minutes=1)
MOST_FAULTS = 3


def waiting(state: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What makes an article ready for its next step."""
    return Article.state == state, or_(Article.due_at <= now, Article.due_at > now + LONGEST_WAIT)


def claim_for_extraction(session: Session, now: datetime, hold: timedelta) -> Article | None:
    """Claim the article that waits longest for its page and whose host may be asked now; None where there is none."""
    article = claim(
        session,
        Article,
        *waiting("pending", now),
        ~busy(Article.host, now),
        order_by=Article.due_at,
        now=now,
        lease=LEASE,
        changes={"attempts": Article.attempts + 1},
    )
    if article is not None and not take_slot(session, article.host, now, hold):
        session.rollback()  # another worker was quicker at this host
        return None
    return article


def claim_for_judgement(session: Session, now: datetime) -> Article | None:
    """Claim the oldest article whose text is there and that has no verdict; None where there is none."""
    return claim(session, Article, *waiting("extracted", now), order_by=Article.published_at, now=now, lease=LEASE)


def slot_of(article: Article, hold: timedelta) -> datetime:
    """Until when the claim of an article for extraction holds the slot of its host."""
    if article.lease_until is None:
        raise ValueError(f"article {article.id} is not claimed")
    return article.lease_until - LEASE + hold


def still_mine(session: Session, article: Article) -> Article | None:
    """The stored row of a claimed article, or None where the lease was lost to another worker meanwhile."""
    return session.scalars(
        select(Article).where(Article.id == article.id, Article.lease_token == article.lease_token).with_for_update()
    ).one_or_none()


def with_key(session: Session, url_key: str) -> Article | None:
    """The article with this canonical URL's key."""
    return session.scalars(select(Article).where(Article.url_key == url_key)).one_or_none()


@contextmanager
def on_record(engine: Engine, article: Article) -> Iterator[None]:
    """Put a fault of ours in a step on the article's record, so that it neither stops the step nor comes for ever.

    The article is tried again in a minute, and after ``MOST_FAULTS`` faults it has failed. Trouble with the database
    itself is not the article's fault: its lease ends, and it is taken up again.
    """
    try:
        with logs.about(article=article.id):
            yield
    except SQLAlchemyError as error:
        logs.get(__name__).warning("database", article=article.id, error=str(error).splitlines()[0])
    except Exception as error:  # noqa: BLE001  # whatever it is, it is recorded and the next article is taken
        logs.get(__name__).exception("step failed", article=article.id, url=article.url)
        now = datetime.now(UTC)
        with writing(engine) as session:
            row = still_mine(session, article)
            if row is not None:
                row.faults += 1
                row.note = f"a fault of wirewatch: {type(error).__name__}: {error}"[:500]
                row.due_at = now + FAULT_WAIT
                row.lease_token = row.lease_until = None
                if row.faults >= MOST_FAULTS:
                    row.state = "failed"


def end(session: Session, article: Article, state: str, note: str) -> None:
    """Finish an article without a verdict; ``note`` says why."""
    row = still_mine(session, article)
    if row is not None:
        row.state, row.note = state, note
        row.lease_token = row.lease_until = None
