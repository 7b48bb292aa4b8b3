"""The weights of the words of pages: worker/stories/lists/page-words.txt, from the texts in tests/data.

usage: python bench/page_words.py [UNSEEN_STORIES ...]

Lines of pages are those of tests/data/page-lines/seen.txt, sentences of reports those of the first articles of the
stories. Prints how many of the lines of unseen.txt, and of the sentences of the stories named, which are then left out
of the weights, read like lines of a page.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import log
from pathlib import Path

import yaml

from worker.stories import page_words
from worker.stories.boilerplate import body
from worker.stories.page_words import OPEN, features, likeness
from worker.stories.text import cased_words, folded

DATA = Path(__file__).parents[1] / "tests" / "data"
LIST = Path(__file__).parents[1] / "worker" / "stories" / "lists" / "page-words.txt"
LEAST = 3  # lines of pages or stories that have a word
MOST = 3.0
STEP = 0.5
HEAD = """\
# What a word weighs that makes a sentence read like a line of a page (above 0) or of a report: see page_words.py.
# Made by bench/page_words.py. A line: the weight, and the words by their stems, signs, "0" for any number.
"""


def main() -> None:
    """Write the list, or with stories left out only print what is recognised."""
    unseen = sys.argv[1:]
    lines = _lines("seen")
    stories = [story for path in sorted((DATA / "stories").glob("*.yaml")) for story in _stories(path, unseen)]
    weights = _weights(lines, stories)
    if unseen:
        page_words._WEIGHTS = weights  # noqa: SLF001
        sentences = [one for name in unseen for story in _stories(DATA / "stories" / name, ()) for one in story]
        those = {"lines": _lines("unseen"), "sentences": sentences}
        for bound in (0.0, 1.0):
            found = (
                f"{sum(likeness(one) > bound for one in ones)} of {len(ones)} {what}" for what, ones in those.items()
            )
            print(f"above {bound}: {', '.join(found)}")
        return
    rows = defaultdict(list)
    for word, weight in sorted(weights.items()):
        rows[weight].append(word)
    told = "".join(f"{weight:g}: {' '.join(words)}\n" for weight, words in sorted(rows.items()))
    LIST.write_text(HEAD + told, encoding="utf-8")


def _lines(name: str) -> list[str]:
    return (DATA / "page-lines" / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def _stories(path: Path, unseen: list[str] | tuple[()]) -> Iterator[list[str]]:
    if path.name in unseen:
        return
    for story in yaml.safe_load(path.read_text(encoding="utf-8")):
        for article in story["articles"]:
            if article["expect"] == "new":
                text = article["text"] if isinstance(article["text"], str) else "\n\n".join(article["text"])
                yield [" ".join(sentence.text.split()) for sentence in body(text, article.get("title", ""))]


def _weights(lines: list[str], stories: list[list[str]]) -> dict[str, float]:
    of_pages = Counter(one for line in lines for one in features(line))
    sentences = [features(sentence) for story in stories for sentence in story]
    of_reports = Counter(one for found in sentences for one in found)
    in_stories = Counter(one for story in stories for one in {one for text in story for one in features(text)})
    names = _names([*lines, *[sentence for story in stories for sentence in story]])
    weights = {}
    for word in of_pages.keys() | of_reports.keys():
        if word in names or max(of_pages[word], in_stories[word]) < LEAST:
            continue
        more = log((of_pages[word] + 0.5) / (len(lines) + 1)) - log((of_reports[word] + 0.5) / (len(sentences) + 1))
        weight = round(max(-MOST, min(MOST, more)) / STEP) * STEP
        if weight:
            weights[word] = weight
    return weights


def _names(texts: list[str]) -> set[str]:
    """Return the words that mostly have a capital inside a sentence: whom the texts invent tells nothing."""
    capital, small = Counter[str](), Counter[str]()
    for text in texts:
        for word in cased_words(folded(text))[1:]:
            (capital if word[0].isupper() else small).update(features(word) - {OPEN})
    return {word for word in capital if capital[word] >= small[word]}


if __name__ == "__main__":
    main()
