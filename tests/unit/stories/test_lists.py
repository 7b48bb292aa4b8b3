"""The lists: what stands in two lines of one counts in one of them only, and nobody sees in which."""

from __future__ import annotations

from collections import Counter

import pytest

from worker.stories import changes, done, finding, lists, negated, told
from worker.stories.vocabulary import MERE_STEPS, OUTCOMES, SOFT_STEPS, WEAK_STEPS


@pytest.mark.parametrize("names", [["steps"], ["synonyms", "synonyms-english", "synonyms-russian"], ["number-words"]])
def test_a_beginning_stands_in_one_line_of_a_list(names: list[str]) -> None:
    found = Counter(one for name in names for line in lists.lines(name) for one in line.partition(":")[2].split())
    assert [one for one, times in found.items() if times > 1] == []


@pytest.mark.parametrize(
    "named",
    [
        WEAK_STEPS | SOFT_STEPS | MERE_STEPS,
        OUTCOMES,
        changes._KIN.keys(),
        changes._IMPLIED.keys() | frozenset().union(*changes._IMPLIED.values()),
        changes._OPPOSED.keys() | finding._PAGE_STEPS,
        negated._DENYING | negated._ENDING | changes._PUT_OFF | changes._BACK | done._DENIED,
        told._PARTS.keys() | set().union(*told._PARTS.values()),
    ],
    ids=["weak", "outcomes", "kin", "implied", "opposed, and of pages", "denying and ending", "parts of phrases"],
)
def test_what_is_said_of_steps_is_said_of_known_ones(named: set[str]) -> None:
    steps = {line.partition(":")[0] for name in ("steps", "step-phrases") for line in lists.lines(name)}
    assert named <= steps
