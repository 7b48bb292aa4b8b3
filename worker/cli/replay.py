"""``wirewatch replay``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from time import monotonic
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from worker import namecache, replay, watchlist
from worker.cli.output import STYLES, clean
from worker.entities.match import Matcher
from worker.replay import BadLine, Line, Outcome
from worker.settings import Settings, settings
from worker.types import Verdict


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--all", "every_article", is_flag=True, help="Judge every article, also those that name no entity.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for every article.")
def command(file: BinaryIO, every_article: bool, as_json: bool) -> None:
    """Judge the articles of FILE in order against an empty archive, and send nothing.

    A line of FILE is a JSON object: {"id", "url", "published", "title", "text"}. A line that holds no article is named
    with what is wrong with it, the others are judged, and the exit code is 1. `-` reads standard input.

    \b
    Example:
      wirewatch replay march.jsonl
      wirewatch replay march.jsonl --all --json > decisions.jsonl
    """
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    matcher = _matcher(settings(), errors, needed=not every_article)
    namecache.set_aside()
    reader = _Reader(file, errors)
    met: Counter[str] = Counter()
    began = monotonic()
    screen = Console(soft_wrap=True, highlight=False)
    with replay.empty_archive() as archive, _progress(errors, hidden=not as_json and screen.is_terminal) as progress:
        task = progress.add_task("judging", total=None, told="")
        for outcome in replay.Replay(archive, matcher, every_article=every_article).run(reader):
            met[outcome.verdict or "unnamed"] += 1
            progress.update(task, advance=1, told=_summary(met))
            if as_json:
                sys.stdout.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
            else:
                screen.print(_row(outcome))
    took = monotonic() - began
    errors.print(
        f"{met.total()} articles in {took:.1f} s ({met.total() / max(took, 1e-9):.0f} a second): {_summary(met)}"
    )
    if reader.bad:
        errors.print(f"{reader.bad} lines of {file.name} hold no article and were left out", style="red", markup=False)
        sys.exit(1)


class _Reader:
    """The file's articles; what is wrong with its other lines is told at once, and counted in ``bad``."""

    def __init__(self, file: BinaryIO, errors: Console) -> None:
        self.bad = 0
        self._file = file
        self._errors = errors

    def __iter__(self) -> Iterator[Line]:
        for line in replay.read(self._file):
            if isinstance(line, BadLine):
                self.bad += 1
                self._errors.print(clean(f"{self._file.name}:{line.number}: the line {line.problem}"), markup=False)
            else:
                yield line


def _matcher(config: Settings, errors: Console, *, needed: bool) -> Matcher:
    """Make the matcher of the watchlist; when every article is judged anyway, a watchlist is not needed."""
    if not needed and not config.watchlist.exists():
        return Matcher(())
    try:
        return Matcher(watchlist.load(config.watchlist, config.environ).entities)
    except watchlist.WatchlistError as error:
        if needed:
            raise
        errors.print(f"The watchlist is not used, so no entities are named:\n{error}", style="yellow", markup=False)
        return Matcher(())


def _progress(errors: Console, *, hidden: bool) -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.completed} judged: {task.fields[told]}"), TimeElapsedColumn())
    return Progress(*columns, console=errors, transient=True, disable=hidden or not errors.is_terminal)


def _summary(met: Counter[str]) -> str:
    return ", ".join(f"{met[key]} {key}" for key in (*Verdict, "unnamed") if met[key]) or "none"


def _row(outcome: Outcome) -> Text:
    verdict = outcome.verdict
    row = Text(f"{verdict or '-':8} ", style=STYLES[verdict] if verdict else "dim")
    where = "" if outcome.story is None else f" story {outcome.story}"
    after = f" after {outcome.of}" if outcome.of else ""
    row.append(clean(f"{outcome.id}{where}{after}: {outcome.reason}"), style="default")
    if outcome.verdict is Verdict.UPDATE:
        row.append("".join(f"\n         + {clean(sentence)}" for sentence in outcome.new_sentences), style="yellow")
    return row
