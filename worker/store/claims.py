"""What of the outbox may go out, and who has it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from worker.alerts.route import Recipient
from worker.models import Alert, Delivery
from worker.store import channels, leases, limits
from worker.store.limits import Terms
from worker.store.outbox import BACKOFF_MOST, LEASE, OPEN, Claimed, sent_to

HOLD = timedelta(hours=1)


def claim_due(
    session: Session, recipients: Collection[Recipient], terms: Mapping[str, Terms], now: datetime
) -> Claimed | None:
    """Take the delivery that has been due for longest, for ``LEASE``; None where nothing is due.

    Asides come after everything else, for nobody waits for them. Only what goes to ``recipients``: what belongs to a
    channel that has left the watchlist waits. An alert that is more than the channel's ``terms`` allow is held for the
    next digest, with all that wait behind it.
    """
    open_to = set(recipients)
    while open_to:
        with session.begin_nested() as point:
            row = leases.claim(
                session,
                Delivery,
                *due(now),
                sent_to(open_to),
                order_by=(Delivery.shown.is_not(None), Delivery.due_at, Delivery.id),
                now=now,
                lease=LEASE,
                changes={"attempts": Delivery.attempts + 1},
            )
            if row is None:
                return None
            to, given = Recipient(row.channel, row.recipient), terms.get(row.channel, Terms())
            until = limits.held_until(session, row, given, now)
            if until is None and (not given.pace or channels.keep_pace(session, row.channel, given.pace, now)):
                return _claimed(session, row)
            point.rollback()
        if until is not None:
            limits.hold(session, to, until, now)
            open_to.discard(to)  # its notices and digests with the next call
        else:
            open_to = {one for one in open_to if one.channel != to.channel}
    return None


def _claimed(session: Session, row: Delivery) -> Claimed:
    uncertain = row.state != "pending" and row.payload is not None
    row.state = "sending"
    session.flush()
    return Claimed(
        id=row.id,
        alert_id=row.alert_id,
        article_id=session.scalar(select(Alert.article_id).where(Alert.id == row.alert_id)),
        channel=row.channel,
        recipient=row.recipient,
        attempts=row.attempts,
        lease_token=row.lease_token or "",
        created_at=row.created_at,
        uncertain=uncertain,
        payload=row.payload,
        reference=row.reference,
    )


def due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Due, on a channel that is not paused, and not ahead of its story.

    A time further ahead than any that is ever set was set before the clock was put back, and counts as come; so does
    one that is not after the row's own making.
    """
    come = or_(
        Delivery.state == "sending",
        Delivery.due_at <= now,
        Delivery.due_at <= Delivery.created_at,
        Delivery.due_at > now + BACKOFF_MOST,
    )
    return (Delivery.state.in_(OPEN), come, ~channels.resting(Delivery.channel, now), ~_behind_its_story(now))


def _behind_its_story(now: datetime) -> ColumnElement[bool]:
    """Whether an earlier alert of the story is still on its way to the same recipient.

    A thread needs its root. The wait ends after ``HOLD``: one alert that a server will not take must not keep back all
    that follows.
    """
    earlier, earlier_alert, alert = aliased(Delivery), aliased(Alert), aliased(Alert)
    return and_(
        Delivery.due_at > now - HOLD,  # counted from the end of quiet hours, to which they put off what waits
        exists()
        .where(
            alert.id == Delivery.alert_id,
            earlier_alert.story_id == alert.story_id,
            earlier_alert.id < alert.id,
            earlier.alert_id == earlier_alert.id,
            earlier.channel == Delivery.channel,
            earlier.recipient == Delivery.recipient,
            earlier.state.in_(OPEN),
            earlier.shown.is_(None),
        )
        .correlate(Delivery),
    )
