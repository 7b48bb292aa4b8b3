"""Feeds that are due → the articles behind their new entries."""

from __future__ import annotations

from datetime import UTC, datetime

from worker import polling
from worker.celery import app, wake
from worker.db import writing
from worker.hands import drain
from worker.runtime import runtime


@app.task(name="tasks.poll.tick")
def tick() -> None:
    """Wake every step that has something to do. Beat calls it each second; calling it twice does no harm."""
    here = runtime()
    with writing(here.engine) as session:
        left = polling.tick(session, here.watch().watchlist, here.bad_edit, datetime.now(UTC))
    for step, count in left.items():
        wake(step, count)


@app.task(name="tasks.poll.poll_feeds")
def poll_feeds() -> None:
    """Poll one due feed after another; every one's new articles are committed before their extraction is called for."""
    here = runtime()
    with drain("poll", here.engine, polling.claim) as feeds:
        for feed in feeds:
            result = polling.ask(feed)
            with writing(here.engine) as session:
                fresh = polling.record(session, feed, result, here.watch().watchlist, datetime.now(UTC))
            if fresh:
                wake("extract", fresh)
