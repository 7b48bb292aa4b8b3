"""What is on record, row by row and plain, for an audit: stories, verdicts, alerts, deliveries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from worker.models import Alert, Article, Delivery, Judgement, Mention, Story

BATCH: Final = 500  # rows


class StoryRow(NamedTuple):
    """A story. The fields of each of these rows are its keys in JSON and its columns in CSV, in this order."""

    kind: str
    story: int
    title: str
    created: datetime
    updated: datetime


class VerdictRow(NamedTuple):
    """A verdict on an article; ``of`` is the address of the article that it was judged against."""

    kind: str
    story: int
    article: int
    url: str
    title: str
    source: str
    published: datetime | None
    seen: datetime
    judged: datetime
    verdict: str
    reason: str
    of: str | None
    entities: list[str]
    new_sentences: list[str]


class AlertRow(NamedTuple):
    """An alert; a notice of the service has no story, no article and no address."""

    kind: str
    alert: int
    verdict: str
    story: int | None
    article: int | None
    url: str | None
    title: str
    body: str
    created: datetime


class DeliveryRow(NamedTuple):
    """A delivery of an alert to one recipient."""

    kind: str
    delivery: int
    alert: int
    channel: str
    recipient: str
    state: str
    attempts: int
    created: datetime
    sent: datetime | None
    reference: str | None
    error: str


Row = StoryRow | VerdictRow | AlertRow | DeliveryRow


class Kind(NamedTuple):
    """One kind of record: the type of its rows, and what reads those since a time."""

    row: type[Row]
    since: Callable[[Session, datetime], Iterator[Row]]


def stories(session: Session, since: datetime) -> Iterator[StoryRow]:
    """Every story that an article has joined since a time."""
    query = select(Story).where(Story.updated_at >= since).order_by(Story.id)
    for story in session.scalars(query.execution_options(yield_per=BATCH)):
        yield StoryRow(
            kind="story",
            story=story.id,
            title=story.title,
            created=story.created_at,
            updated=story.updated_at,
        )


def verdicts(session: Session, since: datetime) -> Iterator[VerdictRow]:
    """Every verdict since a time, with its article, the names that made it one, and what it was judged against."""
    parent = aliased(Article)
    query = (
        select(Judgement, Article, parent.url)
        .join(Article, Article.id == Judgement.article_id)
        .outerjoin(parent, parent.id == Judgement.parent_id)
        .where(Judgement.judged_at >= since)
        .order_by(Judgement.article_id)
    )
    for rows in session.execute(query.execution_options(yield_per=BATCH)).partitions(BATCH):
        named = _named(session, [judgement.article_id for judgement, _, _ in rows])
        for judgement, article, of in rows:
            yield VerdictRow(
                kind="verdict",
                story=judgement.story_id,
                article=article.id,
                url=article.url,
                title=article.title,
                source=article.source,
                published=article.published_at,
                seen=article.seen_at,
                judged=judgement.judged_at,
                verdict=judgement.verdict,
                reason=judgement.reason,
                of=of,
                entities=named.get(article.id, []),
                new_sentences=judgement.new_sentences,
            )


def alerts(session: Session, since: datetime) -> Iterator[AlertRow]:
    """Every alert since a time, notices of the service included."""
    query = (
        select(Alert, Article.url)
        .outerjoin(Article, Article.id == Alert.article_id)
        .where(Alert.created_at >= since)
        .order_by(Alert.id)
    )
    for alert, url in session.execute(query.execution_options(yield_per=BATCH)):
        yield AlertRow(
            kind="alert",
            alert=alert.id,
            verdict=alert.kind,
            story=alert.story_id,
            article=alert.article_id,
            url=url,
            title=alert.title,
            body=alert.body,
            created=alert.created_at,
        )


def deliveries(session: Session, since: datetime) -> Iterator[DeliveryRow]:
    """Every delivery since a time: to whom, and what became of it."""
    query = select(Delivery).where(Delivery.created_at >= since).order_by(Delivery.id)
    for one in session.scalars(query.execution_options(yield_per=BATCH)):
        yield DeliveryRow(
            kind="delivery",
            delivery=one.id,
            alert=one.alert_id,
            channel=one.channel,
            recipient=one.recipient,
            state=one.state,
            attempts=one.attempts,
            created=one.created_at,
            sent=one.sent_at,
            reference=one.reference,
            error=one.error,
        )


KINDS: Final = {
    "stories": Kind(StoryRow, stories),
    "verdicts": Kind(VerdictRow, verdicts),
    "alerts": Kind(AlertRow, alerts),
    "deliveries": Kind(DeliveryRow, deliveries),
}


def _named(session: Session, articles: list[int]) -> dict[int, list[str]]:
    query = select(Mention.article_id, Mention.entity).where(Mention.article_id.in_(articles)).order_by(Mention.id)
    found: dict[int, dict[str, None]] = {}
    for article, entity in session.execute(query):
        found.setdefault(article, {})[entity] = None
    return {article: list(entities) for article, entities in found.items()}
