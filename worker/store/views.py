"""What an alert can show, read from the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from worker.alerts.marks import figures
from worker.alerts.message import SENTENCES_MOST
from worker.alerts.safe import host
from worker.alerts.view import TOLD, AlertKind, AlertView, Carrier, Line, Named, Passage, Told, token
from worker.entities.central import centrality
from worker.models import Alert, Article, Delivery, Judgement, Mention, Story
from worker.stories.text import sentences
from worker.types import Verdict

LEAD_MOST = 600
EARLIER_MOST = 50
FIGURES_WITHIN = 10_000  # characters of each earlier text; it is read while the claim's transaction is open
CARRIERS_MOST = 100
QUIET = (Verdict.REPRINT.value, Verdict.COVERAGE.value)
"""The verdicts that reach nobody alone."""


class What(NamedTuple):
    """The least that can be said of an alert."""

    kind: str
    headline: str
    url: str


def named(session: Session, alert_id: int) -> What:
    """What an alert is about."""
    alert = session.get_one(Alert, alert_id)
    article = session.get(Article, alert.article_id) if alert.article_id is not None else None
    title = "a digest of held alerts" if alert.kind == AlertKind.DIGEST else alert.title
    return What(alert.kind, title, article.url if article is not None else "")


def view(session: Session, alert_id: int, delivery_id: int | None = None) -> AlertView:
    """Everything that the alert shows, as the archive knows it at this moment.

    With the other alerts that go out within the delivery, where one is given.
    """
    made = _view(session, alert_id)
    return replace(made, lines=_within(session, delivery_id)) if delivery_id is not None else made


def _view(session: Session, alert_id: int) -> AlertView:
    alert = session.get_one(Alert, alert_id)
    name = token(alert.key, alert.created_at)
    if alert.kind == AlertKind.ASIDE:
        return _aside(session, alert)
    article = session.get(Article, alert.article_id) if alert.article_id is not None else None
    judgement = session.get(Judgement, alert.article_id) if alert.article_id is not None else None
    if article is None or judgement is None or alert.story_id is None:
        return AlertView(name, AlertKind(alert.kind), alert.created_at, alert.title, body=alert.body)
    kind = AlertKind(alert.kind)
    told = _told(session, alert)
    update = kind is AlertKind.UPDATE
    return AlertView(
        token=name,
        kind=kind,
        at=alert.created_at,
        headline=alert.title or article.title,
        story=alert.story_id,
        root=token(told[0].key, told[0].created_at) if told else None,
        url=article.url,
        source=article.source,
        published=article.published_at,
        entities=_named(session, article),
        sentences=tuple(judgement.new_sentences) if update else _lead(article.text),
        carriers=_carriers(session, alert.story_id, article),
        passages=_passages(session, alert.story_id, told[-1].created_at, alert.created_at) if told else (),
        so_far=tuple(Told(one.created_at, one.title) for one in told),
        known_figures=_known_figures(session, alert.story_id, article.id) if update else frozenset(),
        reason=judgement.reason,
    )


def _within(session: Session, delivery_id: int) -> tuple[Line, ...]:
    """The alerts that go out within a delivery, those of one story together, oldest first."""
    rows = session.execute(
        select(Alert, Article, Judgement)
        .join(Delivery, Delivery.alert_id == Alert.id)
        .join(Article, Article.id == Alert.article_id)
        .join(Judgement, Judgement.article_id == Article.id)
        .where(Delivery.within_id == delivery_id)
        .order_by(Alert.id)
    ).all()
    names: dict[int, dict[str, None]] = {}
    mentioned = (
        select(Mention.article_id, Mention.entity)
        .join(Alert, Alert.article_id == Mention.article_id)
        .join(Delivery, Delivery.alert_id == Alert.id)
        .where(Delivery.within_id == delivery_id)
        .order_by(Mention.id)
    )
    for article_id, entity in session.execute(mentioned):
        names.setdefault(article_id, {})[entity] = None
    first = {alert.story_id: number for number, (alert, _, _) in reversed(list(enumerate(rows)))}
    return tuple(
        Line(
            kind=AlertKind(alert.kind),
            headline=alert.title or article.title,
            url=article.url,
            source=article.source,
            at=alert.created_at,
            entities=tuple(names.get(article.id, ())),
            sentences=tuple(judgement.new_sentences),
            story=alert.story_id,
        )
        for alert, article, judgement in sorted(rows, key=lambda row: (first[row[0].story_id], row[0].id))
    )


def _aside(session: Session, alert: Alert) -> AlertView:
    """Who else carries a story, and the passages that only they have."""
    story = session.get_one(Story, alert.story_id)
    counted = select(func.count()).where(Judgement.story_id == story.id, Judgement.verdict.in_(QUIET))
    quiet = session.scalar(counted) or 0  # first: what comes while the rest is read makes another edit
    return AlertView(
        token=token(alert.key, alert.created_at),
        kind=AlertKind.ASIDE,
        at=alert.created_at,
        headline=story.title,
        story=story.id,
        quiet_articles=quiet,
        carriers=_carriers(session, story.id),
        passages=_passages(session, story.id),
    )


def _lead(text: str) -> tuple[str, ...]:
    """The first sentences of a text, as many as fit into ``LEAD_MOST`` characters, but one at least."""
    kept: list[str] = []
    room = LEAD_MOST
    for sentence in sentences(text[: 4 * SENTENCES_MOST]):
        if kept and len(sentence.text) > room:
            break
        kept.append(sentence.text)
        room -= len(sentence.text)
    return tuple(kept)


def _told(session: Session, alert: Alert) -> list[Alert]:
    """The story's earlier alerts, oldest first."""
    return list(
        session.scalars(
            select(Alert)
            .where(Alert.story_id == alert.story_id, Alert.id < alert.id, Alert.kind.in_(TOLD))
            .order_by(Alert.id)
        )
    )


def _named(session: Session, article: Article) -> tuple[Named, ...]:
    """The entities in the order in which the article names them; a sentence of the text says more than the title."""
    rows = session.scalars(select(Mention).where(Mention.article_id == article.id).order_by(Mention.id)).all()
    order = {entity: number for number, entity in enumerate(dict.fromkeys(row.entity for row in rows))}
    found = []
    for entity, group in groupby(sorted(rows, key=lambda row: order[row.entity]), key=lambda row: row.entity):
        mentions = list(group)
        best = next((one for one in mentions if one.field == "text"), mentions[0])
        passing = centrality(mentions, article.title, article.text) == "passing"
        forms = tuple(dict.fromkeys(one.form for one in mentions))
        found.append(Named(entity, best.sentence, forms, passing, best.form, best.rule))
    return tuple(found)


def _carriers(session: Session, story_id: int, article: Article | None = None) -> tuple[Carrier, ...]:
    """Who else has the story, each source once, the latest first; all that reached nobody alone.

    Without those of ``article``'s own source where an article is given.
    """
    rows = session.execute(
        select(Article.id, Article.source, Article.url)
        .join(Judgement, Judgement.article_id == Article.id)
        .where(Judgement.story_id == story_id, Judgement.verdict.in_(QUIET))
        .order_by(Judgement.judged_at.desc(), Article.id.desc())
        .limit(CARRIERS_MOST)
    ).all()
    own = (article.id, article.source) if article is not None else (None, "")
    once = {
        row.source or row.url: Carrier(row.source, row.url)
        for row in reversed(rows)
        if row.id != own[0] and (row.source != own[1] or not row.source)
    }
    return tuple(reversed(once.values()))


def _passages(
    session: Session, story_id: int, after: datetime | None = None, until: datetime | None = None
) -> tuple[Passage, ...]:
    """What reprints had that no earlier copy had, in the order in which they came; between two times, or all."""
    query = (
        select(Article.source, Article.url, Judgement.new_sentences)
        .join(Judgement, Judgement.article_id == Article.id)
        .where(Judgement.story_id == story_id, Judgement.verdict == Verdict.REPRINT.value)
        .order_by(Judgement.judged_at, Article.id)
    )
    if after is not None and until is not None:
        query = query.where(Judgement.judged_at > after, Judgement.judged_at <= until)
    rows = session.execute(query.limit(EARLIER_MOST)).all()
    return tuple(Passage(source or host(url), tuple(new)) for source, url, new in rows if new)


def _known_figures(session: Session, story_id: int, article_id: int) -> frozenset[str]:
    texts = session.execute(
        select(Article.title, func.substr(Article.text, 1, FIGURES_WITHIN))
        .join(Judgement, Judgement.article_id == Article.id)
        .where(Judgement.story_id == story_id, Article.id < article_id)
        .order_by(Article.id.desc())
        .limit(EARLIER_MOST)
    )
    return frozenset().union(*(figures(f"{title}\n{text}") for title, text in texts))
