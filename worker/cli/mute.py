"""``wirewatch mute``, ``wirewatch unmute`` and ``wirewatch mutes``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

import click
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session

from worker import migrate
from worker.cli.opened import opened
from worker.cli.output import as_json, dump, say, table, when
from worker.db import reading, writing
from worker.models import Mute, Story
from worker.runtime import runtime
from worker.settings import settings
from worker.store import archive, mutes
from worker.watchlist.checks import same_name
from worker.watchlist.values import duration

LONGEST = timedelta(days=3650)
_DIGITS = 20
"""Of the longest number that is looked up."""


def _matter(session: Session, what: str) -> str:
    """What a mute is of: the number of a story, or the name of an entity of the watchlist."""
    if what.isdecimal():
        if len(what) > _DIGITS or archive.story_of(session, int(what)) is None:
            raise click.ClickException(f"there is no story {what}; `wirewatch stories` lists them")
        return f"{mutes.STORY}{int(what)}"
    names = {same_name(entity.name): entity.name for entity in runtime().watch().watchlist.entities}
    if same_name(what) not in names:
        close = get_close_matches(same_name(what), names, 1)
        meant = f" (did you mean {names[close[0]]}?)" if close else ""
        raise click.ClickException(f"{what} is neither the number of a story nor an entity of the watchlist{meant}")
    return f"{mutes.ENTITY}{names[same_name(what)]}"


def _length(_context: click.Context, _parameter: click.Parameter, value: str | None) -> timedelta | None:
    if value is None:
        return None
    try:
        return duration(value, timedelta(minutes=1), LONGEST)
    except PydanticCustomError as error:
        said = error.context or {}
        raise click.BadParameter(f"{value} {said.get('said')}; {said.get('hint')}") from None


def _words(matter: str) -> str:
    kind, _, name = matter.partition(":")
    return f"{kind} {name}"


def _end(until: datetime | None) -> str:
    return "until `wirewatch unmute`" if until is None else f"until {when(until)} UTC"


@click.command()
@click.argument("what", metavar="STORY|ENTITY")
@click.option(
    "--for", "length", metavar="TIME", callback=_length, help="How long: 30m, 8h, 7d. Default: until unmuted."
)
@as_json
def mute(what: str, length: timedelta | None, as_json: bool) -> None:
    """Send no alerts on a story or an entity, for a time or until `wirewatch unmute`.

    Everything is still read, judged and put on record: `wirewatch story` and `wirewatch why` show it. An article that
    also names an entity which is not muted is sent as ever. What of a muted story waits to be sent is not sent either.

    \b
    Examples:
      wirewatch mute 12 --for 8h
      wirewatch mute "Gleb Kostarev" --for 2d
    """
    migrate.upgrade(settings().database_url)
    now = datetime.now(UTC)
    until = now + length if length is not None else None
    with writing(runtime().engine) as session:
        matter = _matter(session, what)
        mutes.mute(session, matter, until, now)
        stopped = mutes.stop(session, int(what), now) if matter.startswith(mutes.STORY) else 0
    if as_json:
        dump({"muted": matter, "until": until, "stopped": stopped})
        return
    say(f"{_words(matter)} is muted {_end(until)}" + (f"; {stopped} that waited will not be sent" if stopped else ""))


@click.command()
@click.argument("what", metavar="STORY|ENTITY")
@as_json
def unmute(what: str, as_json: bool) -> None:
    """End a mute. What was kept silent stays so; `wirewatch story` shows it.

    \b
    Example:
      wirewatch unmute 12
    """
    with writing(opened()) as session:
        # An entity that has left the watchlist can still be unmuted.
        known = {
            same_name(one.matter.partition(":")[2]): one.matter for one in mutes.listed(session, datetime.now(UTC))
        }
        matter = known.get(same_name(what)) or _matter(session, what)
        ended = mutes.unmute(session, matter)
    if ended is None:
        raise click.ClickException(f"{_words(matter)} is not muted; `wirewatch mutes` lists what is")
    dump({"unmuted": matter}) if as_json else say(f"{_words(matter)} is told of again")


@click.command()
@as_json
def listed(as_json: bool) -> None:
    """List what is muted, and until when.

    \b
    Example:
      wirewatch mutes
    """
    with reading(opened()) as session:
        found: list[tuple[Mute, str]] = []
        for one in mutes.listed(session, datetime.now(UTC)):
            kind, _, name = one.matter.partition(":")
            story = session.get(Story, int(name)) if kind == "story" else None
            found.append((one, story.title if story is not None else ""))
    if as_json:
        dump(
            [{"muted": one.matter, "title": title, "since": one.created_at, "until": one.until} for one, title in found]
        )
    elif not found:
        say("nothing is muted")
    else:
        rows = ((_words(one.matter), title, when(one.created_at), _end(one.until)) for one, title in found)
        table("", ("muted", "title", "since", "until"), rows)
