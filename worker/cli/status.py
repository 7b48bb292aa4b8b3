"""``wirewatch status``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import click
from rich.text import Text

from worker import alarms, hosts
from worker.alarms import Alarm
from worker.cli.opened import opened
from worker.cli.output import ago, as_json, clean, dump, say, screen, table
from worker.db import reading
from worker.models import Feed
from worker.store import archive, coverage

GONE = "gone"
OVERRUN_SHOWN = timedelta(days=7)


@click.command()
@as_json
def command(as_json: bool) -> None:
    """Show feeds, queue and deliveries; exit 1 when something needs a person.

    \b
    Example:
      wirewatch status || mail -s "wirewatch needs a look" admin@example.org
    """
    now = datetime.now(UTC)
    with reading(opened()) as session:
        status = archive.status(session, now)
        wrong = alarms.holding(coverage.picture(session, now))
    if as_json:
        dump(_as_dict(status, wrong))
    else:
        _show(status, wrong, now)
    sys.exit(1 if wrong else 0)


def _as_dict(status: archive.Status, wrong: Sequence[Alarm]) -> dict[str, object]:
    return {
        "needs_person": [alarm.title for alarm in wrong],
        "alarms": [{"key": alarm.key, "title": alarm.title, "what_to_do": alarm.body} for alarm in wrong],
        "feeds": [
            {
                "url": hosts.shown(feed),
                "name": feed.name,
                "last_success": feed.last_success_at,
                "last_failure": feed.last_failure_at,
                "failures": feed.failures,
                "error": feed.last_error if feed.failures else "",
                "next_poll": feed.next_poll_at,
                "ended": bool(feed.failures) and feed.failure == GONE,
                "moved_to": feed.moved_to,
                "entries_missed_at": feed.outran_at,
            }
            for feed in status.feeds
        ],
        "queue": {state: status.articles.get(state, 0) for state in ("pending", "extracted")},
        "articles": status.articles,
        "deliveries": status.deliveries,
        "waiting": [
            {
                "channel": row.channel,
                "state": row.state,
                "attempts": row.attempts,
                "due": row.due_at,
                "error": row.error,
            }
            for row in status.troubled
        ],
        "paused": {row.channel: row.paused_until for row in status.paused},
        "heartbeats": {beat.name: beat.at for beat in status.heartbeats},
    }


def _show(status: archive.Status, wrong: Sequence[Alarm], now: datetime) -> None:
    table(
        "Feeds",
        ("feed", "last success", "last failure", "next poll", "says"),
        ((hosts.label(feed), *_polls(feed, now)) for feed in status.feeds),
    )
    screen.print()
    count = status.articles.get
    say(
        f"Articles: {count('pending', 0)} to fetch, {count('extracted', 0)} to judge, {count('judged', 0)} judged, "
        f"{count('skipped', 0)} skipped, {count('failed', 0)} failed"
    )
    say("Deliveries: " + (", ".join(f"{n} {state}" for state, n in sorted(status.deliveries.items())) or "none yet"))
    for row in status.troubled:
        say(f"  {row.state} {row.channel} {row.recipient}, {row.attempts} attempts: {row.error}", style="yellow")
    for channel in status.paused:
        say(f"  {channel.channel} rests; it goes on {ago(channel.paused_until, now)}", style="yellow")
    screen.print()
    for alarm in wrong:
        say(f"needs a person: {alarm.title}", style="bold red")
        for line in alarm.body.splitlines():
            say(f"  {line}", style="red")
    if not wrong:
        say("all is well", style="green")


def _polls(feed: Feed, now: datetime) -> tuple[object, ...]:
    return (
        ago(feed.last_success_at, now),
        ago(feed.last_failure_at, now),
        ago(feed.next_poll_at, now),
        _says(feed, now),
    )


def _says(feed: Feed, now: datetime) -> Text:
    if feed.failures:
        return Text(clean(feed.last_error), style="red")
    said = []
    if feed.moved_to:
        said.append(f"moved to {feed.moved_to}, where it is read; put that into the watchlist")
    if feed.outran_at and now - feed.outran_at < OVERRUN_SHOWN:
        said.append(f"entries may have been missed {ago(feed.outran_at, now)}: poll it more often")
    return Text(clean("; ".join(said)), style="yellow")
