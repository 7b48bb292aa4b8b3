"""wirewatch with alarms that count seconds, not minutes and days: ``python -m servers.hasty MODULE ARGUMENTS``.

The processes, their servers and everything that is asked for are the real ones; only the times after which an alarm is
raised are short.
"""

from __future__ import annotations

import runpy
import sys
from datetime import timedelta

from worker import alarms, watchdog
from worker.alerts import upkeep
from worker.celery import app
from worker.store import coverage

SECOND = timedelta(seconds=1)
DAY = 5 * SECOND


def hurry() -> None:
    alarms.NO_TICK = 12 * SECOND  # a heartbeat is written every five seconds
    alarms.FAILING_LEAST = alarms.OUTAGE = 4 * SECOND
    alarms.LATE = 4 * SECOND
    coverage.DAY, coverage.WEEK, coverage.PAGES = DAY, 7 * DAY, 2 * DAY
    coverage.OUTRAN = 8 * SECOND
    coverage.CATCH_UP = coverage.PATIENCE = 3 * SECOND
    watchdog.STALE_UPKEEP = 6 * SECOND
    upkeep.SILENT = 3 * SECOND
    app.conf.beat_schedule["upkeep"]["schedule"] = 2.0


if __name__ == "__main__":
    hurry()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
