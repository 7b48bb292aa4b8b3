"""Asides: one message in a story's thread that is edited whenever another source joins the story.

Which stories are behind is read from the archive, not remembered, so that nothing is missed over a restart.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from worker.alerts.view import AlertKind
from worker.models import Alert, Delivery, Judgement, Story
from worker.store.leases import insert_for
from worker.store.views import QUIET

LIVELY: Final = timedelta(days=7)  # since an article last joined: older stories change no more
GATHER: Final = timedelta(seconds=20)  # carriers come in swarms; one edit tells of all


class _Behind(NamedTuple):
    story: int
    channel: str
    recipient: str
    delivery: int | None


def refresh(session: Session, channels: Collection[str], now: datetime) -> int:
    """Put the aside of every story that has got more carriers since into the outbox; says how many.

    ``channels`` are those that can edit a message. Only where the story's own alert has arrived: an aside without its
    thread would alert.
    """
    if not channels:
        return 0
    behind = _behind(session, channels, now)
    for one in behind:
        due = now + GATHER
        if one.delivery is not None:
            row = session.get_one(Delivery, one.delivery)
            row.state, row.payload, row.attempts, row.error = "pending", None, 0, ""
            row.due_at, row.created_at = due, now
        else:
            alert = _alert(session, one.story, now)
            session.add(
                Delivery(
                    alert_id=alert,
                    channel=one.channel,
                    recipient=one.recipient,
                    due_at=due,
                    created_at=now,
                    shown=0,
                )
            )
    session.flush()
    return len(behind)


def _behind(session: Session, channels: Collection[str], now: datetime) -> list[_Behind]:
    quiet = (
        select(Judgement.story_id, func.count().label("articles"))
        .join(Story, Story.id == Judgement.story_id)
        .where(Judgement.verdict.in_(QUIET), Story.updated_at > now - LIVELY)
        .group_by(Judgement.story_id)
        .subquery()
    )
    root, root_alert = aliased(Delivery), aliased(Alert)
    begun = (
        select(root_alert.story_id, root.channel, root.recipient)
        .join(root_alert, root_alert.id == root.alert_id)
        .where(
            root.state == "sent", root.reference.is_not(None), root.shown.is_(None), root.channel.in_(sorted(channels))
        )
        .distinct()
        .subquery()
    )
    have = (
        select(Alert.story_id, Delivery)
        .join(Alert, Alert.id == Delivery.alert_id)
        .where(Delivery.shown.is_not(None))
        .subquery()
    )
    rows = session.execute(
        select(begun.c.story_id, begun.c.channel, begun.c.recipient, have.c.id)
        .join(quiet, quiet.c.story_id == begun.c.story_id)
        .outerjoin(
            have,
            (have.c.story_id == begun.c.story_id)
            & (have.c.channel == begun.c.channel)
            & (have.c.recipient == begun.c.recipient),
        )
        .where(
            quiet.c.articles > func.coalesce(have.c.shown, 0),
            have.c.id.is_(None) | have.c.state.in_(("sent", "dead")),
        )
    )
    return [_Behind(*row) for row in rows]


def _alert(session: Session, story: int, now: datetime) -> int:
    """The story's aside, made where there is none."""
    key = f"aside:{story}"
    session.execute(
        insert_for(session)(Alert)
        .values(key=key, kind=AlertKind.ASIDE.value, story_id=story, title="", body="", created_at=now)
        .on_conflict_do_nothing()
    )
    return session.scalars(select(Alert.id).where(Alert.key == key)).one()
