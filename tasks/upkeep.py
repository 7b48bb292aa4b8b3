"""What nobody asks for and the house needs: channels that fall silent, and what has grown old."""

from __future__ import annotations

from datetime import UTC, datetime

from worker.alerts import deliver
from worker.celery import app
from worker.db import writing
from worker.hands import stopping
from worker.runtime import runtime
from worker.store import mutes, pruning, stories

STEPS_AT_ONCE = 20  # of pruning; the next minute brings more


@app.task(name="tasks.upkeep.keep_up")
def keep_up() -> None:
    """Tell of channels that take nothing, and prune what is older than the watchlist's ``retention``.

    Beat calls it each minute.
    """
    here, now = runtime(), datetime.now(UTC)
    watchlist = here.watch().watchlist
    deliver.watch_channels(here.engine, watchlist, now)
    before = now - watchlist.retention
    for step in (stories.forget, *pruning.STEPS):
        for _ in range(STEPS_AT_ONCE):
            with writing(here.engine) as session:
                pruned = step(session, before)
            if not pruned or stopping.is_set():
                break
    with writing(here.engine) as session:
        pruning.leftovers(session, now)
        mutes.forget(session, now)
