"""Boards of figures that a page shows beside its reports: quotations, the weather, the traffic."""

from __future__ import annotations

import re

from worker.stories.site_words import Words
from worker.stories.stamps import WHEN
from worker.stories.text import cased_words, folded
from worker.stories.vocabulary import facts, is_plain_verb

_LONGEST = 220
_NAMES = 3
_TWO = 2
_FIRST = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_SIGNS = re.compile(r"[$\u20ac\u00a3\u00a5\u20bd\u20bf\u25b2\u25bc] ?\d|(?<![\w)])[+-]\d")
_PRICE = re.compile(r"\d[., ]\d|\d{3}|[$\u20ac\u00a3\u20bd%]")
_CHANGE = re.compile(r"[\u25b2\u25bc\u2191\u2193]|(?<![\w)])[+-] ?\d|\([+-]?\d[\d.,]* ?%\)")
_SIGN = re.compile(r"[$\u20ac\u00a3\u00a5\u20bd\u20bf]")
_DEGREES = re.compile(r"\d ?°|\b\d\d ?[CF]\b")
_SIGNED = re.compile(r"(?<![\w)])[+-] ?\d")
_TICKER = re.compile(r"[A-Z]{2,5}")
_STATE = re.compile(r"[A-Z]{2}")
_QUOTED = Words("board-quotes")
_BESIDE = Words("board-small")
_WEATHER = Words("board-weather")
_MATTERS = Words("board-matters")
_LEADS = Words("board-leads")


def is_board(line: str, title: str) -> bool:
    """Whether a line of its own, ``folded``, gives quotations, the weather or the traffic, in no sentence.

    Where ``title`` speaks of that, the line may be what the report tells.
    """
    if len(line) > _LONGEST or line[-1] in ".!?" or not _DIGIT.search(line):
        return False
    first = _FIRST.search(line)
    if not first or (not _DEGREES.search(line) and not _SIGNS.search(line) and not _may_open(first[0].casefold())):
        return False
    words = [word for word in cased_words(WHEN.sub(" ", line)) if not word[0].isdigit()]
    if words and _is_of_quotations(line, words):
        signed = len(_CHANGE.findall(line)) >= _TWO
        return signed or not any(word in _QUOTED for word in _lower(folded(title)))
    return _is_of_weather(line) and not any(word in _MATTERS for word in _lower(folded(title)))


def _may_open(word: str) -> bool:
    return word in _QUOTED or word in _BESIDE or word in _WEATHER or word in _LEADS


def _lower(text: str) -> list[str]:
    return [word.casefold() for word in cased_words(text)]


def _is_of_quotations(line: str, words: list[str]) -> bool:
    """Whether there are names of what is quoted, prices, and nothing else."""
    quoted = len(_SIGN.findall(line)) // _TWO
    for word in words:
        lower = word.casefold()
        if lower in _QUOTED:
            quoted += 1
        elif lower not in _BESIDE and (not _TICKER.fullmatch(word) or _tells(lower)):
            return False
    return bool(quoted) and _PRICE.search(line) is not None


def _is_of_weather(line: str) -> bool:
    """Whether there are words of the weather, degrees, and no more but the name of a place."""
    words = [word for word in cased_words(WHEN.sub(" ", line)) if not word[0].isdigit()]
    names = [word for word in words if word.casefold() not in _WEATHER and word.casefold() not in _QUOTED]
    if len(names) > _NAMES or not all(
        _STATE.fullmatch(word) or (word[0].isupper() and not _tells(word.casefold())) for word in names
    ):
        return False
    of_it = any(word in _LEADS for word in _lower(line))
    return of_it or _DEGREES.search(line) is not None or (len(names) < len(words) and _SIGNED.search(line) is not None)


def _tells(word: str) -> bool:
    fact = facts(word)
    return not fact.stem or bool(fact.step) or fact.negates or word in _MATTERS or is_plain_verb(word)
