"""Queries that tell people what happened: stories, one story, one article, the state of the service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from worker.articles import urls
from worker.models import (
    Alert,
    Article,
    ChannelState,
    Delivery,
    DeliveryAttempt,
    Entry,
    Feed,
    Heartbeat,
    Judgement,
    Mention,
    Story,
)


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story in one line."""

    id: int
    title: str
    created_at: datetime
    updated_at: datetime
    entities: tuple[str, ...]
    verdicts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """An article of a story with its verdict, and the alert that it raised, if any."""

    article: Article
    judgement: Judgement
    alert: Alert | None


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything on record of one article."""

    article: Article
    feeds: tuple[str, ...]
    mentions: tuple[Mention, ...]
    judgement: Judgement | None
    parent: Article | None
    alert: Alert | None
    deliveries: tuple[Delivery, ...]
    attempts: tuple[DeliveryAttempt, ...]


def stories(session: Session, limit: int, entity: str | None = None) -> list[StoryLine]:
    """The stories that the desk has been told of, the last told first."""
    told = (
        select(Alert.story_id, func.max(Alert.created_at).label("told_at"))
        .where(Alert.article_id.is_not(None))
        .group_by(Alert.story_id)
        .subquery()
    )
    query = select(Story).join(told, told.c.story_id == Story.id).order_by(told.c.told_at.desc(), Story.id.desc())
    if entity is not None:
        named = (
            select(Judgement.story_id)
            .join(Mention, Mention.article_id == Judgement.article_id)
            .where(Mention.entity == entity)
        )
        query = query.where(Story.id.in_(named))
    found = session.scalars(query.limit(limit)).all()
    ids = [story.id for story in found]
    verdicts: dict[int, dict[str, int]] = {}
    for story_id, verdict, count in session.execute(
        select(Judgement.story_id, Judgement.verdict, func.count())
        .where(Judgement.story_id.in_(ids))
        .group_by(Judgement.story_id, Judgement.verdict)
    ):
        verdicts.setdefault(story_id, {})[verdict] = count
    entities: dict[int, list[str]] = {}
    for story_id, name in session.execute(
        select(Judgement.story_id, Mention.entity)
        .join(Mention, Mention.article_id == Judgement.article_id)
        .where(Judgement.story_id.in_(ids))
        .group_by(Judgement.story_id, Mention.entity)
        .order_by(func.count().desc(), Mention.entity)
    ):
        entities.setdefault(story_id, []).append(name)
    return [
        StoryLine(
            story.id,
            story.title,
            story.created_at,
            story.updated_at,
            tuple(entities.get(story.id, ())),
            verdicts.get(story.id, {}),
        )
        for story in found
    ]


def story(session: Session, story_id: int) -> tuple[Story, list[Told]] | None:
    """A story and all its articles in the order in which they were judged; None where there is no such story."""
    found = session.get(Story, story_id)
    if found is None:
        return None
    rows = session.execute(
        select(Article, Judgement, Alert)
        .join(Judgement, Judgement.article_id == Article.id)
        .outerjoin(Alert, Alert.article_id == Article.id)
        .where(Judgement.story_id == story_id)
        .order_by(Judgement.judged_at, Article.id)
    )
    return found, [Told(article, judgement, alert) for article, judgement, alert in rows]


def find(session: Session, url: str) -> Trace | None:
    """Everything on record of the article at an address, or of its twin; None where no feed has carried it."""
    try:
        same = or_(Article.url_key == urls.key(url), Article.url == urls.canonical(url))
    except urls.UrlError:
        return None
    article = session.scalars(select(Article).where(same).order_by(Article.id).limit(1)).one_or_none()
    if article is not None and article.same_as is not None:
        article = session.get_one(Article, article.same_as)
    return _trace(session, article) if article is not None else None


def _trace(session: Session, article: Article) -> Trace:
    feeds = session.scalars(
        select(func.coalesce(func.nullif(Feed.name, ""), Feed.url))
        .join(Entry, Entry.feed_id == Feed.id)
        .where(Entry.article_id == article.id)
        .distinct()
    ).all()
    judgement = session.get(Judgement, article.id)
    parent = session.get(Article, judgement.parent_id) if judgement is not None and judgement.parent_id else None
    alert = session.scalars(select(Alert).where(Alert.article_id == article.id)).one_or_none()
    deliveries: Sequence[Delivery] = ()
    attempts: Sequence[DeliveryAttempt] = ()
    if alert is not None:
        deliveries = session.scalars(select(Delivery).where(Delivery.alert_id == alert.id).order_by(Delivery.id)).all()
        attempts = session.scalars(
            select(DeliveryAttempt)
            .where(DeliveryAttempt.delivery_id.in_([delivery.id for delivery in deliveries]))
            .order_by(DeliveryAttempt.id)
        ).all()
    mentions = session.scalars(select(Mention).where(Mention.article_id == article.id).order_by(Mention.id)).all()
    return Trace(article, tuple(feeds), tuple(mentions), judgement, parent, alert, tuple(deliveries), tuple(attempts))


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the service, as the database knows it."""

    feeds: tuple[Feed, ...]
    articles: dict[str, int]
    deliveries: dict[str, int]
    troubled: tuple[Delivery, ...]
    paused: tuple[ChannelState, ...]
    heartbeats: tuple[Heartbeat, ...]


def status(session: Session, now: datetime) -> Status:
    """Feeds, articles and deliveries by state, and what is wrong with those that are late or dead."""
    feeds = session.scalars(select(Feed).where(Feed.active.is_(True)).order_by(Feed.id)).all()
    articles = dict(session.execute(select(Article.state, func.count()).group_by(Article.state)).tuples().all())
    deliveries = dict(session.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).tuples().all())
    week = now - timedelta(days=7)
    troubled = session.scalars(
        select(Delivery)
        .where(
            or_(
                Delivery.state.in_(("pending", "ambiguous")) & (Delivery.error != ""),
                (Delivery.state == "dead") & (Delivery.created_at > week),
            )
        )
        .order_by(Delivery.id.desc())
        .limit(50)
    ).all()
    paused = session.scalars(select(ChannelState).where(ChannelState.paused_until > now)).all()
    heartbeats = session.scalars(select(Heartbeat).order_by(Heartbeat.name)).all()
    return Status(tuple(feeds), articles, deliveries, tuple(troubled), tuple(paused), tuple(heartbeats))
