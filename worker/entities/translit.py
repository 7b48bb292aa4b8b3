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
    (r"^E(?=[^aeiouy])", "Ye"),
    (r"yo(?=v$|va$)", "e"),
    (r"ks", "x"),
)
_BACK = (
    ("shch", "щ"), ("tsch", "ч"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"),
    ("yo", "ё"), ("yu", "ю"), ("ya", "я"), ("ye", "е"), ("ph", "ф"), ("ck", "к"), ("lч", "льч"), ("lц", "льц"),
    ("vё", "вьё"), ("bё", "бьё"),
)  # fmt: skip
_BACK_LETTER = dict(zip("abcdefghijklmnopqrstuvwxyz", "абкдефгхийклмнопкрстувв_из", strict=True)) | {"x": "кс"}
_BACK_END = (("skiy", "ский"), ("skii", "ский"), ("skyi", "ский"), ("sky", "ский"), ("ski", "ский"),
             ("tskiy", "цкий"), ("tsky", "цкий"), ("aya", "ая"), ("ey", "ей"), ("iy", "ий"), ("ii", "ий"),
             ("oy", "ой"), ("ay", "ай"), ("ny", "ный"), ("zhy", "жий"), ("yy", "ый"), ("off", "ов"),
             ("eff", "ев"), ("iev", "єв"))  # fmt: skip
_SLAVIC = re.compile(
    r"(?:[oe]v|yov|iev|[oe]ff|in|yn|[oe]va|ieva|ina|yna|sk[iy]|sk[iy][iy]|skaya|enko|chuk|[nly]uk|vich|vych|shvili|yan|dze)$"
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
def to_latin(word: str) -> dict[str, str]:
    """Give the Latin spellings of a Cyrillic word, each with the scheme that makes it."""
    found: dict[str, str] = {}
    if is_ukrainian(word):
        national = _by_letters(word, _UKRAINIAN, _UKRAINIAN_FIRST)
        _enter(found, national, "Ukrainian national scheme")
        for ending in ("yy", "y", "iy"):
            _enter(found, re.sub("yi$", ending, national), "newsroom spelling")
        return found
    for name, scheme in _SCHEMES.items():
        for source in {word, word.replace("ё", "е").replace("Ё", "Е")}:
            _enter(found, scheme.translate(source), name)
    for spelling, name in tuple(found.items()):
        if name in {"French", "ISO 9"}:
            continue
        for pattern, replacement in _HABITS:
            _enter(found, re.sub(pattern, replacement, spelling), "newsroom spelling")
    _enter(found, _by_letters(word, _GERMAN, {}), "German")
    return found


def to_cyrillic(word: str) -> str:
    """Write a Latin rendering of a Russian or Ukrainian name back in Cyrillic; empty where it cannot be told."""
    text = word.lower().replace("'", "ь").replace("’", "ь")
    end = ""
    for latin, cyrillic in sorted(_BACK_END, key=lambda pair: -len(pair[0])):
        if text.endswith(latin) and len(text) > len(latin):
            text, end = text.removesuffix(latin), cyrillic
            break
    text = re.sub("^iu", "ю", re.sub("^ia", "я", text))
    for latin, cyrillic in _BACK:
        text = text.replace(latin, cyrillic)
    if text.startswith("e"):
        text = ("е" if word[:2].lower() == "ye" else "э" if text[1:2] in {"l", "r", "d"} else "е") + text[1:]
    text = re.sub(r"(?<=[aeiouаеёиоуыэюя])y(?=[^aeiouy]|$)", "й", text)
    text = text.replace("y", "и" if text.endswith(("enko", "uk")) else "ы")
    text = "".join(_BACK_LETTER.get(c, c) for c in text) + end
    if not re.fullmatch("[а-яёіїєґ-]+", text):
        return ""
    return text.capitalize()


_NINE = "дтзсцжшчрДТЗСЦЖШЧР"


def to_ukrainian(word: str, *, surname: bool = False) -> tuple[str, ...]:
    """Write a Russian name as Ukrainian does; several spellings where usage wavers.

    Foreign words by the rule of nine (Ukrainian spelling of 2019, § 129); surnames by § 144: е after a consonant in
    -ев becomes є, и becomes і but in -чин, -шин and the like.
    """
    text = word.replace("ъ", "'").replace("ы", "и").replace("э", "е").replace("Э", "Е").replace("ьё", "йо")
    text = re.sub("^И", "І", text)
    text = re.sub("(?<=[чшщжц])ё", "о", text)
    text = text.replace("ё", "ьо")
    if surname:
        text = re.sub("([цс])кий$", r"\1ький", text)
        text = re.sub("([цс])кая$", r"\1ька", text)
        text = re.sub("(?<=[^жчшщц])е(?=в$|ва$)", "є", text)
        text = re.sub("(?<=[^жчшщц])и(?=н$|на$)", "і", text)
        inner = re.sub(f"(?<=[^{_NINE}\\W])и(?=[^й]..)", "і", text)
        return tuple(dict.fromkeys((inner, text)))
    return (re.sub(f"(?<=[^{_NINE}\\W])и(?!й)", "і", text),)


def to_russian(surname: str) -> str:
    """Write a Ukrainian surname as Russian does."""
    text = re.sub("([цс])ький$", r"\1кий", surname)
    text = re.sub("([цс])ька$", r"\1кая", text)
    text = re.sub("(?<=[^кгхжчшщ])ий$", "ый", text).replace("ьо", "ё")
    for ukrainian, russian in zip("іїєґІЇЄҐ", "иеегИЕЕГ", strict=True):
        text = text.replace(ukrainian, russian)
    return text.replace("'", "ъ").replace("’", "ъ")


def _by_letters(word: str, letters: dict[str, str], first: dict[str, str]) -> str:
    text = re.sub("зг", "zgh", word.lower()) if letters is _UKRAINIAN else word.lower()
    latin = "".join((first.get(c) if not i else None) or letters.get(c, c) for i, c in enumerate(text))
    return latin.replace("_", "").capitalize()


def _enter(found: dict[str, str], spelling: str, scheme: str) -> None:
    """Enter a spelling that is wholly Latin, without the marks for the soft sign too."""
    bare = re.sub("[ʹʺ'’`\"]", "", spelling)
    if not is_cyrillic(bare):
        found.setdefault(bare, scheme)
