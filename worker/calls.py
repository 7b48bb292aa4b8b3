"""The queue of the embedded mode: kombu's in-memory one, which wakes its reader instead of being looked at."""

from __future__ import annotations

import threading
from queue import Empty
from typing import Any

from kombu.transport import memory

LONGEST = 1.0  # seconds in which the reader comes back to its other duties
FULL = 0.05  # the same for a reader that may take no more calls until it has confirmed some

arrived = threading.Event()
"""Set when there is something for the reader to look at: a call, or the end of the process."""


class Channel(memory.Channel):
    """Says when a call has come."""

    def _put(self, queue: str, message: Any, **options: Any) -> None:  # noqa: ANN401  # as kombu has it
        super()._put(queue, message, **options)
        arrived.set()


class Transport(memory.Transport):
    """Sleeps until a call comes; kombu's own looks every so many milliseconds, and a call waits for so long."""

    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:  # noqa: ANN401
        """Hand over one call. Raises TimeoutError when none came; the caller asks again."""
        del connection
        assert self.cycle is not None  # noqa: S101  # only the stubs think so
        arrived.clear()
        try:
            self.cycle.get(self._deliver, timeout=timeout)
        except Empty:
            full = not all(channel.qos.can_consume() for channel in self.channels or ())
            arrived.wait(FULL if full else LONGEST)
            raise TimeoutError from None
