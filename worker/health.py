"""Whether work gets done, for a container's healthcheck: ``python -m worker.health tick`` or ``… worker``.

A process that exists, or answers a ping, may still have stopped working. So this looks in the database for what only
work leaves there: ``tick``, which has gone through beat, the queue, a worker and the database, and ``worker:HOST``,
which a worker writes while it takes up work.
"""

from __future__ import annotations

import socket
import sys
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from worker.db import DatabaseUrlError, make_engine, reading
from worker.models import Heartbeat
from worker.settings import SettingsError, settings

FRESH = timedelta(seconds=90)  # a tick comes every few seconds; a restart of Redis or PostgreSQL takes well under this


def trouble(engine: Engine, name: str, now: datetime, fresh: timedelta = FRESH) -> str:
    """Say why the heartbeat ``name`` is not a good one at ``now``; empty when it is.

    One from the future counts as old: the clock was set back, and nothing has been written since.
    """
    try:
        with reading(engine) as session:
            found = session.get(Heartbeat, name)
    except SQLAlchemyError as error:
        return f"the database does not answer: {type(error).__name__}"  # its text may hold the password
    if found is None:
        return f"{name} has never happened"
    age = now - found.at
    if abs(age) > fresh:
        return f"{name} last happened {round(age.total_seconds())} s ago, at {found.at:%Y-%m-%d %H:%M:%S} UTC"
    return ""


def main(arguments: list[str]) -> int:
    """Check what is asked for, print what is wrong, give the exit status."""
    names = {"tick": "tick", "worker": f"worker:{socket.gethostname()}"}
    if len(arguments) != 1 or arguments[0] not in names:
        sys.stderr.write("usage: python -m worker.health tick|worker\n")
        return 2
    try:
        engine = make_engine(settings().database_url)
    except (SettingsError, DatabaseUrlError) as error:
        sys.stdout.write(f"{error}\n")
        return 1
    wrong = trouble(engine, names[arguments[0]], datetime.now(UTC))
    engine.dispose()
    sys.stdout.write(f"{wrong or 'ok'}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
