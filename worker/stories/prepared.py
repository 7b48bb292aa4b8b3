"""An article in the form in which it is compared: its own sentences, each with what it tells."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, replace
from itertools import islice
from sys import getsizeof

from worker.stories.boilerplate import body
from worker.stories.line import Line
from worker.stories.pieces import pieces
from worker.stories.recent import Recent
from worker.stories.shingles import shingles
from worker.stories.text import Sentence, folded
from worker.stories.told import Told, told
from worker.types import Article

LEAST_STEMS = 3
"""Words that carry something: a sentence with fewer opens no text, it is the rest of a dateline."""

LEAD_WORDS = 120
MAX_LINES = 600
"""Sentences of an article that are compared, or pieces of long ones (``pieces``); more are not looked at."""

_MAX_TITLE = 1000
"""Characters of a title."""

MAX_CHARS = 60_000
"""Characters of an article that are compared, some ten thousand words; what stands after them is not looked at."""

KEPT_BYTES = 36_000_000
"""Bytes of the articles that ``prepare`` keeps, some 30 kB each."""

KEPT_TEXT = 16_000_000
"""Bytes of the sentences alone, 3 to 5 kB an article: the rest is soon made of them again, in a third of the time."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article as it is compared. Never stored: its hashes hold within one process.

    ``article`` is left without its text, which the ``lines`` have; ``title`` is a line too.
    """

    article: Article
    title: Line
    lines: tuple[Line, ...]
    shingles: array[int]

    @property
    def lead(self) -> Line | None:
        """The line that opens it: no heading, and no rest of a dateline, which has few words and tells no step."""
        own = (line for line in self.lines if not line.heading and (len(line.stems) >= LEAST_STEMS or line.steps))
        return next(own, None)

    def opens_as(self, other: Prepared) -> bool:
        """Whether it opens with the sentence that opens ``other``, word for word."""
        ours, theirs = self.lead, other.lead
        return ours is not None and theirs is not None and ours.key == theirs.key

    def has_lead_of(self, other: Prepared) -> bool:
        """Whether the sentence that opens ``other``, and names somebody, stands anywhere in it, word for word."""
        lead = other.lead
        return lead is not None and bool(lead.parties) and any(line.key == lead.key for line in self.lines)


# A word with a capital after one without, which is none before a comma. The blank comes first: the engine leaps to it.
_INSIDE = re.compile(r" (?<=[^\W\d_A-ZА-ЯЁ,;] )([A-ZА-ЯЁІЇЄ][^\W_]+)")


def prepare(article: Article) -> Prepared:
    """Return the first ``MAX_CHARS`` of ``article`` as they are compared; keeps those used last."""
    return _last_prepared.get(article)


def _cut(article: Article) -> str:
    """Return the sentences of an article that are its own, one a line."""
    own = pieces(body(article.text[:MAX_CHARS], article.title[:_MAX_TITLE]))
    return "\n".join([" ".join(sentence.text.split()) for sentence in islice(own, MAX_LINES)])


_last_cut = Recent(_cut, getsizeof, KEPT_TEXT)


def _prepared(article: Article) -> Prepared:
    named = frozenset(_INSIDE.findall(folded(article.text[:MAX_CHARS])))
    lines = []
    words: list[str] = []
    for text in _last_cut.get(article).split("\n"):
        one = told(text)
        if one.words:
            lines.append(Line(one, len(words), named=one.first in named))
            words.extend(one.words)
    title = article.title[:_MAX_TITLE]
    title = next(pieces([Sentence(0, len(title), title)]), Sentence(0, 0, "")).text
    return Prepared(
        article=replace(article, text=""),
        title=Line(Told(title, title=True)),
        lines=tuple(lines),
        shingles=shingles(words),
    )


def _bytes(made: Prepared) -> int:
    return sum([800 + 24 * len(line.words) + len(line.text) for line in made.lines])


_last_prepared = Recent(_prepared, _bytes, KEPT_BYTES)
