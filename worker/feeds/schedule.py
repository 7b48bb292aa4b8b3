"""When a feed is polled next. Every answer comes with its reason.

No feed is ever given up: the longest wait after a failure is a day. Waits after failures are drawn at random ("full
jitter", M. Brooker, Exponential Backoff And Jitter, AWS 2015), so that feeds which failed together do not come back
together. Randomness comes in as ``draw``, a number from 0 up to 1; times are in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Failure(StrEnum):
    """Why a poll brought nothing, as far as it matters for when to try again."""

    UNREACHABLE = "unreachable"
    SERVER_ERROR = "server error"
    THROTTLED = "throttled"
    DENIED = "denied"
    MISSING = "missing"
    GONE = "gone"
    NOT_A_FEED = "not a feed"
    UNSAFE = "unsafe"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class NextPoll:
    """When, and why then."""

    at: datetime
    reason: str


FULL_EVERY = 24  # polls; a server that answers 304 by mistake hides news for at most about so many
_MOST_STRETCH = 2  # times the interval that a publisher's wish may count for: the desk asked for its news in time
_LONGEST_RETRY_AFTER = timedelta(days=1)
_WEIGHT = 0.3
_SHARE = 0.25
_SOONEST = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class _BackOff:
    first: timedelta
    longest: timedelta


# What passes by itself is tried again soon; what needs a person is looked at rarely, and stays in ``status``.
_BACK_OFF = {
    Failure.UNREACHABLE: _BackOff(timedelta(seconds=30), timedelta(minutes=15)),  # it may be our own line that is down
    Failure.SERVER_ERROR: _BackOff(timedelta(seconds=30), timedelta(minutes=30)),
    Failure.THROTTLED: _BackOff(timedelta(minutes=2), timedelta(hours=6)),
    Failure.DENIED: _BackOff(timedelta(minutes=5), timedelta(hours=6)),
    Failure.MISSING: _BackOff(timedelta(minutes=5), timedelta(hours=6)),
    Failure.NOT_A_FEED: _BackOff(timedelta(minutes=2), timedelta(hours=2)),
    Failure.UNSAFE: _BackOff(timedelta(minutes=5), timedelta(hours=6)),
    Failure.GONE: _BackOff(timedelta(days=1), timedelta(days=1)),
    Failure.BUSY: _BackOff(timedelta(seconds=5), timedelta(seconds=30)),  # by us: it redirects to a host of other feeds
}


def after_success(
    now: datetime, every: timedelta, *, ttl: timedelta | None = None, max_age: timedelta | None = None
) -> NextPoll:
    """The next poll after an answer, also one that nothing has changed.

    Args:
        now: when the answer came.
        every: the watchlist's interval.
        ttl: how long the feed itself says it may be kept (``ttl``, ``sy:updatePeriod``).
        max_age: the same from ``Cache-Control`` or ``Expires``.

    The publisher's wish stretches the interval to at most twice its length.
    """
    wish, words = max((ttl or timedelta(), "the feed"), (max_age or timedelta(), "the server"))
    if wish <= every:
        return NextPoll(now + every, f"every {_span(every)}")
    wait = min(wish, _MOST_STRETCH * every)
    return NextPoll(now + wait, f"{words} asks to be read every {_span(wish)}, the watchlist every {_span(every)}")


def pace(known: timedelta | None, since_last_new: timedelta | None, fresh: int) -> timedelta | None:
    """About how far apart a feed's entries are, after a poll that brought ``fresh`` new ones.

    An exponentially weighted mean, in which the latest gap counts for 30 %; None before there are two polls with news.
    """
    if since_last_new is None or fresh == 0:
        return known
    gap = max(since_last_new / fresh, timedelta(seconds=1))
    return gap if known is None else known * (1 - _WEIGHT) + gap * _WEIGHT


def adapted(every: timedelta, slowest: timedelta, pace: timedelta | None, silent: timedelta | None) -> timedelta:
    """The interval between ``every`` and ``slowest`` that suits a feed.

    A quarter of the time in which an entry is to be expected: its pace, or, when it has been silent for longer than
    that, its silence. A feed of which nothing is known is polled as often as the watchlist allows.
    """
    if pace is None:
        return every
    return min(max(max(pace, silent or pace) * _SHARE, every), slowest)


def after_failure(
    now: datetime,
    every: timedelta,
    failure: Failure,
    failures: int,
    *,
    draw: float,
    retry_after: timedelta | None = None,
) -> NextPoll:
    """The next poll after a failure.

    Args:
        now: when it failed.
        every: the watchlist's interval.
        failure: its kind.
        failures: how many polls in a row have failed, this one counted.
        draw: a random number, 0 ≤ draw < 1.
        retry_after: what the server asked for; it is kept to, up to a day.
    """
    if retry_after is not None:
        wait = min(max(retry_after, _SOONEST), _LONGEST_RETRY_AFTER)
        spread = draw * min(wait / 10, timedelta(minutes=1))
        return NextPoll(now + wait + spread, f"the server asks to wait {_span(wait)}")
    back_off = _BACK_OFF[failure]
    base = min(back_off.first, every) if failure in {Failure.UNREACHABLE, Failure.SERVER_ERROR} else back_off.first
    longest = back_off.longest if failure is Failure.BUSY else max(back_off.longest, every)
    most = min(base * 2 ** min(max(failures, 1), 20), longest)
    wait = max(_SOONEST, most - draw * most / 10 if failure is Failure.GONE else draw * most)
    return NextPoll(now + wait, f"{failure}, {_count(failures)}: again within {_span(most)}")


def ask_in_full(draw: float) -> bool:
    """Whether a poll leaves its conditions out, so that a server whose 304 hides news is noticed."""
    return draw < 1 / FULL_EVERY


def _count(failures: int) -> str:
    return "the first time" if failures <= 1 else f"{failures} times in a row"


def _span(span: timedelta) -> str:
    """A duration as the watchlist writes it, in the largest unit that leaves no fraction worth reading."""
    seconds = round(span.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s" if seconds < 600 else f"{seconds // 60}m"  # noqa: PLR2004 - ten minutes and seconds: too fine
