"""When a channel wants to be told: how it is written, and what comes of it on the clocks of a zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic_core import PydanticCustomError

from worker.types import Entity
from worker.watchlist import WatchlistError, parse
from worker.watchlist.model import Watchlist, Wish
from worker.watchlist.times import Rate, Times, read_hours, read_rate, read_times

RIGA = ZoneInfo("Europe/Riga")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read(text: str) -> Watchlist:
    def no_opml(name: str) -> bytes:
        raise FileNotFoundError(2, "No such file or directory", name)

    return parse(text, "w.yaml", {}, no_opml)


@pytest.mark.parametrize(
    ("digest", "moment", "expected"),
    [
        ("08:00, 17:00", "2026-01-05T05:59", "2026-01-05T06:00"),  # Riga is two hours ahead in winter
        ("08:00, 17:00", "2026-01-05T06:00", "2026-01-05T15:00"),
        ("17:00,8:00", "2026-01-05T15:00", "2026-01-06T06:00"),
        ("08:00", "2026-03-28T12:00", "2026-03-29T05:00"),  # the night in which the clocks are put forward
        ("03:30", "2026-03-28T12:00", "2026-03-29T01:30"),  # a time that this night has not
        ("03:30", "2026-10-24T12:00", "2026-10-25T00:30"),  # a time that this night has twice: the first
        ("every 2h", "2026-01-05T05:59", "2026-01-05T06:00"),
        ("every 2h", "2026-01-05T06:00", "2026-01-05T08:00"),
        ("every 7h", "2026-01-05T20:00", "2026-01-05T22:00"),  # from midnight on, each day
        ("every 1d", "2026-01-05T20:00", "2026-01-05T22:00"),
        ("every 30m", "2026-10-25T00:30", "2026-10-25T01:00"),  # the hour from 03:00 comes a second time
        ("every 30m", "2026-10-25T01:30", "2026-10-25T02:00"),
        ("03:30", "2026-10-25T00:30", "2026-10-26T01:30"),
    ],
)
def test_the_next_digest_follows_the_clocks_of_the_zone(digest: str, moment: str, expected: str) -> None:
    assert read_times(digest).after(at(moment), RIGA) == at(expected)


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        ("22:00-07:00", "2026-01-05T19:59", None),
        ("22:00-07:00", "2026-01-05T20:00", "2026-01-06T05:00"),
        ("22:00-07:00", "2026-01-06T04:59", "2026-01-06T05:00"),
        ("22:00-07:00", "2026-01-06T05:00", None),
        ("12:00 - 13:30", "2026-01-06T11:00", "2026-01-06T11:30"),
        ("12:00 - 13:30", "2026-01-06T12:00", None),
    ],
)
def test_quiet_hours_may_reach_over_midnight(hours: str, moment: str, expected: str | None) -> None:
    assert read_hours(hours).end_after(at(moment), RIGA) == (at(expected) if expected else None)


def test_a_limit_says_how_many_in_what_time() -> None:
    assert read_rate("10 per hour") == Rate(10, timedelta(hours=1))
    assert read_rate("3 per 10m") == Rate(3, timedelta(minutes=10))


def test_a_digest_may_be_a_list_or_never() -> None:
    assert read_times(["08:00", "17:00"]) == read_times("8:00, 17:00")
    assert read_times("never") == Times()


@pytest.mark.parametrize("wrong", ["25:00", "8", "08:00-09:00", "every", "every 2 h", "every 2d", "", [], {}, None])
def test_what_is_no_digest_is_refused(wrong: object) -> None:
    with pytest.raises(PydanticCustomError):
        read_times(wrong)


def test_channels_and_entities_say_how_they_want_to_be_told() -> None:
    watchlist = read(
        "channels:\n"
        "  a: {type: console, digest: '08:00, 17:00', quiet: 22:00-07:00, at_most: 10 per hour, only: [new, central]}\n"
        "  b: {type: console, digest: [08:00, 17:00], time_zone: America/New_York, only: new}\n"
        "defaults: {time_zone: Europe/Riga, notify: [a], notify_by_kind: {person: [b]}}\n"
        "entities:\n"
        "  - {name: Acme, digest: never, at_most: 3 per day, only: update}\n"
        "  - {name: Gleb K, kind: person}\n"
        "  - {name: Ann B, kind: person, notify: [a]}\n"
    )
    a, b = watchlist.channels.values()
    assert a.digest == b.digest == read_times("08:00, 17:00")
    assert (a.quiet, a.at_most) == (read_hours("22:00-07:00"), Rate(10, timedelta(hours=1)))
    assert (a.only, b.only) == (("new", "central"), ("new",))
    assert (a.time_zone, b.time_zone, watchlist.time_zone) == (None, "America/New_York", "Europe/Riga")
    assert watchlist.wishes == {"Acme": Wish(Times(), Rate(3, timedelta(days=1)), ("update",))}
    assert [entity.notify for entity in watchlist.entities] == [("a",), ("b",), ("a",)]
    assert isinstance(watchlist.entities[0], Entity)


@pytest.mark.parametrize(
    ("key", "said", "hint"),
    [
        ("digest: 8am", "is no time for a digest", "08:00, 17:00"),
        ("digest: every 5 minutes", "is no time for a digest", "every 2h"),
        ("digest: every 5min", "is not a duration", "5m"),
        ("quiet: at night", "are no hours", "22:00-07:00"),
        ("quiet: 07:00-07:00", "begin and end at the same time", ""),
        ("at_most: ten", "is no limit", "10 per hour"),
        ("at_most: 0 per hour", "is no limit", "10 per hour"),
        ("only: [new, important]", "cannot be asked for", "new, update, central"),
        ("time_zone: Riga", "is no time zone", "Europe/Riga"),
        ("time_zone: ../etc/passwd", "is no time zone", "Europe/Riga"),
        ("digset: 08:00", "unknown key `digset`", "digest"),
    ],
)
def test_a_wrong_wish_is_told_with_its_place(key: str, said: str, hint: str) -> None:
    with pytest.raises(WatchlistError) as caught:
        read(f"channels:\n  a:\n    type: console\n    {key}\nentities: [{{name: Acme}}]\n")
    (problem,) = caught.value.problems
    assert problem.line == 4
    assert said in str(problem)
    assert hint in str(problem)
