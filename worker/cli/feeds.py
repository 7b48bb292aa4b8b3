"""``wirewatch feeds``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial

import click
from rich.console import Console

from worker import hosts, http, sandbox
from worker.cli.output import as_json, dump, say, table, when
from worker.feeds.find import NoPageError, find
from worker.settings import settings
from worker.watchlist import WatchlistError, load


@click.group()
def command() -> None:
    """Find feeds.

    \b
    Example:
      wirewatch feeds find https://www.coindesk.com
    """


@command.command("find")
@click.argument("url")
@as_json
def find_command(url: str, as_json: bool) -> None:
    """Find the feeds of the site at URL: those that its page names, else those at the usual addresses.

    Every one is read, so that what is shown works. Exit 1 when none is found.

    \b
    Example:
      wirewatch feeds find https://www.coindesk.com
    """
    if "://" not in url:
        url = f"https://{url}"
    try:
        with Console(stderr=True).status(f"looking at {url}"):
            found = find(url, terms=_terms())
    except NoPageError as error:
        raise click.ClickException(f"{url} cannot be read: {error}") from None
    finally:
        sandbox.close()
        http.close()
    if as_json:
        dump([asdict(one) for one in found])
    elif found:
        rows = ((one.url, one.title, one.entries, when(one.newest)) for one in found)
        table("", ("feed", "title", "entries", "newest"), rows)
        say("Put one under `feeds:` in the watchlist, as `- url: …`.")
    else:
        say(f"{url} names no feed, and none stands at the usual addresses; a search feed of an aggregator may do.")
    sys.exit(0 if found else 1)


def _terms() -> Callable[[str], hosts.Terms]:
    """How hosts are asked: as the watchlist says, where there is one."""
    try:
        return partial(hosts.terms, load(settings().watchlist, settings().environ))
    except WatchlistError:
        return hosts.plain
