"""What the desk wants to hear, when, and what it does not: one table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from servers.archive import watchlist
from worker.alerts.wishes import Mutes, News, Way, plan
from worker.types import Entity, Verdict
from worker.watchlist.model import Watchlist, Wish
from worker.watchlist.times import Rate, Times, read_times

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ONE, HALF_PAST = NOON + timedelta(hours=1), NOON + timedelta(minutes=30)
EIGHT, FIVE = NOON + timedelta(hours=20), NOON + timedelta(hours=5)
SEND = (Way.SEND, NOON)
NOTHING = Mutes({}, {})
HOURLY = Rate(3, timedelta(hours=1))


def watching(wishes: dict[str, Wish] | None = None, **desk: Any) -> Watchlist:
    made = watchlist(desk={"type": "console", **desk}, other={"type": "console"})
    entities = (Entity("Acme", notify=("desk",)), Entity("Bo", notify=("desk",)), Entity("Far", notify=("other",)))
    return replace(made, entities=entities, wishes=wishes or {})


def news(*central: str, passing: tuple[str, ...] = (), verdict: Verdict = Verdict.NEW) -> News:
    return News(verdict, 7, {**dict.fromkeys(central, True), **dict.fromkeys(passing, False)})


@pytest.mark.parametrize(
    ("given", "told", "mutes", "full", "expected"),
    [
        (watching(), news("Acme"), NOTHING, (), SEND),
        # mutes
        (watching(), news("Acme"), Mutes({7: None}, {}), (), (Way.SILENT, NOON)),
        (watching(), news("Acme"), Mutes({8: None}, {}), (), SEND),
        (watching(), news("Acme"), Mutes({}, {"Acme": FIVE}), (), (Way.SILENT, NOON)),
        (watching(), news("Acme", "Bo"), Mutes({}, {"Acme": FIVE}), (), SEND),
        (watching(), news("Acme", "Far"), Mutes({}, {"Acme": FIVE}), (), (Way.SILENT, NOON)),
        (watching(), news("Far"), NOTHING, (), SEND),  # the feed's channel
        # only
        (watching(only="new"), news("Acme"), NOTHING, (), SEND),
        (watching(only="new"), news("Acme", verdict=Verdict.UPDATE), NOTHING, (), (Way.SILENT, NOON)),
        (watching(only=["new", "update"]), news("Acme", verdict=Verdict.UPDATE), NOTHING, (), SEND),
        (watching(only="central"), news(passing=("Acme",)), NOTHING, (), (Way.SILENT, NOON)),
        (watching(only="central"), news("Bo", passing=("Acme",), verdict=Verdict.UPDATE), NOTHING, (), SEND),
        (watching({"Acme": Wish(only=("central",))}), news(passing=("Acme",)), NOTHING, (), (Way.SILENT, NOON)),
        (watching({"Acme": Wish(only=("central",))}), news(passing=("Acme", "Bo")), NOTHING, (), SEND),
        # digests
        (watching(digest="08:00, 17:00"), news("Acme"), NOTHING, (), (Way.HOLD, FIVE)),
        (watching({"Acme": Wish(Times())}, digest="17:00"), news("Acme", "Bo"), NOTHING, (), SEND),
        (watching({"Acme": Wish(read_times("08:00"))}), news("Acme"), NOTHING, (), (Way.HOLD, EIGHT)),
        (watching({"Acme": Wish(read_times("08:00"))}), news("Acme", "Bo"), NOTHING, (), SEND),
        (watching(digest="every 2h", time_zone="Asia/Kolkata"), news("Acme"), NOTHING, (), (Way.HOLD, HALF_PAST)),
        # at_most
        (watching({"Acme": Wish(at_most=HOURLY)}), news("Acme"), NOTHING, ("Acme",), (Way.HOLD, ONE)),
        (watching({"Acme": Wish(at_most=HOURLY)}), news("Acme", "Bo"), NOTHING, ("Acme",), SEND),
        # quiet
        (watching(quiet="11:00-17:00"), news("Acme"), NOTHING, (), (Way.SEND, FIVE)),
    ],
)  # fmt: skip
def test_each_alert_goes_as_the_desk_wants_it(
    given: Watchlist, told: News, mutes: Mutes, full: tuple[str, ...], expected: tuple[Way, datetime]
) -> None:
    made = plan("desk", told, given, mutes, full=full, now=NOON)
    assert (made.way, made.due) == expected
    assert bool(made.reason) == (made.way is not Way.SEND)


def test_the_reason_names_who_and_until_when() -> None:
    muted = plan("desk", news("Acme"), watching(), Mutes({}, {"Acme": FIVE}), full=(), now=NOON)
    assert muted.reason == "Acme is muted until 2026-03-04 17:00 UTC"
    story = plan("desk", news("Acme"), watching(), Mutes({7: None}, {}), full=(), now=NOON)
    assert story.reason == "story 7 is muted"
    only = plan("desk", news("Acme"), watching(only="update"), NOTHING, full=(), now=NOON)
    assert only.reason == "desk wants only: update"
