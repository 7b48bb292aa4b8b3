"""wirewatch itself as real processes: all in one, or beat and worker apart on Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import yaml

from worker import migrate

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds; a wait ends as soon as what it waits for is there


def until(what: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until ``what`` is true; fail after ``patience`` seconds."""
    end = time.monotonic() + patience
    while not what():
        assert time.monotonic() < end, f"not so after {patience} s"
        time.sleep(0.1)


@dataclass
class Service:
    """The service on a watchlist in ``folder``. ``redis_url`` empty: the embedded mode."""

    folder: Path
    database_url: str
    redis_url: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        return {
            **os.environ,
            "WIREWATCH_WATCHLIST": str(self.folder / "watchlist.yaml"),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "WIREWATCH_ALLOW_NETS": "127.0.0.0/8",
            "PYTHONPATH": str(ROOT),
            **self.variables,
        }

    def watch(self, **watchlist: object) -> None:
        """Write the watchlist."""
        (self.folder / "watchlist.yaml").write_text(yaml.safe_dump(watchlist, allow_unicode=True, sort_keys=False))

    def start(self) -> Self:
        if not self.redis_url:
            self._spawn("worker", "run")
            return self
        migrate.upgrade(self.database_url)
        self._spawn("celery", "-A", "worker", "worker")
        self._spawn("celery", "-A", "worker", "beat")
        return self

    def join(self, workers: int, beats: int) -> None:
        """Start more of the separate processes."""
        for _ in range(workers):
            self._spawn("celery", "-A", "worker", "worker")
        for number in range(beats):
            self._spawn("celery", "-A", "worker", "beat", "--schedule", str(self.folder / f"beat-{number}"))

    def stop(self, number: signal.Signals = signal.SIGTERM) -> list[int]:
        """Send every process the signal and give back how they ended."""
        for process in self.processes:
            process.send_signal(number)
        codes = [process.wait(40) for process in self.processes]
        self.processes.clear()
        return codes

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of ``wirewatch`` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "worker", *arguments],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @property
    def output(self) -> str:
        """What the processes have printed and logged so far."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("out-*.txt")))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            sys.stderr.write(self.output[-8000:])
        for process in self.processes:
            process.kill()
            process.wait()
        self.processes.clear()

    def _spawn(self, module: str, *arguments: str) -> None:
        number = len(list(self.folder.glob("out-*.txt")))
        with (self.folder / f"out-{number:02}.txt").open("wb") as file:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", module, *arguments],
                    cwd=self.folder,
                    env=self.environ,
                    stdout=file,
                    stderr=subprocess.STDOUT,
                )
            )
