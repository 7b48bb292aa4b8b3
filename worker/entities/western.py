"""Names of the West in Cyrillic and back: Powell, «Пауэлл»; Zuckerberg, «Цукерберг».

Their spelling follows the sound, which letters do not tell, so a name has several readings. Each run of letters has its
readings, the usual one first (after the practical transcriptions of Gilyarevsky and Starostin, 1985); the readings of
the whole that deviate least are kept, before them those that the dictionary knows as surnames.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, product

from worker.entities import inflect
from worker.entities.fold import key
from worker.entities.lists import lines, words

_BEAM = 300  # readings carried from letter to letter
_KNOWN, _KEPT = 3, 6  # readings kept: of those in the dictionary, and in all
_KEPT_LATIN = 12
_TRIED = 40  # spellings read again
_WORST = 9  # a reading that deviates more is none

_PARTICLES = {
    "von": "фон", "van": "ван", "der": "дер", "den": "ден", "de": "де", "del": "дель", "della": "делла", "di": "ди",
    "da": "да", "dos": "душ", "du": "дю", "la": "ла", "le": "ле", "el": "эль", "al": "аль", "bin": "бин", "ibn": "ибн",
    "ben": "бен", "ter": "тер", "zu": "цу",
}  # fmt: skip
_CLASSES = {"V": "[aeiouyäöüáéíóúàèëïœ]", "C": "[^aeiouyäöü]"}
_YOTTED = (("йе", "е"), ("йа", "я"), ("йу", "ю"), ("ья", "я"))

_Rules = tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]


@lru_cache(maxsize=2)
def _rules(name: str) -> _Rules:
    found = []
    for line in lines(name):
        pattern, options = line.split("\t")
        found.append((re.compile(re.sub("[VC]", lambda sign: _CLASSES[sign[0]], pattern)), tuple(options.split())))
    return tuple(found)


@lru_cache(maxsize=4096)
def transcribed(surname: str) -> tuple[str, ...]:
    """Give the Russian readings of a surname in Latin letters, the likeliest first; none where it cannot be read."""
    settled = _settled()[0].get(key(surname))
    if settled:
        return settled
    parts = [_settled()[0].get(key(word)) or _each(word) for word in surname.replace("’", "'").split()]
    return _joined(" ", parts, _KEPT)


@lru_cache(maxsize=1)
def _settled() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Read the surnames whose reading letters do not tell: Russian by the folded Latin, Latin by the folded Russian."""
    into: dict[str, tuple[str, ...]] = {}
    out: dict[str, tuple[str, ...]] = {}
    for line in lines("surnames_west.tsv"):
        latin, russian = line.split("\t")
        spellings, readings = (
            ((latin,), (russian,)) if re.match("[Ll]e |de ", latin) else (latin.split(), russian.split())
        )
        into.update({key(spelling): tuple(readings) for spelling in spellings})
        for reading in readings:
            out[key(reading)] = (*out.get(key(reading), ()), *spellings)
    return into, out


def _each(word: str) -> tuple[str, ...]:
    if word.lower() in _PARTICLES:
        return (_PARTICLES[word.lower()],)
    halves = [_readings(half.replace("'", "")) for half in word.split("-")]
    return _joined("-", halves, _KEPT)


def _joined(between: str, parts: Sequence[tuple[str, ...]], most: int) -> tuple[str, ...]:
    """Join one of each part to the next, the likeliest first; no more than ``most`` are ever made."""
    return tuple(islice(map(between.join, product(*parts)), most))


def _readings(word: str) -> tuple[str, ...]:
    scored = _beam(word.lower(), _rules("western-into.tsv"))
    found: dict[str, None] = {}
    for text in scored:
        for wide, narrow in _YOTTED:
            text = text.replace(wide, narrow)  # noqa: PLW2901
        found.setdefault(text.capitalize())
    readings = list(found)
    known = [text for text in readings if inflect.knows(text, "ru", names=True)][:_KNOWN]
    return tuple(dict.fromkeys([*known, *readings]))[:_KEPT]


@lru_cache(maxsize=4096)
def spelt(surname: str) -> tuple[str, ...]:
    """Give the Latin spellings that a Russian surname of the West may stand for, the likeliest first."""
    reverse = {cyrillic: latin for latin, cyrillic in reversed(_PARTICLES.items())}
    settled = _settled()[1]
    parts: list[tuple[str, ...]] = []
    for word in surname.split():
        if word.lower() in reverse:
            parts.append((reverse[word.lower()],))
            continue
        halves = [_spellings(half) for half in word.split("-")]
        parts.append((*settled.get(key(word), ()), *_joined("-", halves, _KEPT_LATIN)))
    rows = _joined(" ", parts, _KEPT_LATIN)
    return tuple(dict.fromkeys((*settled.get(key(surname), ()), *rows)))


def _spellings(word: str) -> tuple[str, ...]:
    """Prefer, of the spellings, those that read as the word again."""
    own = key(word).strip()
    found = [text.capitalize() for text in _beam(word.lower(), _rules("western-out.tsv"))]
    known = [text for text in found if text.lower() in _surnames()]
    again = [text for text in found[:_TRIED] if own in {key(reading).strip() for reading in _readings(text)}]
    return tuple(dict.fromkeys([*known[: _KEPT_LATIN // 2], *again, *found[:3]]))[:_KEPT_LATIN]


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    return words("surnames_latin")


def _beam(word: str, rules: _Rules) -> list[str]:
    """Give the readings of a word by how many unusual ones they take; none where a letter has no rule."""
    states: dict[int, dict[str, int]] = {0: {"": 0}}
    for at in range(len(word)):
        here = sorted(states.pop(at, {}).items(), key=lambda item: item[1])[:_BEAM]
        if not here:
            continue
        hit = next(((m, options) for rule, options in rules if (m := rule.match(word, at)) and m.end() > at), None)
        if hit is None:
            return []
        after = states.setdefault(hit[0].end(), {})
        for text, cost in here:
            for rank, option in enumerate(hit[1]):
                made = text + option.replace("_", "")
                if cost + rank <= _WORST and cost + rank < after.get(made, _WORST + 1):
                    after[made] = cost + rank
    return [text for text, _ in sorted(states.get(len(word), {}).items(), key=lambda item: item[1]) if text]
