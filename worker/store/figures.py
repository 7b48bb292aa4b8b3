"""What the metrics count, read from the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from worker.models import Alert, Article, Delivery, Feed, Heartbeat, Judgement
from worker.store.outbox import OPEN

__all__ = ["OPEN", "Figures", "delays", "read"]


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts since the first day, and the present state of feeds and articles."""

    polls: int
    failed: int
    entries: int
    feeds: int
    failing: dict[str, int]
    articles: dict[str, int]
    verdicts: dict[str, int]
    alerts: dict[str, int]
    deliveries: dict[tuple[str, str], int]
    tick: datetime | None


def read(session: Session) -> Figures:
    """Everything but the delays."""
    polls, failed, entries = session.execute(
        select(func.sum(Feed.polls), func.sum(Feed.polls_failed), func.sum(Feed.entries))
    ).one()
    failing = select(Feed.failure, func.count()).where(Feed.active.is_(True), Feed.failures > 0).group_by(Feed.failure)
    tick = session.get(Heartbeat, "tick")
    rows = session.execute(
        select(Delivery.channel, Delivery.state, func.count()).group_by(Delivery.channel, Delivery.state)
    )
    return Figures(
        polls=polls or 0,
        failed=failed or 0,
        entries=entries or 0,
        feeds=session.scalar(select(func.count()).where(Feed.active.is_(True))) or 0,
        failing=_counted(session, failing),
        articles=_counted(session, select(Article.state, func.count()).group_by(Article.state)),
        verdicts=_counted(session, select(Judgement.verdict, func.count()).group_by(Judgement.verdict)),
        alerts=_counted(session, select(Alert.kind, func.count()).group_by(Alert.kind)),
        deliveries={(channel, state): count for channel, state, count in rows},
        tick=tick.at if tick is not None else None,
    )


def delays(session: Session, after: datetime) -> dict[int, float]:
    """The seconds from publication to delivery of each delivery that was sent after a time."""
    rows = session.execute(
        select(Delivery.id, Delivery.sent_at, func.coalesce(Article.published_at, Article.seen_at))
        .join(Alert, Alert.id == Delivery.alert_id)
        .join(Article, Article.id == Alert.article_id)
        .where(Delivery.state == "sent", Delivery.sent_at > after)
    )
    return {
        number: max((sent - published).total_seconds(), 0.0) for number, sent, published in rows if sent is not None
    }


def _counted(session: Session, query: Select[str, int]) -> dict[str, int]:
    return {name: count for name, count in session.execute(query)}  # noqa: C416  # dict() takes no rows
