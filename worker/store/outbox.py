"""The outbox: what the desk is to be told, on its way. ``alerts.deliver`` walks a row through its states.

``pending`` → ``sending`` → ``sent`` | ``pending`` (due later) | ``ambiguous`` (may have arrived) | ``dead``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, func, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from worker.alerts.route import Recipient
from worker.alerts.view import AlertKind
from worker.models import Alert, Delivery, DeliveryAttempt
from worker.store.leases import insert_for

LEASE = timedelta(seconds=120)
BACKOFF_MOST = timedelta(hours=1)
OPEN = ("pending", "sending", "ambiguous")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until its lease ends.

    ``article_id`` is None for a notice.
    ``attempts`` counts this one. ``uncertain`` says that an earlier attempt may have arrived. ``payload`` is None
    before the first attempt. ``reference`` is what the channel calls the message that an aside has already, and that is
    to be edited.
    """

    id: int
    alert_id: int
    article_id: int | None
    channel: str
    recipient: str
    attempts: int
    lease_token: str
    created_at: datetime
    uncertain: bool
    payload: dict[str, Any] | None
    reference: str | None = None


def notice(
    session: Session, key: str, title: str, body: str, *, recipients: Iterable[Recipient], now: datetime
) -> bool:
    """Tell ``recipients`` something about the service itself, once for each ``key``; False where it was told before."""
    inserted = session.scalar(
        insert_for(session)(Alert)
        .values(key=f"notice:{key}", kind=AlertKind.NOTICE.value, title=title, body=body, created_at=now)
        .on_conflict_do_nothing()
        .returning(Alert.id)
    )
    if inserted is None:
        return False
    for channel, recipient in dict.fromkeys(recipients):
        session.add(Delivery(alert_id=inserted, channel=channel, recipient=recipient, due_at=now, created_at=now))
    session.flush()
    return True


def freeze(session: Session, delivery_id: int, payload: dict[str, Any], **values: object) -> None:
    """Keep what is sent, with the type of channel that it was written for, so that every attempt sends the same."""
    session.execute(update(Delivery).where(Delivery.id == delivery_id).values(payload=payload, **values))


def thread(session: Session, claimed: Claimed) -> str | None:
    """The reference of the first message of the story, or of the digest, that this recipient got, None before it."""
    own = session.get_one(Alert, claimed.alert_id)
    if own.kind == AlertKind.DIGEST:
        first = aliased(Alert)
        return session.scalar(
            select(Delivery.reference)
            .join(first, first.id == Delivery.alert_id)
            .where(first.key == f"{own.key.rpartition(':')[0]}:1", first.id != own.id, Delivery.state == "sent")
        )
    alert = aliased(Alert)
    return session.scalar(
        select(Delivery.reference)
        .join(Alert, Alert.id == Delivery.alert_id)
        .join(alert, alert.story_id == Alert.story_id)
        .where(
            alert.id == claimed.alert_id,
            Alert.id != claimed.alert_id,
            Delivery.channel == claimed.channel,
            Delivery.recipient == claimed.recipient,
            Delivery.state == "sent",
            Delivery.reference.is_not(None),
            Delivery.shown.is_(None),
        )
        .order_by(Delivery.sent_at, Delivery.id)
        .limit(1)
    )


def end_attempt(session: Session, claimed: Claimed, **values: object) -> bool:
    """Write down how an attempt ended and give up the lease; False where the lease was lost to another."""
    done = session.execute(
        update(Delivery)
        .where(Delivery.id == claimed.id, Delivery.lease_token == claimed.lease_token, Delivery.state == "sending")
        .values(lease_token=None, lease_until=None, **values)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return done.first() is not None


def tries(session: Session, delivery_id: int) -> int:
    """How often a delivery was tried, with the attempts that do not count."""
    return session.scalar(select(func.count()).where(DeliveryAttempt.delivery_id == delivery_id)) or 0


def log_attempt(session: Session, delivery_id: int, outcome: str, detail: str, at: datetime) -> None:
    """Add a line to the log of what was tried."""
    session.add(DeliveryAttempt(delivery_id=delivery_id, at=at, outcome=outcome, detail=detail))


def told_elsewhere(session: Session, claimed: Claimed) -> bool:
    """Whether the same alert is sent, or on its way, to anybody else."""
    return bool(
        session.scalar(
            select(func.count())
            .select_from(Delivery)
            .where(
                Delivery.alert_id == claimed.alert_id,
                Delivery.id != claimed.id,
                Delivery.state.not_in(("dead", "silent")),
            )
        )
    )


def abandon(session: Session, recipients: Collection[Recipient], before: datetime) -> Counter[Recipient]:
    """Give up what was made before ``before`` for recipients that are not in the watchlist; says how much of each."""
    gone = session.execute(
        update(Delivery)
        .where(Delivery.state.in_(("pending", "ambiguous", "held")), Delivery.created_at < before, ~sent_to(recipients))
        .values(state="dead", error="the channel or the recipient has left the watchlist")
        .returning(Delivery.channel, Delivery.recipient)
    )
    return Counter(Recipient(channel, recipient) for channel, recipient in gone)


def sent_to(recipients: Collection[Recipient]) -> ColumnElement[bool]:
    """Whether a delivery goes to one of ``recipients``."""
    if not recipients:
        return false()
    return tuple_(Delivery.channel, Delivery.recipient).in_(sorted(recipients))
