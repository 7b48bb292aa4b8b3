"""Fetching: one request after the other until there is an answer that redirects nowhere."""

from __future__ import annotations

import http.client
import logging
import re
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote

from urllib3 import HTTPHeaderDict
from urllib3.exceptions import DecodeError, HTTPError, SSLError
from urllib3.response import HTTPResponse

from worker.http import room
from worker.http.address import Target, follow, read
from worker.http.pool import Pool
from worker.http.values import FetchError, Kind, Limits, Response
from worker.http.wire import Connection, Exchange, Resolve, connection, system_resolve
from worker.settings import Network, settings

# It warns of headers that it cannot read, with the whole address, which may be a webhook's secret.
logging.getLogger("urllib3.connection").setLevel(logging.CRITICAL)

_DEFAULT_LIMITS = Limits()
_PIECE = 65_536
_PERMANENT = frozenset((301, 308))
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
# Headers that tell nothing about who asks. All others stay with the origin that they were meant for.
_CARRIED = frozenset(("accept", "accept-language", "user-agent", "if-none-match", "if-modified-since"))
_CODINGS = frozenset(("", "identity", "gzip", "x-gzip", "deflate", "br", "zstd"))
_MOST_CODINGS = 3
_ONE_GZIP = frozenset(("", "identity", "gzip", "x-gzip"))
_GZIP = b"\x1f\x8b\x08"  # RFC 1952, section 2.3.1, with the one method that there is
_MOST_COOKIES = 20
_LONGEST_COOKIE = 4096

Onward = Callable[[str], Mapping[str, str]]
"""Asked before a redirect is followed, with the address that it leads to: gives the headers that are meant for the host
there, waits until that host may be asked, or raises FetchError. The time that it takes is not the exchange's."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class _Request:
    """One request of a fetch. ``nets`` are the networks opened to it, None where the guard is put aside."""

    target: Target
    nets: tuple[Network, ...] | None
    method: str
    headers: Mapping[str, str]
    body: bytes | None

    @property
    def key(self) -> Hashable:
        """What a connection must have been made for to serve this request: the guard's terms are part of it."""
        return self.target.origin, self.nets

    @property
    def repeatable(self) -> bool:
        """Whether asking twice does no harm."""
        return self.method in {"GET", "HEAD"}


class _Cookies:
    """What hosts set while they redirect: many send a visitor round in circles until a cookie comes back.

    A cookie goes back to the very host that set it, and is forgotten with the fetch.
    """

    def __init__(self) -> None:
        self._of_host: dict[str, dict[str, str]] = {}

    def keep(self, host: str, headers: HTTPHeaderDict) -> None:
        for line in headers.getlist("set-cookie")[:_MOST_COOKIES]:
            name, equals, value = line.partition(";")[0].strip().partition("=")
            if equals and name and len(line) <= _LONGEST_COOKIE:
                self._of_host.setdefault(host, {})[name] = value

    def added_to(self, headers: Mapping[str, str], host: str) -> Mapping[str, str]:
        kept = [f"{name}={value}" for name, value in self._of_host.get(host, {}).items()]
        if not kept:
            return headers
        given = [headers["cookie"]] if "cookie" in headers else []
        return {**headers, "cookie": "; ".join(given + kept)}


class Client:
    """Fetches, and keeps connections for later. Thread-safe."""

    def __init__(self, resolve: Resolve = system_resolve) -> None:
        """Begin without a connection; ``resolve`` looks names up."""
        self._resolve = resolve
        self._pool = Pool()

    def close(self) -> None:
        """Close the idle connections; the client can still be used."""
        self._pool.close()

    def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limits: Limits = _DEFAULT_LIMITS,
        allow_nets: tuple[Network, ...] | None = None,
        trusted: bool = False,
        credentials: bool = False,
        onward: Onward | None = None,
    ) -> Response:
        """Make a request and give back its answer, whatever its status. Raises FetchError and nothing else.

        GET and HEAD follow redirects; other methods do not, and always use a fresh connection, so that a failure is
        never that of a connection that had gone stale.

        ``allow_nets`` are networks that may be connected to although they are not public; by default those of
        ``WIREWATCH_ALLOW_NETS``. ``trusted`` puts the address guard aside for the origin of ``url``, but not for
        where it redirects to: for what the desk itself configured as a destination (webhooks, a gateway to Slack),
        never for feeds and articles. ``credentials`` lets ``url`` hold ``user:password@``, sent as Basic
        authorisation to its origin alone. ``onward`` is asked before each redirect.
        """
        exchange = Exchange(limits)
        nets = settings().allow_nets if allow_nets is None else allow_nets
        target = start = read(url, credentials=credentials)
        sending = {
            "user-agent": settings().user_agent,
            "accept-encoding": "gzip, deflate",
            **{name.lower(): value for name, value in (headers or {}).items()},
        }
        if target.userinfo:
            sending["authorization"] = "Basic " + b64encode(unquote(target.userinfo).encode()).decode()
        hops: list[str] = []
        permanent: str | None = None
        unbroken = True
        jar = _Cookies()
        while True:
            trust = trusted and target.origin == start.origin
            request = _Request(target, None if trust else nets, method, jar.added_to(sending, target.host), body)
            status, received, content = self._ask(request, exchange)
            location = received.get("location", "")
            if status not in _REDIRECTS or not location or not request.repeatable:
                return Response(status, target.url, received, content, permanent, tuple(hops))
            if len(hops) == limits.redirects:
                raise FetchError(
                    Kind.TOO_MANY_REDIRECTS, f"{start.host}: more than {limits.redirects} redirects", sent=True
                )
            hops.append(target.url)
            following = follow(target, location)
            jar.keep(target.host, received)
            unbroken = unbroken and status in _PERMANENT
            if unbroken:
                permanent = following.url
            if not _same_owner(target, following):
                sending = {name: value for name, value in sending.items() if name in _CARRIED}
                sending["accept-encoding"] = "gzip, deflate"
            if onward is not None:
                asked_at = time.monotonic()
                sending |= {name.lower(): value for name, value in onward(following.url).items()}
                exchange.deadline += time.monotonic() - asked_at
            target = following

    def _ask(self, request: _Request, exchange: Exchange) -> tuple[int, HTTPHeaderDict, bytes]:
        kept = self._pool.take(request.key) if request.repeatable else None
        if kept is not None:
            try:
                return self._exchange(kept, request, exchange)
            except FetchError as error:
                # The server may have closed the connection just as the request went out: ask once more on a new one.
                if error.kind is not Kind.PROTOCOL:
                    raise
        made = connection(request.target, self._resolve, request.nets or (), trusted=request.nets is None)
        return self._exchange(made, request, exchange)

    def _exchange(self, conn: Connection, request: _Request, exchange: Exchange) -> tuple[int, HTTPHeaderDict, bytes]:
        reusable = False
        try:
            conn.begin(exchange)
            conn.request(request.method, request.target.path, request.body, request.headers, preload_content=False)
            answer = conn.getresponse()
            exchange.expect_body()
            content = _read(answer, request.target.host, exchange)
            received = _cleaned(answer.headers)
            reusable = conn.sock is not None and answer.isclosed()
        except FetchError:
            raise
        except Exception as error:  # noqa: BLE001 - hostile bytes make parsers raise anything, and no caller expects it
            raise _translated(error, request.target.host, exchange) from None
        finally:
            if reusable:
                self._pool.give(request.key, conn)
            else:
                conn.close()
        return answer.status, received, content


def _correct_coding(answer: HTTPResponse) -> None:
    """Say ``gzip`` of a body that begins like one, and not of one that does not: some servers leave it out or lie."""
    said = answer.headers.get("content-encoding", "").strip().lower()
    raw = answer._fp  # noqa: SLF001 - urllib3 itself cannot look ahead
    begins = (
        raw.peek(len(_GZIP))[: len(_GZIP)] if said in _ONE_GZIP and isinstance(raw, http.client.HTTPResponse) else b""
    )
    if begins == _GZIP:
        answer.headers["content-encoding"] = "gzip"
    elif begins and not _GZIP.startswith(begins):
        answer.headers.discard("content-encoding")


def _read(answer: HTTPResponse, host: str, exchange: Exchange) -> bytes:
    _correct_coding(answer)
    codings = [coding.strip().lower() for coding in answer.headers.get("content-encoding", "").split(",")]
    if len(codings) > _MOST_CODINGS or not _CODINGS.issuperset(codings):
        answer.close()
        raise FetchError(Kind.PROTOCOL, f"{host}: the body is encoded in a way that was not asked for", sent=True)
    most = exchange.limits.body
    if (answer.length_remaining or 0) > most:
        answer.close()
        raise FetchError(Kind.TOO_LARGE, f"{host}: the body is larger than {most} bytes", sent=True)
    body = BytesIO()  # one block that grows: thousands of pieces would leave the heap in pieces too
    size = reserved = 0
    plain = not _CODINGS.difference(("", "identity")).intersection(codings)
    expected = answer.length_remaining if plain else None
    while piece := answer.read(_PIECE):
        size += len(piece)
        if size > room.SMALL and not reserved:
            reserved = expected or most
            if not room.reserve(reserved, exchange.remaining()):
                answer.close()
                raise FetchError(Kind.BUSY, f"{host}: too many large bodies are being read at once", sent=True)
        if size > most:
            answer.close()
            raise FetchError(Kind.TOO_LARGE, f"{host}: the body is larger than {most} bytes", sent=True)
        body.write(piece)
        exchange.remaining()
    if reserved > size:
        room.shrink(reserved - size)
    return body.getvalue()


def _cleaned(headers: HTTPHeaderDict) -> HTTPHeaderDict:
    """The same headers without control characters, which a database or a terminal would choke on."""
    if not any(_UNPRINTABLE.search(value) for value in headers.values()):
        return headers
    return HTTPHeaderDict([(name, _UNPRINTABLE.sub(" ", value)) for name, value in headers.iteritems()])


def _same_owner(old: Target, new: Target) -> bool:
    """Whether what was meant for ``old`` may be sent to ``new``: the same origin, or the same host under TLS."""
    upgraded = (old.scheme, old.port, new.scheme, new.port) == ("http", 80, "https", 443)
    return old.origin == new.origin or (old.host == new.host and upgraded)


def _translated(error: Exception, host: str, exchange: Exchange) -> FetchError:
    cause = error
    while isinstance(cause, HTTPError) and isinstance(inner := cause.__cause__ or cause.__context__, Exception):
        cause = inner
    if exchange.exhausted:
        kind, what = Kind.TOO_LARGE, "the server sends more than is allowed"
    elif isinstance(cause, TimeoutError):
        kind, what = Kind.TIMEOUT, f"no full answer within {exchange.limits.total:g} s"
    elif isinstance(cause, ssl.SSLError | SSLError):
        detail = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or "the handshake failed"
        kind, what = Kind.TLS, f"TLS: {detail}"
    elif isinstance(error, DecodeError):
        kind, what = Kind.PROTOCOL, "the body cannot be decoded"
    elif isinstance(cause, http.client.IncompleteRead):
        kind, what = Kind.PROTOCOL, "the answer ended too early"
    elif isinstance(cause, OSError):
        kind, what = Kind.PROTOCOL, cause.strerror or "the connection broke"
    else:
        kind, what = Kind.PROTOCOL, f"not a proper HTTP answer ({type(cause).__name__})"
    return FetchError(kind, f"{host}: {_line(what)}", sent=exchange.sent)


def _line(text: str) -> str:
    return " ".join(_UNPRINTABLE.sub(" ", text).split())[:200]


_client = Client()
fetch = _client.fetch
close = _client.close
