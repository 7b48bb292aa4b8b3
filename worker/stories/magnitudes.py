"""Magnitudes in words: "dozens of", "сотни", "tens of thousands"."""

from __future__ import annotations

import re

from worker.stories import lists
from worker.stories.literals import any_of
from worker.stories.text import listed

SCALE = "scale-"
"""What the magnitudes begin with among the figures: of the same kind, and unlike any number."""

_SIZES = {
    "tens": "dozens|tens(?= of)|scores(?= of [a-z])|десятк(?:и|ов|ам|ами|ах)",
    "hundreds": "hundreds|сот(?:ни|ен|ням|нями|нях)|сотні",
    "thousands": "thousands|тысяч(?:и|ам|ами|ах)?|тисяч(?:і|ам|ами|ах)?",
    "millions": "millions|миллион(?:ы|ов|ам|ами|ах)|мільйон(?:и|ів|ам|ами|ах)",
    "billions": "billions|миллиард(?:ы|ов|ам|ами|ах)|мільярд(?:и|ів|ам|ами|ах)",
}
_FEW_ARE = {
    "dozen": "tens",
    "hundred": "hundreds",
    "thousand": "thousands",
    "million": "millions",
    "billion": "billions",
}
_FEW = rf"(?:(?:several|a few|many) (?P<few>{'|'.join(_FEW_ARE)})s?)"
_ONE = "|".join(f"(?P<{name}>{forms})" for name, forms in _SIZES.items())
_OF = "|".join(f"(?P<of_{name}>{forms})" for name, forms in _SIZES.items())
_MAGNITUDE = re.compile(rf"\b(?:{_FEW}|(?:(?:{_OF}) (?:of )?)?(?:{_ONE}))\b")
_BEGINNINGS = (
    "dozens|tens of|scores of|hundreds|thousands|millions|billions|several|few|many"
    "|десятк|сот|тысяч|тисяч|миллион|мільйон|миллиард|мільярд"
)
_LIKELY = re.compile(any_of(_BEGINNINGS.split("|"), at_start=True))
_NUMBERS = frozenset(word for words in lists.table("number-words").values() for word in words)
_BEFORE = re.compile(r"([^\W_][\w.,]*)[ -]$")
_LONGEST = 24
_ONE_OF_THEM = listed("одной одна один одного около более больше свыше менее меньше порядка почти до лишним понад")
"""Before the genitive of one thousand, or between a number and its unit ("около тысячи", "триста с лишним тысяч")."""


def cut_magnitudes(text: str) -> tuple[str, dict[str, str]]:
    """Return normalised ``text`` with its magnitudes blanked, and these: "scale-hundreds" → as written.

    "20 thousands" and "две тысячи" are numbers and stay.
    """
    found: dict[str, str] = {}
    if not tells_magnitude(text):
        return text, found

    def cut(match: re.Match[str]) -> str:
        before = _BEFORE.search(text, max(0, match.start() - _LONGEST), match.start())
        if before and (before[1][0].isdigit() or before[1] in _NUMBERS or before[1] in _ONE_OF_THEM):
            return match[0]
        sizes = [name for name in _SIZES if match[f"of_{name}"]] + [name for name in _SIZES if match[name]]
        found[SCALE + ("-".join(sizes) or _FEW_ARE[match["few"]])] = match[0]
        return " " * len(match[0])

    return _MAGNITUDE.sub(cut, text), found


def tells_magnitude(text: str) -> bool:
    """Whether normalised ``text`` may tell a magnitude in words."""
    return _LIKELY.search(text) is not None
