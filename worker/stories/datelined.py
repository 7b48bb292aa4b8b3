"""A known sentence behind a dateline that no rule knows: it tells it itself, since it stands there whole."""

from __future__ import annotations

from worker.stories.line import Line
from worker.stories.numbers import figures
from worker.stories.text import normalise
from worker.stories.vocabulary import SLIGHT_STEPS, facts

_LEAST = 8  # words of a known sentence that stands behind something by no chance
_MOST = 14  # words of a dateline
_BEGINS = 16  # characters by which the known sentence is found
_ENDS = ":_-\u2010\u2011\u2012\u2013\u2014\u2015)]/|.\u00bb\u201d"
_OPENS = " \t\"'\u00ab\u201c\u201e"
_YEAR = 4


def is_datelined(new: Line, old: Line) -> bool:
    """Whether ``new`` is ``old`` behind words that tell at most where, when and by whom it was reported.

    These name someone or a day, end with a sign, and have no step of a matter, no negation and no other figure.
    """
    size = len(old.words)
    before = new.words[:-size]
    if size < _LEAST or not 0 < len(before) <= _MOST or new.words[-size:] != old.words:
        return False
    told = new.text[: max(0, new.text.find(old.text[:_BEGINS]))].rstrip(_OPENS)
    if not told or (told[-1] not in _ENDS and any(map(str.isalpha, told))):
        return False
    known = [facts(word) for word in before]
    if any(one.negates or (one.step and one.step not in SLIGHT_STEPS) for one in known):
        return False
    days = figures(normalise(told)).keys()
    names = new.parties.keys() - old.parties.keys()
    return all(map(_is_day, days)) and bool(names or days)


def _is_day(value: str) -> bool:
    return "-" in value[1:] or (len(value) == _YEAR and value.isdecimal())
