"""Strings that every match of a pattern has: a pattern is tried only where one of them stands."""

from __future__ import annotations

import pytest

from worker.stories.literals import literals


@pytest.mark.parametrize(
    ("pattern", "certain"),
    [
        (r"\bstepped down\b", ("stepped down",)),
        (r"\bseek(?:s|ing)? damages\b", (" damages",)),
        (r"\b(?:laid off|show(?:n|ed)? the door)\b", ("laid off", " the door")),
        (r"\b(?:on the run|at\w*)\b", ()),
        (r"colou?rs of", ("rs of",)),
        (r"\(corrected\)", ("corrected",)),
        (r"(?<!not )guilty", ("guilty",)),
        (r"(?:un)?(?:known|seen) man", ("known", "seen")),
        (r"(?:named ){2,3}twice", ("twice",)),
        (r"(?:(?:one|two) )+shots?", ("shot",)),
        (r"\b(?:rais|lift)\w+ the (?:death )?toll", ("rais", "lift")),
        (r"[abc]{3}|def", ()),
        (r"ab+c", ()),
        ("", ()),
    ],
)
def test_every_match_has_one_of_the_strings(pattern: str, certain: tuple[str, ...]) -> None:
    assert literals(pattern) == certain
