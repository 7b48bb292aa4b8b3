"""Sockets and connections that keep to the limits of one exchange.

A time-out per read lets a server that sends a byte a second hold on for ever, so every operation on the socket gets
what is left of the exchange's total time, and every byte that comes in is counted. All the reading of http.client and
urllib3 (status line, headers, 1xx answers, chunk sizes, trailers) goes through here and is bounded with it.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection

from worker.http.address import Target, refused_port
from worker.http.guard import Address, refusal
from worker.http.values import FetchError, Kind, Limits
from worker.settings import Network

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

Resolve = Callable[[str, int], Sequence[str]]
"""Looks a host and port up and gives its addresses back as text; raises OSError."""

_MOST_ADDRESSES = 6


class TooManyBytesError(OSError):
    """The server sent more than the exchange allows."""


class Exchange:
    """What is left of one fetch's time, and of the bytes of one of its answers."""

    __slots__ = ("budget", "deadline", "exhausted", "limits", "sent")

    def __init__(self, limits: Limits) -> None:
        """Start the clock."""
        self.limits = limits
        self.deadline = time.monotonic() + limits.total
        self.budget = limits.head
        self.exhausted = False
        self.sent = False

    def expect_head(self) -> None:
        """Begin a request: what comes next is a status line and headers."""
        self.budget = self.limits.head
        self.sent = False

    def expect_body(self) -> None:
        """Widen the budget to a body, with room for the sizes of its chunks."""
        self.budget += 2 * self.limits.body + self.limits.head

    def remaining(self) -> float:
        """Seconds that are left; raises TimeoutError when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the exchange took too long")
        return left

    def receive(self, count: int) -> None:
        """Count bytes that came in; raises TooManyBytesError."""
        self.budget -= count
        if self.budget < 0:
            self.exhausted = True
            raise TooManyBytesError("the server sends too much")


class _Metered(socket.socket):
    """A socket that serves one exchange after the other and keeps to the limits of the present one."""

    exchange: Exchange

    def recv_into(self, buffer: WriteableBuffer, nbytes: int | None = None, flags: int = 0) -> int:
        self.settimeout(self.exchange.remaining())
        count = super().recv_into(buffer, nbytes or 0, flags)
        self.exchange.receive(count)
        return count

    def sendall(self, data: ReadableBuffer, flags: int = 0) -> None:
        self.settimeout(self.exchange.remaining())
        self.exchange.sent = True
        super().sendall(data, flags)

    def send(self, data: ReadableBuffer, flags: int = 0) -> int:
        # ssl's sendall is a loop around this.
        self.settimeout(self.exchange.remaining())
        return super().send(data, flags)


class _MeteredTls(_Metered, ssl.SSLSocket):
    """The same under TLS; the ssl module makes it from a plain one."""


class _Answer(http.client.HTTPResponse):
    """An answer that skips every interim one before it; http.client skips 100 and takes 103 for the last word."""

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if status >= http.HTTPStatus.OK:
                return version, status, reason
            if status == http.HTTPStatus.SWITCHING_PROTOCOLS:
                raise http.client.UnknownProtocol("no other protocol was asked for")
            http.client.parse_headers(self.fp)

    def peek(self, n: int = -1) -> bytes:
        """Look at what comes next of the body; http.client would wait for more than that, and hide a broken chunk."""
        if self.isclosed() or self.length == 0:
            return b""
        left: int | None = self._get_chunk_left() or 0 if self.chunked else self.length  # type: ignore[attr-defined]
        return b"" if left == 0 else bytes(self.fp.peek(n)[:left])


class Connection(HTTPConnection):
    """A connection that goes only where the guard lets it, to the very address that the guard saw."""

    response_class = _Answer
    exchange: Exchange
    resolve: Resolve
    allow_nets: tuple[Network, ...]
    trusted: bool

    def begin(self, exchange: Exchange) -> None:
        """Connect if need be, and do what follows within the limits of ``exchange``. Raises FetchError, OSError."""
        self.exchange = exchange
        exchange.expect_head()
        if self.sock is None:
            self.connect()
        sock: Any = self.sock
        sock.exchange = exchange

    def _new_conn(self) -> socket.socket:
        addresses = [ip_address(text) for text in _look_up(self.resolve, self.host, self.port, self.exchange)]
        if not self.trusted:
            addresses = self._permitted(addresses)
        problem = OSError()
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                return self._connected(address)
            except OSError as error:
                problem = error
        self.exchange.remaining()
        if isinstance(problem, TimeoutError):
            raise FetchError(Kind.CONNECT, f"{self.host}: no answer to the attempt to connect")
        raise FetchError(Kind.CONNECT, f"{self.host}: {problem.strerror or problem}")

    def _permitted(self, addresses: list[Address]) -> list[Address]:
        judged = [(address, refusal(address, self.allow_nets)) for address in addresses]
        permitted = [address for address, reason in judged if reason is None]
        if judged and not permitted:
            address, reason = judged[0]
            where = f"{self.host}: {address}" if str(address) != self.host else self.host
            raise FetchError(
                Kind.REFUSED_ADDRESS,
                f"{where} is not a public address ({reason}); WIREWATCH_ALLOW_NETS opens networks",
            )
        # A network that was opened by name is opened for whatever listens there.
        if refused_port(self.port) and not all(_named(address, self.allow_nets) for address in permitted):
            raise FetchError(Kind.REFUSED_ADDRESS, f"{self.host}: port {self.port} is not one of the web")
        return permitted

    def _connected(self, address: Address) -> socket.socket:
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004 - IPv4
        sock = _Metered(family, socket.SOCK_STREAM)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(min(self.exchange.limits.connect, self.exchange.remaining()))
            sock.connect((str(address), self.port))
            # What is left is for the TLS handshake, which runs on the socket's own time-out.
            sock.settimeout(self.exchange.remaining())
        except BaseException:
            sock.close()
            raise
        return sock


class TlsConnection(Connection, HTTPSConnection):
    """The same under TLS, with the server's certificate verified."""


def connection(target: Target, resolve: Resolve, allow_nets: tuple[Network, ...], *, trusted: bool) -> Connection:
    """A connection to ``target`` that is not open yet. ``trusted`` puts the guard aside."""
    made: Connection
    if target.scheme == "https":
        made = TlsConnection(target.host, target.port, ssl_context=tls_context())
    else:
        made = Connection(target.host, target.port)
    made.resolve = resolve
    made.allow_nets = allow_nets
    made.trusted = trusted
    return made


def system_resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of ``host`` in the order in which the system would try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


@cache
def tls_context() -> ssl.SSLContext:
    """The one TLS configuration: verified certificates, by the system's authorities or else by certifi's."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"] and not _reads_on_demand():
        context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    context.sslsocket_class = _MeteredTls
    return context


def _reads_on_demand() -> bool:
    """Whether the system has a folder of authorities, which OpenSSL looks into when it needs one."""
    folder = ssl.get_default_verify_paths().capath
    try:
        return folder is not None and any(Path(folder).iterdir())
    except OSError:
        return False


def _named(address: Address, nets: tuple[Network, ...]) -> bool:
    return any(address in network for network in nets)


def _look_up(resolve: Resolve, host: str, port: int, exchange: Exchange) -> Sequence[str]:
    try:
        return [str(ip_address(host))]
    except ValueError:
        pass
    # getaddrinfo knows no deadline. It runs in a thread of its own that is left behind when it takes too long; the
    # resolver's own time-outs end it. A pool of threads could be filled up by names whose servers are silent.
    outcome: list[Sequence[str] | OSError] = []
    done = threading.Event()

    def ask() -> None:
        try:
            outcome.append(resolve(host, port))
        except (OSError, UnicodeError) as error:
            outcome.append(error if isinstance(error, OSError) else OSError(str(error)))
        finally:
            done.set()

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    if not done.wait(exchange.remaining()):
        raise FetchError(Kind.TIMEOUT, f"{host}: looking up the name took too long")
    found = outcome[0] if outcome else OSError("the look-up failed")
    if isinstance(found, OSError):
        raise FetchError(Kind.DNS, f"{host}: {found.strerror or found}")
    if not found:
        raise FetchError(Kind.DNS, f"{host}: the name has no address")
    return found
