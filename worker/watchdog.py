"""A thread in every worker that says that it lives, cleans up after those that do not, and ticks when beat does not.

It also looks whether the watchlist was edited, so that a worker with nothing to do knows as soon as the others, and
gives back memory that holds nothing.

Beat reads the wall clock and fires nothing until it has caught up when the clock is set back; it may also be down. This
thread counts on the monotonic clock and asks the database when the last tick was.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from worker import logs
from worker.db import writing
from worker.hands import stopping
from worker.http import room
from worker.models import Heartbeat
from worker.store import leases

LOOK_EVERY = 5  # seconds
TIDY_EVERY = 60  # seconds
STALE = timedelta(seconds=15)  # of the tick
STALE_UPKEEP = timedelta(minutes=3)


def start(
    engine: Engine, tick: Callable[[], object], keep_up: Callable[[], object], read_watchlist: Callable[[], str]
) -> threading.Thread:
    """Watch until the process stops: ``tick`` and ``keep_up`` when they are stale, ``read_watchlist`` each second.

    The last says which watchlist it is.
    """
    with writing(engine) as session:
        now = datetime.now(UTC)
        leases.alive(session, now, read_watchlist())
        leases.begin(session, now)
    thread = threading.Thread(target=_watch, args=(engine, tick, keep_up, read_watchlist), name="watchdog", daemon=True)
    thread.start()
    return thread


def _watch(
    engine: Engine, tick: Callable[[], object], keep_up: Callable[[], object], read_watchlist: Callable[[], str]
) -> None:
    second = 0
    while not stopping.wait(1.0):
        second += 1
        try:
            if second % TIDY_EVERY == 0:
                room.give_back_gaps()
            reads = read_watchlist()
            if second % LOOK_EVERY:
                continue
            now = datetime.now(UTC)
            with writing(engine) as session:
                leases.alive(session, now, reads)
                leases.end_those_of_the_dead(session, now)
                ticked, kept, begun = (session.get(Heartbeat, name) for name in ("tick", "upkeep", leases.BEGUN))
            if ticked is None or abs(now - ticked.at) > STALE:
                logs.get(__name__).info("the tick is stale, running it here")
                tick()
            kept = kept or begun
            if kept is not None and abs(now - kept.at) > STALE_UPKEEP:
                keep_up()
        except SQLAlchemyError as error:
            logs.get(__name__).warning("database unreachable", error=str(error).splitlines()[0])
        except Exception:  # noqa: BLE001  # whatever it is, nobody watches over this thread
            logs.get(__name__).exception("watchdog")
