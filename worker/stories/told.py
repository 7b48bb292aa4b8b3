"""What a sentence tells wherever it stands: each part of that is found out when it is asked for.

Of the sentences that a story has word for word nobody asks more than their words; what single words tell is asked of
all others, what only the whole sentence tells (its steps, whether it is planned) of those that resemble a known one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import compress
from operator import attrgetter
from typing import NamedTuple

from worker.stories.literals import any_of
from worker.stories.magnitudes import SCALE
from worker.stories.numbers import figures, is_number, is_spelled, may_tell_share
from worker.stories.text import KNOWN_WORDS, cased_words, folded, in_lower_case, listed, normalise
from worker.stories.vocabulary import WordFacts, alias, begins_alias, facts, names_no_party, turns

KEPT_TOLD = 24_576
"""Sentences that are kept with what they tell: more than half of them are held by the articles that are kept, too."""

LONGEST_KEPT = 1000
"""Characters of the longest sentence that is kept with what it tells, mostly 1.5 kB."""

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

# "Is to open", "are due to stage", "in talks on buying": what is to come.
_TO_DO = r" (?:\w+ )?to (?!be\b|have\b|the\b|a\b|an\b|\d)[a-z]{3,}"
_TALKS = (r"talks (?:to|over|about|on)\b", r"negotiations (?:to|over|about|on)\b", r"переговор\w* (?:об?|по|про)\b")
_TO_COME = re.compile(any_of((*_TALKS, *(be + _TO_DO for be in ("is", "are", "was", "were"))), at_start=True))

_LEFT = re.compile(
    r"\b(?:is|are|was|were|be|been|being) left\b|\bleft (?:[^.,;]|,\d){1,60}\b(?:homeless|stranded|injured|wounded|dead"
    r"|without (?:any )?(?:power|electricity|water|heat|heating|gas|light|internet|homes?|shelter|roofs?|food))\b"
)
"""A storm leaves homes without power, and nobody goes."""


class _Word(NamedTuple):
    """A word as it is written, and what it tells.

    ``plain``: its stem where it is neither a number nor has a capital, else "". ``capital``: it has one. ``counts``:
    there may be a figure where it is; ``spelled``: one in letters. ``names``: it may be a party. ``alias``: it may
    begin another name of one.
    """

    written: str
    lower: str
    plain: str
    capital: bool
    weekday: int
    counts: bool
    spelled: bool
    facts: WordFacts
    names: bool
    alias: bool


_LOWER, _PLAIN, _CAPITAL, _WEEKDAY, _COUNTS, _SPELLED = (
    attrgetter(name) for name in ("lower", "plain", "capital", "weekday", "counts", "spelled")
)
_TURNS = attrgetter("turns")


@lru_cache(maxsize=KNOWN_WORDS)
def _word(written: str) -> _Word:
    lower = in_lower_case(written)  # what is kept here need not be kept there
    told = facts(lower)
    capital = written[0].isupper()
    return _Word(
        written,
        lower,
        plain="" if told.number or capital else told.stem,
        capital=capital,
        weekday=told.weekday,
        counts=told.number or may_tell_share(lower),
        spelled=is_spelled(lower),
        facts=told,
        names=not names_no_party(lower),
        alias=capital and begins_alias(told.root),
    )


class _Marked(NamedTuple):
    """What the words of a sentence tell, each of itself.

    ``opening``: the stem of the first word, where that is a party only if its text shows it to be a name; "" when it is
    a party anyway, or can be none.
    """

    stems: frozenset[str]
    parties: dict[str, str]
    figures: dict[str, str]
    marks: frozenset[str]
    weekdays: frozenset[int]
    opening: str = ""


class _Turned(NamedTuple):
    """What the whole sentence tells."""

    steps: frozenset[str]
    negations: int
    modal: bool
    corrects: bool
    later: bool


# An empty set takes as much room as a short sentence, and most sentences have two.
_NO_STEPS = frozenset[str]()
_NO_DAYS = frozenset[int]()


class Told:
    """What a sentence tells wherever it stands; a title's capitals name no one for certain and are left out.

    ``first`` is its first word as it is written, or "".
    """

    __slots__ = ("_found", "_marked", "_title", "_turned", "first", "key", "text", "words")

    def __init__(self, text: str, *, title: bool = False) -> None:
        """Cut the sentence ``text`` into words."""
        found = [*map(_word, cased_words(folded(text)))]
        self.text = text
        self.words: tuple[str, ...] = tuple(map(_LOWER, found))
        self.key = hash(self.words)
        self.first = found[0].written if found else ""
        self._title = title
        self._found: list[_Word] | None = found
        self._marked: _Marked | None = None
        self._turned: _Turned | None = None

    @property
    def marked(self) -> _Marked:
        """What its words tell, each of itself."""
        marked, found = self._marked, self._found
        if marked is None:
            if found is None:  # another thread has just
                return self.marked
            self._marked = marked = _marks(self.text, found, title=self._title)
            self._found = None  # twice the room of all the rest, and not asked for again
        return marked

    @property
    def turned(self) -> _Turned:
        """What it tells as a whole."""
        if self._turned is None:
            self._turned = _turns(self.text, self.words)
        return self._turned


def _marks(text: str, found: Sequence[_Word], *, title: bool) -> _Marked:
    # What looks at every word of every article does so without a loop of its own, where it can.
    carrying = [*map(_PLAIN, found)]
    named = set[str]()
    parties: dict[str, str] = {}
    opening = ""
    after = 0  # the last alias: its words are no others
    for at in compress(range(len(found)), map(_CAPITAL, found)):
        word = found[at]
        if at < after:
            continue
        if word.alias:
            written = [one.written for one in found]
            name, size = alias(written, [one.facts for one in found], at)
            if name:
                after = at + size
                carrying[at:after] = [""] * size
                named.add(name)
                parties[name] = " ".join(written[at:after])
                continue
        stem = word.facts.stem
        if not stem or word.facts.number or (len(word.written) == 1 and at and found[at - 1].facts.number):  # $340M
            continue
        named.add(stem)
        if not title and word.names:
            # The first word of a sentence has its capital anyway; it counts when it has one inside a sentence too, or
            # is all capitals ("FSB").
            if at > 0 or word.written[1:].isupper():
                parties[stem] = word.written
            else:
                opening = stem
    named.update(carrying)
    named.discard("")
    stems = frozenset(named)
    values = figures(normalise(text), spelled=any(map(_SPELLED, found))) if any(map(_COUNTS, found)) else {}
    days = {*map(_WEEKDAY, found)} - {-1}
    return _Marked(
        stems,
        parties,
        values,
        marks=stems.union([f"#{value}" for value in values if not value.startswith(SCALE)]) if values else stems,
        weekdays=frozenset(days) or _NO_DAYS,
        opening=opening,
    )


def _turns(text: str, words: tuple[str, ...]) -> _Turned:
    lower = normalise(text)
    known = [*map(facts, words)]
    telling = [*compress(known, map(_TURNS, known))]
    turn = turns(lower)
    steps = {*[told.step for told in telling], *turn.steps} - {""}
    if "leave" in steps and not _leaves(
        lower, {word for word, told in zip(words, known, strict=True) if told.step == "leave"}
    ):
        steps.discard("leave")
    for phrase in _PARTS.keys() & steps:
        steps -= _PARTS[phrase]
    negates = any(told.negates for told in telling)
    return _Turned(
        frozenset(steps) or _NO_STEPS,
        negations=_negations(words, [told.negates for told in known]) if negates else 0,
        modal=any(told.modal for told in telling) or _TO_COME.search(lower) is not None,
        corrects=turn.corrects,
        later=turn.later,
    )


def _leaves(lower: str, by: set[str]) -> bool:
    """Whether somebody leaves, as the words ``by`` say: nobody where homes are left in the dark."""
    return by != {"left"} or "left" in _LEFT.sub(" ", lower)


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


_told_again = lru_cache(maxsize=KEPT_TOLD)(Told)


def told(text: str) -> Told:
    """Return what the sentence ``text`` tells; keeps those used last."""
    return (Told if len(text) > LONGEST_KEPT else _told_again)(text)
