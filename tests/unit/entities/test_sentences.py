"""The sentences written by hand, read as the benchmark reads them."""

from __future__ import annotations

import pytest

from bench.names import cases, judge, own, watched

ENTITIES = watched()
FIND = own(tuple(ENTITIES.values()))
FILES = ("english.tsv", "russian.tsv", "later.tsv", "languages.tsv", "phrases.tsv", "beside.tsv", "marks.tsv")


@pytest.mark.parametrize("name", FILES)
def test_names_in_running_text_are_found_and_others_are_not(name: str) -> None:
    score, failures = judge(cases(ENTITIES, name), FIND)
    shown = "\n".join(f"{case.place} {case.text}: want {case.expected}, have {found}" for case, found in failures)
    assert score.recall >= 0.99, shown
    assert score.precision >= 0.99, shown
