"""One poll of one feed: ask only for what is new, read it in the sandbox, and say what came of it.

Nothing that a server does raises; whatever happens is an outcome with its reason in words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from worker import http, sandbox
from worker.dates import when
from worker.feeds.parse import FeedError, parse
from worker.feeds.schedule import Failure
from worker.types import FeedDocument

LIMITS = http.Limits(total=20.0, body=10_000_000)
PARSE_SECONDS = 15.0
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_OK = frozenset((200, 203))  # 203: the same by way of a proxy that changed it (RFC 9110, section 15.3.4)
_NOT_MODIFIED, _GONE = 304, 410
_FAILURES = {
    http.Kind.BAD_URL: Failure.UNSAFE,
    http.Kind.REFUSED_ADDRESS: Failure.UNSAFE,
    http.Kind.TOO_LARGE: Failure.NOT_A_FEED,
    http.Kind.TOO_MANY_REDIRECTS: Failure.MISSING,
    http.Kind.BUSY: Failure.BUSY,
}


class Outcome(StrEnum):
    """What a poll came to."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PollResult:
    """What came of a poll.

    ``failure`` is set when the outcome is FAILED, ``document`` when it is CHANGED. ``etag``, ``last_modified`` and
    ``body_hash`` are what to give to the next poll; after a failure they are those that were given. ``moved_to`` is the
    address that the server says is the feed's for good. ``status`` is 0 where no answer came. ``retry_after`` and
    ``max_age`` are the server's wishes for the next poll.
    """

    outcome: Outcome
    reason: str
    failure: Failure | None = None
    document: FeedDocument | None = None
    status: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    moved_to: str | None = None
    retry_after: timedelta | None = None
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the last good poll of a feed left behind."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


@http.bodies()
def poll(
    url: str,
    known: Known | None = None,
    *,
    full: bool = False,
    headers: Mapping[str, str] | None = None,
    onward: http.Onward | None = None,
) -> PollResult:
    """Ask for the feed at ``url`` and read it when it has changed.

    Args:
        url: the feed's address.
        known: what the last good poll gave; None for the first.
        full: leave the conditions out, for a server whose 304 may be wrong. The hash still tells what is unchanged.
        headers: the watchlist's headers for this host.
        onward: asked before a redirect is followed.
    """
    known = known or Known()
    asking = {"accept": _ACCEPT, **(headers or {})}
    if not full:
        asking |= {"if-none-match": known.etag} if known.etag else {}
        asking |= {"if-modified-since": known.last_modified} if known.last_modified else {}
    try:
        response = http.fetch(url, headers=asking, limits=LIMITS, onward=onward)
    except http.FetchError as error:
        return _failed(known, _FAILURES.get(error.kind, Failure.UNREACHABLE), error.message)
    now = datetime.now(UTC)
    if response.status == _NOT_MODIFIED:
        return _unchanged(known, response, "the server says that nothing has changed", now)
    if response.status not in _OK:
        return _refused(known, response, now)
    body_hash = hashlib.sha256(response.body).hexdigest()
    if body_hash == known.body_hash:
        return _unchanged(known, response, "the feed is byte for byte the same", now)
    try:
        document = _parsed(response)
    except FeedError as error:
        return _failed(known, Failure.NOT_A_FEED, str(error), response)
    count = len(document.entries)
    reason = f"{count} {'entry' if count == 1 else 'entries'}"
    return PollResult(
        Outcome.CHANGED,
        ", ".join([reason, *document.notes]),
        document=document,
        status=response.status,
        etag=_header(response, "etag"),
        last_modified=_header(response, "last-modified"),
        body_hash=body_hash,
        moved_to=response.permanent_url,
        max_age=_max_age(response, now),
    )


def fault(known: Known, error: Exception) -> PollResult:
    """The outcome of a poll in which wirewatch itself failed."""
    return _failed(known, Failure.SERVER_ERROR, f"a fault of wirewatch: {type(error).__name__}: {error}"[:500])


def _parsed(response: http.Response) -> FeedDocument:
    kind = response.headers.get("content-type", "")
    try:
        return sandbox.run(parse, response.body, response.url, kind, timeout=PARSE_SECONDS, raises=(FeedError,))
    except sandbox.SandboxError as error:
        raise FeedError(f"the feed cannot be read: {error}") from None


def _unchanged(known: Known, response: http.Response, reason: str, now: datetime) -> PollResult:
    return PollResult(
        Outcome.UNCHANGED,
        reason,
        status=response.status,
        etag=_header(response, "etag") or known.etag,
        last_modified=_header(response, "last-modified") or known.last_modified,
        body_hash=known.body_hash,
        moved_to=response.permanent_url,
        max_age=_max_age(response, now),
    )


def _refused(known: Known, response: http.Response, now: datetime) -> PollResult:
    status = response.status
    seconds = http.retry_after(response.headers, now)
    wait = None if seconds is None or status not in {429, 503, 529} else timedelta(seconds=seconds)
    if status == 429 or wait is not None:  # noqa: PLR2004
        failure, words = Failure.THROTTLED, "the server wants fewer requests"
    elif status == _GONE:
        failure, words = Failure.GONE, "the publisher has ended this feed; take it off the watchlist"
    elif status == 404:  # noqa: PLR2004
        failure, words = Failure.MISSING, "there is nothing at this address"
    elif status in {401, 402, 403, 407, 451}:
        failure, words = Failure.DENIED, "the server does not let wirewatch read it"
    elif status >= 500:  # noqa: PLR2004
        failure, words = Failure.SERVER_ERROR, "the server has a fault"
    else:
        failure, words = Failure.MISSING, "no feed came"
    return _failed(known, failure, f"answered {status}: {words}", response, retry_after=wait)


def _failed(
    known: Known,
    failure: Failure,
    reason: str,
    response: http.Response | None = None,
    *,
    retry_after: timedelta | None = None,
) -> PollResult:
    return PollResult(
        Outcome.FAILED,
        reason,
        failure=failure,
        status=response.status if response else 0,
        etag=known.etag,
        last_modified=known.last_modified,
        body_hash=known.body_hash,
        retry_after=retry_after,
    )


def _header(response: http.Response, name: str) -> str | None:
    """A validator to send back; one that is absurdly long is left out."""
    value = response.headers.get(name, "").strip()
    return value if 0 < len(value) <= 1000 else None  # noqa: PLR2004


def _max_age(response: http.Response, now: datetime) -> timedelta | None:
    """How long the answer may be kept: ``Cache-Control: max-age``, else ``Expires`` (RFC 9111, section 5)."""
    control = response.headers.get("cache-control", "")
    if re.search(r"no-cache|no-store|must-revalidate", control, re.IGNORECASE):
        return None
    found = _MAX_AGE.search(control)
    if found:
        return timedelta(seconds=int(found[1]))
    expires = when(response.headers.get("expires", ""))
    return expires - now if expires and expires > now else None
