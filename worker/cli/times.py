"""Lengths of time on the command line."""

from __future__ import annotations

from datetime import timedelta

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
