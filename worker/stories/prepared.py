"""An article in the form in which it is compared: its own sentences, each with what it tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.stories.boilerplate import body
from worker.stories.numbers import figures
from worker.stories.text import cased_words, folded, lower_words
from worker.stories.vocabulary import facts, names_no_party, says_correction, says_later
from worker.types import Article

SHINGLE = 5
"""Words in a shingle, as in Broder, "On the resemblance and containment of documents", 1997."""

LINE_SHINGLE = 3
"""Words in the shingles by which one sentence is found in others: short enough for a sentence of eight words."""

LEAD_WORDS = 120
MAX_LINES = 600
"""Sentences of an article that are compared; more are not looked at."""

_HEADING_WORDS = 16
_WORDS_OF_A_NAME = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and what it tells.

    ``at`` is the number of words before it. ``stems`` are the words that carry something, ``parties`` stems of
    capitalised words, ``figures`` canonical value → as written, ``negations`` how many words negate. Hashes hold within
    one process only.
    """

    text: str
    at: int
    words: tuple[str, ...]
    key: int
    stems: frozenset[str]
    grams: frozenset[int]
    parties: dict[str, str]
    figures: dict[str, str]
    steps: frozenset[str]
    negations: int
    weekdays: frozenset[int]
    corrects: bool
    later: bool
    heading: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article as it is compared; ``title`` is a line too. Never stored: its hashes hold within one process."""

    article: Article
    title: Line
    lines: tuple[Line, ...]
    words: tuple[str, ...]
    shingles: tuple[int, ...]
    shingle_set: frozenset[int]


def shingles(words: Sequence[str], size: int = SHINGLE) -> list[int]:
    """Return the hashes of the ``size``-word shingles of ``words``, in order; of all words where there are fewer."""
    if len(words) < size:
        return [hash(tuple(words))] if words else []
    return list(map(hash, zip(*(words[i:] for i in range(size)), strict=False)))


def _is_heading(text: str, words: Sequence[str]) -> bool:
    """Whether a line is a headline or sub-heading that stands in the text: short, and without a full stop."""
    return len(words) <= _HEADING_WORDS and text.rstrip("\"'\u201d\u00bb)")[-1:] not in ".!?\u2026\u3002\uff01\uff1f:;,"


def line(text: str, at: int = 0, *, title: bool = False) -> Line:
    """Return the sentence ``text`` with what it tells; a title's capitals name no one for certain and are left out."""
    plain = folded(text)
    cased = cased_words(plain)
    words = tuple(lower_words(cased))
    lower = plain.casefold()
    known = [facts(word) for word in words]
    parties = {}
    steps = set()
    stems = set()
    weekdays = set()
    negations = 0
    for position, fact in enumerate(known):
        negations += fact.negates
        if fact.weekday >= 0:
            weekdays.add(fact.weekday)
        if not fact.stem:
            continue
        stems.add(fact.stem)
        if fact.step:
            steps.add(fact.step)
        written = cased[position]
        # The first word of a sentence has its capital anyway; it counts when the next is capitalised too, or when it
        # has capitals inside ("FSB").
        if (
            written[0].isupper()
            and not title
            and not names_no_party(words[position])
            and (position > 0 or written[1:].isupper() or (len(cased) > 1 and cased[1][:1].isupper()))
        ):
            parties[fact.stem] = written
    return Line(
        text=text,
        at=at,
        words=words,
        key=hash(words),
        stems=frozenset(stems),
        grams=frozenset(shingles(words, LINE_SHINGLE)),
        parties=parties,
        figures=figures(lower),
        steps=frozenset(steps),
        negations=negations,
        weekdays=frozenset(weekdays),
        corrects=says_correction(lower),
        later=says_later(lower),
        heading=_is_heading(text, words),
    )


_BLANKS = re.compile(r"\s+")


@lru_cache(maxsize=1024)
def prepare(article: Article, learnt: frozenset[int] = frozenset()) -> Prepared:
    """Return ``article`` as it is compared; keeps the last 1,024 (about 60 kB each for 400 words).

    ``learnt``: keys of the lines that recur on its host (``boilerplate.recurring``).
    """
    lines = []
    words: list[str] = []
    for sentence in body(article.text, learnt)[:MAX_LINES]:
        made = line(_BLANKS.sub(" ", sentence.text), len(words))
        if made.words:
            lines.append(made)
            words.extend(made.words)
    hashes = tuple(shingles(words))
    return Prepared(
        article=article,
        title=line(article.title[:1000], title=True),
        lines=tuple(lines),
        words=tuple(words),
        shingles=hashes,
        shingle_set=frozenset(hashes),
    )
