"""Alerts in the outbox → the desk. When to try again is decided in ``worker.alerts.deliver``."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from worker.alerts import deliver, lanes, upkeep
from worker.alerts.deliver import Outcome
from worker.celery import app
from worker.hands import rounds
from worker.runtime import runtime
from worker.store.outbox import Claimed
from worker.watchlist import Watchlist


@app.task(name="tasks.deliver.gather")
def gather() -> None:
    """See which stories have been carried by others meanwhile. Beat calls it every few seconds; nobody waits for it."""
    here = runtime()
    upkeep.gather(here.engine, here.watch().watchlist, datetime.now(UTC))


@app.task(name="tasks.deliver.deliver_alerts")
def deliver_alerts() -> None:
    """Hand over what is due, in every channel at once; what a server said is kept until it is recorded."""
    here = runtime()

    def watchlist() -> Watchlist:
        return here.watch().watchlist

    def attempt(claimed: Claimed) -> Outcome:
        return deliver.attempt(watchlist(), claimed)

    turn = partial(lanes.take_turn, watchlist)
    for _ in rounds("deliver", here.engine, attempt, turn, lanes.PATIENCE, pause=0.0, to_the_end=True):
        pass
