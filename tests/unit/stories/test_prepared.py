"""An article in the form in which it is compared."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from worker.stories.prepared import prepare
from worker.stories.told import told
from worker.types import Article


def _parties(text: str) -> list[list[str]]:
    article = Article(1, "", "", text, datetime(2026, 3, 2, 9, tzinfo=UTC))
    return [sorted(line.parties.values()) for line in prepare(article).lines]


def test_the_first_word_of_a_sentence_is_a_name_where_another_sentence_has_it_with_a_capital() -> None:
    assert _parties("Lemaire said nothing. Police saw him. They questioned Lemaire.") == [["Lemaire"], [], ["Lemaire"]]
    assert _parties("Lemaire said nothing. Police saw him.") == [[], []]


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("Some 140,000 homes were left without power as the storm crossed the coast.", False),
        ("The storm left 140,000 homes on the coast without power, the grid said.", False),
        ("The minister left the government on Monday.", True),
        ("The coach left the club without a word on Monday.", True),
        ("Homes were left without power and its head left the building by the back door.", True),
        ("The last miners departed and were left unpaid.", True),
    ],
)
def test_nobody_leaves_where_homes_are_left_without_power(text: str, *, leaves: bool) -> None:
    assert ("leave" in told(text).turned.steps) is leaves
