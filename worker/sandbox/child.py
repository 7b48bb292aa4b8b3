"""The child's side of the sandbox. It imports next to nothing, since every child pays for it."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import socket
import struct
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

# Before a task: its length and the seconds that it may take. Before a reply: its length.
TASK = struct.Struct(">Qd")
REPLY = struct.Struct(">Q")
STARTED = b"s"
OUT_OF_MEMORY = 99


def serve() -> None:
    """Do the tasks that come in on standard input, a socket, until the parent is gone."""
    memory = int(sys.argv[1])
    # A service that is stopped finishes what it has in hand, so its children wait for it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        # Where a container runs out of memory all the same, Linux is to take a child and not the service.
        Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")
    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_AS):
        hard = resource.getrlimit(kind)[1]
        limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        # Some systems know a limit by name and refuse to set it.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))
    parent = socket.socket(fileno=0)
    tasks: SimpleQueue[tuple[bytearray, float]] = SimpleQueue()
    threading.Thread(target=_listen, args=(parent, tasks), daemon=True).start()
    while True:
        try:
            reply = _work(parent, *tasks.get())
            parent.sendall(REPLY.pack(len(reply)))
            parent.sendall(reply)
        except MemoryError:
            # The heap is full, and whatever is tried next may fail in the same way.
            os._exit(OUT_OF_MEMORY)
        except OSError:
            os._exit(0)


def _listen(parent: socket.socket, tasks: SimpleQueue[tuple[bytearray, float]]) -> None:
    try:
        while True:
            length, timeout = TASK.unpack(receive(parent, TASK.size))
            tasks.put((receive(parent, length), timeout))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (EOFError, OSError):
        # The parent is gone, however it ended: so is the reason for the work in hand.
        os._exit(0)


def _work(parent: socket.socket, task: bytearray, timeout: float) -> bytes:
    raises: tuple[type[Exception], ...] = ()
    try:
        function, args, raises = pickle.loads(task)  # noqa: S301 - written by the parent
        task.clear()
        parent.sendall(STARTED)
        # For a parent that died while the work holds the interpreter: the signal's default action needs none.
        signal.setitimer(signal.ITIMER_REAL, timeout + 1.0)
        result = function(*args)
        return pickle.dumps((result, None, "", _resident()))
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - hostile bytes make parsers raise anything, and some call exit
        return _failed(error, expected=isinstance(error, raises))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _failed(error: BaseException, *, expected: bool) -> bytes:
    summary = _summary(error)
    if expected:
        with suppress(Exception):
            reply = pickle.dumps((None, error, summary, _resident()))
            pickle.loads(reply)  # noqa: S301 - an exception may refuse to be made again
            return reply
    return pickle.dumps((None, None, summary, _resident()))


def _summary(error: BaseException) -> str:
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _resident() -> int:
    """Bytes of memory that this process holds; where the system does not tell, the most that it ever held."""
    try:
        # Not getrusage alone: its peak is inherited from the parent through fork and exec.
        pages = Path("/proc/self/statm").read_bytes().split()[1]
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    return int(pages) * resource.getpagesize()


def receive(sock: socket.socket, count: int, deadline: float | None = None) -> bytearray:
    """Read exactly ``count`` bytes. Raises EOFError at the end, TimeoutError at ``deadline`` (monotonic seconds)."""
    held = bytearray(count)
    view = memoryview(held)
    done = 0
    while done < count:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            sock.settimeout(left)
        got = sock.recv_into(view[done:])
        if not got:
            raise EOFError
        done += got
    view.release()
    return held
