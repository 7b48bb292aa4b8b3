"""What hung on another verb and is told as done."""

from __future__ import annotations

from typing import Any

import pytest

WORKS = (
    "The shipyard of Halvard in Bergen stood still for a third day on Wednesday, the harbour master said.",
    "Forty men were sent home in the morning with a letter in which nothing is said of wages.",
)


@pytest.mark.parametrize(
    ("was", "now", "alerts"),
    [
        ("Halvard refused to sell its dock in Oslo on Monday.", "Halvard sold its dock in Oslo on Monday.", True),
        ("Halvard wants to cut its rent for the dock.", "Halvard cut its rent for the dock.", True),
        ("A clerk tried to flee the country, police said.", "A clerk fled the country, police said.", True),
        ("Суд отказался арестовать директора верфи Панова.", "Суд арестовал директора верфи Панова.", True),
        ("Halvard failed to report 14 sales in time.", "Halvard did not report 14 sales in time.", False),
        ("Halvard refused to sell its dock in Oslo on Monday.", "Halvard refused on Monday to sell its dock.", False),
        ("Halvard plans to sell its dock in Oslo.", "Halvard is going to sell its dock in Oslo.", False),
        ("Суд отказался арестовать директора верфи Панова.", "Суд отказал в аресте директора верфи Панова.", False),
    ],
)
def test_what_was_refused_or_tried_and_is_done_is_news_wherever_it_stands(
    theft: Any, was: str, now: str, *, alerts: bool
) -> None:
    assert theft.alerts((*WORKS, was, *theft.body), (*WORKS, now, *theft.edited)) is alerts
