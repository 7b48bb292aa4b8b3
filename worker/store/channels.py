"""What is known of a channel across processes: until when it rests, and since when it has only failed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from worker.models import ChannelState, Delivery
from worker.store.leases import insert_for

PAUSE_MOST = timedelta(minutes=15)
HICCUP = timedelta(seconds=30)  # a failure between two successes that are closer says nothing of the channel


def keep_pace(session: Session, channel: str, pace: timedelta, now: datetime) -> bool:
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


def resting(channel: InstrumentedAttribute[str], now: datetime) -> ColumnElement[bool]:
    """Whether nothing is sent on a channel at the moment.

    A rest that ends later than any that is ever taken was taken before the clock was put back, and is over.
    """
    return exists().where(
        ChannelState.channel == channel,
        ChannelState.paused_until > now,
        ChannelState.paused_until <= now + PAUSE_MOST,
    )


def lock(session: Session, channel: str) -> None:
    """Let one transaction at a time count what goes out on a channel, until it ends."""
    _keep_state(session, channel)
    session.execute(select(ChannelState).where(ChannelState.channel == channel).with_for_update())


def pause(session: Session, channel: str, until: datetime, now: datetime) -> None:
    """Send nothing on the channel before ``until``, or before the end of a pause that is longer."""
    _keep_state(session, channel)
    session.execute(
        update(ChannelState)
        .where(
            ChannelState.channel == channel,
            or_(
                ChannelState.paused_until.is_(None),
                ChannelState.paused_until < until,
                ChannelState.paused_until > now + PAUSE_MOST,
            ),
        )
        .values(paused_until=until)
        .execution_options(synchronize_session=False)
    )


def failed(session: Session, channel: str, now: datetime) -> datetime | None:
    """Remember the first failure since the channel last worked; gives when that was, None when it is this one."""
    state = session.get(ChannelState, channel, populate_existing=True)
    if state is not None and state.failing_since is not None:
        return state.failing_since
    _keep_state(session, channel, failing_since=now)
    return None


def worked(session: Session, channel: str, now: datetime) -> ChannelState | None:
    """Forget the channel's failures and let go at once what waits for it; gives the state before, None if it was well.

    The oldest goes first again, so that threads get their roots. What failed while others got through waits on: it is
    not the channel that keeps it back.
    """
    state = session.get(ChannelState, channel, populate_existing=True)
    if state is None or state.failing_since is None:
        return None
    since = state.failing_since
    before = ChannelState(channel=channel, failing_since=since, told_at=state.told_at)
    state.failing_since = state.told_at = None
    if now - since < HICCUP:
        return before
    session.execute(
        update(Delivery)
        .where(Delivery.channel == channel, Delivery.state.in_(("pending", "ambiguous")), Delivery.due_at > now)
        .values(due_at=now)
    )
    return before


def silent(session: Session, since: datetime) -> list[ChannelState]:
    """The channels that have only failed since before ``since`` and of which the desk has not been told."""
    return list(
        session.scalars(
            select(ChannelState)
            .where(ChannelState.failing_since <= since, ChannelState.told_at.is_(None))
            .with_for_update(skip_locked=True)
        )
    )


def _keep_state(session: Session, channel: str, **values: object) -> None:
    session.execute(
        insert_for(session)(ChannelState)
        .values(channel=channel, **values)
        .on_conflict_do_update(index_elements=[ChannelState.channel], set_={"channel": channel, **values})
        .execution_options(synchronize_session=False)
    )
