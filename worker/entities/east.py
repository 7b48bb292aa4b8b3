"""Names of East Asia, which have the surname first: Xi Jinping, Kim Jong Un, and how Russian writes those of China.

Pinyin becomes Russian syllable by syllable after Palladius (1888): an initial and a final, each with one reading.
"""

from __future__ import annotations

import re
from functools import lru_cache

from worker.entities.lists import lines, words

_SYLLABLE = re.compile(
    "(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)"
    "(iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ue|ui|uo|er|a|o|e|i|u)"
    "(?=(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])[aeiou]|$)"
)
_RUSSIAN = re.compile(
    "(?:(?:цз|чж|[бпмфдтнлгкхцсчшжв])?"
    "(?:юань|уань|уан|ань|энь|янь|инь|унь|юнь|юэ|яо|ао|оу|ай|эй|ан|эн|ян|ин|ун|юн|уа|уй|юй|[яеюиаоэу])){1,2}"
)
_TO_RUSSIAN = str.maketrans("іе", "иэ")
_MOST_WORDS = 3
_KOREAN = re.compile("(?:[A-Z][a-z]{1,5}[- ][A-Z]?[a-z]{1,5}|[А-Я][а-я]{1,4}[- ][А-Я]?[а-я]{1,4})")


def surname_first(names: list[str]) -> tuple[str, str] | None:
    """Part a name that has its surname first into given name and surname; None for any other name."""
    first, rest = names[0], " ".join(names[1:])
    if first not in surnames() or len(names) > _MOST_WORDS:
        return None
    return (rest, first) if is_given_name(rest) else None


@lru_cache(maxsize=4096)
def is_given_name(text: str) -> bool:
    """Whether a text can be a Chinese or Korean given name."""
    if " " in text or "-" in text:
        return bool(_KOREAN.fullmatch(text))
    return text[:1].isupper() and bool(in_russian(text) or _RUSSIAN.fullmatch(text.lower().translate(_TO_RUSSIAN)))


@lru_cache(maxsize=1)
def surnames() -> frozenset[str]:
    """Surnames of China and Korea, with their capital."""
    return words("surnames_east")


@lru_cache(maxsize=4096)
def in_russian(pinyin: str) -> str:
    """Write a Chinese name in Russian letters; empty where it is no pinyin."""
    initials, finals = _table()
    text, found = pinyin.lower(), ""
    while text:
        match = _SYLLABLE.match(text)
        if not match:
            return ""
        initial, final = match.groups()
        whole = finals.get(initial + final)
        if whole is None:
            soft = finals.get(f"{final}:{initial}", finals.get(final))
            if soft is None or initial not in initials:
                return ""
            whole = initials[initial] + soft
        found += whole
        text = text[match.end() :]
    return found.capitalize()


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], dict[str, str]]:
    initials: dict[str, str] = {"": ""}
    finals: dict[str, str] = {}
    for line in lines("pinyin.tsv"):
        kind, latin, russian = line.split("\t")
        (initials if kind == "initial" else finals)[latin] = russian
    return initials, finals
