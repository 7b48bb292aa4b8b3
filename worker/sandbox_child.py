"""The child's side of the sandbox. It imports next to nothing, since every child pays for it."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import socket
import sys
import threading
import time
from queue import SimpleQueue
from typing import Any

LENGTH = 8
STARTED = b"s"
OUT_OF_MEMORY = 99


def serve() -> None:
    """Do the tasks that come in on standard input, a socket, until the parent is gone."""
    memory = int(sys.argv[1])
    # A service that is stopped finishes what it has in hand, so its children wait for it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_AS):
        resource.setrlimit(kind, (memory, memory))
    parent = socket.socket(fileno=0)
    tasks: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(parent, tasks), daemon=True).start()
    while True:
        try:
            reply = _work(parent, tasks.get())
            parent.sendall(frame(reply))
        except MemoryError:
            # The heap is full, and whatever is tried next may fail in the same way.
            os._exit(OUT_OF_MEMORY)
        except OSError:
            os._exit(0)


def _listen(parent: socket.socket, tasks: SimpleQueue[bytes]) -> None:
    try:
        while True:
            tasks.put(receive(parent, int.from_bytes(receive(parent, LENGTH), "big")))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (EOFError, OSError):
        # The parent is gone, however it ended: so is the reason for the work in hand.
        os._exit(0)


def _work(parent: socket.socket, task: bytes) -> bytes:
    error: Exception | None = None
    summary = ""
    result: Any = None
    try:
        timeout, call = pickle.loads(task)  # noqa: S301 - written by the parent
        function, args = pickle.loads(call)  # noqa: S301 - the same
        parent.sendall(STARTED)
        # For a parent that died while the work holds the interpreter: the signal's default action needs none.
        signal.setitimer(signal.ITIMER_REAL, timeout + 1.0)
        result = function(*args)
        return pickle.dumps((result, None, "", _peak()))
    except MemoryError:
        raise
    except Exception as caught:  # noqa: BLE001 - hostile bytes make parsers raise anything
        error, summary = caught, _summary(caught)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    try:
        reply = pickle.dumps((None, error, summary, _peak()))
        pickle.loads(reply)  # noqa: S301 - an exception may refuse to be made again
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the same
        reply = pickle.dumps((None, None, summary, _peak()))
    return reply


def _summary(error: Exception) -> str:
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _peak() -> int:
    """The most bytes of memory that this process ever had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def frame(message: bytes) -> bytes:
    """``message`` with its length before it."""
    return len(message).to_bytes(LENGTH, "big") + message


def receive(sock: socket.socket, count: int, deadline: float | None = None) -> bytes:
    """Read exactly ``count`` bytes. Raises EOFError at the end, TimeoutError at ``deadline`` (monotonic seconds)."""
    held = bytearray()
    while len(held) < count:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            sock.settimeout(left)
        piece = sock.recv(min(count - len(held), 1 << 20))
        if not piece:
            raise EOFError
        held += piece
    return bytes(held)
