"""How one alert goes to one channel, as the desk wants it: at once, in the next digest, or not at all. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from worker.types import Verdict
from worker.watchlist.model import Watchlist, Wish
from worker.watchlist.times import Rate, Times

_NO_WISH = Wish()


class Way(StrEnum):
    """What becomes of a delivery; the values are the states of its row."""

    SEND = "pending"
    HOLD = "held"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Plan:
    """The way of a delivery, from when on, and for what reason; the reason is empty for one that goes out at once."""

    way: Way
    due: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell: the verdict, the story, and the named entities, each with whether it is central."""

    verdict: Verdict
    story: int
    central: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Mutes:
    """What the desk does not want to hear of at the moment, and until when (None: until it says so)."""

    stories: Mapping[int, datetime | None]
    entities: Mapping[str, datetime | None]


def plan(channel: str, news: News, watchlist: Watchlist, mutes: Mutes, *, full: Collection[str], now: datetime) -> Plan:
    """Decide how ``channel`` is told of ``news``.

    ``full`` names the entities that have used up what their ``at_most`` allows on this channel. An article that names
    several entities goes out for the one that wants it soonest: whoever wants to know is told.
    """
    if news.story in mutes.stories:
        return Plan(Way.SILENT, now, f"story {news.story} is muted{_until(mutes.stories[news.story])}")
    config = watchlist.channels[channel]
    named = [entity.name for entity in watchlist.entities if entity.name in news.central and channel in entity.notify]
    named = named or list(news.central)  # a feed's own channel is told whoever is named
    heard = [name for name in named if name not in mutes.entities]
    if not heard:
        ends = _until(mutes.entities[named[0]])
        return Plan(Way.SILENT, now, f"{_list(named)} {'is' if len(named) == 1 else 'are'} muted{ends}")
    wanted = [name for name in heard if _wants(config.only, news, name)]
    if not wanted:
        return Plan(Way.SILENT, now, f"{channel} wants only: {_list(config.only)}")
    asking = [name for name in wanted if _wants(_wish(watchlist, name).only, news, name)]
    if not asking:
        name = wanted[0]
        return Plan(Way.SILENT, now, f"{name} is wanted only: {_list(_wish(watchlist, name).only)}")
    plans = [_when(channel, name, watchlist, name in full, now) for name in asking]
    return min(plans, key=lambda one: (one.way is not Way.SEND, one.due))


def _when(channel: str, name: str, watchlist: Watchlist, full: bool, now: datetime) -> Plan:
    config, wish = watchlist.channels[channel], _wish(watchlist, name)
    times = config.digest if wish.digest is None else wish.digest
    if times is not None and not times.never:
        return Plan(Way.HOLD, times.after(now, zone(channel, watchlist)), "waits for the digest")
    if full and wish.at_most is not None:
        due = Times(every=wish.at_most.per).after(now, zone(channel, watchlist))
        return Plan(Way.HOLD, due, f"more than {rate(wish.at_most)} of {name}; waits for the digest")
    return Plan(Way.SEND, quiet_until(channel, watchlist, now) or now)


def next_digest(channel: str, watchlist: Watchlist, now: datetime) -> datetime:
    """When what is too much for the channel goes out: with its next digest, else when its limit's time is over."""
    config = watchlist.channels[channel]
    times = config.digest
    if times is None or times.never:
        times = Times(every=config.at_most.per) if config.at_most is not None else None
    return now if times is None else times.after(now, zone(channel, watchlist))


def quiet_until(channel: str, watchlist: Watchlist, now: datetime) -> datetime | None:
    """When the channel's quiet hours end; None outside of them."""
    quiet = watchlist.channels[channel].quiet
    return quiet.end_after(now, zone(channel, watchlist)) if quiet is not None else None


def zone(channel: str, watchlist: Watchlist) -> ZoneInfo:
    """The time zone in which the channel's times are meant."""
    return ZoneInfo(watchlist.channels[channel].time_zone or watchlist.time_zone)


def rate(limit: Rate) -> str:
    """A limit as the desk reads it."""
    minutes = int(limit.per.total_seconds() // 60)
    return f"{limit.count} in {minutes} minute{'' if minutes == 1 else 's'}"


def _wish(watchlist: Watchlist, name: str) -> Wish:
    return watchlist.wishes.get(name, _NO_WISH)


def _wants(only: Collection[str], news: News, name: str) -> bool:
    verdicts = {word for word in only if word != "central"}
    return (not verdicts or news.verdict.value in verdicts) and ("central" not in only or news.central[name])


def _until(until: datetime | None) -> str:
    return "" if until is None else f" until {until:%Y-%m-%d %H:%M} UTC"


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
