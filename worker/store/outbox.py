"""The outbox: what the desk is to be told, on its way. ``alerts.deliver`` walks a row through its states.

``pending`` → ``sending`` → ``sent`` | ``pending`` (due later) | ``ambiguous`` (may have arrived) | ``dead``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from worker.alerts.message import AlertKind
from worker.alerts.route import Recipient
from worker.models import Alert, ChannelState, Delivery, DeliveryAttempt, Mention
from worker.store.leases import claim as lease_one
from worker.store.leases import insert_for

LEASE = timedelta(seconds=120)
BACKOFF_MOST = timedelta(hours=1)
PAUSE_MOST = timedelta(minutes=15)
HOLD = timedelta(hours=1)
FLOOD = timedelta(minutes=2)
OPEN = ("pending", "sending", "ambiguous")
TOLD = (AlertKind.NEW.value, AlertKind.UPDATE.value)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a channel takes: the least time between two messages, and how many alerts in a time.

    What is too much waits until ``next_digest``.
    """

    pace: timedelta = timedelta(0)
    at_most: int | None = None
    per: timedelta = timedelta(0)
    next_digest: datetime | None = None


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


def claim(
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
            row = lease_one(
                session,
                Delivery,
                *due(now),
                _to(open_to),
                order_by=(Delivery.shown.is_not(None), Delivery.due_at, Delivery.id),
                now=now,
                lease=LEASE,
                changes={"attempts": Delivery.attempts + 1},
            )
            if row is None:
                return None
            to, given = Recipient(row.channel, row.recipient), terms.get(row.channel, Terms())
            until = _too_much(session, row, given, now)
            if until is None and (not given.pace or _take_turn(session, row.channel, given.pace, now)):
                return _claimed(session, row)
            point.rollback()
        if until is not None:
            hold(session, to, until, now)
            open_to.discard(to)  # its notices and digests with the next call
        else:
            open_to = {one for one in open_to if one.channel != to.channel}
    return None


def _too_much(session: Session, row: Delivery, terms: Terms, now: datetime) -> datetime | None:
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
    _keep_state(session, row.channel)
    session.execute(select(ChannelState).where(ChannelState.channel == row.channel).with_for_update())
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
    """Let all alerts that wait for a recipient, and certainly have not arrived, wait for a digest instead."""
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
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(waiting))
        .values(state="held", due_at=until, payload=None)
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
    paused = exists().where(
        ChannelState.channel == Delivery.channel,
        ChannelState.paused_until > now,
        ChannelState.paused_until <= now + PAUSE_MOST,
    )
    return (Delivery.state.in_(OPEN), come, ~paused, ~_held(now))


def _to(recipients: Collection[Recipient]) -> ColumnElement[bool]:
    if not recipients:
        return false()
    return tuple_(Delivery.channel, Delivery.recipient).in_(sorted(recipients))


def _held(now: datetime) -> ColumnElement[bool]:
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


def _take_turn(session: Session, channel: str, pace: timedelta, now: datetime) -> bool:
    """Take the channel's next turn; False where another sender has just taken it."""
    statement = (
        insert_for(session)(ChannelState)
        .values(channel=channel, paused_until=now + pace)
        .on_conflict_do_update(
            index_elements=[ChannelState.channel],
            set_={"paused_until": now + pace},
            where=or_(
                ChannelState.paused_until.is_(None),
                ChannelState.paused_until <= now,
                ChannelState.paused_until > now + PAUSE_MOST,
            ),
        )
        .returning(ChannelState.channel)
    )
    return session.execute(statement).first() is not None


def freeze(session: Session, delivery_id: int, payload: dict[str, Any], **values: object) -> None:
    """Keep what is sent, so that every attempt sends the same."""
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


def settle(session: Session, claimed: Claimed, **values: object) -> bool:
    """Write down how an attempt ended and give up the lease; False where the lease was lost to another."""
    done = session.execute(
        update(Delivery)
        .where(Delivery.id == claimed.id, Delivery.lease_token == claimed.lease_token, Delivery.state == "sending")
        .values(lease_token=None, lease_until=None, **values)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return done.first() is not None


def log(session: Session, delivery_id: int, outcome: str, detail: str, at: datetime) -> None:
    """Add a line to the log of what was tried."""
    session.add(DeliveryAttempt(delivery_id=delivery_id, at=at, outcome=outcome, detail=detail))


def pause(session: Session, channel: str, until: datetime) -> None:
    """Send nothing on the channel before ``until``."""
    _keep_state(session, channel, paused_until=until)


def channel_failed(session: Session, channel: str, now: datetime) -> None:
    """Remember the first failure since the channel last worked."""
    state = session.get(ChannelState, channel)
    if state is None or state.failing_since is None:
        _keep_state(session, channel, failing_since=now)


def channel_worked(session: Session, channel: str, now: datetime) -> ChannelState | None:
    """Forget the channel's failures and let go at once what waits for it; gives the state before, None if it was well.

    The oldest goes first again, so that threads get their roots.
    """
    state = session.get(ChannelState, channel)
    if state is None or state.failing_since is None:
        return None
    before = ChannelState(channel=channel, failing_since=state.failing_since, told_at=state.told_at)
    state.failing_since = state.told_at = None
    session.execute(
        update(Delivery)
        .where(Delivery.channel == channel, Delivery.state.in_(("pending", "ambiguous")), Delivery.due_at > now)
        .values(due_at=now)
    )
    return before


def silent_channels(session: Session, since: datetime) -> list[ChannelState]:
    """The channels that have only failed since before ``since`` and of which the desk has not been told."""
    return list(
        session.scalars(
            select(ChannelState)
            .where(ChannelState.failing_since <= since, ChannelState.told_at.is_(None))
            .with_for_update(skip_locked=True)
        )
    )


def abandon(session: Session, recipients: Collection[Recipient], before: datetime) -> int:
    """Give up what was made before ``before`` for a recipient that the watchlist no longer has; says how many."""
    gone = session.execute(
        update(Delivery)
        .where(Delivery.state.in_(("pending", "ambiguous", "held")), Delivery.created_at < before, ~_to(recipients))
        .values(state="dead", error="the channel or the recipient has left the watchlist")
        .returning(Delivery.id)
    )
    return len(gone.all())


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


def _keep_state(session: Session, channel: str, **values: object) -> None:
    session.execute(
        insert_for(session)(ChannelState)
        .values(channel=channel, **values)
        .on_conflict_do_update(index_elements=[ChannelState.channel], set_={"channel": channel, **values})
        .execution_options(synchronize_session=False)
    )
