"""``wirewatch init``."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

import click
import yaml
from pydantic_core import PydanticCustomError
from rich.console import Console

from worker import http, sandbox
from worker.cli.output import plainly, say
from worker.feeds.find import NoPageError, find
from worker.settings import settings
from worker.watchlist import WatchlistError, json_schema, parse, values

Answer = TypeVar("Answer")
NEEDED: Final = {
    "desk-mail": ("SMTP_URL", "smtp://user:password@host:587"),
    "desk-slack": ("SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/…"),
}
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
    if not os.access(path.parent, os.W_OK):
        raise click.ClickException(f"nothing can be written in {path.parent.absolute()}; set WIREWATCH_WATCHLIST")
    names = _asked("1/4 Which names are watched? (with commas between)", "Binance", names, yes, _names)
    which = "2/4 Which sites are read? (with commas; empty: a news search for each name)"
    sites = _asked(which, "", sites, yes, _parts)
    where = [*([mail] if mail else []), *(["slack"] if slack else [])]
    channels = _asked("3/4 Where do alerts go? (a mail address, `slack`, or `screen`)", "screen", where, yes, _where)
    often = _asked("4/4 How often are the sites looked at?", "5m", [every] if every else [], yes, _every)
    text = FILE.format(
        channels="\n".join(channels.values()),
        every=often,
        feeds=_feeds(sites),
        entities="\n".join(
            f"  - name: {_quoted(name)} # more: kind (company, person, agency), aliases" for name in names
        ),
    )
    try:
        parse(text, str(path), {"SMTP_URL": "smtp://localhost", "SLACK_WEBHOOK_URL": "https://localhost/"}, _no_file)
    except WatchlistError as error:
        raise click.ClickException(f"that makes no watchlist:\n{error}") from None
    try:
        _write(path, aside, text)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror or error}") from None
    say(f"{path} is written.", style="green")
    for channel in channels:
        key, value = NEEDED.get(channel, ("", ""))
        if key and not settings().environ.get(key):
            say(f"Put {key}={value} into the environment or into {path.parent / '.env'},", style="yellow")
            say(f"then try it: `wirewatch send-test {channel}`.", style="yellow")
        else:
            click.get_current_context().invoke(_send_test(), channel=channel, as_json=False)
    say("Then: `wirewatch check`, and `wirewatch run`.")


def _write(path: Path, aside: Path, text: str) -> None:
    """Put the new watchlist in place at once: a service that runs never finds none."""
    if path.exists():
        shutil.copy2(path, aside)
        say(f"The old one is {aside}.")
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
    schema = path.with_name("watchlist.schema.json")
    if not schema.exists():
        schema.write_text(json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _send_test() -> click.Command:
    from worker.cli.send_test import command as send_test  # noqa: PLC0415  # imported when it is used, as all commands

    return send_test


def _asked(
    question: str, default: str, given: Sequence[str], yes: bool, read: Callable[[Sequence[str]], Answer]
) -> Answer:
    """What an option gave; else ask until ``read`` takes the answer."""
    if given or yes:
        return read(given or default.split(","))
    answer: Answer = click.prompt(
        question, default=default, show_default=bool(default), value_proc=lambda said: read(said.split(","))
    )
    return answer


def _parts(said: Sequence[str]) -> tuple[str, ...]:
    """What was said, each once."""
    stripped = [part.strip() for part in said if part.strip()]
    return tuple({part.casefold(): part for part in reversed(stripped)}.values())[::-1]


def _names(said: Sequence[str]) -> tuple[str, ...]:
    names = _parts(said)
    if not names:
        raise click.UsageError("that names nobody; write a name, as Binance")
    return names


def _where(said: Sequence[str]) -> dict[str, str]:
    """The channels by their names, as the file writes them."""
    parts = _parts(said)
    mails = [part for part in parts if part.lower() not in {"slack", "screen"}]
    made = {}
    for one in mails:
        try:
            values.mail(one)
        except PydanticCustomError:
            hint = "write a mail address as desk@example.org, `slack`, or `screen`"
            raise click.UsageError(f"{one!r} is none of these; {hint}") from None
    if mails:
        made["desk-mail"] = (
            f"  desk-mail:\n    type: email\n    smtp: ${{SMTP_URL}} # smtp://user:password@host:587\n"
            f"    from: {_quoted(mails[0])}\n    to: [{', '.join(map(_quoted, mails))}]"
        )
    if "slack" in map(str.lower, parts):
        made["desk-slack"] = '  desk-slack: {type: slack, webhook: "${SLACK_WEBHOOK_URL}"}'
    if not made or "screen" in map(str.lower, parts):
        made["screen"] = (
            "  screen: {type: console} # prints alerts where the service runs; docs/channels.md has the others"
        )
    return made


def _every(said: Sequence[str]) -> str:
    text = ",".join(said)
    try:
        return str(values.interval(text, timedelta(seconds=1), timedelta(days=30)))
    except PydanticCustomError as error:
        what = (error.context or {}).get("said", "is not a duration")
        raise click.UsageError(f"{text!r} {what}: write 30s, 5m, 2h or 7d") from None


def _feeds(sites: Sequence[str]) -> str:
    lines: list[str] = []
    screen = Console(stderr=True)
    for site in sites:
        url = plainly(site if "://" in site else f"https://{site}")
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
        lines += [f"  - url: {_quoted(one.url)} # {plainly(one.title)[:60]}" for one in found[:3]]
    sandbox.close()
    http.close()
    if not any(line.startswith("  - ") for line in lines):
        lines.append(f"  - url: {GOOGLE} # a search for each name\n    every: 10m")
    return "\n".join(dict.fromkeys(lines))  # two addresses of one site name the same feeds


def _quoted(text: str) -> str:
    """A text as YAML writes it on one line, with quotes where it needs them; no variable is meant in it."""
    plain = text.replace("${", "$${")
    return yaml.safe_dump(plain, allow_unicode=True, width=10_000).removesuffix("...\n").strip()


def _no_file(name: str) -> bytes:
    raise OSError(name)
