"""How long is waited after a failure, as a table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from worker.alerts.channel import Blame
from worker.alerts.deliver import backoff, probe

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("blame", "down", "expected"),
    [
        (Blame.SERVER, 0, 5),
        (Blame.SERVER, -3600, 5),  # the clock was set back
        (Blame.SERVER, 15 * 60, 5),
        (Blame.SERVER, 3600, 20),
        (Blame.SERVER, 24 * 3600, 60),
        (Blame.LOGIN, 0, 30),
        (Blame.LOGIN, 24 * 3600, 60),
    ],
)
def test_a_channel_that_is_down_is_tried_again_soon(blame: Blame, down: int, expected: int) -> None:
    assert probe(blame, down * SECOND) == expected * SECOND


@pytest.mark.parametrize(("attempts", "most"), [(0, 10), (1, 10), (2, 20), (3, 40), (10, 3600), (1000, 3600)])
def test_an_alert_that_is_put_off_waits_longer_each_time(attempts: int, most: int) -> None:
    assert backoff(attempts, 0.5) == most * SECOND / 2
    assert backoff(attempts, 0.0) == timedelta(0)
