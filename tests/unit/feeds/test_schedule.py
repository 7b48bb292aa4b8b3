from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.feeds.schedule import Failure, after_failure, after_success, ask_in_full

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
EVERY = timedelta(minutes=5)
PASSING = (Failure.UNREACHABLE, Failure.SERVER_ERROR)


def test_a_feed_that_says_nothing_is_polled_at_the_watchlists_interval() -> None:
    following = after_success(NOW, EVERY)
    assert following.at == NOW + EVERY
    assert following.reason == "every 5m"


@pytest.mark.parametrize(
    ("ttl", "max_age", "minutes", "words"),
    [
        (timedelta(minutes=1), None, 5, "every 5m"),
        (timedelta(minutes=8), None, 8, "the feed asks"),
        (timedelta(days=1), None, 10, "the feed asks to be read every 1d"),
        (None, timedelta(minutes=9), 9, "the server asks"),
        (timedelta(minutes=6), timedelta(minutes=7), 7, "the server asks"),
    ],
)
def test_a_publishers_wish_stretches_the_interval_to_twice_at_most(
    ttl: timedelta | None, max_age: timedelta | None, minutes: int, words: str
) -> None:
    following = after_success(NOW, EVERY, ttl=ttl, max_age=max_age)
    assert following.at == NOW + timedelta(minutes=minutes)
    assert words in following.reason


@pytest.mark.parametrize("failure", Failure)
@pytest.mark.parametrize("failures", [0, 1, 5, 50, 10_000])
@pytest.mark.parametrize("draw", [0.0, 0.5, 0.999])
def test_no_feed_is_given_up_and_none_is_hammered(failure: Failure, failures: int, draw: float) -> None:
    wait = after_failure(NOW, EVERY, failure, failures, draw=draw).at - NOW
    assert timedelta(seconds=5) <= wait <= timedelta(days=1)


@pytest.mark.parametrize("failure", Failure)
def test_waits_grow_with_every_failure_up_to_a_bound(failure: Failure) -> None:
    waits = [after_failure(NOW, EVERY, failure, count, draw=0.9).at for count in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[-1] == waits[-2]


def test_what_passes_by_itself_is_tried_again_soon() -> None:
    assert all(after_failure(NOW, EVERY, kind, 1, draw=0.9).at - NOW <= timedelta(minutes=1) for kind in PASSING)
    assert after_failure(NOW, EVERY, Failure.GONE, 1, draw=0.0).at - NOW >= timedelta(hours=12)


def test_a_slow_feed_is_not_polled_faster_because_it_fails_for_long() -> None:
    day = timedelta(days=1)
    assert after_failure(NOW, day, Failure.UNREACHABLE, 50, draw=0.999).at - NOW > timedelta(hours=12)


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        (timedelta(seconds=0), timedelta(seconds=5), timedelta(seconds=6)),
        (timedelta(hours=2), timedelta(hours=2), timedelta(hours=2, minutes=1)),
        (timedelta(days=30), timedelta(days=1), timedelta(days=1, minutes=1)),
    ],
)
def test_retry_after_is_kept_to(asked: timedelta, least: timedelta, most: timedelta) -> None:
    following = after_failure(NOW, EVERY, Failure.THROTTLED, 1, draw=0.9, retry_after=asked)
    assert least <= following.at - NOW <= most
    assert "asks to wait" in following.reason


def test_now_and_then_a_feed_is_asked_in_full() -> None:
    assert [ask_in_full(draw) for draw in (0.0, 0.04, 0.05, 0.99)] == [True, True, False, False]
