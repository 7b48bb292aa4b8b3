"""The words that carry the turn of a matter, and those that carry nothing. The lists themselves are in ``lists``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from worker.stories import lists

_STOP = lists.words("stop")
_NEGATIONS = lists.words("negations")
_NO_PARTY = lists.words("no-party")
_WEEKDAYS = {form: day for day, forms in enumerate(lists.lines("weekdays")) for form in forms.split()}
_PREFIXES = {prefix: step for step, prefixes in lists.table("steps").items() for prefix in prefixes}
_EXACT = 5
"""A beginning shorter than this must be the whole word, or the word less an English or Russian ending."""

_ENDINGS = re.compile(
    r"(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|иях|ях|ах|ой|ей|ом|ем|ым|им|ых|их|ую|юю|ая|яя|ое|ее|ые|ие|ый|ий|ою|ею"
    r"|ию|ии|ия|ов|ев|[аеиоуыэюяьйіїє])$"
)
_CYRILLIC = re.compile("[а-яіїєґ]")
_SHORTEST = 3


class WordFacts(NamedTuple):
    """What a word in lower case tells: its stem ("" for a word that carries nothing), its step, whether it negates."""

    stem: str
    step: str
    negates: bool
    weekday: int


def _stem(word: str) -> str:
    if _CYRILLIC.search(word):
        for _ in range(2):
            shorter = _ENDINGS.sub("", word)
            if len(shorter) < _SHORTEST:
                break
            word = shorter
        return word
    for ending in ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "e"):
        if word.endswith(ending) and len(word) - len(ending) > _SHORTEST:
            word = word[: -len(ending)]
            break
    return word[:-1] if word.endswith(("y", "i", "e")) and len(word) > _SHORTEST + 1 else word


def _step(word: str, stem: str) -> str:
    exact = _PREFIXES.get(word) or _PREFIXES.get(stem)
    if exact:
        return exact
    for length in range(min(len(word), 9), _EXACT - 1, -1):
        step = _PREFIXES.get(word[:length])
        if step:
            return step
    if _CYRILLIC.search(word):  # short Russian beginnings: призна-, увол-, отстав-
        return _PREFIXES.get(word[:4], "")
    return ""


@lru_cache(maxsize=65_536)
def facts(word: str) -> WordFacts:
    """Return what ``word``, in lower case, tells."""
    negates = word in _NEGATIONS or word.endswith(("n't", "n'"))
    weekday = _WEEKDAYS.get(word, -1)
    if word in _STOP or weekday >= 0:
        return WordFacts("", "", negates, weekday)
    stem = _stem(word)
    return WordFacts(stem, _step(word, stem), negates, weekday)


def names_no_party(word: str) -> bool:
    """Whether ``word``, in lower case, is written with a capital without naming anyone."""
    return word in _NO_PARTY or word in _STOP


_CORRECTION = re.compile(rf"\b(?:{lists.pattern('corrections').pattern})")
_LATER = re.compile(rf"\b(?:{lists.pattern('later').pattern})")


def says_correction(text: str) -> bool:
    """Whether normalised ``text`` corrects or takes back what was published."""
    return _CORRECTION.search(text) is not None


def says_later(text: str) -> bool:
    """Whether normalised ``text`` says that it happened after what was published."""
    return _LATER.search(text) is not None
