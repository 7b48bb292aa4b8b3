"""``wirewatch init``."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click
import yaml
from rich.console import Console

from worker import http, sandbox
from worker.cli.output import say
from worker.feeds.find import NoPageError, find
from worker.settings import settings
from worker.watchlist import WatchlistError, json_schema, parse

FILE = """\
# yaml-language-server: $schema=watchlist.schema.json
# Every key is explained in docs/watchlist.md. A saved change takes effect within seconds; `wirewatch watchlist diff
# NEW.yaml --replay 30d` shows beforehand which alerts it would have added and taken away.
# ${{NAME}} is taken from the environment or from a file `.env` beside this one, so that no secret stands here.

channels:
{channels}

defaults:
  every: {every} # how often a feed is polled: 30s, 5m, 2h
  since: 24h # what a feed already carried longer ago than this does not alert on first sight

feeds:
{feeds}

entities: # the names that are watched
{entities}
"""
GOOGLE = "https://news.google.com/rss/search?q=%22{name}%22+when:2d&hl=en-US&gl=US&ceid=US:en"


@click.command()
@click.option("--name", "names", multiple=True, help="A name to watch; may be given several times.")
@click.option("--site", "sites", multiple=True, help="A site whose feeds are looked for; may be given several times.")
@click.option("--mail", help="Where alerts are mailed to. The server comes from ${SMTP_URL}.")
@click.option("--slack", is_flag=True, help="Alerts go to Slack, by the incoming webhook in ${SLACK_WEBHOOK_URL}.")
@click.option("--every", default=None, help="How often feeds are polled, as 5m.")
@click.option("--yes", is_flag=True, help="Ask nothing: what is not given by an option has its default.")
def command(  # noqa: PLR0917  # one for each option
    names: Sequence[str], sites: Sequence[str], mail: str | None, slack: bool, every: str | None, yes: bool
) -> None:
    """Write a first watchlist: four questions, or none with --yes. One that exists is kept beside it, if you agree.

    \b
    Example:
      wirewatch init
      wirewatch init --yes --name Binance --site coindesk.com --mail desk@example.org --every 5m
    """
    path = settings().watchlist
    aside = path.with_name(f"{path.name}.before")
    if path.exists() and (
        yes or aside.exists() or not click.confirm(f"{path} exists. Keep it as {aside}, write a new?")
    ):
        raise click.ClickException(f"{path} exists already; edit it, or set WIREWATCH_WATCHLIST to another place")
    names = names or _asked("1/4 Which names are watched? (with commas between)", "Binance", yes)
    sites = sites or _asked("2/4 Which sites are read? (with commas; empty: a news search for each name)", "", yes)
    if not mail and not slack and not yes:
        where = click.prompt("3/4 Where do alerts go? (a mail address, `slack`, or `screen`)", default="screen")
        mail, slack = (where if "@" in where else None), where.strip().lower() == "slack"
    every = every or ("5m" if yes else click.prompt("4/4 How often are the sites looked at?", default="5m"))
    text = FILE.format(
        channels=_channels(mail, slack),
        every=every,
        feeds=_feeds(sites),
        entities="\n".join(
            f"  - name: {_quoted(name)} # more: kind (company, person, agency), aliases" for name in names
        ),
    )
    try:
        parse(text, str(path), {"SMTP_URL": "smtp://localhost", "SLACK_WEBHOOK_URL": "https://localhost/"}, _no_file)
    except WatchlistError as error:
        raise click.ClickException(f"that makes no watchlist:\n{error}") from None
    if path.exists():
        path.rename(aside)
        say(f"The old one is {aside}.")
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    schema = path.with_name("watchlist.schema.json")
    if not schema.exists():
        schema.write_text(json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    channel = "desk-slack" if slack else "desk-mail" if mail else "screen"
    needed = {"desk-slack": "SLACK_WEBHOOK_URL", "desk-mail": "SMTP_URL"}.get(channel)
    missing = [needed] if needed and not settings().environ.get(needed) else []
    say(f"{path} is written.", style="green")
    for key in missing:
        say(f"Set {key} in the environment or in {path.parent / '.env'}.", style="yellow")
    if not missing:
        click.get_current_context().invoke(_send_test(), channel=channel, as_json=False)
    say("Then: `wirewatch check`, and `wirewatch run`.")


def _send_test() -> click.Command:
    from worker.cli.send_test import command as send_test  # noqa: PLC0415  # imported when it is used, as all commands

    return send_test


def _asked(question: str, default: str, yes: bool) -> tuple[str, ...]:
    answer = default if yes else click.prompt(question, default=default, show_default=bool(default))
    return tuple(part.strip() for part in str(answer).split(",") if part.strip())


def _channels(mail: str | None, slack: bool) -> str:
    if slack:
        return '  desk-slack: {type: slack, webhook: "${SLACK_WEBHOOK_URL}"}'
    if mail:
        return (
            f"  desk-mail:\n    type: email\n    smtp: ${{SMTP_URL}} # smtp://user:password@host:587\n"
            f"    from: {_quoted(mail)}\n    to: [{_quoted(mail)}]"
        )
    return "  screen: {type: console} # prints alerts where the service runs; docs/channels.md has the others"


def _feeds(sites: Sequence[str]) -> str:
    lines = []
    screen = Console(stderr=True)
    for site in sites:
        url = site if "://" in site else f"https://{site}"
        try:
            with screen.status(f"looking for feeds at {url}"):
                found = find(url)
        except NoPageError as error:
            say(f"{url} cannot be read: {error}", style="yellow")
            lines.append(f"  # {url} could not be read: put the address of its feed here as `- url: …`")
            continue
        if not found:
            say(f"{url} names no feed; put one in by hand", style="yellow")
            lines.append(f"  # {url} names no feed: put its address here as `- url: …`")
        lines += [f"  - url: {_quoted(one.url)} # {' '.join(one.title.split())[:60]}" for one in found[:3]]
    sandbox.close()
    http.close()
    if not any(line.startswith("  - ") for line in lines):
        lines.append(f"  - url: {GOOGLE} # a search for each name\n    every: 10m")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """A text as YAML writes it on one line, with quotes where it needs them."""
    return yaml.safe_dump(text, allow_unicode=True, width=10_000).removesuffix("...\n").strip()


def _no_file(name: str) -> bytes:
    raise OSError(name)
