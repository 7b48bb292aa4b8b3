"""``wirewatch send-test``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from worker.alerts import registry, sample
from worker.alerts.channel import Address, TransportError
from worker.alerts.route import of_channel
from worker.cli.output import as_json, dump, say
from worker.settings import settings
from worker.types import Entity
from worker.watchlist import load


@click.command()
@click.argument("channel")
@as_json
def command(channel: str, as_json: bool) -> None:
    """Send a sample alert to a channel of the watchlist, and say what its server answered.

    \b
    Example:
      wirewatch send-test desk-slack
    """
    watchlist = load(settings().watchlist, settings().environ)
    if channel not in watchlist.channels:
        raise click.ClickException(
            f"{channel} is not a channel of the watchlist; it has {', '.join(watchlist.channels)}"
        )
    now = datetime.now(UTC)
    made = registry.make(channel, watchlist.channels[channel])
    view = sample.view(watchlist.entities[0] if watchlist.entities else Entity("a name of yours"), now)
    answers = []
    for to in of_channel(channel, watchlist):
        try:
            reference = made.send(made.render(view, Address(f"{view.token}:{to.recipient}", to.recipient)))
            answers.append({"recipient": to.recipient, "ok": True, "says": reference or "sent"})
        except TransportError as error:
            answers.append({"recipient": to.recipient, "ok": False, "says": error.message})
    if as_json:
        dump(answers)
    else:
        for answer in answers:
            name, sent = f"{channel} {answer['recipient']}".strip(), answer["ok"]
            say(f"{name}: {'sent, ' if sent else 'failed: '}{answer['says']}", style="" if sent else "red")
    sys.exit(0 if all(answer["ok"] for answer in answers) else 1)
