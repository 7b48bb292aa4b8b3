"""The dialogue with a mail server, ended as a whole: a time-out for each read does not end a server that dribbles."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
import time
from contextlib import suppress
from functools import cache
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self

Found = list[tuple[Any, ...]]


class Dialogue(smtplib.SMTP):
    """A client that is cut off when its time is over, whatever it is waiting for. To be used in a ``with``.

    All of it counts: looking up the name, walking its addresses, the TLS handshake and every step. ``step`` is the most
    that one of them may take, ``total`` what they may take together, in seconds. With ``tls`` it is encrypted from the
    start.
    """

    def __init__(self, host: str, port: int, *, step: float, total: float, tls: ssl.SSLContext | None) -> None:
        """Nothing is connected yet; ``open`` does that."""
        self._end = time.monotonic() + total
        super().__init__(timeout=step, local_hostname=_own_name())
        self._host = host  # what a certificate is checked against; connect() does not set it
        self._at = port
        self._tls = tls
        self._line: socket.socket | None = None

    def __enter__(self) -> Self:
        """Start the clock that ends the dialogue."""
        self._clock = threading.Timer(self._left(), self._cut)
        self._clock.daemon = True
        self._clock.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None, /
    ) -> None:
        """Close the connection; QUIT is for the caller to say."""
        self._clock.cancel()
        self.close()
        if self._line is not None:
            self._line.close()

    def open(self) -> tuple[int, bytes]:
        """Connect, and give the server's greeting. Raises OSError."""
        return self.connect(self._host, self._at)

    def wait_to_the_end(self) -> None:
        """Give the next step all the time that is left. Raises TimeoutError where none is."""
        if self.sock is not None:
            self.sock.settimeout(self._left())

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Called by ``connect``: the first address that takes the connection."""
        last: OSError = OSError(f"{host} has no address")
        for family, kind, protocol, _, address in _look_up(host, port, self._left()):
            plain = socket.socket(family, kind, protocol)
            try:
                plain.settimeout(min(timeout, self._left()))
                plain.connect(address)
                plain.settimeout(timeout)
                self._line = plain.dup()  # names the connection still when TLS has taken the socket over
                self._left()  # the clock may have rung just before there was a line to cut
                return self._tls.wrap_socket(plain, server_hostname=host) if self._tls else plain
            except OSError as error:
                last = error
                plain.close()
                if self._line is not None:
                    break  # it answered; another address is the same server
        raise last

    def _left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server took too long altogether")
        return left

    def _cut(self) -> None:
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)


def _look_up(host: str, port: int, seconds: float) -> Found:
    """The addresses of a host. ``getaddrinfo`` knows no deadline, so it is left behind when it takes too long."""
    said: SimpleQueue[Found | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            said.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, UnicodeError) as error:
            said.put(error)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        found = said.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"looking up {host} took too long") from None
    if isinstance(found, Exception):
        raise OSError(str(found)) from None
    return found


@cache
def _own_name() -> str:
    """This machine's name, looked up once: without a name server that takes many seconds."""
    return socket.getfqdn()
