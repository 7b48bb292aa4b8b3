"""What goes into a fetch and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum


class Kind(StrEnum):
    """Why a fetch failed. The last two are what a caller's ``onward`` may say of a redirect."""

    BAD_URL = "bad-url"
    DNS = "dns"
    REFUSED_ADDRESS = "refused-address"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too-large"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    PROTOCOL = "protocol"
    BUSY = "busy"
    NOT_PERMITTED = "not-permitted"


class FetchError(Exception):
    """A fetch that gave no response."""

    def __init__(self, kind: Kind, message: str, *, sent: bool = False) -> None:
        """Say what happened.

        ``message`` is one line and holds nothing secret: it names the host, never a path, a query or a password.
        ``sent`` says whether the request may have reached the server; when it is False, sending again cannot make
        anything happen twice.
        """
        super().__init__(kind, message)
        self.kind = kind
        self.message = message
        self.sent = sent

    def __str__(self) -> str:
        """The message alone."""
        return self.message


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost, redirects and all.

    ``total`` is the seconds for the whole exchange, from looking up the name to the last byte of the body; ``connect``
    those for one attempt to connect. ``body`` is the most bytes of the decoded body, ``head`` those of status line and
    headers. ``redirects`` is how many are followed.
    """

    total: float = 30.0
    connect: float = 10.0
    body: int = 10_000_000
    head: int = 262_144
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, whatever its status.

    ``url`` is where it came from, after redirects. ``headers`` are looked up in any case of letters; a header sent
    several times has its values joined by ", ". ``body`` is decoded from gzip and the like. ``permanent_url`` is where
    an unbroken chain of 301 and 308 from the start leads, None when the first answer was neither. ``hops`` are the
    addresses that redirected, in order.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    permanent_url: str | None = None
    hops: tuple[str, ...] = ()


_LONGEST_WAIT = 30 * 86_400.0


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds that ``Retry-After`` asks for, given in seconds or as a date (RFC 9110, section 10.2.3).

    Never negative, at most 30 days; None when the header is absent or cannot be read.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), _LONGEST_WAIT)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return min(max((when - now).total_seconds(), 0.0), _LONGEST_WAIT)
