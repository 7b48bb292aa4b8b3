"""What an alert can show, read from the archive."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from worker.alerts.marks import figures
from worker.alerts.message import SENTENCES_MOST, AlertKind, AlertView, Carrier, Named, Told, token
from worker.models import Alert, Article, Judgement, Mention
from worker.stories.text import sentences
from worker.types import Verdict

LEAD_MOST = 600
EARLIER_MOST = 50
CARRIERS_MOST = 100


def view(session: Session, alert_id: int) -> AlertView:
    """Everything that the alert shows, as the archive knows it at this moment."""
    alert = session.get_one(Alert, alert_id)
    name = token(alert.key, alert.created_at)
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
        entities=_named(session, article.id),
        sentences=tuple(judgement.new_sentences) if update else _lead(article.text),
        carriers=_carriers(session, alert.story_id, article),
        so_far=tuple(Told(one.created_at, one.title) for one in told),
        known_figures=_known_figures(session, alert.story_id, article.id) if update else frozenset(),
        reason=judgement.reason,
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
        session.scalars(select(Alert).where(Alert.story_id == alert.story_id, Alert.id < alert.id).order_by(Alert.id))
    )


def _named(session: Session, article_id: int) -> tuple[Named, ...]:
    """The entities in the order in which the article names them; a sentence of the text says more than the title."""
    rows = session.scalars(select(Mention).where(Mention.article_id == article_id).order_by(Mention.id)).all()
    order = {entity: number for number, entity in enumerate(dict.fromkeys(row.entity for row in rows))}
    found = []
    for entity, group in groupby(sorted(rows, key=lambda row: order[row.entity]), key=lambda row: row.entity):
        mentions = list(group)
        best = next((one for one in mentions if one.field == "text"), mentions[0])
        found.append(Named(entity, best.sentence, tuple(dict.fromkeys(one.form for one in mentions))))
    return tuple(found)


def _carriers(session: Session, story_id: int, article: Article) -> tuple[Carrier, ...]:
    """Who else has the story, each source once, the latest first: reprints and coverage, which reach nobody alone."""
    rows = session.execute(
        select(Article.source, Article.url)
        .join(Judgement, Judgement.article_id == Article.id)
        .where(
            Judgement.story_id == story_id,
            Judgement.verdict.in_((Verdict.REPRINT.value, Verdict.COVERAGE.value)),
            Article.id != article.id,
        )
        .order_by(Judgement.judged_at.desc(), Article.id.desc())
        .limit(CARRIERS_MOST)
    ).all()
    once = {
        source or url: Carrier(source, url) for source, url in reversed(rows) if source != article.source or not source
    }
    return tuple(reversed(once.values()))


def _known_figures(session: Session, story_id: int, article_id: int) -> frozenset[str]:
    texts = session.execute(
        select(Article.title, Article.text)
        .join(Judgement, Judgement.article_id == Article.id)
        .where(Judgement.story_id == story_id, Article.id < article_id)
        .order_by(Article.id.desc())
        .limit(EARLIER_MOST)
    )
    return frozenset().union(*(figures(f"{title}\n{text}") for title, text in texts))
