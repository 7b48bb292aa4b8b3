"""Feeds that are due → the articles behind their new entries."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from worker import edits, polling
from worker.celery import app, wake
from worker.db import writing
from worker.hands import rounds
from worker.runtime import runtime
from worker.watchlist import Watchlist


@app.task(name="tasks.poll.tick")
def tick(*, by_beat: bool = True) -> None:
    """Wake every step that has something to do. Beat calls it each second; calling it twice does no harm.

    The watchdog calls it not ``by_beat``: what it does is the same, but it is no sign that beat and the queue work.
    """
    here, now = runtime(), datetime.now(UTC)
    edit = here.edit
    watch, caught_up = here.watch(), here.caught_up()
    with writing(here.engine) as session:
        if caught_up:
            edits.settle(session, watch.watchlist, here.bad_edit, now, edited=edit is not here.settled)
        left = polling.tick(session, now, by_beat=by_beat)
    if caught_up:
        here.settled = edit
    for step, count in left.items():
        wake(step, count)


@app.task(name="tasks.poll.poll_feeds")
def poll_feeds() -> None:
    """Poll the feeds that are due, many at once; new articles are committed before their extraction is called for."""
    here = runtime()

    def watchlist() -> Watchlist:
        return here.watch().watchlist

    ask, settle = partial(polling.ask, here.engine, watchlist), partial(polling.settle, watchlist)
    for fresh in rounds("poll", here.engine, ask, settle):
        if fresh:
            wake("extract", fresh)
