"""Of what a sentence counts another number than the known one."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("was", "now", "alerts"),
    [
        (
            "One passenger died and 11 were hurt when two trains collided near Vesse, rescuers said on Monday.",
            "Two passengers died and 11 were hurt when two trains collided near Vesse, rescuers said on Monday.",
            True,
        ),
        (
            "Один человек погиб в ДТП с двумя автобусами под Вязовом, сообщили спасатели.",
            "Два человека погибли в ДТП с двумя автобусами под Вязовом, сообщили спасатели.",
            True,
        ),
        (
            "Two of the seven piers of the bridge are of other concrete than was planned, the city said.",
            "Of the seven piers of the bridge, two are of other concrete than was planned, the city said.",
            False,
        ),
    ],
)
def test_one_more_of_what_was_counted_is_news(theft: Any, was: str, now: str, *, alerts: bool) -> None:
    assert theft.alerts((was, *theft.body), (now, *theft.body)) is alerts
    assert theft.alerts((was, *theft.body), (now, *theft.edited)) is alerts
