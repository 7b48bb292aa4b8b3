"""Latin spellings of Russian and Ukrainian names back into Cyrillic.

Latin schemes lose letters (ia is я or ія, l is л or ль), so a name has several readings. Each is written into Latin
again by the schemes of ``translit``, and only those that give the input are kept.
"""

from __future__ import annotations

import re
from functools import lru_cache

from worker.entities.translit import to_latin

_MOST = 48  # readings tried of one word
_KEPT = 8

_COMMON = {
    "shch": "щ", "schtsch": "щ", "tsch": "ч", "zgh": "зг", "zh": "ж", "kh": "х", "ts": "ц", "tz": "ц", "ch": "ч",
    "sh": "ш", "ph": "ф", "ck": "к", "ks": "кс", "yu": "ю", "ya": "я",
    "ou": "у оу", "a": "а", "b": "б", "d": "д", "f": "ф",
    "g": "г", "k": "к", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у",
    "v": "в", "w": "в", "x": "кс", "z": "з", "ju": "ю", "ja": "я", "'": "ь",
}  # fmt: skip
_RU = _COMMON | {
    "sch": "щ ш", "ia": "я иа", "iu": "ю", "ye": "е ье", "ie": "е ье ие", "yo": "ё ьё", "io": "ио", "e": "е", "i": "и",
    "y": "ы", "j": "й", "h": "х г", "c": "к ц", "l": "л", "je": "е",
}  # fmt: skip
_UK = _COMMON | {
    "sch": "щ ш", "iia": "ія", "iiu": "ію", "ia": "я ія", "iu": "ю", "ye": "є", "ie": "є іє", "yi": "ї", "yo": "йо",
    "io": "ьо іо", "e": "е", "i": "і", "y": "и", "j": "й", "h": "г", "c": "к ц", "l": "л", "je": "є",
}  # fmt: skip
# What stands at the end: adjectives, patronymic endings and soft consonants, the longest first.
_END_RU = (
    ("ts?k(?:aya|aia|aja)$", "цкая"), ("sk(?:aya|aia|aja)$", "ская"), ("(?:aya|aia|aja)$", "ая"),
    ("tsk(?:iy|ii|yi|yy|ij|y|i)$", "цкий"), ("sk(?:iy|ii|yi|yy|ij|yj|y|i)$", "ский"),
    ("(?<=zh|sh|ch)(?:iy|ii|y)$", "ий"), ("(?:iy|ii|ij)$", "ий"), ("(?:yy|yi|yj)$", "ый"), ("(?<=n)y$", "ый"),
    ("off$", "ов"), ("eff$", "ев"), ("yev$", "ев ьев"), ("[ij]?ev$", "ев"), ("[ij]?eva$", "ева"), ("yeva$", "ева ьева"),
    ("iia$", "ия"), ("ia$", "ия я"), ("l$", "л ль"), ("nko$", "нко"), ("[cs]hvili$", "швили"),
)  # fmt: skip
_END_UK = (
    ("tsk(?:iy|ii|yi|yy|ij|yj|y|i)$", "цький"), ("sk(?:iy|ii|yi|yy|ij|yj|y|i)$", "ський"),
    ("zk(?:iy|ii|yi|yy|ij|y)$", "зький"), ("tska$", "цька"), ("ska$", "ська"),
    ("(?:yi|yy|yj|ij)$", "ий"), ("(?<=[^aeiou])(?:iy|ii)$", "ій ий"), ("(?<=n)y$", "ний ни"),
    ("iia$", "ія"), ("ia$", "ія я"), ("ets$", "ець"), ("yts$", "иць"), ("l$", "ль л"), ("id$", "ідь ід"),
    ("iev$", "єв"), ("[iy]?eva$", "єва ева"), ("nko$", "нко"), ("(?<=[aeiouy])n$", "н нь"), ("nka$", "нка нька"),
)  # fmt: skip
_SOFTENING = "bcdfghkmnpqrstvwxz"  # before these l may be soft


@lru_cache(maxsize=4096)
def to_cyrillic(word: str, language: str) -> tuple[str, ...]:
    """Give the Cyrillic readings of a Latin word in ``ru`` or ``uk``; none where it cannot be read.

    Those that a scheme turns back into the word; the likeliest alone where none does.
    """
    text = word.lower().replace("’", "'")
    if not re.fullmatch("[a-z']+(?:-[a-z']+)*", text):
        return ()
    if "-" in text:
        halves = [to_cyrillic(half, language) for half in text.split("-")]
        return ("-".join(half[0].capitalize() for half in halves),) if all(halves) else ()
    readings = list(dict.fromkeys(_readings(text, language)))
    bare = text.replace("'", "")
    exact = [r for r in readings if bare in {latin.lower() for latin in to_latin(r.capitalize(), language)}]
    return tuple(reading.capitalize() for reading in (exact[:_KEPT] or readings[:1]))


def _readings(text: str, language: str) -> list[str]:
    stem, ends = text, [""]
    for pattern, cyrillic in _END_RU if language == "ru" else _END_UK:
        if match := re.search(pattern, text):
            if match.start():
                stem, ends = text[: match.start()], cyrillic.split()
            break
    if ends[0] == "ний":
        stem = stem.removesuffix("n")
    letters = _RU if language == "ru" else _UK
    found = [""]
    at = 0
    while at < len(stem):
        size = next((n for n in (7, 4, 3, 2, 1) if stem[at : at + n] in letters and len(stem[at : at + n]) == n), 0)
        if not size:
            return []
        options = _options(stem, at, size, language, letters, last=not ends[0])
        found = [done + option for done in found for option in options][:_MOST]
        at += size
    return [done + end for end in ends for done in found][:_MOST]


def _options(stem: str, at: int, size: int, language: str, letters: dict[str, str], *, last: bool) -> list[str]:
    """Give what a run of letters may stand for at its place."""
    chunk, before, after = stem[at : at + size], stem[at - 1 : at], stem[at + size : at + size + 1]
    vowel_before = bool(before) and before in "aeiouy"
    special = {
        "l": (bool(after) and after in _SOFTENING, ["ль", "л"]),
        "i": (vowel_before and before != "y", ["й", "ї" if language == "uk" else "и"]),
        "j": (vowel_before, ["й"]),
        "y": (vowel_before or (not at and language == "uk"), ["й"]),
        "e": (not at and language == "ru", ["э", "е"] if after in {"l", "r", "d", "m"} else ["е", "э"]),
    }
    applies, options = special.get(chunk, (False, []))
    if applies:
        return options
    known = letters[chunk].split()
    if (
        len(chunk) > 1
        and chunk[-1] in "aue"
        and chunk[0] in "iy"
        and language == "uk"
        and before
        and before in "bpvmfr"
    ):
        return [f"'{known[0]}", *known]
    return ["і", "ій"] if chunk == "i" and not after and last and at and language == "uk" else known
