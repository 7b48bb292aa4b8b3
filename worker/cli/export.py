"""``wirewatch export``."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

import click

from worker.cli.opened import opened
from worker.cli.times import Past
from worker.db import reading
from worker.store import exporting

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.command()
@click.option(
    "--since",
    type=Past(),
    default="7d",
    show_default=True,
    metavar="TIME",
    help="How far to go back: 30d, or a date as 2026-03-01 (in UTC).",
)
@click.option("--format", "shape", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@click.option(
    "--what",
    type=click.Choice(list(exporting.KINDS)),
    multiple=True,
    help="Only these; may be given several times. Without it jsonl has them all, and csv the verdicts.",
)
def command(since: datetime, shape: str, what: tuple[str, ...]) -> None:
    """Print what is on record: stories, verdicts, alerts and deliveries, for an audit.

    One JSON object a line, its `kind` says what it is; or CSV, one kind at a time. In CSV a text that a spreadsheet
    would take for a formula has an apostrophe in front.

    \b
    Example:
      wirewatch export --since 2026-03-01 > march.jsonl
      wirewatch export --since 30d --format csv --what alerts > alerts.csv
    """
    kinds = what or (tuple(exporting.KINDS) if shape == "jsonl" else ("verdicts",))
    if shape == "csv" and len(kinds) > 1:
        raise click.UsageError("a CSV file has one kind of row; name one --what, or take --format jsonl")
    with reading(opened()) as session:
        if shape == "csv":
            kind = exporting.KINDS[kinds[0]]
            _csv(kind.row._fields, kind.since(session, since))
        else:
            _jsonl(chain.from_iterable(exporting.KINDS[name].since(session, since) for name in kinds))


def _jsonl(rows: Iterable[exporting.Row]) -> None:
    for row in rows:
        click.echo(json.dumps(row._asdict(), ensure_ascii=False, default=_plain))


def _csv(columns: Sequence[str], rows: Iterable[exporting.Row]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value) for value in row])


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _cell(value: object) -> object:
    """A value as a spreadsheet may open it: texts come from outside, and a formula would be run."""
    if isinstance(value, list):
        value = "\n".join(map(str, value))
    if isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
