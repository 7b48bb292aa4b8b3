"""What a story has said so far, as one, and where in it a sentence of a new article is found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter

from worker.stories.prepared import Line, Prepared

MAX_KNOWN_LINES = 4000
_MATCHES = 4
_PREFIX = 5
_SHORT_PREFIX = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A known sentence that a new one resembles.

    ``forward`` is the weighted share of the new sentence's words that the known one has, ``back`` the reverse.
    """

    line: Line
    article: int
    forward: float
    back: float


class Known:
    """All that the articles of one story have said: their sentences, words, figures and parties, taken together."""

    def __init__(self, articles: Sequence[Prepared]) -> None:
        """Take the articles in the order in which they came; of equal sentences the first one stands."""
        self.articles = tuple(articles)
        self.keys: dict[int, int] = {}
        self.lines: list[tuple[Line, int]] = []
        self.stems: set[str] = set()
        self.steps: set[str] = set()
        self.figures: set[str] = set()
        self.weekdays: set[int] = set()
        self.days: set[str] = set()
        self.grams: set[int] = set()
        self.shingles: set[int] = set()
        self._postings: dict[str, list[int]] = {}
        for article in articles:
            self.shingles |= article.shingle_set
            day = article.article.published
            self.days.add(f"{day.month}-{day.day}")
            for known in (article.title, *article.lines):
                self._add(known, article.article.id)
        self.prefixes = {stem[:_PREFIX] for stem in self.stems if len(stem) >= _PREFIX}
        self.prefixes |= {stem for stem in self.stems if len(stem) == _SHORT_PREFIX}
        self.initials = _initials(self.lines)
        self._weights = {mark: 1 / (1 + math.log(len(where))) for mark, where in self._postings.items()}

    def _add(self, known: Line, article: int) -> None:
        if known.key in self.keys or len(self.lines) >= MAX_KNOWN_LINES:
            return
        number = len(self.lines)
        self.keys[known.key] = number
        self.lines.append((known, article))
        self.stems |= known.stems
        self.steps |= known.steps
        self.figures |= known.figures.keys()
        self.weekdays |= known.weekdays
        self.grams |= known.grams
        for mark in known.marks:
            self._postings.setdefault(mark, []).append(number)

    def names(self, party: str) -> bool:
        """Whether the story has named ``party`` (a stem), in any case form or as an adjective (Russia, Russian)."""
        return (
            party in self.stems
            or party in self.initials
            or (len(party) >= _PREFIX and party[:_PREFIX] in self.prefixes)
            or party[:_SHORT_PREFIX] in self.prefixes
        )

    def matches(self, new: Line) -> list[Match]:
        """Return the known sentences that ``new`` resembles most, best first."""
        weights = {mark: self._weights.get(mark, 1.0) for mark in new.marks}
        total = sum(weights.values())
        if not total:
            return []
        shared: dict[int, float] = {}
        for mark, weight in weights.items():
            for number in self._postings.get(mark, ()):
                shared[number] = shared.get(number, 0.0) + weight
        found = []
        for number, weight in nlargest(_MATCHES, shared.items(), key=itemgetter(1)):
            known, article = self.lines[number]
            back = weight / sum(self._weights[mark] for mark in known.marks)
            found.append(Match(known, article, weight / total, back))
        found.sort(key=lambda match: -(match.forward + 0.3 * match.back))
        return found


def _initials(lines: Sequence[tuple[Line, int]]) -> set[str]:
    """Return the initials of names of several words ("Financial Action Task Force": "fatf"): short forms are known."""
    found: set[str] = set()
    for known, _ in lines:
        written = [word[0] for word in known.parties.values()]
        for size in (2, 3, 4, 5):
            found.update("".join(written[i : i + size]).casefold() for i in range(len(written) - size + 1))
    return found
