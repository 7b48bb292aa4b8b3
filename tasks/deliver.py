"""Alerts in the outbox → the desk. When to try again is decided in ``worker.alerts.deliver``."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from worker.alerts import deliver
from worker.celery import app
from worker.hands import drain
from worker.runtime import runtime


@app.task(name="tasks.deliver.gather")
def gather() -> None:
    """See which stories have been carried by others meanwhile. Beat calls it every few seconds; nobody waits for it."""
    here = runtime()
    deliver.gather(here.engine, here.watch().watchlist, datetime.now(UTC))


@app.task(name="tasks.deliver.deliver_alerts")
def deliver_alerts() -> None:
    """Hand over one due delivery after another; what the server said is recorded before the next one is taken."""
    here = runtime()
    with drain("deliver", here.engine, lambda session, now: deliver.claim(session, here.watch().watchlist, now)) as due:
        for claimed in due:
            deliver.hand_over(here.engine, here.watch().watchlist, claimed, datetime.now(UTC), random.SystemRandom())
