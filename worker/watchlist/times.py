"""When a channel wants to be told: digests at times of the day, quiet hours, so many alerts in a time. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from worker.watchlist.values import duration, fault

ONLY: Final = ("new", "update", "central")
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_TICK: Final = timedelta.resolution
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_EVERY: Final = re.compile(r"every\s+(\S+)")
_RATE: Final = re.compile(r"([0-9]{1,5})\s+(?:per|in)\s+(\S+)")
_PERIODS: Final = {"minute": "1m", "hour": "1h", "day": "1d"}
_DIGEST_HINT: Final = "write `08:00, 17:00`, or `every 2h`"


@dataclass(frozen=True, slots=True)
class Times:
    """When digests go out: ``at`` times of the day, or ``every`` so often from midnight on; neither means never."""

    at: tuple[time, ...] = ()
    every: timedelta | None = None

    @property
    def never(self) -> bool:
        """Whether there is no digest, so that each alert goes out at once."""
        return not self.at and self.every is None

    def after(self, moment: datetime, zone: tzinfo) -> datetime:
        """The next time after ``moment``, on the clocks of ``zone``; a clock that is put forward skips nothing.

        In the hour that comes twice when a clock is put back, times of the day come once and short intervals go on.
        """
        today = moment.astimezone(zone).date()
        for days in range(-1, 3):
            day = today + days * _DAY
            for at in self._of_a_day():
                then = datetime.combine(day, at, zone).astimezone(UTC)
                if then > moment:
                    return self._earlier(then, moment)
        raise ValueError("no digest has a next time")

    def _earlier(self, then: datetime, moment: datetime) -> datetime:
        if self.every is None or self.every > _HOUR:
            return then
        return then - (then - moment - _TICK) // self.every * self.every

    def _of_a_day(self) -> Iterator[time]:
        if self.every is None:
            yield from self.at
            return
        start = datetime(2000, 1, 1)  # noqa: DTZ001  # any day: only the time of the day is taken
        at = start
        while at < start + _DAY:
            yield at.time()
            at += self.every


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of every day, which may reach over midnight."""

    start: time
    end: time

    def end_after(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """When the hours end in which ``moment`` lies; None where it lies in none."""
        today = moment.astimezone(zone).date()
        for days in (-1, 0):
            day = today + days * _DAY
            start = datetime.combine(day, self.start, zone).astimezone(UTC)
            last = day if self.end > self.start else day + _DAY
            end = datetime.combine(last, self.end, zone).astimezone(UTC)
            if start <= moment < end:
                return end
        return None


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` alerts in any stretch of time as long as ``per``."""

    count: int
    per: timedelta


def read_times(value: object) -> Times:
    """Read ``08:00, 17:00`` (or a list of such), ``every 2h`` or ``never``."""
    if isinstance(value, Times):
        return value
    texts = value.split(",") if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise fault("is no time for a digest", _DIGEST_HINT)
    texts = [text.strip() for text in texts]
    if texts == ["never"]:
        return Times()
    if len(texts) == 1 and (found := _EVERY.fullmatch(texts[0])):
        return Times(every=duration(found[1], timedelta(minutes=1), _DAY))
    if not texts:
        raise fault("is an empty list", _DIGEST_HINT)
    return Times(tuple(sorted({_clock(text, "is no time for a digest", _DIGEST_HINT) for text in texts})))


def read_hours(value: object) -> Hours:
    """Read ``22:00-07:00``."""
    if isinstance(value, Hours):
        return value
    parts = re.split(r"\s*(?:-|–|to)\s*", value.strip()) if isinstance(value, str) else []
    said, hint = "are no hours", "write `22:00-07:00`"
    if len(parts) != 2:  # noqa: PLR2004 - from and to
        raise fault(said, hint)
    start, end = (_clock(part, said, hint) for part in parts)
    if start == end:
        raise fault("begin and end at the same time", "a channel that is always quiet is better left out of `notify`")
    return Hours(start, end)


def read_rate(value: object) -> Rate:
    """Read ``10 per hour`` or ``3 per 10m``."""
    if isinstance(value, Rate):
        return value
    found = _RATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or not int(found[1]):
        raise fault("is no limit", "write `10 per hour`, or `3 per 10m`")
    per = duration(_PERIODS.get(found[2], found[2]), timedelta(minutes=1), _DAY)
    return Rate(int(found[1]), per)


def read_zone(text: str) -> str:
    """Check the name of a time zone."""
    try:
        return ZoneInfo(text.strip()).key
    except (ValueError, OSError, KeyError):
        raise fault("is no time zone", "write it as Europe/Riga, America/New_York or UTC") from None


def read_only(text: str) -> str:
    """Check what may be asked for."""
    if text not in ONLY:
        raise fault("cannot be asked for", f"it can be: {', '.join(ONLY)}")
    return text


def _clock(text: str, said: str, hint: str) -> time:
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise fault(said, hint)
    return time(int(found[1]), int(found[2]))
