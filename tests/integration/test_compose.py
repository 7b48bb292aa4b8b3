"""The services of docker-compose.yml as plain processes, with their very commands, environment and health checks."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine

from servers.newsroom import Newsroom
from servers.service import ROOT, until
from servers.smtp import SmtpSink
from servers.web import Web
from worker import health
from worker.db import make_engine, reading
from worker.models import Heartbeat

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OURS = ("migrate", "beat", "worker", "metrics")


def command(words: list[str]) -> list[str]:
    """A command of the image as this machine runs it."""
    if words[0] == "python":
        return [sys.executable, *words[1:]]
    return [sys.executable, "-m", *words]


def beat_of(engine: Engine, name: str) -> datetime | None:
    with reading(engine) as session:
        found = session.get(Heartbeat, name)
        return found.at if found is not None else None


@pytest.mark.timeout(240)
def test_the_services_run_as_they_stand_and_a_stopped_worker_is_unhealthy(
    tmp_path: Path, blank_postgresql_url: str, redis_url: str, web: Web, smtp_sink: SmtpSink
) -> None:
    room = Newsroom(web, "site")
    room.publish("one", "Binance opens an office", ["Binance opened an office in Porto on Monday, its founder said."])
    watchlist = {
        "channels": {"mail": {"type": "email", "smtp": "${SMTP_URL}", "from": "w@e.org", "to": ["d@e.org"]}},
        "defaults": {"every": "1s", "host_gap": "0s"},
        "feeds": [{"url": room.feed}],
        "entities": [{"name": "Binance"}],
    }
    (tmp_path / "watchlist.yaml").write_text(yaml.safe_dump(watchlist))
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    (tmp_path / ".env").write_text(f"SMTP_URL={smtp_sink.url}\nWIREWATCH_ALLOW_NETS=127.0.0.0/8\n")
    here = {
        "DATABASE_URL": blank_postgresql_url,
        "REDIS_URL": redis_url,
        "WIREWATCH_WATCHLIST": str(tmp_path / "watchlist.yaml"),
        "WIREWATCH_METRICS": f"127.0.0.1:{port}",
        "WIREWATCH_LOG": "json",
    }

    def environ(name: str) -> dict[str, str]:
        """Those variables that compose gives to the service, with the addresses of this test."""
        given: dict[str, Any] = COMPOSE["services"][name]["environment"]
        return {**os.environ, "PYTHONPATH": str(ROOT), **{key: here[key] for key in given}}

    def healthy(name: str) -> bool:
        words = [word.replace("127.0.0.1:9464", f"127.0.0.1:{port}") for word in check_of(name)]
        return subprocess.run(command(words), env=environ(name), cwd=tmp_path, check=False).returncode == 0

    assert {name for name, each in COMPOSE["services"].items() if each.get("build")} == set(OURS)
    migrated = subprocess.run(command(COMPOSE["services"]["migrate"]["command"]), env=environ("migrate"), check=True)
    assert migrated.returncode == 0
    engine = make_engine(blank_postgresql_url)
    running = {
        name: subprocess.Popen(command(COMPOSE["services"][name]["command"]), env=environ(name), cwd=tmp_path)
        for name in OURS[1:]
    }
    try:
        until(lambda: any(mail.message["X-Wirewatch-Verdict"] == "new" for mail in smtp_sink.mails))
        until(lambda: all(healthy(name) for name in running))

        name = f"worker:{socket.gethostname()}"
        running["worker"].send_signal(signal.SIGSTOP)
        stopped_at = datetime.now(UTC)
        last = beat_of(engine, name)
        assert last is not None
        until(lambda: datetime.now(UTC) - stopped_at > 3 * (health.FRESH / 18))  # three heartbeats' time
        assert beat_of(engine, name) == last
        assert "last happened" in health.trouble(engine, name, last + health.FRESH * 1.01)
        assert "last happened" in health.trouble(engine, "tick", last + health.FRESH * 1.1)
        running["worker"].send_signal(signal.SIGCONT)
        until(lambda: beat_of(engine, name) != last)

        for process in running.values():
            process.terminate()
        assert [process.wait(60) for process in running.values()] == [0, 0, 0]
    finally:
        for process in running.values():
            process.send_signal(signal.SIGCONT) if process.poll() is None else None
            process.kill()
            process.wait()
        engine.dispose()


def check_of(name: str) -> list[str]:
    """The command of a service's health check."""
    words: list[str] = COMPOSE["services"][name]["healthcheck"]["test"]
    return words[1:]
