"""Alerts that only a recipient was to get who does not get them any more: the others get them.

A channel that was renamed leaves such alerts behind, and so does a digest that was refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Row, and_, delete, exists, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from worker.alerts.route import Recipient, of_all, recipients
from worker.alerts.view import TOLD, AlertKind
from worker.models import Alert, ChannelState, Delivery, Mention
from worker.store import channels
from worker.store.leases import insert_for
from worker.store.outbox import sent_to
from worker.watchlist.model import Watchlist

WAITING = ("pending", "ambiguous", "held")
AWAY = "left:"  # before the name of a channel: since when it is away, among the states of channels
PASSED_ON = "the recipient has left the watchlist; others were told instead"


def pass_on(session: Session, watchlist: Watchlist, before: datetime, now: datetime) -> Counter[Recipient]:
    """Let those whom the watchlist names be told of what only those wait for who have left; says how much of each.

    It goes to the recipients of the alert's entities, else to all, as one digest each. What somebody else got, or is to
    get, stays where it is, in case its recipient comes back. An alert that was made, or a channel that is away, since
    ``before`` has time: the watchlist may be half edited, or read by one process and not yet by another.
    """
    left = of_all(watchlist)
    back = [f"{AWAY}{name}" for name in watchlist.channels]
    session.execute(delete(ChannelState).where(ChannelState.channel.in_(back)))
    passed: Counter[Recipient] = Counter()
    for row in _alone(session, left, before):
        gone = Recipient(row.channel, row.recipient)
        if gone.channel not in watchlist.channels:
            since = channels.failed(session, f"{AWAY}{gone.channel}", now)
            if since is None or since > before:
                continue
        names = session.scalars(select(Mention.entity).where(Mention.article_id == row.article_id)).all()
        told = recipients(names, watchlist) or left
        if _give(session, row.alert_id, told, now):
            session.execute(update(Delivery).where(Delivery.id == row.id).values(state="silent", error=PASSED_ON))
            passed[gone] += 1
    for gone in passed:
        _end_digests(session, gone)
    return passed


def take_out(session: Session, delivery: int, to: Collection[Recipient], now: datetime) -> int:
    """Let ``to`` be told of what was to go out within a delivery and that nobody else gets; says how much that is."""
    other = aliased(Delivery)
    reached = exists().where(
        other.alert_id == Delivery.alert_id, other.id != Delivery.id, other.state.not_in(("dead", "silent"))
    )
    held = session.scalars(
        select(Delivery.alert_id)
        .where(Delivery.within_id == delivery, Delivery.state == "held", ~reached)
        .order_by(Delivery.id)
    ).all()
    return sum(_give(session, alert, to, now) for alert in held) if to else 0


def _alone(
    session: Session, left: Collection[Recipient], before: datetime
) -> Sequence[Row[int, int, str, str, int | None]]:
    """What waits for recipients that are not ``left``, of alerts that were not sent and that nobody else is to get.

    It is locked, and what a sender is taking up at this moment is left out: its process may read another watchlist.
    """
    other = aliased(Delivery)
    stays = tuple_(other.channel, other.recipient).in_(sorted(left))
    reached = exists().where(
        other.alert_id == Delivery.alert_id,
        or_(other.state == "sent", and_(other.state.not_in(("dead", "silent")), stays)),
    )
    return session.execute(
        select(Delivery.id, Delivery.alert_id, Delivery.channel, Delivery.recipient, Alert.article_id)
        .join(Alert, Alert.id == Delivery.alert_id)
        .where(
            Delivery.state.in_(WAITING),
            Delivery.created_at <= before,
            Alert.kind.in_(TOLD),
            ~sent_to(left),
            ~reached,
        )
        .order_by(Delivery.id)
        .with_for_update(of=Delivery, skip_locked=True)
    ).all()


def _give(session: Session, alert: int, told: Collection[Recipient], now: datetime) -> bool:
    given = session.scalars(
        insert_for(session)(Delivery)
        .values(
            [
                {"alert_id": alert, "channel": to.channel, "recipient": to.recipient}
                | {"state": "held", "due_at": now, "created_at": now, "attempts": 0, "error": ""}
                for to in told
            ]
        )
        .on_conflict_do_nothing()
        .returning(Delivery.id)
    )
    return bool(given.all())


def _end_digests(session: Session, gone: Recipient) -> None:
    """End the digests that were made for a recipient: what they hold is told elsewhere."""
    digests = select(Alert.id).where(Alert.kind == AlertKind.DIGEST.value)
    session.execute(
        update(Delivery)
        .where(
            Delivery.channel == gone.channel,
            Delivery.recipient == gone.recipient,
            Delivery.state.in_(WAITING),
            Delivery.alert_id.in_(digests),
        )
        .values(state="silent", error=PASSED_ON)
        .execution_options(synchronize_session=False)
    )
