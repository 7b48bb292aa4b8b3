"""What the commands share in showing: tables for people, one JSON value for machines, times that read at a glance."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from worker.types import Verdict

Command = TypeVar("Command", bound=Callable[..., Any])
STYLES = {Verdict.NEW: "bold green", Verdict.UPDATE: "bold cyan", Verdict.REPRINT: "dim", Verdict.COVERAGE: "dim"}

WIDE: Final = 200  # columns where the output is no terminal, so that a line stays a line for grep

screen = Console(highlight=False)
if not screen.is_terminal:
    screen.width = WIDE
as_json: Callable[[Command], Command] = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


def dump(value: object) -> None:
    """Print a value as one JSON text; times as ISO 8601 in UTC."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a table. Cells are shown as they are: nothing in them is taken for mark-up."""
    made = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(clean(cell)) for cell in row))
    screen.print(made)


def say(text: object, style: str = "") -> None:
    """Print a line as it is; nothing in it is taken for mark-up."""
    screen.print(Text(clean(text), style=style), soft_wrap=True)


def clean(value: object) -> str:
    """A text from outside without the control characters that would steer a terminal."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in str(value))


def plainly(text: str) -> str:
    """Return ``text`` on one line, without what a terminal would obey."""
    return " ".join(clean(text).split())


def verdict(value: str | None) -> Text:
    """A verdict in its colour."""
    return Text(value or "-", style=STYLES[Verdict(value)] if value else "dim")


def when(moment: datetime | None) -> str:
    """A time in UTC to the minute, or a dash."""
    return "-" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def ago(moment: datetime | None, now: datetime) -> str:
    """How far a time lies from ``now``: ``3m ago``, ``in 2h``."""
    if moment is None:
        return "never"
    distance = now - moment
    return f"in {span(-distance)}" if distance < timedelta(0) else f"{span(distance)} ago"


def span(length: timedelta) -> str:
    """A length of time in its largest unit, as the watchlist writes it: ``45s``, ``3m``, ``2h``, ``5d``."""
    seconds = int(length.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
