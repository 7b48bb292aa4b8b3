"""Figures and parties that stand in the place of others in a version of a known sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from worker.stories.align import Match
from worker.stories.brief import some
from worker.stories.finding import FEW, Change, Finding, Kind
from worker.stories.line import Line
from worker.stories.literals import any_of
from worker.stories.numbers import as_metres, figures, is_year
from worker.stories.pieces import MOST_WORDS
from worker.stories.short_forms import is_short, short_forms, written_out
from worker.stories.vocabulary import facts, is_country, says_earlier

_NUMBER = "number"
_DATE = "date"
_YEAR = "year"
_LIKE_YEAR = 2  # how many times a count may be what looks like a year
_SHARE = re.compile(r"%|cent|point|half|third|quarter|проц|пункт|половин|трет|четверт")
_EXACTLY = 0.005  # how far two figures are apart that are one in other units
_ALL_BUT_FIGURES = 0.85  # of both sentences, which are the same but for figures
_SAME_BUT_DATES = 0.7  # of both sentences, which are the same but for a date
_ANY = "#"
_LIKE_SIZE = 20  # how many times a figure may be another one in whose place it stands
_ONE_SENTENCE = 0.6
"""A party that the story knows is in the place of another only where both sentences are one, not where one was cut."""

_MEASURES = [
    (factor, re.compile(any_of(one.split(), at_start=True)), re.compile(any_of(two.split(), at_start=True)))
    for size, unit, metric in (
        (1.609, "mile миль миля мили", "km kilomet км километр"),
        (0.914, "yard ярд", "met метр"),
        (0.3048, "feet foot ft фут", "met метр"),
        (0.4536, "pound lb фунт", "kilo kg кг килограмм"),
        (0.4047, "acre акр", "hectare га"),
    )
    for factor, one, two in ((size, unit, metric), (1 / size, metric, unit))
]
"""What one of a unit is in another, and how the two are written."""

_UNIT_AT_NUMBER = re.compile(r"(?<=\d)(?=[^\W\d_])")  # 400ft
_SCALED = re.compile(r"thou|mil|bil|bn|тыс|тис|млн|млрд|мил|\d ?[km]\b")
_NEARLY = 0.06
"""How far a converted figure may be from the exact one: 55 miles for 90 km."""

_BRACKETS = re.compile(r"\([^()]*\)")
_ABOUT = re.compile(
    r"\b(?:about|around|almost|nearly|approximately|roughly|some|more than|over|at least|up to|close to|okolo"
    r"|около|почти|порядка|примерно|более|больше|свыше|приблизительно|не менее|близько|понад|майже"
    r"|rund|etwa|fast|mehr als|knapp|environ|près de|plus de|casi|más de|unos)\b"
)


def other_figure(finding: Finding, match: Match) -> Change | None:
    """Return the figures of a sentence that stand in the place of others in the known one that it resembles."""
    new, old = finding.line, match.line
    metres = {as_metres(value, written) for value, written in new.figures.items()}
    was = {value: written for value, written in old.figures.items() if value not in new.figures.keys() | metres}
    close = min(match.forward, match.back) >= _SAME_BUT_DATES
    same = min(match.forward, match.back) >= _ALL_BUT_FIGURES
    # The day or year of publication tells nothing, but in the place of another one.
    dated = {kind for kind in map(_kind, was) if kind == _YEAR or (close and kind == _DATE)}
    fresh = sorted(new.figures.keys() - old.figures.keys())
    now = {value: new.figures[value] for value in fresh if value in finding.values or _kind(value) in dated}
    if not now:
        return (_exchanged(new, old) or _day_left_out(new, was)) if same else None
    in_brackets = " ".join(_BRACKETS.findall(old.text.casefold()))
    if all(written in in_brackets for written in was.values()):  # a conversion is left out
        return None
    if not finding.figures and (says_earlier(new.text.casefold()) or _told_beside(now, match)):
        return None
    bare = {written.split()[0] for written in was.values()}
    now = {
        value: written
        for value, written in now.items()
        if written not in bare
        and any(_stands_for((value, written), one, known=not finding.figures and not close) for one in was.items())
    }
    known = converted(now, new, old)
    now = {value: written for value, written in now.items() if value not in known}
    if _ABOUT.search(new.text.casefold()):
        now = {value: written for value, written in now.items() if not any(_rounds(value, other) for other in was)}
    return Change(Kind.FIGURE, f"{some(now.values())} instead of {some(was.values())}") if now else None


def _exchanged(new: Line, old: Line) -> Change | None:
    """Return the figures that stand in each other's place, or twice ("two killed, three hurt": three, two)."""
    if not new.figures or max(len(new.words), len(old.words)) > MOST_WORDS:
        return None
    numbers = [[word for word in line.words if facts(word).number] for line in (new, old)]
    if numbers[0] == numbers[1]:
        return None
    ours, theirs = ([_ANY if facts(word).number else word for word in line.words] for line in (new, old))
    for at, of, size in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        for now, was in zip(new.words[at : at + size], old.words[of : of + size], strict=True):
            value, before = ({*figures(word)} for word in (now, was))
            whole = value and before and value <= new.figures.keys() and before <= old.figures.keys()
            if whole and value != before:
                return Change(Kind.FIGURE, f"{some([now])} instead of {some([was])}")
    return None


def _day_left_out(new: Line, was: Mapping[str, str]) -> Change | None:
    """Return the days that a known sentence names beside others of their month, and the same in ``new`` does not."""
    months = {value.split("-")[0] for value in new.figures if _kind(value) == _DATE}
    gone = [written for value, written in was.items() if _kind(value) == _DATE and value.split("-")[0] in months]
    return Change(Kind.FIGURE, f"no more {some(gone)}") if gone else None


def _stands_for(one: tuple[str, str], other: tuple[str, str], *, known: bool) -> bool:
    """Whether a figure, with how it is written, may stand in the place of another: of the same kind, and another one.

    A date for a date; what looks like a year may be a count of like size. ``known``: the story has the figure
    elsewhere, so only the like size tells that it is in the place of the other. A share is a percentage too, and "400m"
    may be metres.
    """
    (value, written), (was, before) = one, other
    kinds = {_kind(value), _kind(was)}
    if any(mark in figure for mark in ", " for figure in (written, before)):  # "2,000" is no year
        kinds = {_NUMBER if kind == _YEAR else kind for kind in kinds}
    if kinds != {_NUMBER}:
        count = kinds == {_YEAR, _NUMBER} and 1 / _LIKE_YEAR <= float(value) / (float(was) or 1) <= _LIKE_YEAR
        return len(kinds) == 1 or count
    new, old = float(value), float(was)
    if not old or not new:
        return True
    ratio = new / old
    share = _SHARE.search(f"{written} {before}") is not None
    metres = as_metres(value, written) or as_metres(was, before)
    factors = (*((100, 0.01) if share else ()), *((1e6, 1e-6) if metres else ()))
    same = any(abs(ratio / factor - 1) < _EXACTLY for factor in factors)
    return not same and (not known or 1 / _LIKE_SIZE <= ratio <= _LIKE_SIZE)


def converted(values: Iterable[str], new: Line, old: Line) -> set[str]:
    """Return those of ``values`` of ``new`` that ``old`` has in another unit (55 miles, 90 km), of which both speak.

    So are thousands, to the last digit that is told (11,8 тыс., 11 842).
    """
    numbers = [value for value in values if _kind(value) == _NUMBER]
    others = [float(other) for other in old.figures if _kind(other) == _NUMBER]
    if not numbers or not others:
        return set()
    now, was = (_UNIT_AT_NUMBER.sub(" ", line.text.casefold()) for line in (new, old))
    factors = [factor for factor, one, two in _MEASURES if one.search(now) and two.search(was)]
    return {
        value
        for value in numbers
        if any(_rounds(value, other) and _in_thousands(value, new.figures[value], other) for other in old.figures)
        or any(abs(float(value) * factor - other) < _NEARLY * other for factor in factors for other in others)
    }


def _kind(value: str) -> str:
    if "-" in value.lstrip("-"):
        return value.split("-", maxsplit=1)[0] if not value[0].isdigit() else _DATE
    return _YEAR if is_year(value) else _NUMBER


def _told_beside(now: Mapping[str, str], match: Match) -> bool:
    """Whether the figures stand beside the known sentence, and by no chance: two sentences were run together."""
    return now.keys() <= match.beside() and all(len(value) >= FEW for value in now)


def _rounds(value: str, other: str) -> bool:
    """Whether figure ``value`` is ``other`` made rounder (about 1,200 for 1,234)."""
    try:
        new, old = float(value), float(other)
    except ValueError:  # a date
        return False
    return abs(new - old) <= 0.05 * abs(old) and len(f"{new:g}".rstrip("0")) < len(f"{old:g}".rstrip("0"))


def _in_thousands(value: str, written: str, other: str) -> bool:
    """Whether a figure is another one in thousands or more, to the last digit that it has: 11,8 тыс. for 11 842."""
    return _SCALED.search(written) is not None and abs(float(value) - float(other)) <= _EXACTLY * abs(float(other))


def _same_in_short(written: str, new: Line, old: Line) -> bool:
    """Whether a party of ``new`` is a short form of words beside it or of ``old``, or a word of one."""
    if f"({written})" in new.text:
        return True
    if is_short(written):
        return bool(written_out(old, {written.casefold()}))
    return written.casefold() in written_out(new, short_forms(old))


def other_party(finding: Finding, match: Match) -> Change | None:
    """Return its parties in the place of others in the known sentence: new to the story, or in a first sentence any."""
    new, old = finding.line, match.line
    if len((new.stems & old.stems) - new.parties.keys()) < FEW:  # "X did not comment" is no frame
        return None
    fresh = set(finding.parties)
    if finding.first and not fresh:
        fresh = {written for party, written in new.parties.items() if not old.names(party)}
    if not fresh:
        return None
    cited = finding.cited
    fresh = {one for one in fresh if not cited.issuperset(one.split()) and not _same_in_short(one, new, old)}
    now = {party: written for party, written in new.parties.items() if written in fresh}
    if now.keys() <= match.beside():  # two sentences run together
        return None
    gone = {party: written for party, written in old.parties.items() if not new.names(party)}
    if not finding.parties and all(map(is_country, now)):  # "the Danish outbreak", where a town is named
        return None
    named = all(map(is_country, gone)) and not any(map(is_country, now))  # "Britain's watchdog" is called by its name
    apart = not finding.parties and match.back < _ONE_SENTENCE
    if not now or not gone or named or apart:
        return None
    return Change(Kind.PARTY, f"{some(now.values())} instead of {some(gone.values())}")
