"""Queries on articles on their way from entry to verdict."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Engine, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from worker import logs
from worker.db import writing
from worker.models import Article
from worker.store.leases import busy, claim, free, new_token, take_slots

LEASE = timedelta(seconds=120)  # more than a page, its redirects and its extraction may take together
LONGEST_WAIT = timedelta(minutes=11)  # no article is put off for longer; a later date means a clock set back

LOOKS = 8
PATIENCE = timedelta(seconds=10)  # after which an article that has no text yet says why
FAULT_WAIT = timedelta(minutes=1)
MOST_FAULTS = 3


def waiting(state: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What makes an article ready for its next step."""
    return Article.state == state, or_(Article.due_at <= now, Article.due_at > now + LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class DueArticle:
    """A claimed article, as it was when it was claimed; ``attempts`` counts this one.

    ``token`` is the lease, ``held_until`` how long the claim keeps others from the host.
    """

    id: int
    url: str
    host: str
    feed_text: str
    attempts: int
    token: str
    held_until: datetime


def claim_for_extraction(session: Session, now: datetime, hold: timedelta, room: int) -> list[DueArticle]:
    """Claim the articles that wait longest for their pages and whose hosts may be asked now, one of each host.

    At most ``room``. Their hosts are kept from others for ``hold`` at most.
    """
    ready = (*waiting("pending", now), free(Article, now, LEASE), ~busy(Article.host, now))
    chosen: dict[str, int] = {}
    for _ in range(LOOKS):  # one look is enough, unless many articles of one host are due
        query = select(Article.id, Article.host).where(*ready, Article.host.not_in(list(chosen)))
        rows = session.execute(query.order_by(Article.due_at).limit(2 * room)).all()
        for article_id, host in rows:
            if len(chosen) < room:
                chosen.setdefault(host, article_id)
        if len(rows) < 2 * room or len(chosen) >= room:
            break
    if not chosen:
        return []
    picked = (
        select(Article.id)
        .where(Article.id.in_(list(chosen.values())), Article.state == "pending", free(Article, now, LEASE))
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    token = new_token()
    claimed = session.execute(
        update(Article)
        .where(Article.id.in_(select(picked.c.id)))
        .values(lease_token=token, lease_until=now + LEASE, attempts=Article.attempts + 1)
        .returning(Article.id, Article.url, Article.host, Article.feed_text, Article.attempts)
        .execution_options(synchronize_session=False)
    ).all()
    granted = take_slots(session, (host for _, _, host, _, _ in claimed), now, hold)
    late = [row.id for row in claimed if row.host not in granted]  # another worker was quicker at these hosts
    if late:
        session.execute(
            update(Article)
            .where(Article.id.in_(late))
            .values(lease_token=None, lease_until=None, attempts=Article.attempts - 1)
        )
    return [DueArticle(*row, token=token, held_until=now + hold) for row in claimed if row.host in granted]


def tell_that_they_wait(session: Session, now: datetime) -> None:
    """Put on record why articles have no text yet that were seen a while ago: nothing that stands there goes."""
    waits = Article.state == "pending", Article.note == "", Article.seen_at < now - PATIENCE
    asked = f"its page has been asked for, and its server has not answered in full by {now:%H:%M:%S} UTC"
    turn = f"its page waits for its turn: at {now:%H:%M:%S} UTC others of its host, or slower ones, were asked for"
    # What another transaction holds is left to it: two that wait for each other's rows are a deadlock.
    idle = select(Article.id).where(*waits).with_for_update(skip_locked=True)
    session.execute(update(Article).where(Article.id.in_(idle.where(~free(Article, now, LEASE)))).values(note=asked))
    session.execute(update(Article).where(Article.id.in_(idle)).values(note=turn))


def claim_for_judgement(session: Session, now: datetime) -> Article | None:
    """Claim the oldest article whose text is there and that has no verdict; None where there is none."""
    return claim(session, Article, *waiting("extracted", now), order_by=Article.published_at, now=now, lease=LEASE)


def still_mine(session: Session, article: Article | DueArticle) -> Article | None:
    """The stored row of a claimed article, or None where the lease was lost to another worker meanwhile."""
    token = article.token if isinstance(article, DueArticle) else article.lease_token
    return session.scalars(
        select(Article).where(Article.id == article.id, Article.lease_token == token).with_for_update()
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
            fault(session, article, error, now)


def fault(session: Session, article: Article | DueArticle, error: Exception, now: datetime) -> None:
    """Put a fault of ours on the record of a claimed article, and let it be tried again or fail for good."""
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
