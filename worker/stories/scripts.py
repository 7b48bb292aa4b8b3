"""Names in two alphabets: one desk writes «Полярис» or Orbán, the next one Polaris or Orban."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import iuliia  # type: ignore[import-untyped]

from worker.stories.text import CYRILLIC, KNOWN_WORDS

_MARKS = re.compile("[\u0300-\u036f]")
_ONE_SOUND = (
    ("qu", "kv"),
    ("ph", "f"),
    ("sch", "q"),
    ("sh", "q"),
    ("ch", "q"),
    ("zh", "j"),
    ("kh", "h"),
    ("th", "t"),
    ("ts", "s"),
    ("ck", "k"),
    ("ng", "n"),
    ("x", "ks"),
    ("w", "v"),
)
_SOFT_C = re.compile("c(?=[eiy])")
_WITHOUT_STROKE = str.maketrans("øłđħı", "oldhi")  # which no normal form takes apart
_VOWELS = re.compile("[aeiouy'’]")
_TWICE = re.compile(r"(.)\1")
_LEAST = 3
"""Consonants of a name that is told by them."""


@lru_cache(maxsize=KNOWN_WORDS)
def skeleton(name: str) -> str:
    """Return the consonants of a name in lower case as an alphabet of Latin letters has them, or "" where they are few.

    Two names of different alphabets with one skeleton are one; Роснефть and Rosatom have two.
    """
    latin = str(iuliia.TELEGRAM.translate(name)) if CYRILLIC.search(name) else name
    plain = _plain(latin)
    for written, sound in _ONE_SOUND:
        plain = plain.replace(written, sound)
    plain = _TWICE.sub(r"\1", _SOFT_C.sub("s", plain)).replace("c", "k")
    found = _VOWELS.sub("", plain).rstrip("s")  # which an English stem has lost
    return found if len(found) >= _LEAST else ""


def spellings(name: str) -> list[tuple[str, str]]:
    """Return by what a name in lower case is found that is spelled otherwise: its letters alone, and its consonants."""
    return [("plain", _plain(name)), ("russian" if CYRILLIC.search(name) else "latin", skeleton(name))]


def spelled_otherwise(name: str) -> list[tuple[str, str]]:
    """Return the ``spellings`` of which the same name has one in the other alphabet, or with other accents."""
    other = ("latin" if CYRILLIC.search(name) else "russian", skeleton(name))
    return [("plain", _plain(name)), *([other] if other[1] else [])]


def same_name(one: str, other: str) -> bool:
    """Whether two names in lower case, of different alphabets or with and without accents, are one."""
    return not {*spellings(one)}.isdisjoint(spelled_otherwise(other))


def _plain(name: str) -> str:
    return name if name.isascii() else _MARKS.sub("", unicodedata.normalize("NFKD", name.translate(_WITHOUT_STROKE)))
