"""What a story has said so far, as one, and where in it a sentence of a new article is found."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import combinations
from operator import itemgetter

from worker.stories.prepared import Line, Prepared

MAX_KNOWN_LINES = 4000
HEAD_WORDS = 50
"""How far the head of an article goes: what is told there is its news, what stands lower may be background."""

_MATCHES = 4
_PREFIX = 5
_SHORT_PREFIX = 4
_FEW_FIGURES = 6
_BESIDE = 2
_INITIALS = (2, 3, 4, 5)
_SHORTEST_ROOT = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A known sentence that a new one resembles.

    ``forward`` is the weighted share of the new sentence's words that the known one has, ``back`` the reverse;
    ``beside`` are the figures and parties of the known one and of the two sentences before and after it.
    """

    line: Line
    article: int
    forward: float
    back: float
    beside: frozenset[str] = frozenset()


class Known:
    """All that the articles of one story have said: their sentences, words, figures and parties, taken together."""

    def __init__(self, articles: Sequence[Prepared]) -> None:
        """Take the articles in the order in which they came; of equal sentences the first one stands."""
        self.articles = tuple(articles)
        self.keys: dict[int, int] = {}
        self.lines: list[tuple[Line, int]] = []
        for article in articles:
            for known in (article.title, *article.lines):
                if known.key not in self.keys and len(self.lines) < MAX_KNOWN_LINES:
                    self.keys[known.key] = len(self.lines)
                    self.lines.append((known, article.article.id))

    # What only a sentence asks for that is not known word for word: most copies have none.

    @cached_property
    def stems(self) -> set[str]:
        """The words that carry something."""
        return set[str]().union(*(known.stems for known, _ in self.lines))

    @cached_property
    def steps(self) -> set[str]:
        """The steps of the matter."""
        return set[str]().union(*(known.steps for known, _ in self.lines))

    @cached_property
    def done(self) -> set[str]:
        """The steps that are told as done, and not only as planned."""
        return set[str]().union(*(known.steps for known, _ in self.lines if not known.modal))

    def news(self, *, planned: bool) -> set[str]:
        """Return the steps that the heads of the articles tell, not their background; what is only planned if asked."""
        heads = (known for known, _ in self.lines if known.at <= HEAD_WORDS and (planned or not known.modal))
        return set[str]().union(*(known.steps for known in heads))

    @cached_property
    def figures(self) -> set[str]:
        """The figures, in their canonical form."""
        return set[str]().union(*(known.figures for known, _ in self.lines))

    @cached_property
    def differences(self) -> set[str]:
        """What two figures of one sentence differ by."""
        found: set[str] = set()
        for known, _ in self.lines:
            if 1 < len(known.figures) <= _FEW_FIGURES:
                values = [float(value) for value in known.figures if "-" not in value.lstrip("-")]
                found.update(f"{abs(one - other):.9g}" for one, other in combinations(values, 2))
        return found

    @cached_property
    def weekdays(self) -> set[int]:
        """The days of the week that it speaks of or was published on, numbers from Monday (0)."""
        published = {article.article.published.weekday() for article in self.articles}
        return published.union(*(known.weekdays for known, _ in self.lines))

    @cached_property
    def days(self) -> set[str]:
        """The days on which the articles were published, as figures."""
        published = (article.article.published for article in self.articles)
        return {f"{day.month}-{day.day}" for day in published}

    @cached_property
    def grams(self) -> set[int]:
        """The shingles of the sentences."""
        return set[int]().union(*(known.grams for known, _ in self.lines))

    @cached_property
    def shingles(self) -> set[int]:
        """The shingles of the articles."""
        return set[int]().union(*(article.shingle_set for article in self.articles))

    @cached_property
    def _prefixes(self) -> set[str]:
        """The beginnings of the words by which other forms of them are known."""
        return {stem[:_PREFIX] for stem in self.stems if len(stem) >= _SHORT_PREFIX}

    @cached_property
    def _roots(self) -> set[str]:
        """The first letters of the parties."""
        return {party[:_SHORT_PREFIX] for known, _ in self.lines for party in known.parties}

    @cached_property
    def _pairs(self) -> set[tuple[str, str]]:
        """Every party with the initial of the one that is named before it."""
        return {
            (written[0], after)
            for known, _ in self.lines
            for written, after in zip(known.parties.values(), [*known.parties][1:], strict=False)
        }

    @cached_property
    def _initials(self) -> set[str]:
        """The initials of names of several words ("Financial Action Task Force": "fatf"): short forms are known."""
        found: set[str] = set()
        for known, _ in self.lines:
            initials = "".join([word[0] for word in known.parties.values()]).casefold()
            for size in _INITIALS:
                found.update([initials[at : at + size] for at in range(len(initials) - size + 1)])
        return found

    @cached_property
    def _postings(self) -> dict[str, list[int]]:
        """The numbers of the sentences that have a word or figure."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, (known, _) in enumerate(self.lines):
            for mark in known.marks:
                found[mark].append(number)
        return dict(found)

    @cached_property
    def _weights(self) -> dict[str, float]:
        """What a word or figure weighs: the less, the more sentences have it."""
        return {
            mark: 1.0 if len(where) == 1 else 1 / (1 + math.log(len(where))) for mark, where in self._postings.items()
        }

    def names(self, party: str) -> bool:
        """Whether the story has named ``party`` (a stem), in any case form or as an adjective (Russia, Russian)."""
        return (
            party in self.stems
            or (party[0] != "~" and len(party) >= _PREFIX and party[:_PREFIX] in self._prefixes)
            or party[:_SHORT_PREFIX] in self._prefixes
            or (len(party) in _INITIALS and party in self._initials)
            or (len(party) == _SHORT_PREFIX and party in self._roots)  # Iran, Iranian
        )

    def follows(self, initial: str, party: str) -> bool:
        """Whether the story has ``party`` (a stem) right after a name that begins with ``initial``."""
        return (initial, party) in self._pairs

    def begins(self, root: str) -> bool:
        """Whether the story has a word that begins with ``root``."""
        return len(root) >= _SHORTEST_ROOT and any(stem.startswith(root) for stem in self.stems)

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
            back = weight / sum(map(self._weights.__getitem__, known.marks))
            found.append(Match(known, article, weight / total, back, self._beside(number)))
        found.sort(key=lambda match: -(match.forward + 0.3 * match.back))
        return found

    def _beside(self, number: int) -> frozenset[str]:
        article = self.lines[number][1]
        around = self.lines[max(0, number - _BESIDE) : number + _BESIDE + 1]
        return frozenset(what for line, of in around if of == article for what in (*line.figures, *line.parties))
