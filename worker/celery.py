"""The Celery application: ``celery -A worker worker`` and ``celery -A worker beat`` find it here.

Messages are wake-up calls and nothing else. What there is to do, and who does it, stands in the database, so a message
may be lost, doubled or late without harm: no results, no retries, no countdowns, no late acknowledgement.
"""

from __future__ import annotations

from celery import Celery
from kombu.exceptions import OperationalError

from worker import logs
from worker.hands import HANDS, THREADS
from worker.settings import settings

TICK_SECONDS = 1.0
STEPS = {
    "poll": "tasks.poll.poll_feeds",
    "extract": "tasks.extract.extract_articles",
    "judge": "tasks.judge.judge_articles",
    "deliver": "tasks.deliver.deliver_alerts",
}

app = Celery("wirewatch", include=["tasks.poll", "tasks.extract", "tasks.judge", "tasks.deliver", "tasks.upkeep"])
app.conf.update(
    broker_url=settings().redis_url or "memory://localhost/",
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # the default gives up for good after 100 tries
    broker_transport_options={"polling_interval": 0.05}
    if settings().embedded
    else {
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
    worker_prefetch_multiplier=8 if settings().embedded else 1,
    worker_pool="threads",  # the steps wait for the network; hostile bytes are parsed in children of their own
    worker_concurrency=THREADS,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_enable_remote_control=not settings().embedded,
    timezone="UTC",
    beat_scheduler="celery.beat:Scheduler",
    beat_max_loop_interval=5,
    beat_schedule={
        "tick": {"task": "tasks.poll.tick", "schedule": TICK_SECONDS, "options": {"expires": 60}},
        "upkeep": {"task": "tasks.upkeep.keep_up", "schedule": 60.0, "options": {"expires": 300}},
    },
)


def wake(step: str, times: int = 1) -> None:
    """Send wake-up calls to a step: at least one, at most as many as it has hands for.

    A call that cannot be sent is no loss, because the next tick sends another; it must not undo the step that sent it.
    """
    for _ in range(min(times, HANDS[step])):
        try:
            app.send_task(STEPS[step], expires=60, retry=False)
        except OperationalError as error:
            logs.get(__name__).warning("queue unreachable", step=step, error=str(error))
            return
