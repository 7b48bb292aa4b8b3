"""Names from one script into another: Russian and Ukrainian into Latin by several schemes, Latin back into Cyrillic.

The standard schemes are iuliia's; beside them stand the habits of newsrooms (Yuri, -sky, Kostarew in German) and the
Ukrainian national scheme of 2010 (Cabinet of Ministers, resolution 55).
"""

from __future__ import annotations

import re
from functools import lru_cache

import iuliia  # type: ignore[import-untyped]

_SCHEMES = {
    "ALA-LC": iuliia.ALA_LC_ALT,
    "BGN/PCGN": iuliia.BGN_PCGN,
    "BS 2979": iuliia.BS_2979_ALT,
    "GOST 52290": iuliia.GOST_52290,
    "ICAO 9303": iuliia.ICAO_DOC_9303,
    "ISO 9": iuliia.ISO_9_1954,
    "passport 1997": iuliia.MVD_310,
    "driving licence": iuliia.MVD_782,
    "French": iuliia.MVD_310_FR,
    "Wikipedia": iuliia.WIKIPEDIA,
    "Yandex": iuliia.YANDEX_MONEY,
}
_UKRAINIAN = dict(
    zip(
        "абвгґдежзийіклмнопрстуфхцчшщьюяєї",
        "a b v h g d e zh z y i i k l m n o p r s t u f kh ts ch sh shch _ iu ia ie i".split(),
        strict=True,
    )
)
_UKRAINIAN_PASSPORT = {"є": "ie", "ї": "i", "й": "i", "ю": "iu", "я": "ia"}
_UKRAINIAN_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_GERMAN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b w g d e jo sch s i i k l m n o p r s t u f ch z tsch sch schtsch _ y _ e ju ja".split(),
        strict=True,
    )
)
# What newsrooms do to a scheme's rendering: (pattern, replacement), each applied to what is there, the source kept.
_HABITS = (
    (r"(?:iy|ii|yy|ij)$", "y"),
    (r"(?:iy|ii|yy|y)$", "i"),
    (r"(?<=[a-z])(?:ey|ej)$", "ei"),
    (r"^(?:Iu|Ju)", "Yu"),
    (r"^(?:Ia|Ja)", "Ya"),
    (r"^Ya", "Ja"),
    (r"^E(?=[^aeiouy])", "Ye"),
    (r"yo(?=v$|va$)", "e"),
    (r"ks", "x"),
    (r"tekh$", "tech"),
    (r"tekh$", "tec"),
)
_UKRAINIAN_HABITS = (
    ("^Ya", "Ja"),
    ("yi$", "yy"),
    ("yi$", "y"),
    ("yi$", "iy"),
    ("ii$", "iy"),
    ("ii$", "y"),
    ("iia$", "ia"),
    ("(?<=[aeiou])i(?=[^aeiouy]|$)", "y"),
    ("(?<=[^aeiouy])i(?=[aeu])", "y"),
)
_UKRAINIAN_OLD = _UKRAINIAN | {"ю": "yu", "я": "ya", "є": "ye", "ї": "yi", "й": "y"}
# As philologists and libraries write, and the passports of Ukraine until 2010: with its marks, which are not heeded.
_SCHOLARLY = dict(
    zip(
        "абвгґдеёжзийіклмнопрстуфхцчшщъыьэюяєї",
        "a b v g g d e ë ž z i j i k l m n o p r s t u f ch c č š šč _ y _ è ju ja je ji".split(),
        strict=True,
    )
)
_SCHOLARLY_UK = {"г": "h", "и": "y"}
_GERMAN_UK = {"г": "h", "и": "y", "і": "i", "є": "je", "ї": "ji", "ь": "", "й": "j"}
_SLAVIC = re.compile(
    r"(?:[oe]v|yov|iev|[oe]ff|in|yn|[oe]va|ieva|ina|yna|sk[iy]|sk[iy][iyj]|ska(?:ya|ia|)|enko|chuk|[nly]uk|[vw]i(?:ch|tch)"
    r"|vych|shvili|yan|dze|hn[iy]y?|zhn[iy]+|nyk|chko|iak|yak)$"
)


def is_cyrillic(text: str) -> bool:
    """Whether a name is written in Cyrillic letters."""
    return bool(re.search("[А-яЁёІіЇїЄєҐґ]", text))


def is_ukrainian(text: str) -> bool:
    """Whether a name holds letters, or letters in a row, that Ukrainian has and Russian has not."""
    return bool(re.search("[ІіЇїЄєҐґ]|[сцз]ьк|ьов", text))


def is_slavic(surname: str) -> bool:
    """Whether a Latin surname ends as the surnames of Russia and Ukraine do, so that it can be written back."""
    return bool(_SLAVIC.search(surname.lower()))


@lru_cache(maxsize=4096)
def to_latin(word: str, language: str = "") -> dict[str, str]:
    """Give the Latin spellings of a Cyrillic word, each with the scheme that makes it; by default by its letters."""
    found: dict[str, str] = {}
    if (language or ("uk" if is_ukrainian(word) else "ru")) == "uk":
        national = _by_letters(word, _UKRAINIAN, _UKRAINIAN_FIRST)
        _enter(found, national, "Ukrainian national scheme")
        _enter(found, _by_letters(word, _UKRAINIAN | {"г": "g"}, _UKRAINIAN_PASSPORT), "Ukrainian passport before 2010")
        for pattern, replacement in _UKRAINIAN_HABITS:
            for spelling in tuple(found):
                _enter(found, re.sub(pattern, replacement, spelling), "newsroom spelling")
        _enter(found, re.sub("yi$", "y", _by_letters(word, _UKRAINIAN_OLD, {})), "newsroom spelling")
        _enter(found, re.sub("ii$", "i", re.sub("yj?$", "yj", _by_letters(word, _GERMAN | _GERMAN_UK, {}))), "German")
        _enter(found, _by_letters(word, _SCHOLARLY | _SCHOLARLY_UK, {}), "scholarly")
        return found
    for name, scheme in _SCHEMES.items():
        for source in {word, word.replace("ё", "е").replace("Ё", "Е")}:
            _enter(found, scheme.translate(source), name)
    for spelling, name in tuple(found.items()):
        if name in {"French", "ISO 9"}:
            continue
        for pattern, replacement in _HABITS:
            _enter(found, re.sub(pattern, replacement, spelling), "newsroom spelling")
    _enter(found, re.sub("ii$", "i", re.sub("yi$", "y", _by_letters(word, _GERMAN, {}))), "German")
    _enter(found, _by_letters(word, _SCHOLARLY, {}), "scholarly")
    return found


def to_latin_by_belarusian(surname: str) -> str:
    """Give the Latin spelling that Belarus gives a surname which Russian has too, as it sounds there: Tsikhanouskaya.

    Empty where its ending is not of there. The vowels that it changes as the stress does are left, but the last.
    """
    text = surname.lower()
    if not re.search("(?:енко|ович|евич|[сц]кий|[сц]кая)$", text):
        return ""
    text = re.sub("енко$", "енка", re.sub("(?<=[сц]к)ий$", "и", text))
    text = re.sub("в(?=[^аеёиоуыэюя])", "у", text)
    text = re.sub("т(?=[еёиюя])", "ц", text).replace("ди", "дзи").replace("дя", "дзя")
    return str(_SCHEMES["BGN/PCGN"].translate(text.replace("г", "х"))).replace("х", "h").replace("ʹ", "").capitalize()


_NINE = "дтзсцжшчрДТЗСЦЖШЧР"


def to_ukrainian(word: str, *, surname: bool = False) -> tuple[str, ...]:
    """Write a Russian name as Ukrainian does; several spellings where usage wavers.

    Foreign words by the rule of nine (Ukrainian spelling of 2019, § 129); surnames by § 144: е after a consonant in
    -ев becomes є, и becomes і but in -чин, -шин and the like.
    """
    text = re.sub("(?<=[аеёиоуыюя])е", "є", word) if surname else word
    text = text.replace("ъ", "'").replace("ы", "и").replace("э", "е").replace("Э", "Е").replace("ьё", "йо")
    text = re.sub("^И", "І", text)
    text = re.sub("(?<=[чшщжц])ё", "о", text)
    text = text.replace("ё", "ьо")
    if surname:
        text = re.sub("([цс])кий$", r"\1ький", text)
        text = re.sub("([цс])кая$", r"\1ька", text)
        text = re.sub("ая$", "а", text)
        text = re.sub("(?<=[^жчшщц])е(?=в$|ва$)", "є", text)
        text = re.sub("(?<=[^жчшщц])и(?=н$|на$)", "і", text)
        text = re.sub("и(?=[аеєиіоуюя])", "і", text)
        inner = re.sub(f"(?<=[^{_NINE}\\W])и(?=[^й]..)", "і", text)
        soft = re.sub(r"^(\w[бвгґдзйклмнпрстфх]?)е(?=\w*(?:єва?|[иі]на?|ова?)$)", r"\1є", inner)  # Пєсков
        return tuple(dict.fromkeys((inner, text, soft, re.sub("и(?=на?$)", "і", soft))))
    text = re.sub("^Евро", "Євро", text)
    text = re.sub("ий$", "ій", re.sub("и(?=[аеєиіоуюя])", "і", text))
    inner = re.sub(f"(?<=[^{_NINE}\\W])и(?!й)", "і", text)
    if inner.endswith("нефть"):
        return (re.sub("нефть$", "нєфть", inner), re.sub("нефть$", "нафта", inner))
    return (inner,)


def to_ukrainian_of_foreign(surname: str) -> tuple[str, ...]:
    """Write the Russian reading of a foreign surname as Ukrainian does: і throughout (§ 129), є for йе, Єллен."""
    text = re.sub("[Йй]е", lambda match: "Є" if match[0][0] == "Й" else "є", surname)
    usual = to_ukrainian(text)
    return tuple(dict.fromkeys((*usual, *(re.sub("и(?!й)", "і", one).replace("И", "І") for one in usual))))


def to_russian(surname: str) -> tuple[str, ...]:
    """Write a Ukrainian surname as Russian does; и is ы or stays, as usage has it (Шмыгаль, Кличко)."""
    text = re.sub("([цс])ький$", r"\1кий", surname)
    text = re.sub("([цс])ька$", r"\1кая", text)
    text = re.sub("(?<=[^кгхжчшщ])ий$", "ый", text).replace("ьо", "ё")
    hard = re.sub(r"(?<=[бвдзлмнпрст])и(?=\w*[^\W]$)(?!й$|ч$|к$|н$|на$)", "ы", text)
    found = []
    for variant in (text, hard):
        for ukrainian, russian in zip("іїєґІЇЄҐ", "иеегИЕЕГ", strict=True):
            variant = variant.replace(ukrainian, russian)  # noqa: PLW2901
        found.append(variant.replace("'", "ъ").replace("’", "ъ"))
    return tuple(dict.fromkeys(found))


def _by_letters(word: str, letters: dict[str, str], first: dict[str, str]) -> str:
    text = re.sub("зг", "zgh", word.lower()) if letters is _UKRAINIAN else word.lower()
    latin = "".join((first.get(c) if not i else None) or letters.get(c, c) for i, c in enumerate(text))
    return latin.replace("_", "").capitalize()


def _enter(found: dict[str, str], spelling: str, scheme: str) -> None:
    """Enter a spelling that is wholly Latin, without the marks for the soft sign too."""
    bare = re.sub("[ʹʺ'’`\"]", "", spelling)
    if not is_cyrillic(bare):
        found.setdefault(bare, scheme)
