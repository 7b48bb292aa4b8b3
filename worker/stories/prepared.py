"""An article in the form in which it is compared: its own sentences, each with what it tells."""

from __future__ import annotations

import re
from array import array
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from worker.stories.boilerplate import body
from worker.stories.numbers import figures, is_number, tells_share
from worker.stories.recent import Recent
from worker.stories.text import cased_words, folded, listed, lower_words
from worker.stories.vocabulary import (
    alias,
    facts,
    names_no_party,
    says_correction,
    says_later,
    step_phrases,
)
from worker.types import Article

SHINGLE = 5
"""Words in a shingle, as in Broder, "On the resemblance and containment of documents", 1997."""

LINE_SHINGLE = 3
"""Words in the shingles by which one sentence is found in others: short enough for a sentence of eight words."""

LEAD_WORDS = 120
MAX_LINES = 600
"""Sentences of an article that are compared; more are not looked at."""

MAX_CHARS = 60_000
"""Characters of an article that are compared, some ten thousand words; what stands after them is not looked at."""

KEPT_WORDS = 400_000
"""Words of the articles that ``prepare`` keeps, about 60 bytes each."""

KEPT_LINES = 8192
"""Sentences that are kept with what they tell, 2.6 kB each: half of what comes in was published before."""

LONGEST_KEPT = 1000
"""Characters of the longest of them."""

_PARTS = {
    "toll": {"toll", "raise", "reach"},
    "die": {"lose"},
    "resign": {"leave"},
    "convict": {"confirm"},
    "publish": {"release"},
    "unchanged": {"leave"},
    "manage": {"charge"},
    "fail": {"break"},
}
"""Steps of single words that are only part of a phrase ("lost their lives"); of a toll the figure tells it."""

_SAME_NAME = 4
_SAME_ROOT = 5
_HEADING_WORDS = 16


class Line(NamedTuple):
    """A sentence and what it tells.

    ``at`` is the number of words before it. ``stems`` are the words that carry something, ``parties`` stems of
    capitalised words, ``figures`` canonical value → as written, ``marks`` are the stems and figures
    together, ``negations`` how many words negate, ``modal`` whether it
    speaks of what may or will be. Hashes hold within
    one process only.
    """

    text: str
    at: int
    words: tuple[str, ...]
    key: int
    stems: frozenset[str]
    grams: array[int]
    parties: dict[str, str]
    figures: dict[str, str]
    marks: frozenset[str]
    steps: frozenset[str]
    negations: int
    modal: bool
    weekdays: frozenset[int]
    corrects: bool
    later: bool
    heading: bool

    def names(self, party: str) -> bool:
        """Whether the sentence has ``party`` (a stem), or another form of it (Asia, Asian)."""
        root = party[:_SAME_ROOT]
        return (
            party in self.stems
            or any(stem[:_SAME_NAME] == party[:_SAME_NAME] for stem in self.parties)
            or (len(root) == _SAME_ROOT and any(stem.startswith(root) for stem in self.stems))
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article as it is compared. Never stored: its hashes hold within one process. ``title`` is a line too."""

    article: Article
    title: Line
    lines: tuple[Line, ...]
    words: tuple[str, ...]
    shingles: array[int]


def shingles(words: Sequence[str], size: int = SHINGLE) -> array[int]:
    """Return the hashes of the ``size``-word shingles of ``words``, in order; of all words where there are fewer."""
    if len(words) < size:
        return array("q", [hash(tuple(words))] if words else [])
    return array("q", map(hash, zip(*[words[at:] for at in range(size)], strict=False)))


def _is_heading(text: str, words: Sequence[str]) -> bool:
    """Whether a line is a headline or sub-heading that stands in the text: short, and without a full stop."""
    return len(words) <= _HEADING_WORDS and text.rstrip("\"'\u201d\u00bb)")[-1:] not in ".!?\u2026\u3002\uff01\uff1f:;,"


# "Is to open", "are due to stage", "in talks on buying": what is to come.
_TO_COME = re.compile(
    r"\b(?:talks|negotiations) (?:to|over|about|on)\b|\bпереговор\w* (?:об?|по|про)\b"
    r"|\b(?:is|are|was|were) (?:\w+ )?to (?!be\b|have\b|the\b|a\b|an\b|\d)[a-z]{3,}"
)

# An empty set takes as much room as a short sentence, and most sentences have two.
_NO_STEPS = frozenset[str]()
_NO_DAYS = frozenset[int]()


class _Told(NamedTuple):
    """A sentence that opens its text, and its first word, which is a party only where its text shows it to be a name.

    The word stands there as its stem and as it is written; "" when it is a party anyway, or can be none.
    """

    line: Line
    stem: str
    written: str


def _told(text: str, *, title: bool = False) -> _Told:
    """Return what the sentence ``text`` tells; a title's capitals name no one for certain and are left out."""
    plain = folded(text)
    cased = cased_words(plain)
    words = tuple(lower_words(cased))
    lower = plain.casefold()
    known = [facts(word) for word in words]
    _, told, steps_told, negating, may, days, numeric = zip(*known, strict=True) if known else ((),) * 7
    parties = {}
    stems = set()
    aliased = set[int]()
    opening = ("", "")
    # What looks at every word of every article does so without a loop of its own, where it can.
    for position in [at for at, written in enumerate(cased) if written[0].isupper()]:
        if position in aliased:
            continue
        written, stem = cased[position], told[position]
        name, size = alias(cased, known, position)
        if name:
            aliased.update(range(position, position + size))
            stems.add(name)
            parties[name] = " ".join(cased[position : position + size])
            continue
        if not stem or numeric[position] or (len(written) == 1 and position and numeric[position - 1]):  # $340M
            continue
        stems.add(stem)
        if not title and not names_no_party(words[position]):
            # The first word of a sentence has its capital anyway; it counts when it has one inside a sentence too, or
            # is all capitals ("FSB").
            if position > 0 or written[1:].isupper():
                parties[stem] = written
            else:
                opening = (stem, written)
    stems.update(
        [
            stem
            for at, (written, stem, number) in enumerate(zip(cased, told, numeric, strict=True))
            if stem and not number and not written[0].isupper() and at not in aliased
        ]
    )
    modal = any(may) or _TO_COME.search(lower) is not None
    steps = {*steps_told, *step_phrases(lower)} - {""}
    for phrase in _PARTS.keys() & steps:
        steps -= _PARTS[phrase]
    found = figures(lower) if any(numeric) or tells_share(lower) else {}
    carrying = frozenset(stems)
    line = Line(
        text=text,
        at=0,
        words=words,
        key=hash(words),
        stems=carrying,
        grams=array("q", set(shingles(words, LINE_SHINGLE))),
        parties=parties,
        figures=found,
        marks=carrying.union(f"#{value}" for value in found) if found else carrying,
        steps=frozenset(steps) or _NO_STEPS,
        negations=_negations(words, negating) if any(negating) else 0,
        modal=modal,
        weekdays=frozenset({*days} - {-1}) or _NO_DAYS,
        corrects=says_correction(lower),
        later=says_later(lower),
        heading=_is_heading(text, words),
    )
    return _Told(line, *opening)


_ARTICLES = {"the", "a", "an", "about"}
_COMPARED = listed("fewer less more over under later earlier менее более меньше больше позднее позже ранее раньше")


def _negations(words: Sequence[str], negating: Sequence[bool]) -> int:
    """Return how many words negate; none does before a number ("No. 5", "31, not 41") or in "no fewer than"."""
    after = [*words[1:], ""]
    beyond = [*after[1:], ""]
    return sum(
        negates and next_ not in _COMPARED and not is_number(then if next_ in _ARTICLES else next_)
        for negates, next_, then in zip(negating, after, beyond, strict=True)
    )


_told_again = lru_cache(maxsize=KEPT_LINES)(_told)


def _line(text: str, at: int, named: Container[str]) -> Line:
    """Return the sentence ``text`` with what it tells, ``at`` words into an article with the names ``named``."""
    told = (_told if len(text) > LONGEST_KEPT else _told_again)(text)
    if told.written in named:
        return told.line._replace(at=at, parties={told.stem: told.written, **told.line.parties})
    return told.line._replace(at=at)


# A word with a capital after one without, which is none before a comma. The blank comes first: the engine leaps to it.
_INSIDE = re.compile(r" (?<=[^\W\d_A-ZА-ЯЁ,;] )([A-ZА-ЯЁІЇЄ][^\W_]+)")


def prepare(article: Article) -> Prepared:
    """Return the first ``MAX_CHARS`` of ``article`` as they are compared; keeps those used last."""
    return _last_prepared.get(article)


def _prepared(article: Article) -> Prepared:
    text = article.text[:MAX_CHARS]
    named = frozenset(_INSIDE.findall(folded(text)))
    lines = []
    words: list[str] = []
    for sentence in body(text)[:MAX_LINES]:
        made = _line(" ".join(sentence.text.split()), len(words), named)
        if made.words:
            lines.append(made)
            words.extend(made.words)
    return Prepared(
        article=article,
        title=_told(article.title[:1000], title=True).line,
        lines=tuple(lines),
        words=tuple(words),
        shingles=shingles(words),
    )


def _words(made: Prepared) -> int:
    return len(made.words) + len(made.article.text) // 8 + 50


_last_prepared = Recent(_prepared, _words, KEPT_WORDS)
