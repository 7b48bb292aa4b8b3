"""``wirewatch run``."""

from __future__ import annotations

import os
import sys

import click

from worker import service
from worker.runtime import runtime


@click.command()
def command() -> None:
    """Run the whole service in one process: schedule, workers, delivery.

    Without REDIS_URL the queue lives in this process and no server is needed. Ctrl-C or SIGTERM ends it cleanly; what
    was under way is taken up again at the next start.

    \b
    Example:
      wirewatch run
      DATABASE_URL=postgresql://wirewatch@db/wirewatch REDIS_URL=redis://redis:6379/0 wirewatch run
    """
    service.run(runtime())
    sys.stdout.flush()
    os._exit(os.EX_OK)  # threads that still wait for a slow server would hold the process for half a minute
