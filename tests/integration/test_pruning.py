from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select, text, update

from servers.archive import put_alert, watchlist
from worker.db import reading, writing
from worker.models import (
    HAS_TEXT,
    Alert,
    Article,
    Delivery,
    DeliveryAttempt,
    Entry,
    Feed,
    Fingerprint,
    Heartbeat,
    HostSlot,
    Judgement,
    Story,
)
from worker.store import leases, pruning, stories

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD, KEPT = NOW - timedelta(days=91), NOW - timedelta(days=90)
DESK = watchlist(screen={"type": "console"})


def fill(engine: Engine) -> None:
    """An old story that is over, an old one that goes on, and a fresh one."""
    put_alert(engine, DESK, 1, at=OLD)
    _, story = put_alert(engine, DESK, 2, at=OLD)
    put_alert(engine, DESK, 3, story=story, at=NOW)
    put_alert(engine, DESK, 4, at=NOW)
    with writing(engine) as session:
        session.execute(update(Story).where(Story.id == story).values(updated_at=NOW))
        session.execute(update(Delivery).values(state="sent"))
        feed = Feed(url="https://one.example/rss", host="one.example", every_seconds=300, next_poll_at=NOW)
        session.add(feed)
        session.flush()
        for article in session.scalars(select(Article)).all():
            session.add(Fingerprint(hash=article.id, article_id=article.id, story_id=1))
            session.add(DeliveryAttempt(delivery_id=article.id, at=article.seen_at, outcome="sent"))
            session.add(
                Entry(
                    feed_id=feed.id,
                    guid_hash=str(article.id),
                    article_id=article.id,
                    title="",
                    seen_at=article.seen_at,
                )
            )
        leases.beat(session, "worker:gone", OLD)
        leases.beat(session, "worker:here", NOW)
        leases.beat(session, "watchlist", OLD)
        session.add_all(
            [
                HostSlot(host="gone.example", next_at=OLD, taken_at=NOW),
                HostSlot(host="here.example", next_at=NOW, taken_at=NOW),
            ]
        )


def test_what_is_older_than_the_retention_goes_and_what_was_told_stays(engine: Engine) -> None:
    fill(engine)
    for step in (stories.forget, *pruning.STEPS):
        with writing(engine) as session:
            assert step(session, KEPT)
        with writing(engine) as session:
            assert not step(session, KEPT)
    with writing(engine) as session:
        pruning.leftovers(session, NOW)
    with reading(engine) as session:
        titles = select(Article.title).where(Article.text != "").order_by(Article.id)
        assert session.scalars(titles).all() == [f"Binance settles case {number}" for number in (2, 3, 4)]
        assert session.scalars(select(Fingerprint.article_id).order_by(Fingerprint.article_id)).all() == [3, 4]
        assert session.scalars(select(Entry.article_id).order_by(Entry.id)).all() == [3, 4]
        assert session.scalars(select(DeliveryAttempt.delivery_id).order_by(DeliveryAttempt.id)).all() == [3, 4]
        for table in (Article, Judgement, Alert, Delivery):
            assert session.scalar(select(func.count()).select_from(table)) == 4
        assert session.scalars(select(Heartbeat.name).order_by(Heartbeat.name)).all() == ["watchlist", "worker:here"]
        assert session.scalars(select(HostSlot.host)).all() == ["here.example"]


def test_an_undelivered_alert_keeps_the_log_of_its_attempts(engine: Engine) -> None:
    fill(engine)
    with writing(engine) as session:
        session.execute(update(Delivery).where(Delivery.id == 1).values(state="pending"))
        assert pruning.attempts(session, KEPT) == 1


def test_old_texts_are_found_without_a_look_at_the_pruned(engine: Engine) -> None:
    query = f"SELECT id FROM article WHERE seen_at < '2026-01-01' AND ({HAS_TEXT}) ORDER BY seen_at LIMIT 5"
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
        plan = str(connection.execute(text(f"{explain} {query}")).all())
    assert "ix_article_texts" in plan
