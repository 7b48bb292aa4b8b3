"""The healthcheck is good only while work leaves fresh traces."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, create_engine

from worker.db import writing
from worker.health import FRESH, trouble
from worker.models import Heartbeat

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "says"),
    [
        (timedelta(0), ""),
        (FRESH, ""),
        (FRESH + timedelta(seconds=1), "tick last happened 91 s ago, at 2026-03-01 11:58:29 UTC"),
        (-timedelta(hours=1), "tick last happened -3600 s ago, at 2026-03-01 13:00:00 UTC"),
    ],
)
def test_a_heartbeat_is_good_while_it_is_fresh(engine: Engine, age: timedelta, says: str) -> None:
    with writing(engine) as session:
        session.add(Heartbeat(name="tick", at=NOW - age))
    assert trouble(engine, "tick", NOW) == says


def test_what_never_happened_is_not_good(engine: Engine) -> None:
    assert trouble(engine, "worker:a", NOW) == "worker:a has never happened"


def test_a_database_that_is_gone_is_not_good_and_its_password_stays_secret() -> None:
    gone = create_engine("postgresql+psycopg://user:secret@127.0.0.1:1/x", connect_args={"connect_timeout": 2})
    assert trouble(gone, "tick", NOW) == "the database does not answer: OperationalError"


def test_the_command_tells_by_its_exit_status(database_url: str, engine: Engine) -> None:
    def status() -> int:
        command = [sys.executable, "-m", "worker.health", "worker"]
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": database_url}, check=False).returncode

    assert status() == 1
    with writing(engine) as session:
        session.add(Heartbeat(name=f"worker:{socket.gethostname()}", at=datetime.now(UTC)))
    assert status() == 0
