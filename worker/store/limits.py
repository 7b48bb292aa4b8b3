"""What is more than the desk wants at once, and what waits for another moment: limits, digests, quiet hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from worker.alerts.route import Recipient
from worker.alerts.view import TOLD
from worker.models import Alert, Delivery, Mention
from worker.store import channels
from worker.store.outbox import BACKOFF_MOST, OPEN, Claimed

FLOOD = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a channel takes: the least time between two messages, and how many alerts in a time.

    What is too much waits until ``next_digest``.
    """

    pace: timedelta = timedelta(0)
    at_most: int | None = None
    per: timedelta = timedelta(0)
    next_digest: datetime | None = None


def held_until(session: Session, row: Delivery, terms: Terms, now: datetime) -> datetime | None:
    """Until when an alert is held, because the channel has had enough; None for one that may go out.

    What may have arrived already is not held, nor are digests, asides and notices.
    """
    if row.state != "pending" or session.get_one(Alert, row.alert_id).kind not in TOLD:
        return None
    same = (Delivery.channel == row.channel, Delivery.recipient == row.recipient)
    if terms.pace:
        waiting = select(func.count()).where(*same, Delivery.state == "pending", Delivery.shown.is_(None))
        if (session.scalar(waiting) or 0) * terms.pace > FLOOD:
            return now
    if terms.at_most is None:
        return None
    channels.lock(session, row.channel)
    used = (
        select(func.count())
        .select_from(Delivery)
        .join(Alert, Alert.id == Delivery.alert_id)
        .where(
            *same,
            Alert.kind.in_(TOLD),
            Delivery.within_id.is_(None),
            Delivery.id != row.id,
            or_(
                and_(Delivery.state == "sent", Delivery.sent_at > now - terms.per),
                Delivery.state.in_(("sending", "ambiguous")),
            ),
        )
    )
    return terms.next_digest or now if (session.scalar(used) or 0) >= terms.at_most else None


def hold(session: Session, to: Recipient, until: datetime, now: datetime) -> None:
    """Let all alerts that wait for a recipient, and certainly have not arrived, wait for a digest instead.

    One that was to bring others of its story with it gives them up: the digest tells of each by itself.
    """
    waiting = (
        select(Delivery.id)
        .join(Alert, Alert.id == Delivery.alert_id)
        .where(
            Delivery.channel == to.channel,
            Delivery.recipient == to.recipient,
            Delivery.state == "pending",
            Delivery.due_at <= now + BACKOFF_MOST,
            Alert.kind.in_(TOLD),
        )
        .with_for_update(of=Delivery, skip_locked=True)
    )
    held = session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(waiting))
        .values(state="held", due_at=until, payload=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.execute(
        update(Delivery)
        .where(Delivery.within_id.in_(held), Delivery.state == "held")
        .values(within_id=None, due_at=until)
        .execution_options(synchronize_session=False)
    )


def put_off(session: Session, channel: str, until: datetime, now: datetime) -> None:
    """Let nothing of a channel be due before ``until``."""
    session.execute(
        update(Delivery)
        .where(Delivery.channel == channel, Delivery.state.in_(("pending", "ambiguous")), Delivery.due_at <= now)
        .values(due_at=until)
    )


def join_story(session: Session, claimed: Claimed) -> None:
    """Let the other alerts of the story that wait for the same recipient go out within the claimed delivery."""
    alert = aliased(Alert)
    waiting = (
        select(Delivery.id)
        .join(Alert, Alert.id == Delivery.alert_id)
        .join(alert, alert.story_id == Alert.story_id)
        .where(
            alert.id == claimed.alert_id,
            Alert.id != claimed.alert_id,
            Alert.kind.in_(TOLD),
            Delivery.channel == claimed.channel,
            Delivery.recipient == claimed.recipient,
            Delivery.state == "pending",
            Delivery.payload.is_(None),
        )
        .with_for_update(of=Delivery, skip_locked=True)
    )
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(waiting))
        .values(state="held", within_id=claimed.id)
        .execution_options(synchronize_session=False)
    )


def of_article(session: Session, article: int) -> list[Delivery]:
    """The deliveries of an article's alert that nobody has taken up yet."""
    return list(
        session.scalars(
            select(Delivery)
            .join(Alert, Alert.id == Delivery.alert_id)
            .where(Alert.article_id == article, Delivery.state == "pending", Delivery.attempts == 0)
        )
    )


def told_of(session: Session, entity: str, row: Delivery, since: datetime) -> int:
    """How many alerts that name an entity a recipient got, or is about to get, since a time; not those in digests."""
    named = exists().where(Mention.article_id == Alert.article_id, Mention.entity == entity)
    counted = (
        select(func.count())
        .select_from(Delivery)
        .join(Alert, Alert.id == Delivery.alert_id)
        .where(
            Delivery.channel == row.channel,
            Delivery.recipient == row.recipient,
            Delivery.id != row.id,
            Delivery.created_at > since,
            Delivery.state.in_((*OPEN, "sent")),
            Delivery.within_id.is_(None),
            named,
        )
    )
    return session.scalar(counted) or 0
