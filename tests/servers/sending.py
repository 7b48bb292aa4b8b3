"""Deliveries one at a time, at the times that a test says."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta

from sqlalchemy import Engine

from worker.alerts import deliver
from worker.db import writing
from worker.store.outbox import Claimed
from worker.watchlist.model import Watchlist


def deliver_next(engine: Engine, watchlist: Watchlist, now: datetime, rng: random.Random) -> bool:
    """Deliver the one alert that has been due for longest; False when nothing is due."""
    with writing(engine) as session:
        claimed = deliver.take_up(session, watchlist, now)
    if claimed is None:
        return False
    hand_over(engine, watchlist, claimed, now, rng)
    return True


def hand_over(engine: Engine, watchlist: Watchlist, claimed: Claimed, now: datetime, rng: random.Random) -> None:
    """Send a claimed delivery and write down how it went. ``now`` is the time of the claim."""
    started = time.monotonic()
    outcome = deliver.attempt(watchlist, claimed)
    done = now + timedelta(seconds=time.monotonic() - started)
    with writing(engine) as session:
        deliver.conclude(session, watchlist, claimed, outcome, now=done, chance=rng.random())
