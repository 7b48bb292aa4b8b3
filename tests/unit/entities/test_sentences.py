"""The sentences written by hand, read as the benchmark reads them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from bench.names import DATA, FOLDERS, Find, cases, files, judge, own, watched

FILES = [path.relative_to(DATA).as_posix() for folder in FOLDERS for path in files(folder)]


@lru_cache
def finder(folder: Path) -> Find:
    return own(tuple(watched(folder).values()))


@pytest.mark.parametrize("name", FILES)
def test_names_in_running_text_are_found_and_others_are_not(name: str) -> None:
    path = DATA / name
    score, failures = judge(cases(watched(path.parent), path), finder(path.parent))
    shown = "\n".join(f"{case.place} {case.text}: want {case.expected}, have {found}" for case, found in failures)
    assert score.right + score.wrong + score.missed
    assert score.recall >= 0.99, shown
    assert score.precision >= 0.99, shown
