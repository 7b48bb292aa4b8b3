"""Names that come into a story later, and the channels that hear of it only for them.

A story is told when it begins, to those who watch the names of its first article. A reprint or another newsroom's words
reach nobody, for the desk knows the story. A channel that watches a name which only they have does not know it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from worker import models
from worker.alerts.route import Recipient
from worker.alerts.view import TOLD, AlertKind
from worker.store.leases import insert_for
from worker.types import Article, Judgement, Mention


def names_on_record(session: Session, article: int) -> set[str]:
    """The entities of an article that was judged before; empty before its first verdict."""
    return set(session.scalars(select(models.Mention.entity).where(models.Mention.article_id == article).distinct()))


def names_of_others(session: Session, story: int, article: int, names: Iterable[str]) -> set[str]:
    """Those of ``names`` that another article of the story has."""
    query = (
        select(models.Mention.entity)
        .join(models.Judgement, models.Judgement.article_id == models.Mention.article_id)
        .where(
            models.Judgement.story_id == story,
            models.Mention.article_id != article,
            models.Mention.entity.in_(sorted(names)),
        )
        .distinct()
    )
    return set(session.scalars(query))


def name(session: Session, article: int, mentions: Sequence[Mention]) -> None:
    """Put names on record that an article was not searched for when it was judged."""
    rows = [{"article_id": article, **{field: getattr(one, field) for field in one.__slots__}} for one in mentions]
    if rows:
        session.execute(insert(models.Mention), rows)


def tell(
    session: Session, article: Article, judgement: Judgement, recipients: Collection[Recipient], now: datetime
) -> bool:
    """Put the article into the outbox for those of ``recipients`` whose channel was never told of its story.

    False where all were.
    """
    told = set(
        session.scalars(
            select(models.Delivery.channel)
            .join(models.Alert, models.Alert.id == models.Delivery.alert_id)
            .where(models.Alert.story_id == judgement.story, models.Alert.kind.in_(TOLD))
            .distinct()
        )
    )
    strangers = [one for one in recipients if one.channel not in told]
    if not strangers:
        return False
    key = f"article:{article.id}"
    session.execute(
        insert_for(session)(models.Alert)
        .values(
            key=key,
            kind=AlertKind.NEW.value,
            story_id=judgement.story,
            article_id=article.id,
            title=article.title,
            created_at=now,
        )
        .on_conflict_do_nothing()
    )
    alert = session.scalars(select(models.Alert.id).where(models.Alert.key == key)).one()
    for one in strangers:
        session.add(
            models.Delivery(alert_id=alert, channel=one.channel, recipient=one.recipient, due_at=now, created_at=now)
        )
    session.flush()
    return True
