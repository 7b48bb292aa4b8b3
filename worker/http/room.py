"""The memory that large bodies may take in this process, all together.

Hundreds of requests wait at the same time. Each body is bounded, but a few hundred of the largest would still be
gigabytes, so what is more than a small body waits until there is room.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SMALL = 256_000  # bytes that every body may have
MOST = 160_000_000
_MMAP_THRESHOLD = -3  # malloc.h
_ARENA_MAX = -8


class Room:
    """Bytes that are reserved for the bodies that threads have in hand. Thread-safe."""

    def __init__(self, most: int = MOST) -> None:
        """``most`` is how many bytes there are."""
        self._most = most
        self._changed = threading.Condition()
        self._of_thread: dict[int, int] = {}

    def reserve(self, count: int, seconds: float) -> bool:
        """Reserve ``count`` bytes beyond those that this thread has; False when there is no room within ``seconds``.

        One thread alone may have more than there is, so that a very large limit does not mean never.
        """
        me, end = threading.get_ident(), time.monotonic() + seconds
        with self._changed:
            while self._of_thread.keys() - {me} and sum(self._of_thread.values()) + count > self._most:
                if not self._changed.wait(max(end - time.monotonic(), 0.0)):
                    return False
            self._of_thread[me] = self._of_thread.get(me, 0) + count
        return True

    def shrink(self, count: int) -> None:
        """Give back ``count`` bytes of what this thread has reserved."""
        with self._changed:
            self._of_thread[threading.get_ident()] -= count
            self._changed.notify_all()

    def release(self) -> None:
        """Give back all that this thread has reserved."""
        with self._changed:
            if self._of_thread.pop(threading.get_ident(), 0):
                self._changed.notify_all()


def _let_freed_memory_go() -> None:
    """Have freed bodies go back to the system, and what one thread has freed be used by the next.

    glibc otherwise keeps blocks of up to 32 MB once it has seen them, and has eight heaps for each processor, dealt out
    among the threads: each keeps the gaps that some short work has left in it. Python lets one thread work at a time,
    so one heap is enough. It has to be said before there is a second thread.
    """
    with suppress(OSError, AttributeError, TypeError):  # another C library
        libc = ctypes.CDLL(None)
        libc.mallopt(_MMAP_THRESHOLD, SMALL)
        libc.mallopt(_ARENA_MAX, 1)


def give_back_gaps() -> None:
    """Give the system the pages of the heap that hold nothing: tens of milliseconds at most, so now and then.

    glibc by itself gives back only what is free at the end of the heap.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


_let_freed_memory_go()
_room = Room()
reserve = _room.reserve
shrink = _room.shrink


@contextmanager
def bodies() -> Iterator[None]:
    """A block in which this thread keeps the bodies that it fetches; at its end their room is given back."""
    try:
        yield
    finally:
        _room.release()
