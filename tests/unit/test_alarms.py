from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from worker.alarms import FeedPicture, Picture, Waiting, holding

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FEED = FeedPicture("Wire", "https://wire.example/rss", 5 * MINUTE, last_success=NOW - MINUTE, last_day=30, same_day=35)
WELL = Picture(NOW, alive=NOW, tick=NOW, feeds=[FEED])
BUSY: dict[str, Any] = {"last_day": 0, "per_day": 40.0, "days": 7.0}
AWAY: dict[str, Any] = {"failures": 4, "last_success": NOW - HOUR, "error": "answered 404"}


def keys(picture: Picture) -> list[str]:
    return [alarm.key.partition(":")[0] for alarm in holding(picture)]


def test_a_service_that_is_well_raises_no_alarm() -> None:
    assert keys(WELL) == []


@pytest.mark.parametrize(
    ("what", "feed", "expected"),
    [
        ("an hour without a success", AWAY, ["failing"]),
        ("never read at all", {"failures": 1, "last_success": None}, ["failing"]),
        ("not asked often, and away for hours", {"failures": 1, "last_success": NOW - 3 * HOUR}, ["failing"]),
        ("away for some minutes", {"failures": 4, "last_success": NOW - 9 * MINUTE}, []),
        ("two failures of a slow feed", {"failures": 2, "last_success": NOW - 9 * HOUR, "every": 3 * HOUR}, []),
        ("a slow feed, late as it is", {**AWAY, "every": HOUR}, []),
        ("none for a day instead of 40", BUSY, ["silent"]),
        ("none on a Sunday, as on the last", {**BUSY, "same_day": 0}, []),
        ("none for a day, known for two", {**BUSY, "same_day": 0, "days": 2.5}, ["silent"]),
        ("none for a day, known since yesterday", {**BUSY, "days": 1.0}, []),
        ("none for a day of a slow feed", {**BUSY, "per_day": 4.0}, []),
        ("not read since the service was stopped", {**BUSY, "last_success": NOW - 20 * HOUR}, []),
        ("nine of ten pages are walls", {"pages": 10, "walled": 9, "wall": "the page is a consent form"}, ["walled"]),
        ("half of the pages are walls", {"pages": 10, "walled": 5}, []),
        ("two pages, both walls", {"pages": 2, "walled": 2}, []),
        ("two polls without overlap", {"outran": True}, ["outran"]),
    ],
)
def test_a_feed_raises_what_a_person_should_look_at_and_nothing_else(
    what: str, feed: dict[str, Any], expected: list[str]
) -> None:
    assert keys(replace(WELL, feeds=[replace(FEED, **feed)])) == expected, what


@pytest.mark.parametrize(
    ("what", "service", "expected"),
    [
        ("never run", {"alive": None, "tick": None}, ["service"]),
        ("no life for three minutes", {"alive": NOW - 3 * MINUTE, "tick": NOW - 4 * MINUTE}, ["service"]),
        ("life in the future: the clock was set back", {"alive": NOW + HOUR}, ["service"]),
        ("the watchdog's ticks alone", {"tick": NOW - 4 * MINUTE}, ["tick"]),
        ("started a moment ago", {"tick": None}, []),
        ("a queue that nobody works off", {"late_articles": 10}, ["articles"]),
        ("a page that is slow", {"late_articles": 1}, []),
        ("feeds that wait for their turn", {"late_feeds": 1}, ["polls"]),
        ("deliveries wait", {"waiting": [Waiting("mail", 2, "refused", told=False)]}, ["waiting"]),
        ("dead letters", {"dead": 1}, ["dead"]),
        ("a fault of ours", {"failed": 1}, ["failed"]),
        ("a bad edit", {"refused": "watchlist.yaml:3:1: what is this"}, ["refused"]),
    ],
)
def test_the_service_raises_what_a_person_should_look_at(
    what: str, service: dict[str, Any], expected: list[str]
) -> None:
    assert keys(replace(WELL, **service)) == expected, what


def test_feeds_that_all_fail_are_one_alarm() -> None:
    feeds = [replace(FEED, **AWAY, url=f"https://{number}.example/rss") for number in range(200)]
    [alarm] = holding(replace(WELL, feeds=feeds))
    assert alarm.title == "200 of 200 feeds fail"
    assert keys(replace(WELL, feeds=[*feeds[:6], *[FEED] * 20])) == ["failing"] * 6


def test_what_the_desk_hears_in_another_way_is_shown_and_not_told() -> None:
    picture = replace(WELL, alive=None, dead=3, refused="bad", waiting=[Waiting("mail", 1, "", told=True)])
    assert all(alarm.quiet for alarm in holding(picture))
    assert not any(alarm.quiet for alarm in holding(replace(WELL, feeds=[replace(FEED, **AWAY)], late_feeds=2)))
