"""What a story has said so far, as one, and where in it a sentence of a new article is found."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from datetime import date
from functools import partial
from heapq import nlargest
from itertools import islice
from typing import Any, NamedTuple

from worker.stories.done import affirmed, denied, done
from worker.stories.gathered import INITIALS, Gathered, differences, in_order, initials, pairs
from worker.stories.line import Line
from worker.stories.prepared import Prepared
from worker.stories.scripts import spelled_otherwise, spellings
from worker.stories.short_forms import is_short, runs, short_forms, written_out
from worker.stories.text import normalise

SAME = 0.72
"""From this weighted share of its words on, a sentence may be another wording of a known one."""

ALIKE = 0.45
"""From this share on it may be one when it tells no figure, party or step that the story lacks."""

SAME_WORDS = 0.85  # of both sentences, which are the same but for a word or two
ALL = 0.95  # of a sentence that stands in the other whole

MAX_KNOWN_LINES = 4000
HEAD_WORDS = 50
"""How far the head of an article goes: what is told there is its news, what stands lower may be background."""

_MATCHES = 4  # known sentences to which a new one is held
_PREFIX = 5  # letters by which another form of a word is known
_SHORT_PREFIX = 4  # letters by which another form of a name is known
_BESIDE = 2  # sentences before and after, which an editor may run together
_SHORTEST_ROOT = 3
_ONE = 1 << 20
_WEIGHTS = [_ONE, _ONE, *(round(_ONE / (1 + math.log(number))) for number in range(2, MAX_KNOWN_LINES + 1))]
"""What a word or figure weighs by the number of sentences that have it: the more, the less. Whole numbers, of which a
sum is the same in any order."""

_MOST_POSTINGS = 2000
"""Places that are looked at for one sentence, those of its rarest words first: a text may say one thing all over."""

_LIKELY = 32
"""Sentences that are compared word by word when not all postings were looked at."""

_MOST_PUBLISHED = 8
"""Articles of which the days are found out when they are asked for: of most stories they are not."""

_SAME_CORRECTION = 0.5  # of a correction without a figure, which another one has

_BARE_NOTE = re.compile(
    r"\W*(?:(?:editor'?s'? note|note|correction|clarification)\W+)?(?:(?:the|an?) [\w' ]{1,60} (?:in|of) )?"
    r"(?:this|the) (?:story|article|report|text) (?:has been|have been|was|were) (?:corrected|amended)\W*"
    r"|\W*(?:в текст\w* (?:\w+ )?)?внесен\w? (?:исправлени\w|правк\w)\W*|\W*текст (?:\w+ )?исправлен\W*"
)
"""A note that a text was corrected, which does not say to what."""

_NUMBERS = MAX_KNOWN_LINES.bit_length()


class Match(NamedTuple):
    """A known sentence that a new one resembles.

    ``forward`` is the weighted share of the new sentence's words that the known one has, ``back`` the reverse;
    ``beside`` gives the figures and parties of the known one and of the two sentences before and after it.
    """

    line: Line
    article: int
    forward: float
    back: float
    beside: Callable[[], frozenset[str]] = frozenset


class Known:
    """All that the articles of one story have said: their sentences, words, figures and parties, taken together."""

    def __init__(self, articles: Iterable[Prepared] = ()) -> None:
        """Take the articles in the order in which they came; of equal sentences the first one stands."""
        self.articles: list[int] = []
        """The hashes of the articles, which stand for all that they are made of."""
        self.keys: dict[int, int] = {}
        self.lines: list[tuple[Line, int]] = []
        self.shingles: set[int] = set()
        """The shingles of the articles."""
        self.aside: dict[str, tuple[set[Any], int]] = {}
        """The sets that were gathered from the first sentences, with the number of these."""
        self._published: list[tuple[date, tuple[Line, ...]]] = []
        """The days on which the last articles were published, with their sentences, until ``days`` are asked for."""
        self._days: set[str] = set()
        self._weekdays: set[int] = set()
        self._where: dict[str, list[int]] = defaultdict(list)
        self._weighed: dict[int, int] = {}
        """What the sentences weigh that were looked at since the last one was added."""
        self._posted = 0
        self._sorted: list[str] = []
        for article in articles:
            self.add(article)

    def add(self, article: Prepared) -> None:
        """Take one more article."""
        before = len(self.lines)
        for known in (article.title, *article.lines):
            if known.key not in self.keys and len(self.lines) < MAX_KNOWN_LINES:
                self.keys[known.key] = len(self.lines)
                self.lines.append((known, article.article.id))
        self._published.append((article.article.published.date(), article.lines))
        if len(self._published) > _MOST_PUBLISHED:
            self._take_days()
        self.shingles.update(article.shingles)
        if len(self.lines) > before:
            for gathered in _GATHERED:
                gathered.put_aside(self, before)

    @property
    def days(self) -> set[str]:
        """The days and years in which the articles were published, and the days before them, as figures."""
        self._take_days()
        return self._days

    @property
    def weekdays(self) -> set[int]:
        """The days of the week that it speaks of or was published on, numbers from Monday (0)."""
        self._take_days()
        return self._weekdays | self._days_told

    @property
    def waiting(self) -> int:
        """The number of sentences that are held until ``days`` are asked for."""
        return sum([len(lines) for _, lines in self._published])

    def _take_days(self) -> None:
        for day, lines in self._published:
            eve = _day(day.toordinal() - 1)
            self._days |= {f"{day.month}-{day.day}", f"{eve.month}-{eve.day}", f"{day.year}"}
            self._weekdays |= {day.weekday(), eve.weekday()}
            for weekday in {weekday for line in lines for weekday in line.weekdays}:
                ahead = day.toordinal() + (weekday - day.weekday()) % 7
                self._days |= {f"{meant.month}-{meant.day}" for meant in (_day(ahead), _day(ahead - 7))}
        self._published.clear()

    stems = Gathered[str](lambda line: line.stems)
    """The words that carry something."""

    steps = Gathered[str](lambda line: line.steps)
    """The steps of the matter."""

    done = Gathered[str](done)
    """The steps that are told as done, and not only as planned."""

    denied = Gathered[str](denied)
    """The steps that are denied."""

    affirmed = Gathered[str](affirmed)
    """The steps that are told as done by sentences that plan, want or spare nothing."""

    figures = Gathered[str](lambda line: line.figures)
    """The figures, in their canonical form."""

    differences = Gathered[str](lambda line: differences(line.figures))
    """What two figures of one sentence differ by."""

    grams = Gathered[int](lambda line: line.grams)
    """The shingles of the sentences."""

    _news = Gathered[str](lambda line: line.steps if line.at <= HEAD_WORDS else ())
    _news_done = Gathered[str](lambda line: done(line) if line.at <= HEAD_WORDS else ())
    _days_told = Gathered[int](lambda line: line.weekdays)

    _prefixes = Gathered[str](lambda line: [stem[:_PREFIX] for stem in line.stems if len(stem) >= _SHORT_PREFIX])
    """The beginnings of the words by which other forms of them are known."""

    _roots = Gathered[str](lambda line: [party[:_SHORT_PREFIX] for party in line.parties])
    """The first letters of the parties."""

    _pairs = Gathered[tuple[str, str]](lambda line: pairs(line.parties, line.text))
    """Every party with the initial of the one that is named before it."""

    _second = Gathered[str](lambda line: [after for _, after in pairs(line.parties, line.text)])

    _initials = Gathered[str](lambda line: initials(line.parties.values()))
    """The initials of names of several words ("Financial Action Task Force": "fatf"): short forms are known."""

    _spellings = Gathered[tuple[str, str]](lambda line: [key for party in line.parties for key in spellings(party)])
    """The parties, however they are spelled in this alphabet or another one."""

    _short = Gathered[str](short_forms)
    _runs = Gathered[str](runs)

    _shuffled = Gathered[str](lambda line: map(in_order, initials(line.parties.values())))

    def news(self, *, planned: bool) -> set[str]:
        """Return the steps that the heads of the articles tell, not their background; what is only planned if asked."""
        return self._news if planned else self._news_done

    def _postings(self) -> dict[str, list[int]]:
        """Return the numbers of the sentences that have a word or figure."""
        if self._posted < len(self.lines):
            where = self._where
            for number in range(self._posted, len(self.lines)):
                for mark in self.lines[number][0].marks:
                    where[mark].append(number)
            self._posted = len(self.lines)
            self._weighed.clear()
        return self._where

    def _weights(self, line: Line) -> dict[str, int]:
        """Return what each word and figure of ``line`` weighs in the story."""
        postings = self._postings()
        return {mark: _WEIGHTS[len(postings.get(mark, ()))] for mark in line.marks}

    def _weight(self, number: int) -> int:
        """Return what a known sentence weighs: the few of which many remind are asked for it again and again."""
        weight = self._weighed.get(number)
        if weight is None:
            places = map(self._where.__getitem__, self.lines[number][0].marks)
            weight = self._weighed[number] = sum(map(_WEIGHTS.__getitem__, map(len, places)))
        return weight

    def names(self, party: str) -> bool:
        """Whether the story has named ``party`` (a stem), in any case form or as an adjective (Russia, Russian)."""
        return not self.strange({party})

    def strange(self, stems: AbstractSet[str]) -> set[str]:
        """Return those of ``stems`` that the story has in no form, and has named nobody by (see ``names``)."""
        fresh = stems - self.stems
        prefixes = self._prefixes if fresh else ()
        return {
            stem
            for stem in fresh
            if not (
                stem[:_SHORT_PREFIX] in prefixes
                or (stem[:_PREFIX] in prefixes and stem[0] != "~")
                or (len(stem) in INITIALS and stem in self._initials)
                or (len(stem) == _SHORT_PREFIX and stem in self._roots)  # Iran, Iranian
            )
        }

    def follows(self, initial: str, party: str) -> bool:
        """Whether the story has ``party`` (a stem) right after a name that begins with ``initial``."""
        return (initial, party) in self._pairs

    def preceded(self, party: str) -> bool:
        """Whether the story has a name right before ``party`` (a stem)."""
        return party in self._second

    def abbreviates(self, written: str) -> bool:
        """Whether ``written`` is short for words that the story has, those of a name in any order (UCI, НДС)."""
        if not is_short(written):
            return False
        return in_order(written.casefold()) in self._shuffled or written.casefold() in self._runs

    def shortens(self, new: Line) -> set[str]:
        """Return the words of ``new`` for which the story has their first letters."""
        return written_out(new, self._short) if self._short else set()

    def spells(self, party: str) -> bool:
        """Whether the story has the name ``party`` (a stem) in another script."""
        return any(key in self._spellings for key in spelled_otherwise(party))

    def corrected(self, new: Line, figures: AbstractSet[str]) -> bool:
        """Whether the story has told the correction ``new``: an article that corrects has one of its ``figures``."""
        corrections = [(line, article) for line, article in self.lines if line.corrects]
        if not figures:
            return any(self.share(new, line) >= _SAME_CORRECTION for line, _ in corrections)
        by = {article for _, article in corrections}
        return any(article in by and not figures.isdisjoint(line.figures) for line, article in self.lines)

    def noted(self, new: Line) -> bool:
        """Whether ``new`` says only that a text was corrected, and the story has told a correction."""
        bare = not (new.figures or new.parties or new.negations) and _BARE_NOTE.fullmatch(normalise(new.text))
        return bool(bare) and any(line.corrects for line, _ in self.lines)

    def begins(self, root: str) -> bool:
        """Whether the story has a word that begins with ``root``."""
        if len(self._sorted) != len(self.stems):
            self._sorted = sorted(self.stems)
        at = bisect_left(self._sorted, root)
        return len(root) >= _SHORTEST_ROOT and at < len(self._sorted) and self._sorted[at].startswith(root)

    def share(self, one: Line, other: Line) -> float:
        """Return the share of ``one`` that ``other`` has, its words weighed by how rare they are in the story."""
        weights = self._weights(one)
        return sum(weights[mark] for mark in one.marks & other.marks) / max(_ONE, sum(weights.values()))

    def matches(self, new: Line) -> list[Match]:
        """Return the known sentences that ``new`` resembles most, best first; of equal ones the one that came first."""
        postings = self._postings()
        where = [numbers for numbers in map(postings.get, new.marks) if numbers]
        weights = [_WEIGHTS[len(numbers)] for numbers in where]
        total = sum(weights) + _ONE * (len(new.marks) - len(where))
        if not total:
            return []
        shared: defaultdict[int, int] = defaultdict(int)
        if len(where) * len(self.lines) > _MOST_POSTINGS and sum(map(len, where)) > _MOST_POSTINGS:
            shared.update((number, self._common(new, number)) for number in self._likely(new))
        else:
            for numbers, weight in zip(where, weights, strict=True):
                for number in numbers:
                    shared[number] += weight
        found = []
        # Weight and number in one, so that the comparison needs no key: the heavier, then the earlier sentence.
        heaviest = sorted([(weight << _NUMBERS) - number for number, weight in shared.items()], reverse=True)
        for one in heaviest[:_MATCHES]:
            number = -one % (1 << _NUMBERS)
            line, article = self.lines[number]
            forward, back = shared[number] / total, shared[number] / self._weight(number)
            found.append(Match(line, article, forward, back, partial(self._beside, number)))
        found.sort(key=lambda match: -(match.forward + 0.3 * match.back))
        return found

    def _likely(self, new: Line) -> list[int]:
        """Return the sentences that have most of the rarest words of ``new``: not every place is looked at."""
        where = [(mark, self._where[mark]) for mark in new.marks if mark in self._where]
        rarest = sorted(where, key=lambda one: (len(one[1]), one[0]))
        seen = Counter(islice((number for _, numbers in rarest for number in numbers), _MOST_POSTINGS))
        return nlargest(_LIKELY, seen, key=lambda number: (seen[number], -number))

    def _common(self, new: Line, number: int) -> int:
        """Return what the words and figures weigh that ``new`` has in common with a known sentence."""
        return sum([_WEIGHTS[len(self._where[mark])] for mark in new.marks & self.lines[number][0].marks])

    def _beside(self, number: int) -> frozenset[str]:
        article = self.lines[number][1]
        around = self.lines[max(0, number - _BESIDE) : number + _BESIDE + 1]
        return frozenset(what for line, of in around if of == article for what in (*line.figures, *line.parties))


_GATHERED = [one for one in vars(Known).values() if isinstance(one, Gathered)]


def _day(ordinal: int) -> date:
    """Return the day, or the nearest that there is: a feed may say that it is the year 1 or 9999."""
    return date.fromordinal(min(max(1, ordinal), date.max.toordinal()))
