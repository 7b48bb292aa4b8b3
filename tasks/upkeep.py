"""What nobody asks for and the house needs: channels that fall silent, and what has grown old."""

from __future__ import annotations

from datetime import UTC, datetime

from worker import alarms
from worker.alerts import upkeep
from worker.alerts.route import of_all
from worker.celery import app, wake
from worker.db import reading, writing
from worker.hands import stopping
from worker.runtime import runtime
from worker.store import coverage, leases, mutes, pruning, stories

STEPS_AT_ONCE = 20  # of pruning; the next minute brings more


@app.task(name="tasks.upkeep.keep_up")
def keep_up() -> None:
    """Tell of channels that take nothing and of coverage that fails, and prune what is older than ``retention``.

    Beat calls it each minute, and the watchdog when beat does not.
    """
    here, now = runtime(), datetime.now(UTC)
    watchlist = here.watch().watchlist
    with writing(here.engine) as session:
        leases.beat(session, "upkeep", now)
    upkeep.watch_channels(here.engine, watchlist, now)
    with reading(here.engine) as session:
        holding = alarms.holding(coverage.picture(session, now))
    with writing(here.engine) as session:
        told = coverage.tell(session, holding, of_all(watchlist), now)
    if told:
        wake("deliver")
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
