"""The whole service in one process: beat, worker and watchdog as threads, until a signal ends it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from types import FrameType

from celery.worker import WorkController
from celery.worker import state as worker_state

from worker import calls, logs, metrics, migrate, sandbox, watchdog
from worker.alerts.channel import DEADLINE
from worker.celery import app
from worker.clock import Clock
from worker.db import writing
from worker.hands import THREADS, rest, stopping
from worker.locks import alone
from worker.runtime import Runtime
from worker.store import leases

ONE_STROKE = 1.0  # seconds in which a second signal is taken for the first one again
GRACE = 8.0  # seconds that work under way is given at the end; what is cut off is taken up again at the next start
LAST_WORD = DEADLINE + 5  # seconds; an alert that was handed over and not recorded would be sent again


def run(
    runtime: Runtime, *, begin: Callable[[], None] = lambda: None, until: Callable[[], bool] = lambda: False
) -> None:
    """Run until SIGTERM, Ctrl-C or ``until`` says so (it is asked twice a second).

    ``begin`` is done first, when the database is ours and has its tables.

    Raises WatchlistError when the watchlist cannot be read, AlreadyRunningError, and SettingsError when the port of
    WIREWATCH_METRICS cannot be had.
    """
    log = logs.get(__name__)
    watch = runtime.watch()
    with alone(runtime.settings.database_url) as only:
        migrate.upgrade(runtime.settings.database_url)
        if only:
            with writing(runtime.engine) as session:
                leases.end_all(session, datetime.now(UTC))
        begin()
        ended = threading.Event()
        end = _ender(ended)
        previous = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        app.loader.import_default_modules()
        tick, keep_up = partial(app.tasks["tasks.poll.tick"], by_beat=False), app.tasks["tasks.upkeep.keep_up"]
        if runtime.settings.metrics is not None:
            metrics.serve(runtime.engine, *runtime.settings.metrics)
        watchdog.start(runtime.engine, tick, keep_up, runtime.reads)
        worker = WorkController(
            app=app, pool_cls="threads", concurrency=THREADS, without_gossip=True, without_mingle=True
        )
        threads = [
            threading.Thread(target=worker.start, name="worker", daemon=True),
            threading.Thread(target=_beat, name="beat", daemon=True),
        ]
        for thread in threads:
            thread.start()
        log.info("running", feeds=len(watch.watchlist.feeds), entities=len(watch.watchlist.entities))
        try:
            while not ended.wait(0.5) and not until():
                pass
        finally:
            log.info("stopping")
            stopping.set()
            worker_state.should_stop = os.EX_OK  # type: ignore[assignment]  # the stubs know only None
            calls.arrived.set()
            for thread in threads:
                thread.join(GRACE)
            if not rest("deliver", 0):
                log.info("waiting for what servers say of alerts that are being handed over; once more ends at once")
                rest("deliver", LAST_WORD)
            sandbox.close()
            runtime.engine.dispose()
            for number, handler in previous.items():
                signal.signal(number, handler)
        log.info("stopped")


def _beat() -> None:
    """Send what is due, until the process stops."""
    clock = Clock(app)
    while not stopping.wait(clock.tick() or 0):
        pass
    clock.close()


def _ender(ended: threading.Event) -> Callable[[int, FrameType | None], None]:
    first = 0.0

    def end(_signal: int, _frame: FrameType | None) -> None:
        nonlocal first
        now = time.monotonic()
        first = first or now
        if ended.is_set() and now - first < ONE_STROKE:  # make and systemd send the same signal once more
            return
        if ended.is_set():  # asked a second time: do not wait for what is under way
            os._exit(os.EX_OK)
        ended.set()

    return end
