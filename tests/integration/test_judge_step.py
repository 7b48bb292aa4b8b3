"""A fault of ours in one article stops neither the step nor its log."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from tasks import judge as step
from worker import models
from worker.db import reading, writing
from worker.store import articles
from worker.types import Judgement, Verdict

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def _extracted(title: str) -> models.Article:
    url = f"https://site.example/{title}"
    return models.Article(
        url=url, url_key=url, host="site.example", title=title, text="", seen_at=NOW, state="extracted", due_at=NOW
    )


def test_a_fault_in_one_article_is_on_its_record_and_the_others_are_judged(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(engine) as session:
        rows = [_extracted(title) for title in ("one", "two", "three")]
        session.add_all(rows)
        session.flush()
        names = [row.id for row in rows]

    def settle(session: Session, row: models.Article, *_: object) -> Judgement:
        if row.id == names[1]:
            raise ZeroDivisionError("a fault")
        articles.end(session, row, "judged", "")
        return Judgement(Verdict.REPRINT, f"what {row.title} is", 1, 1)

    watch = SimpleNamespace(watchlist=None, matcher=None)
    monkeypatch.setattr(step, "runtime", lambda: SimpleNamespace(engine=engine, watch=lambda: watch))
    monkeypatch.setattr(step.judging, "settle", settle)
    with capture_logs() as lines:
        step.judge_articles()
    told: list[Any] = [(line["article"], line["says"]) for line in lines if line["event"] == "article judged"]
    assert told == [(names[0], "what one is"), (names[2], "what three is")]
    with reading(engine) as session:
        after = [session.get_one(models.Article, name) for name in names]
    assert [row.state for row in after] == ["judged", "extracted", "judged"]
    assert after[1].faults == 1
    assert "ZeroDivisionError" in after[1].note
