"""``wirewatch watchlist``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from worker import replay, watchlist
from worker.cli.opened import opened
from worker.cli.output import as_json, dump, say, verdict
from worker.cli.output import screen as out
from worker.cli.times import Duration
from worker.db import reading
from worker.rehearsal import Change, Rehearsal, Rehearsed, compare
from worker.settings import settings
from worker.store import archive
from worker.watchlist import Watchlist
from worker.watchlist.differ import Difference, differences

SIGNS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}


@click.group()
def command() -> None:
    """Look at the watchlist itself: its schema for editors, and what an edit of it would change.

    \b
    Example:
      wirewatch watchlist diff new.yaml --replay 30d
      wirewatch watchlist schema > watchlist.schema.json
    """


@command.command()
def schema() -> None:
    """Print the JSON Schema of the watchlist, for completion and errors in an editor.

    An editor finds it by the file's first line: `# yaml-language-server: $schema=watchlist.schema.json`.

    \b
    Example:
      wirewatch watchlist schema > watchlist.schema.json
    """
    dump(watchlist.json_schema())


@command.command()
@click.argument("new", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--replay",
    "back",
    type=Duration(),
    metavar="TIME",
    help="Judge the archive's articles of this long once more, under both watchlists, and show which alerts differ.",
)
@as_json
def diff(new: Path, back: timedelta | None, as_json: bool) -> None:
    """Show what the watchlist NEW would change: names, feeds, channels, and with --replay the alerts.

    Sends nothing and changes nothing. What a feed would have carried that was not polled yet, nobody can know.

    \b
    Example:
      wirewatch watchlist diff new.yaml
      wirewatch watchlist diff new.yaml --replay 30d
    """
    here = settings()
    before, after = (watchlist.load(path, here.environ) for path in (here.watchlist, new))
    found = differences(before, after)
    judged, change = _replay(before, after, back) if back is not None else (0, None)
    if as_json:
        told: dict[str, object] = {"differences": [asdict(one) for one in found]}
        if change is not None:
            moved = [{**asdict(then), "channels_before": was.channels} for was, then in change.moved]
            told["replayed"] = judged
            told["alerts"] = {
                "added": [asdict(one) for one in change.added],
                "removed": [asdict(one) for one in change.removed],
                "moved": moved,
            }
        dump(told)
        return
    _show(found)
    if change is not None:
        _show_alerts(change, judged)


def _replay(before: Watchlist, after: Watchlist, back: timedelta) -> tuple[int, Change]:
    since = datetime.now(UTC) - back
    with (
        replay.empty_archive() as one,
        replay.empty_archive() as other,
        reading(opened()) as session,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("judging the archive", total=archive.count_texts(session, since))
        rehearsals = [Rehearsal(one, before), Rehearsal(other, after)]
        judged = 0
        for batch in archive.texts(session, since):
            for rehearsal in rehearsals:
                rehearsal.judge(batch)
            judged += len(batch)
            progress.update(task, completed=judged)
    return judged, compare(*(rehearsal.alerts for rehearsal in rehearsals))


def _show(found: Iterable[Difference]) -> None:
    shown = False
    for one in found:
        sign, style = SIGNS[one.change]
        say(f"{sign} {one.what} {one.name}" + (f": {one.detail}" if one.detail else ""), style=style)
        shown = True
    if not shown:
        say("Nothing differs but comments and order.")


def _show_alerts(change: Change, judged: int) -> None:
    out.print()
    say(
        f"{judged} articles of the archive judged under both: {len(change.added)} alerts more, "
        f"{len(change.removed)} fewer, {len(change.moved)} to other channels",
        style="bold",
    )
    for sign, alerts in (("+", change.added), ("-", change.removed)):
        for alert in alerts:
            _line(sign, alert, ", ".join(alert.channels))
    for was, then in change.moved:
        _line("~", then, f"{', '.join(was.channels)} → {', '.join(then.channels)}")


def _line(sign: str, alert: Rehearsed, channels: str) -> None:
    out.print(sign, verdict(alert.verdict), end="  ")
    say(f"{alert.title}  [{', '.join(alert.entities)}] to {channels or 'nobody'}")
    say(f"    {alert.url}", style="dim")
