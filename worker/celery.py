"""The Celery application: ``celery -A worker worker`` and ``celery -A worker beat`` find it here.

Messages are wake-up calls and nothing else. What there is to do, and who does it, stands in the database, so a message
may be lost, doubled or late without harm: no results, no retries, no countdowns, no late acknowledgement.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import partial

from celery import Celery, signals
from kombu.exceptions import OperationalError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from worker import logs, watchdog
from worker.db import DatabaseUrlError, reading, writing
from worker.hands import MOST_CALLS, THREADS, stopping
from worker.models import Heartbeat
from worker.runtime import runtime
from worker.settings import SettingsError, settings
from worker.store import leases
from worker.watchlist import WatchlistError

TICK_SECONDS = 1.0
STEPS = {
    "poll": "tasks.poll.poll_feeds",
    "extract": "tasks.extract.extract_articles",
    "judge": "tasks.judge.judge_articles",
    "deliver": "tasks.deliver.deliver_alerts",
}

try:
    HERE = settings()
except SettingsError as error:
    sys.exit(f"wirewatch: {error}")

app = Celery("wirewatch", include=["tasks.poll", "tasks.extract", "tasks.judge", "tasks.deliver", "tasks.upkeep"])
app.conf.update(
    broker_url=HERE.redis_url,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # the default gives up for good after 100 tries
    broker_transport_options={
        "visibility_timeout": 3600,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 30,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "retry_on_timeout": True,
    },
    task_default_queue="wirewatch",
    task_acks_late=False,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    worker_pool="threads",  # the steps wait for the network; hostile bytes are parsed in children of their own
    worker_concurrency=THREADS,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    timezone="UTC",
    beat_scheduler="worker.clock:Clock",
    beat_max_loop_interval=5,
    beat_schedule={
        "tick": {"task": "tasks.poll.tick", "schedule": TICK_SECONDS, "options": {"expires": 60}},
        "gather": {"task": "tasks.deliver.gather", "schedule": 10.0, "options": {"expires": 60}},
        "upkeep": {"task": "tasks.upkeep.keep_up", "schedule": 60.0, "options": {"expires": 300}},
    },
)


def embed() -> None:
    """Keep the queue in this process: for the embedded mode, and for a single run beside the service."""
    app.conf.update(
        broker_url="memory://localhost/",
        broker_transport="worker.calls:Transport",
        broker_transport_options={},
        worker_prefetch_multiplier=8,
        worker_enable_remote_control=False,
    )


if HERE.embedded:
    embed()


def wake(step: str, times: int = 1) -> None:
    """Send wake-up calls to a step: at least one, at most as many as are of use.

    A call that cannot be sent is no loss, because the next tick sends another; it must not undo the step that sent it.
    """
    for _ in range(min(times, MOST_CALLS[step])):
        try:
            app.send_task(STEPS[step], expires=60, retry=False)
        except OperationalError as error:
            logs.get(__name__).warning("queue unreachable", step=step, error=str(error))
            return


@signals.setup_logging.connect
def _log(**_: object) -> None:
    logs.setup(HERE.log_format)


@signals.worker_init.connect
def _read_the_watchlist(**_: object) -> None:
    """Refuse to start on a watchlist that cannot be read or a database without our tables, in words."""
    try:
        here = runtime()
        here.watch()
        with reading(here.engine) as session:
            session.get(Heartbeat, "tick")
    except (WatchlistError, DatabaseUrlError) as error:
        sys.exit(f"wirewatch: {error}")
    except DBAPIError as error:
        sys.exit(f"wirewatch: the database answered: {error.orig}\n`wirewatch migrate` makes the tables.")


@signals.worker_ready.connect
def _watch(**_: object) -> None:
    tick, keep_up = partial(app.tasks["tasks.poll.tick"], by_beat=False), app.tasks["tasks.upkeep.keep_up"]
    watchdog.start(runtime().engine, tick, keep_up, runtime().reads)


@signals.worker_shutting_down.connect
def _stop(**_: object) -> None:
    stopping.set()


@signals.worker_shutdown.connect
def _leave(**_: object) -> None:
    with suppress(SQLAlchemyError), writing(runtime().engine) as session:
        leases.leave(session)
