"""An article in the form in which it is compared: its own sentences, each with what it tells."""

from __future__ import annotations

import re
from array import array
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from worker.stories.boilerplate import body
from worker.stories.literals import any_of
from worker.stories.magnitudes import SCALE
from worker.stories.numbers import figures, is_number, tells_share
from worker.stories.pieces import MOST_NUMBERS, MOST_WORDS, pieces
from worker.stories.recent import Recent
from worker.stories.scripts import same_name
from worker.stories.text import KNOWN_WORDS, Sentence, cased_words, folded, listed, lower_word
from worker.stories.vocabulary import WordFacts, alias, facts, names_no_party, turns
from worker.types import Article

SHINGLE = 5
"""Words in a shingle, as in Broder, "On the resemblance and containment of documents", 1997."""

LINE_SHINGLE = 3
"""Words in the shingles by which one sentence is found in others: short enough for a sentence of eight words."""

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

KEPT_LINES = 4096
"""Sentences that are kept with what they tell, 1.5 kB each: half of what comes in was published before."""

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
    """A sentence, or a piece of one that is too long (``pieces``), and what it tells.

    ``at`` is the number of words before it. ``stems`` are the words that carry something, ``parties`` stems of
    capitalised words, ``figures`` canonical value → as written, ``marks`` are the stems and figures
    together, ``negations`` how many words negate, ``modal`` whether it
    speaks of what may or will be. Hashes hold within
    one process only.
    """

    at: int
    text: str
    words: tuple[str, ...]
    key: int
    stems: frozenset[str]
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

    @property
    def grams(self) -> set[int]:
        """The hashes of its shingles; they are asked for once or not at all, and would take a tenth of its room."""
        return {*_hashes(self.words, LINE_SHINGLE)}

    @property
    def long(self) -> bool:
        """Whether it is as long as several sentences: a list, a table, or a piece of a text without full stops."""
        return len(self.words) >= MOST_WORDS // 2 or len(self.figures) >= MOST_NUMBERS // 2

    def names(self, party: str) -> bool:
        """Whether the sentence has ``party`` (a stem), or another form of it (Asia, Asian)."""
        root = party[:_SAME_ROOT]
        return (
            party in self.stems
            or any(stem[:_SAME_NAME] == party[:_SAME_NAME] for stem in self.parties)
            or (len(root) == _SAME_ROOT and any(stem.startswith(root) for stem in self.stems))
            or any(same_name(party, other) for other in self.parties)
        )


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
        """The line that opens it: no heading, and no rest of a dateline."""
        return next((line for line in self.lines if not line.heading and len(line.stems) >= LEAST_STEMS), None)

    @property
    def words(self) -> list[str]:
        """The words of its lines."""
        return [word for line in self.lines for word in line.words]


def shingles(words: Sequence[str], size: int = SHINGLE) -> array[int]:
    """Return the hashes of the ``size``-word shingles of ``words``, in order; of all words where there are fewer."""
    return array("q", _hashes(words, size))


def _hashes(words: Sequence[str], size: int) -> Iterable[int]:
    if len(words) < size:
        return [hash(tuple(words))] if words else []
    return map(hash, zip(words, *[words[at:] for at in range(1, size)], strict=False))


def _is_heading(text: str, words: Sequence[str]) -> bool:
    """Whether a line is a headline or sub-heading that stands in the text: short, and without a full stop."""
    return len(words) <= _HEADING_WORDS and text.rstrip("\"'\u201d\u00bb)")[-1:] not in ".!?\u2026\u3002\uff01\uff1f:;,"


# "Is to open", "are due to stage", "in talks on buying": what is to come.
_TO_DO = r" (?:\w+ )?to (?!be\b|have\b|the\b|a\b|an\b|\d)[a-z]{3,}"
_TALKS = (r"talks (?:to|over|about|on)\b", r"negotiations (?:to|over|about|on)\b", r"переговор\w* (?:об?|по|про)\b")
_TO_COME = re.compile(any_of((*_TALKS, *(be + _TO_DO for be in ("is", "are", "was", "were"))), at_start=True))

# An empty set takes as much room as a short sentence, and most sentences have two.
_NO_STEPS = frozenset[str]()
_NO_DAYS = frozenset[int]()
_NONE = ((),) * len(WordFacts._fields)


class _Told(NamedTuple):
    """A sentence that opens its text, and its first word, which is a party only where its text shows it to be a name.

    The word stands there as its stem and as it is written; "" when it is a party anyway, or can be none.
    """

    line: Line
    stem: str
    written: str


class _Word(NamedTuple):
    """A word as it is written, and what it tells.

    ``plain``: its stem where it is neither a number nor has a capital, else "". ``special``: it is such a word, or it
    tells more than its stem. ``names``: it may be a party.
    """

    lower: str
    plain: str
    special: bool
    facts: WordFacts
    names: bool


@lru_cache(maxsize=KNOWN_WORDS)
def _word(written: str) -> _Word:
    lower = lower_word(written)
    told = facts(lower)
    other = told.number or written[0].isupper()
    special = other or bool(told.step) or told.negates or told.modal or told.weekday >= 0
    return _Word(lower, "" if other else told.stem, special, told, not names_no_party(lower))


def _told(text: str, *, title: bool = False) -> _Told:
    """Return what the sentence ``text`` tells; a title's capitals name no one for certain and are left out."""
    plain = folded(text)
    cased = cased_words(plain)
    lower = plain.casefold()
    # What looks at every word of every article does so without a loop of its own, where it can.
    words, carrying, special, known, naming = zip(*map(_word, cased), strict=True) if cased else ((),) * 5
    telling = [at for at, tells in enumerate(special) if tells]
    parties = {}
    stems = set()
    aliased = set[int]()
    opening = ("", "")
    for position in telling:
        written, told = cased[position], known[position]
        if position in aliased or not written[0].isupper():
            continue
        name, size = alias(cased, known, position)
        if name:
            aliased.update(range(position, position + size))
            stems.add(name)
            parties[name] = " ".join(cased[position : position + size])
            continue
        if not told.stem or told.number or (len(written) == 1 and position and known[position - 1].number):  # $340M
            continue
        stems.add(told.stem)
        if not title and naming[position]:
            # The first word of a sentence has its capital anyway; it counts when it has one inside a sentence too, or
            # is all capitals ("FSB").
            if position > 0 or written[1:].isupper():
                parties[told.stem] = written
            else:
                opening = (told.stem, written)
    stems.update([stem for at, stem in enumerate(carrying) if at not in aliased] if aliased else carrying)
    stems.discard("")
    _, _, steps_told, negating, may, days, numeric = (
        zip(*[known[at] for at in telling], strict=True) if telling else _NONE
    )
    turn = turns(lower)
    steps = {*steps_told, *turn.steps} - {""}
    for phrase in _PARTS.keys() & steps:
        steps -= _PARTS[phrase]
    found = figures(lower) if any(numeric) or tells_share(lower) else {}
    told_of = frozenset(stems)
    line = Line(
        at=0,
        text=text,
        words=words,
        key=hash(words),
        stems=told_of,
        parties=parties,
        figures=found,
        marks=told_of.union([f"#{value}" for value in found if not value.startswith(SCALE)]) if found else told_of,
        steps=frozenset(steps) or _NO_STEPS,
        negations=_negations(words, [told.negates for told in known]) if any(negating) else 0,
        modal=any(may) or _TO_COME.search(lower) is not None,
        weekdays=frozenset({*days} - {-1}) or _NO_DAYS,
        corrects=turn.corrects,
        later=turn.later,
        heading=_is_heading(text, words),
    )
    return _Told(line, *opening)


_BEFORE_NUMBER = listed(
    "the a an about than fewer less more over under менее более меньше больше позднее позже ранее раньше чем"
)
_NEVERTHELESS = ("тем", "не", "менее")
_ADDING = listed("only раз только")
"""After a negation: it denies nothing ("not only", "не раз")."""


def _negations(words: Sequence[str], negating: Sequence[bool]) -> int:
    """Return how many words negate; none does before a number ("No. 5", "31, not 41", "no fewer than 43")."""
    return sum(negates and not _denies_nothing(words, at + 1) for at, negates in enumerate(negating))


def _denies_nothing(words: Sequence[str], at: int) -> bool:
    """Whether a negation before the word at a place compares or adds: "is not over" is none of these."""
    if at < len(words) and (words[at] in _ADDING or words[max(0, at - 2) : at + 1] == _NEVERTHELESS):
        return True
    number = next((word for word in words[at : at + 3] if word not in _BEFORE_NUMBER), "")
    return is_number(number)


_told_again = lru_cache(maxsize=KEPT_LINES)(_told)


def _line(text: str, at: int, named: Container[str]) -> Line:
    """Return the sentence ``text`` with what it tells, ``at`` words into an article with the names ``named``."""
    told = (_told if len(text) > LONGEST_KEPT else _told_again)(text)
    line = Line._make((at, *told.line[1:]))  # a fourth of the time of _replace
    if told.written in named:
        return line._replace(parties={told.stem: told.written, **line.parties})
    return line


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
    title = article.title[:_MAX_TITLE]
    for sentence in islice(pieces(body(text, title)), MAX_LINES):
        made = _line(" ".join(sentence.text.split()), len(words), named)
        if made.words:
            lines.append(made)
            words.extend(made.words)
    title = next(pieces([Sentence(0, len(title), title)]), Sentence(0, 0, "")).text
    return Prepared(
        article=replace(article, text=""),
        title=_told(title, title=True).line,
        lines=tuple(lines),
        shingles=shingles(words),
    )


def _bytes(made: Prepared) -> int:
    return sum([800 + 24 * len(line.words) + len(line.text) for line in made.lines])


_last_prepared = Recent(_prepared, _bytes, KEPT_BYTES)
