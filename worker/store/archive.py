"""Queries that tell people what happened: stories, one story, one article, the state of the service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from worker import types
from worker.articles import urls
from worker.db import serialise_judging
from worker.models import (
    Alert,
    Article,
    ChannelState,
    Delivery,
    DeliveryAttempt,
    Entry,
    Feed,
    Fingerprint,
    Heartbeat,
    Judgement,
    Mention,
    Story,
)

_MOST = (1 << 63) - 1
"""The highest number that a database takes."""


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
    """Everything on record of one article.

    ``again`` are the later readings of its page, and other entries that have its link, the first one first.
    """

    article: Article
    feeds: tuple[str, ...]
    mentions: tuple[Mention, ...]
    judgement: Judgement | None
    parent: Article | None
    alert: Alert | None
    deliveries: tuple[Delivery, ...]
    attempts: tuple[DeliveryAttempt, ...]
    again: tuple[Trace, ...] = ()


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


def story_of(session: Session, number: int) -> Story | None:
    """Return the story with a number, of any size; None where there is none."""
    return session.get(Story, number) if number <= _MOST else None


def story(session: Session, story_id: int) -> tuple[Story, list[Told]] | None:
    """A story and all its articles in the order in which they were judged; None where there is no such story."""
    found = story_of(session, story_id)
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
        select(func.coalesce(func.nullif(Feed.name, ""), func.nullif(Feed.shown, ""), Feed.url))
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
    sharing = (Article.url == article.url) & Article.url_key.startswith(f"{article.url_key} ", autoescape=True)
    later = or_(Article.revision_of == article.id, Article.revision_of.is_(None) & sharing)
    again = tuple(
        _trace(session, one) for one in session.scalars(select(Article).where(later).order_by(Article.id)).all()
    )
    return Trace(
        article, tuple(feeds), tuple(mentions), judgement, parent, alert, tuple(deliveries), tuple(attempts), again
    )


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the service, as the database knows it."""

    feeds: tuple[Feed, ...]
    articles: dict[str, int]
    deliveries: dict[str, int]
    troubled: tuple[Delivery, ...]
    paused: tuple[ChannelState, ...]
    heartbeats: tuple[Heartbeat, ...]


def articles_by_state(session: Session) -> dict[str, int]:
    """How many articles there are in each state."""
    return dict(session.execute(select(Article.state, func.count()).group_by(Article.state)).tuples().all())


def status(session: Session, now: datetime) -> Status:
    """Feeds, articles and deliveries by state, and what is wrong with those that are late or dead."""
    feeds = session.scalars(select(Feed).where(Feed.active.is_(True)).order_by(Feed.id)).all()
    articles = articles_by_state(session)
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


@dataclass(frozen=True, slots=True)
class Carried:
    """An article with its text as it was judged, when it was first seen, and the addresses of the feeds that had it."""

    article: types.Article
    seen: datetime
    feeds: frozenset[str]


def count_texts(session: Session, since: datetime) -> int:
    """How many articles with a text have been seen since a time."""
    return session.scalar(select(func.count()).where(Article.seen_at >= since, Article.text != "")) or 0


def texts(session: Session, since: datetime, batch: int = 200) -> Iterator[list[Carried]]:
    """The articles with a text that have been seen since a time, in the order in which they were seen, in batches."""
    query = select(Article).where(Article.seen_at >= since, Article.text != "").order_by(Article.seen_at, Article.id)
    after: tuple[datetime, int] | None = None
    while True:
        page = query
        if after is not None:
            seen, last = after
            page = query.where(or_(Article.seen_at > seen, (Article.seen_at == seen) & (Article.id > last)))
        rows = session.scalars(page.limit(batch)).all()
        if not rows:
            return
        carriers: dict[int, set[str]] = {}
        for article_id, url in session.execute(
            select(Entry.article_id, Feed.url)
            .join(Feed, Feed.id == Entry.feed_id)
            .where(Entry.article_id.in_([row.id for row in rows]))
        ):
            carriers.setdefault(article_id, set()).add(url)
        yield [
            Carried(
                types.Article(
                    row.id, row.url, row.title, row.text, row.published_at or row.seen_at, row.source, row.byline
                ),
                row.seen_at,
                frozenset(carriers.get(row.id, ())),
            )
            for row in rows
        ]
        after = rows[-1].seen_at, rows[-1].id
        session.expunge_all()


def ask_again(session: Session, trace: Trace, now: datetime) -> bool:
    """Send an article through the steps once more, its verdict forgotten; False where a step has it in hand just now.

    Not for an article that has alerted: what the desk was told stays on record. How old it is does not count, for
    somebody asks for it.
    """
    serialise_judging(session)
    article = session.scalars(select(Article).where(Article.id == trace.article.id).with_for_update()).one()
    if article.lease_until is not None and article.lease_until > now:
        return False
    for table in (Judgement, Mention, Fingerprint):
        session.execute(delete(table).where(table.article_id == article.id))
    if trace.judgement is not None:
        others = select(Judgement.article_id).where(Judgement.story_id == trace.judgement.story_id)
        told = select(Alert.id).where(Alert.story_id == trace.judgement.story_id)
        session.execute(delete(Story).where(Story.id == trace.judgement.story_id, ~others.exists(), ~told.exists()))
    article.state, article.note, article.due_at = "pending", "asked for again", now
    article.attempts = article.faults = 0
    article.first_sight = False
    article.lease_token = article.lease_until = None
    return True
