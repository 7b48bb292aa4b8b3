from __future__ import annotations

import pytest

from worker.entities.central import centrality
from worker.types import Mention

TEXT = "One opens the story. Two goes on. Three adds a detail.\n" + "Filler stands here. " * 40 + "Last of all."


def at(*starts: int, field: str = "text") -> list[Mention]:
    return [Mention("X", "X", field, start, start + 1, "", "") for start in starts]


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        (at(3, field="title"), "central"),
        (at(TEXT.index("Two")), "central"),
        (at(TEXT.index("Three")), "passing"),
        (at(TEXT.index("Last")), "passing"),
        (at(200, 400, 500), "central"),
        (at(700, 720, 740), "passing"),
        (at(700, 720, 740, 760), "central"),
        (at(0, field="byline"), "passing"),
        ([], "passing"),
    ],
)
def test_central_is_what_title_lead_or_number_show(mentions: list[Mention], expected: str) -> None:
    assert centrality(mentions, "A title", TEXT) == expected


def test_a_headline_repeated_in_the_text_is_not_the_lead() -> None:
    text = f"A title\n{TEXT}"
    assert centrality(at(text.index("Two")), "A title", text) == "central"
