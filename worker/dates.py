"""Dates as feeds, pages and HTTP headers write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # before the first feeds: a date that a machine made up
_RUSSIAN_MONTH = re.compile(r"\b(янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*\.?", re.IGNORECASE)
_MONTHS = {"янв": "Jan", "фев": "Feb", "мар": "Mar", "апр": "Apr", "май": "May", "мая": "May", "июн": "Jun",
           "июл": "Jul", "авг": "Aug", "сен": "Sep", "окт": "Oct", "ноя": "Nov", "дек": "Dec"}  # fmt: skip
_RUSSIAN_DAY = re.compile(r"^(?:пн|вт|ср|чт|пт|сб|вс|[а-я]{5,11})\b\.?,?\s*", re.IGNORECASE)
_FRACTION = re.compile(r"(\.\d{6})\d+")


_FIGURES = re.compile(
    r"(?:(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>20\d\d)|(?P<y2>20\d\d)年(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日)"
    r"(?:[\s,T]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?)?"
)
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?")
_ZONES = {"MSK": "+0300", "EEST": "+0300", "EET": "+0200", "CEST": "+0200", "CET": "+0100", "BST": "+0100"}
_ZONE = re.compile(rf"\b(?:{'|'.join(_ZONES)})$")


def unusual(text: str) -> datetime | None:
    """A date that no standard has and feeds do: ``22.11.2026 05:00``, ``2026年11月22日``, Unix time, zones of Europe.

    In UTC; without a zone it is taken for UTC. None for all others.
    """
    text = text.strip()[:80]
    zone = _ZONE.search(text)
    if zone:
        return when(text[: zone.start()] + _ZONES[zone[0]])
    try:
        if epoch := _EPOCH.fullmatch(text):
            return in_utc(datetime.fromtimestamp(int(epoch[1]), UTC))
        found = _FIGURES.fullmatch(text)
        if found is None:
            return None
        parts = found.groupdict(default="0")
        year, month, day = (int(parts[name]) or int(parts[f"{name}2"]) for name in "ymd")
        return datetime(year, month, day, int(parts["hour"]), int(parts["minute"]), int(parts["second"]), tzinfo=UTC)
    except ValueError:
        return None


def when(text: str) -> datetime | None:
    """A date of RFC 3339 or RFC 5322 in UTC, also with Russian names; without a zone it is taken for UTC. Else None."""
    text = text.strip()
    if not text or len(text) > 80:  # noqa: PLR2004 - no date is that long
        return None
    try:
        date = datetime.fromisoformat(_FRACTION.sub(r"\1", text))
    except ValueError:
        try:
            english = _RUSSIAN_MONTH.sub(lambda found: _MONTHS[found[1].lower()], _RUSSIAN_DAY.sub("", text))
            date = parsedate_to_datetime(english)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return in_utc(date)


def in_utc(date: datetime) -> datetime | None:
    """The date in UTC; None before the first feeds and where the calendar ends."""
    try:
        date = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return date if date >= EARLIEST else None
