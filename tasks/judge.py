"""Articles with a text → verdicts, and for those that bring something new an alert in the outbox."""

from __future__ import annotations

from datetime import UTC, datetime

from worker import judging, logs
from worker.celery import app, wake
from worker.db import writing
from worker.hands import drain
from worker.runtime import runtime
from worker.store import articles


@app.task(name="tasks.judge.judge_articles")
def judge_articles() -> None:
    """Judge one article after another, oldest first; each verdict and its alert are one transaction."""
    here = runtime()
    with drain("judge", here.engine, articles.claim_for_judgement) as rows:
        for row in rows:
            watch = here.watch()
            judgement = None  # stays so when a fault is put on record
            with articles.on_record(here.engine, row), writing(here.engine) as session:
                judgement = judging.settle(session, row, watch.watchlist, watch.matcher, datetime.now(UTC))
            if judgement is None:
                continue
            says = {"verdict": judgement.verdict.value, "story": judgement.story, "says": judgement.reason}
            logs.get(__name__).info("article judged", article=row.id, url=row.url, **says)
            if judgement.verdict.alerts:
                wake("deliver")
