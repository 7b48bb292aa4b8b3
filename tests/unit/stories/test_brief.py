"""Reasons stay short, however much an article tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.stories.brief import cut, some
from worker.stories.judge import judge
from worker.types import Article, Judgement, Story

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONGEST_REASON = 600
BODY = "The museum in Lyon, which has many visitors, stays open until Wednesday, Claire Vasseur said."


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ((), ""),
        (("12", "13"), "12, 13"),
        (("1", "2", "3", "4"), "1, 2, 3, 4"),
        (("1", "2", "3", "4", "5", "6"), "1, 2, 3, 4 and 2 more"),
        (("a" * 50,), "a" * 39 + "…"),
    ],
)
def test_of_a_list_the_first_are_told_and_how_many_more_there_are(found: tuple[str, ...], told: str) -> None:
    assert some(found) == told


def test_only_the_beginning_of_a_sentence_is_quoted() -> None:
    assert cut("a" * 90) == "a" * 90
    assert cut("a" * 91) == "a" * 89 + "…"


def _judged(known: str, new: str) -> Judgement:
    one = Article(1, "https://one.example/1", "", f"{known}\n\n{BODY}", NOW)
    other = Article(2, "https://other.example/2", "", f"{new}\n\n{BODY}", NOW + timedelta(hours=1))
    return judge(other, [Story(1, (one,))])


@pytest.mark.parametrize(
    ("known", "new"),
    [
        ("Paid in Lyon: {}.", "Paid in Lyon: {}."),
        ("Police in Lyon named {}.", "Police in Lyon named {}."),
        ("Police said: {}", "Police said: {}"),
    ],
)
@pytest.mark.parametrize("what", ["figures", "names", "words", "digits"])
def test_the_reason_is_short_however_much_is_new(known: str, new: str, what: str) -> None:
    lists = {
        "figures": [", ".join(str(number * 1013) for number in range(at, at + 1500)) for at in (1, 3000)],
        "names": [", ".join(f"{one}an{chr(97 + at % 26)}{chr(97 + at // 26)}ov" for at in range(600)) for one in "BD"],
        "words": ["arrested " * 3000, "released " * 3000],
        "digits": ["7" * 20_000, "8" * 20_000],
    }
    judgement = _judged(known.format(lists[what][0]), new.format(lists[what][1]))
    assert len(judgement.reason) <= LONGEST_REASON
    assert all(len(reason) <= LONGEST_REASON for reason in judgement.evidence.get("developments", ()))
