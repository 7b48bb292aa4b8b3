"""The parent's side of the sandbox: the pool, and one child seen from outside."""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from worker.sandbox.child import OUT_OF_MEMORY, REPLY, STARTED, TASK, receive

T = TypeVar("T")

_LARGEST_REPLY = 64_000_000
_START_SECONDS = 60.0
_BOOT = "from worker.sandbox.child import serve; serve()"
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "TMPDIR")


class SandboxKind(StrEnum):
    """Why work in the sandbox gave no result."""

    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    ERROR = "error"
    BUSY = "busy"


class SandboxError(Exception):
    """Work that gave no result. ``message`` is one line; for ERROR it names the exception that the work raised."""

    def __init__(self, kind: SandboxKind, message: str) -> None:
        """Say what happened."""
        super().__init__(kind, message)
        self.kind = kind
        self.message = message

    def __str__(self) -> str:
        """The message alone."""
        return self.message


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What children may cost: bytes of memory each, tasks before one is replaced, seconds that one waits for work.

    One of the ``children`` is kept for work that does not say that it can wait, if there are two or more.
    """

    children: int = 2
    memory: int = 500_000_000
    tasks: int = 500
    idle: float = 30.0


class _Reply(NamedTuple):
    result: Any
    error: Exception | None
    summary: str
    resident: int


class Sandbox:
    """A pool of children. Thread-safe; nothing runs and no thread exists until the first ``run``."""

    def __init__(self, limits: SandboxLimits | None = None) -> None:
        """Start nothing yet. Without ``limits`` there is a child for every processor and one more, at most 5.

        The one more is for ordinary work while hostile work keeps the others busy until its time is over.
        """
        self._limits = limits or SandboxLimits(children=min((os.cpu_count() or 1) + 1, 5))
        self._places = threading.BoundedSemaphore(self._limits.children)
        self._places_of_the_patient = threading.BoundedSemaphore(max(self._limits.children - 1, 1))
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._keeper: threading.Timer | None = None

    def run(
        self,
        function: Callable[..., T],
        *args: object,
        timeout: float,
        raises: tuple[type[Exception], ...] = (),
        patience: float | None = None,
    ) -> T:
        """Call ``function(*args)`` in a child and give back what it returns.

        ``function`` is one of a module; it, the arguments and the result must be picklable. ``timeout`` is in seconds
        and counts from when the child has imported the function. Exceptions of the types in ``raises`` come through
        as they are; everything else that goes wrong is a SandboxError.

        ``patience`` is given by work that can wait: it takes all places but one, and after so many seconds without a
        place it is a SandboxError of kind BUSY. Work without it waits for as long as it takes.
        """
        with self._place(patience):
            task = pickle.dumps((function, args, raises))  # not before: those that wait would hold everything twice
            child = self._take()
            try:
                reply = child.call(task, timeout)
            except BaseException:
                child.end()
                raise
            child.done += 1
            if child.done >= self._limits.tasks or reply.resident > self._limits.memory // 2:
                child.end()
            else:
                self._give(child)
        if reply.summary:
            if reply.error is not None:
                raise reply.error
            raise SandboxError(SandboxKind.ERROR, reply.summary)
        return reply.result  # type: ignore[no-any-return]

    @contextmanager
    def _place(self, patience: float | None) -> Iterator[None]:
        if patience is None:
            with self._places:
                yield
            return
        if not self._places_of_the_patient.acquire(timeout=patience):
            raise SandboxError(SandboxKind.BUSY, f"no child was free within {patience:g} s")
        try:
            with self._places:
                yield
        finally:
            self._places_of_the_patient.release()

    def close(self) -> None:
        """End the idle children. The sandbox can still be used."""
        with self._lock:
            idle, self._idle = self._idle, []
            if self._keeper is not None:
                self._keeper.cancel()
                self._keeper = None
        for child in idle:
            child.end()

    def forget(self) -> None:
        """Begin anew without touching the children, which belong to the process that this one was forked from."""
        self.__init__(self._limits)  # type: ignore[misc]

    def _take(self) -> _Child:
        while True:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            if child is None:
                try:
                    return _Child(self._limits)
                except OSError as error:
                    what = f"a child cannot be started: {error.strerror or error}"
                    raise SandboxError(SandboxKind.CRASHED, what) from None
            if child.alive:
                return child
            child.end()

    def _give(self, child: _Child) -> None:
        child.idle_since = time.monotonic()
        with self._lock:
            self._idle.append(child)
            if self._keeper is None:
                self._watch()

    def _watch(self) -> None:
        self._keeper = threading.Timer(self._limits.idle, self._retire)
        self._keeper.daemon = True
        self._keeper.start()

    def _retire(self) -> None:
        limit = time.monotonic() - self._limits.idle
        with self._lock:
            if self._keeper is not threading.current_thread():
                return
            old = [child for child in self._idle if child.idle_since <= limit]
            self._idle = [child for child in self._idle if child.idle_since > limit]
            self._keeper = None
            if self._idle:
                self._watch()
        for child in old:
            child.end()


class _Child:
    """One child process, seen from its parent."""

    def __init__(self, limits: SandboxLimits) -> None:
        self.idle_since = 0.0
        self.done = 0
        ours, theirs = socket.socketpair()
        environ = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        environ["PYTHONPATH"] = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
        with theirs:
            self._socket = ours
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
                [sys.executable, "-P", "-c", _BOOT, str(limits.memory)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environ,
                start_new_session=True,  # Ctrl-C in the terminal is for the parent, which ends the children
            )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def call(self, task: bytes, timeout: float) -> _Reply:
        """Have ``task`` done. Raises SandboxError, after which the child is of no more use."""
        seconds = _START_SECONDS
        try:
            self._socket.settimeout(seconds)
            self._socket.sendall(TASK.pack(len(task), timeout))
            self._socket.sendall(task)
            if receive(self._socket, 1, time.monotonic() + seconds) != STARTED:
                raise SandboxError(SandboxKind.CRASHED, "the child answered nonsense")
            seconds = timeout
            deadline = time.monotonic() + timeout
            (length,) = REPLY.unpack(receive(self._socket, REPLY.size, deadline))
            if length > _LARGEST_REPLY:
                raise SandboxError(SandboxKind.ERROR, f"the result is larger than {_LARGEST_REPLY} bytes")
            reply = pickle.loads(receive(self._socket, length, deadline))  # noqa: S301 - written by our own child
        except TimeoutError:
            raise SandboxError(SandboxKind.TIMEOUT, f"not done within {seconds:g} s") from None
        except (OSError, EOFError):
            raise self._obituary() from None
        return _Reply(*reply)

    def end(self) -> None:
        """Kill the child, which is idle or no longer wanted, and take it off the system's table."""
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def _obituary(self) -> SandboxError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5.0)
        code = self._process.returncode
        if code == OUT_OF_MEMORY:
            return SandboxError(SandboxKind.MEMORY, "the work took more memory than it may")
        if code == -signal.SIGALRM:
            return SandboxError(SandboxKind.TIMEOUT, "not done in time")
        if code is not None and code < 0:
            return SandboxError(SandboxKind.CRASHED, f"the child was killed by {signal.Signals(-code).name}")
        return SandboxError(SandboxKind.CRASHED, f"the child ended with status {code}")


_shared = Sandbox()
run = _shared.run
close = _shared.close
atexit.register(close)
# A forked copy of this process must not speak to its parent's children.
os.register_at_fork(after_in_child=_shared.forget)
