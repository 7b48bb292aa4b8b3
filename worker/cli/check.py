"""``wirewatch check``."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import click
from rich.console import Console
from rich.progress import track
from rich.text import Text

from worker import hosts, http, sandbox
from worker.alerts import registry
from worker.alerts.channel import TransportError
from worker.cli.output import as_json, dump, say, table
from worker.feeds import fetch
from worker.feeds.fetch import Outcome
from worker.feeds.schedule import Failure
from worker.settings import settings
from worker.watchlist import ChannelConfig, FeedSpec, Watchlist, WatchlistError, load

AT_ONCE = 12  # hosts asked at the same time
LONGEST_GAP = 5.0  # seconds between two requests to one host: somebody waits
TO_DO = {
    Failure.UNREACHABLE: "look at the address, and at the network of this machine",
    Failure.SERVER_ERROR: "wait; it is asked again by itself",
    Failure.THROTTLED: "give it a longer `every`",
    Failure.DENIED: "set WIREWATCH_CONTACT, ask the publisher, or read another carrier",
    Failure.MISSING: "ask `wirewatch feeds find SITE` for its new address",
    Failure.GONE: "take it off the watchlist; `wirewatch feeds find SITE` may tell another one",
    Failure.NOT_A_FEED: "if this is a page, `wirewatch feeds find` with its address tells its feeds",
    Failure.BUSY: "wait; it is asked again by itself",
    Failure.UNSAFE: "if it is meant, permit its network by WIREWATCH_ALLOW_NETS",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was tried, and what it said."""

    what: str
    name: str
    fine: bool
    says: str
    do: str = ""


@click.command()
@as_json
def command(as_json: bool) -> None:
    """Read the watchlist, try every feed and channel, and show what they say; exit 1 when something is wrong.

    Sends no alert and keeps nothing.

    \b
    Example:
      wirewatch check
    """
    try:
        watchlist = load(settings().watchlist, settings().environ)
    except WatchlistError as error:
        if as_json:
            dump(
                [{"what": "watchlist", "name": str(one.file), "ok": False, "says": str(one)} for one in error.problems]
            )
        else:
            say(str(error), style="red")
        sys.exit(1)
    lines = [Line("watchlist", "", True, str(warning)) for warning in watchlist.warnings]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        tries = [
            *(
                pool.submit(lambda *one: [_try_channel(*one)], name, config)
                for name, config in watchlist.channels.items()
            ),
            *(pool.submit(_try_feeds, group, watchlist) for group in _by_host(watchlist.feeds)),
        ]
        screen = Console(stderr=True)
        for each in track(tries, "trying feeds and channels", console=screen, transient=True):
            lines += each.result()
    sandbox.close()
    http.close()
    wrong = sum(not line.fine for line in lines)
    if as_json:
        dump(
            [
                {"what": line.what, "name": line.name, "ok": line.fine, "says": line.says, "do": line.do}
                for line in lines
            ]
        )
    else:
        marks = {True: Text("ok", "green"), False: Text("wrong", "red")}
        rows = [(marks[one.fine], one.what, one.name, one.says, one.do) for one in lines]
        table("", ("", "", "", "says", "what to do"), rows)
        held = f"{len(watchlist.entities)} entities, {len(watchlist.feeds)} feeds, {len(watchlist.channels)} channels"
        say(f"{settings().watchlist}: {held}; " + (f"{wrong} wrong" if wrong else "all is well"))
    sys.exit(1 if wrong else 0)


def _try_channel(name: str, config: ChannelConfig) -> Line:
    try:
        return Line("channel", name, True, registry.make(name, config).check())
    except TransportError as error:
        do = f"mend it in the watchlist or in .env, then `wirewatch send-test {name}`"
        return Line("channel", name, False, error.message, do)


def _by_host(feeds: Iterable[FeedSpec]) -> list[list[FeedSpec]]:
    groups: dict[str, list[FeedSpec]] = {}
    for feed in feeds:
        groups.setdefault(hosts.party(feed.url), []).append(feed)
    return list(groups.values())


def _try_feeds(feeds: list[FeedSpec], watchlist: Watchlist) -> list[Line]:
    """Ask for the feeds of one host one after the other, apart by its gap."""
    lines = []
    for number, feed in enumerate(feeds):
        if number:
            time.sleep(min(hosts.terms(watchlist, feed.url).gap.total_seconds(), LONGEST_GAP))
        lines.append(_try_feed(feed, watchlist))
    return lines


def _try_feed(feed: FeedSpec, watchlist: Watchlist) -> Line:
    headers = hosts.headers(watchlist, feed.url, feed.url)
    result = fetch.poll(feed.url, headers=headers, onward=lambda there: hosts.terms(watchlist, there).headers)
    do = TO_DO[result.failure] if result.failure is not None else ""
    return Line("feed", hosts.label(feed), result.outcome is not Outcome.FAILED, result.reason, do)
