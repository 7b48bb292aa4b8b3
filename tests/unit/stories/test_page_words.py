"""Lines of pages are told from sentences of reports by their words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from worker.stories.boilerplate import body
from worker.stories.page_words import likeness

DATA = Path(__file__).parents[2] / "data"


SETS = ("seen", "unseen")


def _recognised(lines: list[str]) -> float:
    return sum(likeness(line) > 0 for line in lines) / len(lines)


def test_most_lines_of_pages_read_like_it() -> None:
    """Also those of which no weight was made."""
    seen, unseen = ((DATA / "page-lines" / f"{name}.txt").read_text(encoding="utf-8").splitlines() for name in SETS)
    assert _recognised(seen) > 0.8
    assert _recognised(unseen) > 0.6


def test_hardly_a_sentence_of_a_development_does() -> None:
    """The weights are made from the first articles of these stories and of others, not from these."""
    told = [
        " ".join(sentence.text.split())
        for path in sorted((DATA / "stories").glob("light-*.yaml"))
        for story in yaml.safe_load(path.read_text(encoding="utf-8"))
        for article in story["articles"]
        if article["expect"] == "update"
        for sentence in body("\n\n".join(article["text"]), article["title"])
    ]
    assert len(told) > 1000
    assert _recognised(told) < 0.01


@pytest.mark.parametrize("text", ["", "...", "Der Vorstand ist am Abend zurückgetreten.", "株価が急落した。"])
def test_of_words_that_are_unknown_nothing_is_told(text: str) -> None:
    assert likeness(text) <= 0
