"""Stories and entities of which the desk does not want to be told, for a time or for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from worker.alerts.wishes import Mutes
from worker.models import Alert, Delivery, Mute
from worker.store.leases import insert_for

STORY: Final = "story:"
ENTITY: Final = "entity:"


def mute(session: Session, matter: str, until: datetime | None, now: datetime) -> None:
    """Mute a matter (``story:ID`` or ``entity:NAME``); where it is muted already the new end counts."""
    session.execute(
        insert_for(session)(Mute)
        .values(matter=matter, created_at=now, until=until)
        .on_conflict_do_update(index_elements=[Mute.matter], set_={"until": until, "created_at": now})
    )


def unmute(session: Session, matter: str) -> Mute | None:
    """End a mute; gives it back, None where there was none."""
    found = session.get(Mute, matter)
    if found is not None:
        session.delete(found)
        session.flush()
    return found


def stop(session: Session, story: int, now: datetime) -> int:
    """Take back the alerts of a story that nobody has tried to send yet; says how many."""
    alerts = select(Alert.id).where(Alert.story_id == story)
    stopped = session.execute(
        update(Delivery)
        .where(
            Delivery.alert_id.in_(alerts),
            Delivery.state.in_(("pending", "held")),
            Delivery.attempts == 0,
            Delivery.within_id.is_(None),
        )
        .values(state="silent", due_at=now, error=f"story {story} was muted before it was sent")
        .returning(Delivery.id)
    )
    return len(stopped.all())


def listed(session: Session, now: datetime) -> Sequence[Mute]:
    """The mutes in force, the oldest first."""
    in_force = or_(Mute.until.is_(None), Mute.until > now)
    return session.scalars(select(Mute).where(in_force).order_by(Mute.created_at, Mute.matter)).all()


def in_force(session: Session, now: datetime) -> Mutes:
    """The mutes in force, by what they are of."""
    found = listed(session, now)
    return Mutes(
        stories={int(one.matter.removeprefix(STORY)): one.until for one in found if one.matter.startswith(STORY)},
        entities={one.matter.removeprefix(ENTITY): one.until for one in found if one.matter.startswith(ENTITY)},
    )


def forget(session: Session, now: datetime) -> None:
    """Delete the mutes that have ended."""
    session.execute(delete(Mute).where(Mute.until <= now))
