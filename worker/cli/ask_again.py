"""``wirewatch ask-again``."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console

from worker.cli.opened import opened
from worker.cli.output import as_json, dump, say, verdict, when
from worker.cli.output import screen as out
from worker.cli.times import Duration
from worker.db import reading, writing
from worker.models import Heartbeat
from worker.store import archive

OPEN = ("pending", "extracted")
NO_TICK = timedelta(seconds=30)


@click.command()
@click.argument("url")
@click.option(
    "--wait",
    type=Duration(),
    default="60s",
    show_default=True,
    metavar="TIME",
    help="How long to wait for the verdict.",
)
@as_json
def command(url: str, wait: timedelta, as_json: bool) -> None:
    """Let the service fetch and judge an article anew, as when it had just been seen.

    For a page that could not be read, or that was judged before the watchlist had a name. The verdict that it had is
    forgotten; when the new one is an alert, the desk gets it. What has alerted keeps its verdict.

    \b
    Example:
      wirewatch ask-again https://www.coindesk.com/policy/2026/03/02/an-article/
    """
    engine, now = opened(), datetime.now(UTC)
    with writing(engine) as session:
        trace = archive.find(session, url)
        if trace is None:
            raise click.ClickException(f"{url} is not on record: no feed of the watchlist has carried it")
        if trace.alert is not None:
            raise click.ClickException(
                f"it was alerted on {when(trace.alert.created_at)} UTC, and what the desk was told stays as it is; "
                "`wirewatch compare` lays its text beside another one"
            )
        if trace.article.state in OPEN or not archive.ask_again(session, trace, now):
            raise click.ClickException("it is being read or judged just now; `wirewatch why` tells how it ends")
        tick = session.get(Heartbeat, "tick")
    old = trace.judgement.verdict if trace.judgement else None
    runs = tick is not None and abs(now - tick.at) < NO_TICK
    found = _wait(url, wait) if runs else None
    if found is None:
        reason = "it is on its way" if runs else "the service does not run; it is done when it does"
        dump({"url": url, "before": old, "verdict": None, "says": reason}) if as_json else say(
            f"{reason}: see `wirewatch why {url}`"
        )
        sys.exit(1)
    judgement = found.judgement
    says = judgement.reason if judgement else found.article.note
    if as_json:
        dump({"url": url, "before": old, "verdict": judgement.verdict if judgement else None, "says": says})
        return
    out.print(verdict(old), "→", verdict(judgement.verdict if judgement else None), end="  ")
    say(says)


def _wait(url: str, wait: timedelta) -> archive.Trace | None:
    """What became of the article; None when that takes longer."""
    end = time.monotonic() + wait.total_seconds()
    with Console(stderr=True).status("fetching and judging"):
        while time.monotonic() < end:
            time.sleep(0.5)
            with reading(opened()) as session:
                found = archive.find(session, url)
            if found is not None and found.article.state not in OPEN:
                return found
    return None
