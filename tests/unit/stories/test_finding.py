"""What a sentence tells that the story has not."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(("where", "alerts"), [("across Burgundy", False), ("and Burgundy Invest", True)])
def test_a_place_put_into_a_retold_lead_is_no_new_name(theft: Any, where: str, *, alerts: bool) -> None:
    lead = (
        f"Dealers {where} face days of questions from police after a man was arrested in Lyon on Monday over the theft "
        "of three pictures from the museum of Saint-Pierre."
    )
    assert theft.alerts((theft.lead, *theft.body), (lead, *theft.edited)) is alerts


@pytest.mark.parametrize(
    ("line", "alerts"),
    [
        ("Radio Monte Rosa 97.3 FM - always with you", False),
        ("PORTAL 24 | Culture | 7:30 pm | editorial desk", False),
        ("Scrolling on you agree with the handling of personal data.", False),
        ("Nine arrested in Marseille", True),
        ("Toll at 14", True),
        ("You will pay more from May, says mayor Anne Legrand.", True),
        ("Ransom: 7 million euros for Saint-Pierre paintings", True),
    ],
)
def test_a_line_of_the_page_is_no_news_and_a_headline_is(theft: Any, line: str, *, alerts: bool) -> None:
    assert theft.alerts((theft.lead, *theft.body), (line, theft.lead, *theft.body)) is alerts


@pytest.mark.parametrize("place", [0, 3, 6])
def test_what_is_said_to_you_in_no_word_of_the_story_is_of_the_page(theft: Any, place: int) -> None:
    text = [theft.lead, *theft.body]
    assert not theft.alerts(
        tuple(text), (*text[:place], "If you scroll on you accept cookies and agree.", *text[place:])
    )
