"""``wirewatch check``."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import click
from rich.console import Console
from rich.progress import track
from rich.text import Text

from worker import http, sandbox
from worker.alerts import registry
from worker.alerts.channel import TransportError
from worker.cli.output import as_json, dump, say, table
from worker.feeds import fetch
from worker.feeds.fetch import Outcome
from worker.settings import settings
from worker.watchlist import ChannelConfig, FeedSpec, load

AT_ONCE = 12  # feeds asked at the same time


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was tried, and what it said."""

    what: str
    name: str
    fine: bool
    says: str


@click.command()
@as_json
def command(as_json: bool) -> None:
    """Read the watchlist, try every feed and channel, and show what they say; exit 1 when something is wrong.

    Sends no alert and keeps nothing.

    \b
    Example:
      wirewatch check
    """
    watchlist = load(settings().watchlist, settings().environ)
    lines = [Line("watchlist", "", True, str(warning)) for warning in watchlist.warnings]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        tries = [
            *(pool.submit(_try_channel, name, config) for name, config in watchlist.channels.items()),
            *(pool.submit(_try_feed, feed) for feed in watchlist.feeds),
        ]
        screen = Console(stderr=True)
        lines += [each.result() for each in track(tries, "trying feeds and channels", console=screen, transient=True)]
    sandbox.close()
    http.close()
    wrong = sum(not line.fine for line in lines)
    if as_json:
        dump([{"what": line.what, "name": line.name, "ok": line.fine, "says": line.says} for line in lines])
    else:
        rows = [
            (Text("ok", "green") if one.fine else Text("wrong", "red"), one.what, one.name, one.says) for one in lines
        ]
        table("", ("", "", "", "says"), rows)
        held = f"{len(watchlist.entities)} entities, {len(watchlist.feeds)} feeds, {len(watchlist.channels)} channels"
        say(f"{settings().watchlist}: {held}; " + (f"{wrong} wrong" if wrong else "all is well"))
    sys.exit(1 if wrong else 0)


def _try_channel(name: str, config: ChannelConfig) -> Line:
    try:
        return Line("channel", name, True, registry.make(name, config).check())
    except TransportError as error:
        return Line("channel", name, False, error.message)


def _try_feed(feed: FeedSpec) -> Line:
    result = fetch.poll(feed.url)
    return Line("feed", feed.name or feed.shown, result.outcome is not Outcome.FAILED, result.reason)
