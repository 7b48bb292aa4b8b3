"""Connections that wait for their next request. Thread-safe."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable

from worker.http.wire import Connection


class Pool:
    """Idle connections. A key has to name everything that decided whether the connection was permitted."""

    def __init__(self, size: int = 256, idle: float = 60.0) -> None:
        """Keep at most ``size``, none longer than ``idle`` seconds; the longest unused goes first."""
        self._size = size
        self._idle = idle
        self._lock = threading.Lock()
        self._waiting: OrderedDict[int, tuple[Hashable, float, Connection]] = OrderedDict()
        self._by_key: dict[Hashable, list[int]] = {}

    def take(self, key: Hashable) -> Connection | None:
        """An open connection that nothing was sent on since, or None."""
        while True:
            with self._lock:
                serials = self._by_key.get(key)
                if not serials:
                    return None
                _, since, connection = self._remove(serials[-1])
            # Bytes that nobody asked for, or the end of the stream, make it readable.
            if time.monotonic() - since < self._idle and connection.is_connected:
                return connection
            connection.close()

    def give(self, key: Hashable, connection: Connection) -> None:
        """Keep ``connection``, whose last answer was read to its end."""
        dropped = []
        now = time.monotonic()
        with self._lock:
            self._waiting[id(connection)] = (key, now, connection)
            self._by_key.setdefault(key, []).append(id(connection))
            while self._waiting:
                serial, (_, since, _) = next(iter(self._waiting.items()))
                if len(self._waiting) <= self._size and now - since < self._idle:
                    break
                dropped.append(self._remove(serial)[2])
        for old in dropped:
            old.close()

    def close(self) -> None:
        """Close every idle connection."""
        with self._lock:
            connections = [connection for _, _, connection in self._waiting.values()]
            self._waiting.clear()
            self._by_key.clear()
        for connection in connections:
            connection.close()

    def _remove(self, serial: int) -> tuple[Hashable, float, Connection]:
        key, since, connection = self._waiting.pop(serial)
        serials = self._by_key[key]
        serials.remove(serial)
        if not serials:
            del self._by_key[key]
        return key, since, connection
