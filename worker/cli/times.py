"""Lengths of time, and points in it, on the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
from pydantic_core import PydanticCustomError

from worker.watchlist.values import duration


class Duration(click.ParamType[timedelta]):
    """A length of time as the watchlist writes it."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read ``30s``, ``5m``, ``2h`` or ``7d``."""
        if isinstance(value, timedelta):
            return value
        try:
            return duration(str(value), timedelta(seconds=1), timedelta(days=3650))
        except PydanticCustomError as error:
            self.fail(f"{value!r} {error.context['said'] if error.context else ''}: write 12h or 30d", param, ctx)


class Past(click.ParamType[datetime]):
    """A time gone by: how long ago, or a date, with a time or without."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read ``30d``, ``2026-03-01``, ``2026-03-01T08:00`` with ``Z`` or ``+01:00``; in UTC where none says."""
        if isinstance(value, datetime):
            return value
        text, now = str(value).strip(), datetime.now(UTC)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            if "-" in text or "/" in text or ":" in text:
                self.fail(f"{text!r} is no time: write 30d, 2026-03-01 or 2026-03-01T08:00", param, ctx)
            return now - Duration().convert(text, param, ctx)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        if moment > now:
            self.fail(f"{text!r} lies ahead: write 30d, or a date gone by", param, ctx)
        return moment
