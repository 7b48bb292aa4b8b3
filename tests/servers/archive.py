"""Puts stories with their alerts into a database, as judging would have, and reads the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from worker import models
from worker.alerts.route import of_all
from worker.db import reading, writing
from worker.types import Entity
from worker.watchlist.model import Watchlist
from worker.watchlist.schema import Document

NOON = datetime(2023, 11, 14, 12, 0, tzinfo=UTC)
LEAD = "Binance agreed on Tuesday to pay $4.3 billion to settle the case. The exchange keeps its licence."


def watchlist(**channels: dict[str, Any]) -> Watchlist:
    """A watchlist of one entity that is told of on all of ``channels``."""
    document = Document.model_validate({"channels": {name.replace("_", "-"): each for name, each in channels.items()}})
    return Watchlist(
        channels=document.channels,
        feeds=(),
        entities=(Entity("Binance", "company", notify=tuple(document.channels)),),
        every=timedelta(minutes=5),
        notify=tuple(document.channels),
        host_gap=timedelta(seconds=1),
        since=timedelta(days=1),
        retention=timedelta(days=90),
        digest="",
        hosts={},
    )


def put_alert(
    engine: Engine,
    watching: Watchlist,
    number: int,
    *,
    story: int | None = None,
    title: str = "",
    new: Iterable[str] = (),
    at: datetime = NOON,
) -> tuple[int, int]:
    """Add one judged article with its alert, ``update`` of ``story`` where one is given; return alert and story."""
    with writing(engine) as session:
        if story is None:
            known = models.Story(title=title or f"Story {number}", created_at=at, updated_at=at)
            session.add(known)
            session.flush()
        else:
            known = session.get_one(models.Story, story)
        url = f"https://news.example/{number}"
        article = models.Article(
            url=url,
            url_key=url,
            host="news.example",
            source="Example Wire",
            title=title or f"Binance settles case {number}",
            published_at=at,
            seen_at=at,
            text=LEAD,
            state="judged",
            due_at=at,
        )
        session.add(article)
        session.flush()
        kind = "new" if story is None else "update"
        session.add(
            models.Judgement(
                article_id=article.id,
                story_id=known.id,
                verdict=kind,
                reason="no story like it is known" if story is None else "leads with what no earlier article said",
                new_sentences=list(new),
                evidence={},
                judged_at=at,
            )
        )
        session.add(
            models.Mention(
                article_id=article.id,
                entity="Binance",
                form="Binance",
                field="text",
                start=0,
                end=7,
                sentence=LEAD.partition(". ")[0] + ".",
                rule="full name",
            )
        )
        alert = models.Alert(
            key=f"article:{article.id}",
            kind=kind,
            story_id=known.id,
            article_id=article.id,
            title=article.title,
            created_at=at,
        )
        session.add(alert)
        session.flush()
        for channel, recipient in of_all(watching):
            session.add(
                models.Delivery(alert_id=alert.id, channel=channel, recipient=recipient, due_at=at, created_at=at)
            )
        return alert.id, known.id


def put_quiet(
    engine: Engine,
    story: int,
    number: int,
    *,
    verdict: str = "reprint",
    new: Iterable[str] = (),
    source: str = "",
    at: datetime = NOON,
) -> None:
    """Add one judged article that reaches nobody alone."""
    with writing(engine) as session:
        url = f"https://other.example/{number}"
        article = models.Article(
            url=url,
            url_key=url,
            host="other.example",
            source=source or f"Paper {number}",
            title=f"The same again {number}",
            published_at=at,
            seen_at=at,
            text=LEAD,
            state="judged",
            due_at=at,
        )
        session.add(article)
        session.flush()
        session.add(
            models.Judgement(
                article_id=article.id,
                story_id=story,
                verdict=verdict,
                reason="the same text",
                new_sentences=list(new),
                evidence={},
                judged_at=at,
            )
        )
        session.get_one(models.Story, story).updated_at = at


def deliveries(engine: Engine) -> list[models.Delivery]:
    """The rows of the outbox, oldest first."""
    with reading(engine) as session:
        return list(session.scalars(select(models.Delivery).order_by(models.Delivery.id)))


def notices(engine: Engine) -> list[models.Alert]:
    """What the desk was told of the service itself."""
    with reading(engine) as session:
        return list(
            session.scalars(select(models.Alert).where(models.Alert.kind == "notice").order_by(models.Alert.id))
        )
