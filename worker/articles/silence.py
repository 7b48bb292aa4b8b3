"""Hosts that let one request after the other run into its time limit: they are left alone for a moment.

Each such request holds a thread for its whole time, and the other pages of the host would come to the same end.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

SECONDS = 30.0
_SUSPICIOUS = 2  # requests in a row; a single page may be a stream
_SIZE = 5000


class Silence:
    """Which hosts are silent. Thread-safe."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """A host is left alone for ``seconds`` after each request that was not answered in time."""
        self._seconds = seconds
        self._lock = threading.Lock()
        self._hosts: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def of(self, host: str) -> float:
        """For how many more seconds ``host`` is left alone; 0 when it may be asked."""
        with self._lock:
            count, since = self._hosts.get(host, (0, 0.0))
        return max(self._seconds - (time.monotonic() - since), 0.0) if count >= _SUSPICIOUS else 0.0

    def note(self, host: str, *, answered: bool) -> None:
        """Remember how a request to ``host`` ended."""
        with self._lock:
            count, _ = self._hosts.pop(host, (0, 0.0))
            if not answered:
                self._hosts[host] = count + 1, time.monotonic()
                while len(self._hosts) > _SIZE:
                    self._hosts.popitem(last=False)
