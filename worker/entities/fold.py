"""One plain shape for text and names, so that they can be compared letter by letter.

Folding lowers the case, takes off diacritics and invisible characters, makes one apostrophe, hyphen and space of the
many, mends words in which Latin letters pose as Cyrillic ones, and turns what is not part of a word into spaces.
A folded text starts and ends with a space, so a name between spaces never matches inside a word.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

_CYRILLIC = "А-яЁёІіЇїЄєҐґ"
_PLAIN = f"\x00-\x08\n\x0e-\x7f{_CYRILLIC}«»“”„‘’–—…№"
_ENTITY = "&(?:amp;)*(?:amp|quot|apos|nbsp|shy|lt|gt|[lr][sd]?quo|[nm]dash|#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,6});"
_BROKEN = "- ?\n[ \t]*(?=[^\\W\\d_])"  # a word with its hyphen at the end of a line
# Mark-up's underscores, which Python takes for parts of words: _Binance_, but not Binance_x.
_UNDERSCORES = r"(?<!_)(?:(?<![^\W_])_++|_++(?![^\W_]))"
_SPACES = "[ \t\u00a0\u2009\u202f]{2,}"
_COMBINED = "[иИ]\u0306|[іІ]\u0308"
_OTHER = f"[^{_PLAIN}]"
_WRITTEN_OUT = re.compile(_ENTITY)
_AT_LINE_END = re.compile(f"(?<=[^\\W\\d_]){_BROKEN}")
_LATIN_RUN = re.compile("[a-zA-Z]+")
_CYRILLIC_LETTER = re.compile(f"[{_CYRILLIC}]")
_CYRILLIC_RUN = re.compile(f"[{_CYRILLIC}]+")
# Begins with one class of letters, so that the search leaps over all others.
_MIXED_IN_LATIN = re.compile(f"[{_CYRILLIC}](?:(?=[a-zA-Z])|(?<=[a-zA-Z].))")
_MIXED_IN_CYRILLIC = re.compile(f"[a-zA-Z](?:(?=[{_CYRILLIC}])|(?<=[{_CYRILLIC}].))")
_WORD = re.compile(r"\w+")
_NUMBERED = re.compile(f"[0-9](?:(?=[{_CYRILLIC}])|(?<=[{_CYRILLIC}].))")
_NUMBERED_WORD = re.compile(rf"\b[{_CYRILLIC}0-9]{{2,4}}\b")
# Vowel signs and other marks are parts of words, though Python's \w leaves them out. Those beyond U+FFFF would make
# the pattern a hundred times slower.
_MARKS = "".join(c for c in map(chr, range(0x370, 0x10000)) if unicodedata.category(c) in {"Mn", "Mc"})
_NOT_WORD = re.compile(rf"[^\w {re.escape(_MARKS)}]")

# Letters that look alike in print. The left one is Latin, the right one Cyrillic.
_LOOKALIKES = dict(zip("aceopxyijskmthvgABCEHIKMOPTXYJS", "асеорхуіјѕкмтнвгАВСЕНІКМОРТХУЈЅ", strict=True))
_LATIN_FOR = {cyrillic: latin for latin, cyrillic in _LOOKALIKES.items()}

_SPECIAL = {
    "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l",
    "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ħ": "h", "Ħ": "h", "ı": "i", "İ": "i",
    "ς": "σ", "\r": "", "ـ": "", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي",
    **dict.fromkeys("ʼʹʻʽˈ´", " "),
    "и\u0306": "й", "И\u0306": "й", "і\u0308": "ї", "І\u0308": "ї",
}  # fmt: skip
# Scripts that put no spaces between words: each of their letters is a word to the automaton.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back. ``text[i]`` was made of the character at ``origin(i)`` of the original."""

    text: str
    _starts: tuple[int, ...] = ()
    _shifts: tuple[int, ...] = ()

    def origin(self, index: int) -> int:
        """Give the offset in the original of the character at ``index`` of the folded text."""
        if not self._starts:
            return index - 1
        return index - 1 + self._shifts[bisect_right(self._starts, index) - 1]


def fold(text: str) -> Folded:
    """Fold a text; its characters can be traced back to the original."""
    return readings(text)[0]


def readings(text: str) -> tuple[Folded, ...]:
    """Fold a text; where a hyphen at a line's end parts a word, also with its halves joined."""
    broken = _has_broken(text)
    if not broken and not ("&" in text and _WRITTEN_OUT.search(text)):
        for page in _PAGES:
            quick = page.fold(text)
            if quick is not None:
                return (Folded(f" {quick} "),)
    plain = _fold_slowly(text)
    return (plain, _fold_slowly(text, joined=True)) if broken and _AT_LINE_END.search(text) else (plain,)


def _has_broken(text: str) -> bool:
    return "-\n" in text or "- \n" in text


def _fold_slowly(text: str, *, joined: bool = False) -> Folded:
    """Fold any text at all; ``joined``: with the words joined that the end of a line parts."""
    starts: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()
    rare = _rare_in(text)
    if rare.search(text):
        text, starts, shifts = _fold_rare(text, rare, joined=joined)
    text = _mend(text)
    text = _NOT_WORD.sub(" ", text.lower().replace("ё", "е").replace("ґ", "г"))
    return Folded(f" {text} ", starts, shifts)


def _rare_in(text: str) -> re.Pattern[str]:
    """Give what finds the rare characters of a text: only those kinds that it may hold, since each takes its time."""
    return _rare(
        combined="\u0306" in text or "\u0308" in text,
        entity="&" in text,
        broken=_has_broken(text),
        underscores="_" in text,
    )


@lru_cache(maxsize=16)
def _rare(*, combined: bool, entity: bool, broken: bool, underscores: bool) -> re.Pattern[str]:
    kinds = ((combined, _COMBINED), (entity, _ENTITY), (broken, _BROKEN), (underscores, _UNDERSCORES))
    return re.compile("|".join((_SPACES, *(kind for held, kind in kinds if held), _OTHER)))


def key(form: str) -> str:
    """Fold a name into the pattern that is sought: its words between spaces, with a space at either end."""
    return f" {fold(form.strip()).text.strip()} "


def pattern_of(name: str) -> str:
    """Give what the automaton seeks for a name: its key, or where it holds ``*`` its beginning before that."""
    head, star, _ = name.strip().partition("*")
    return f" {fold(head).text[1:-1].lstrip()}" if star else key(name)


def _fold_rare(text: str, rare: re.Pattern[str], *, joined: bool) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """Replace the rare characters; give the text, and where from on by how much offsets differ."""
    pieces: list[str] = []
    starts, shifts = [0], [0]
    done = length = 0
    for hit in rare.finditer(text):
        new = "" if joined and hit[0][0] == "-" else _plain(hit[0])
        pieces += (text[done : hit.start()], new)
        length += hit.start() - done + len(new)
        done = hit.end()
        shift = done - length
        if len(new) > 1:  # inside, each character points at the one it was made of
            inner = range(1, len(new))
            starts += [length - len(new) + 1 + i for i in inner]
            shifts += [hit.start() - (length - len(new) + i) for i in inner]
        if shift != shifts[-1]:
            starts.append(length + 1)
            shifts.append(shift)
    pieces.append(text[done:])
    return "".join(pieces), tuple(starts), tuple(shifts)


@lru_cache(maxsize=65536)
def _plain(rare: str) -> str:
    """Give what a rare character is folded to, before the case is lowered."""
    if rare in _SPECIAL:
        return _SPECIAL[rare]
    if rare[0] == "&":
        return _plain_mark(html.unescape(re.sub("&(?:amp;)+(?=[a-z#])", "&", rare)))
    if len(rare) > 1 or rare.isspace() or rare == "_":
        return " "
    return _plain_letter(rare)


def _plain_letter(rare: str) -> str:
    """Give what one rare character is folded to."""
    if _UNSPACED.match(rare):
        return f" {unicodedata.normalize('NFKC', rare)} "
    category = unicodedata.category(rare)
    if category in {"Cf", "Cc"} or _is_mark(rare):
        return ""
    if category[0] in "SP" or category == "No":  # a trade mark, a footnote's figure
        return " "
    return rare.lower() if unicodedata.name(rare, "").startswith("CYRILLIC") else _base(rare)


def _plain_mark(mark: str) -> str:
    """Give what a character that was written as an HTML entity is folded to."""
    return _plain(mark) if re.fullmatch(_OTHER, mark) else mark


def _is_mark(char: str) -> bool:
    return bool(unicodedata.combining(char)) or "\ufe00" <= char <= "\ufe0f"


def _base(char: str) -> str:
    """Take the diacritics off a letter."""
    base = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)).lower()
    return "".join(_SPECIAL.get(c, c) for c in base) or " "


def _mend(text: str) -> str:
    """Write each word of two scripts in one; a word keeps its length."""
    if _CYRILLIC_LETTER.search(text):
        cyrillic, latin = (sum(map(len, run.findall(text))) for run in (_CYRILLIC_RUN, _LATIN_RUN))
        mixed = _MIXED_IN_CYRILLIC if cyrillic > latin else _MIXED_IN_LATIN
        if latin and mixed.search(text):
            text = _mend_mixed(text, mixed, lean=cyrillic > latin)
        if _NUMBERED.search(text):
            text = _NUMBERED_WORD.sub(_latin_where_alike, text)
    return text


def _mend_mixed(text: str, mixed: re.Pattern[str], *, lean: bool) -> str:
    pieces: list[str] = []
    done = 0
    while found := mixed.search(text, done):
        start = found.start()
        while start > done and _WORD.match(text[start - 1]):
            start -= 1
        word = _WORD.match(text, start)
        if word is None:
            break
        pieces += (text[done:start], _one_script(word[0], cyrillic_text=lean))
        done = word.end()
    return "".join((*pieces, text[done:]))


def _latin_where_alike(word: re.Match[str]) -> str:
    """Write a short name of a figure and letters (1С, Х5) in Latin letters where those look the same."""
    text = word[0]
    return "".join(_LATIN_FOR.get(c, c) for c in text) if all(c.isdigit() or c in _LATIN_FOR for c in text) else text


def _one_script(text: str, *, cyrillic_text: bool) -> str:
    """Write a word of Latin and Cyrillic letters in the one script that its look-alikes allow.

    Where they allow both, in that of most of the text, and else of most of the word.
    """
    latin = [c for c in text if "a" <= c.lower() <= "z"]
    cyrillic = [c for c in text if _CYRILLIC_LETTER.match(c)]
    if not latin or not cyrillic:
        return text
    to_cyrillic = all(c in _LOOKALIKES for c in latin)
    to_latin = all(c in _LATIN_FOR for c in cyrillic)
    if to_cyrillic and not (to_latin and len(latin) > len(cyrillic) and not cyrillic_text):
        return "".join(_LOOKALIKES.get(c, c) for c in text)
    return "".join(_LATIN_FOR.get(c, c) for c in text) if to_latin else text


class _Page:
    """A quick way for texts that one old 8-bit code page holds: two passes over bytes instead of five over characters.

    Most English, Russian and Ukrainian texts are such texts. Those with a character that folds to more or fewer than
    one, two spaces in a row, or a word in two scripts, go the slow way.
    """

    def __init__(self, codec: str) -> None:
        self._codec = codec
        self._has_cyrillic = codec == "cp1251"
        folded, classes = bytearray(), bytearray()
        for code in range(256):
            char = bytes([code]).decode(codec, "replace")
            made = _fold_slowly(char).text[1:-1]
            plain = len(made) == 1 and char not in "\ufffd_" and _SPECIAL.get(char) != ""
            try:
                folded += made.encode(codec) if plain else b" "
            except UnicodeEncodeError:
                folded += b" "
                plain = False
            kind = (
                b"_"
                if char in " \t\u00a0"
                else b"C"
                if _CYRILLIC_LETTER.match(char)
                else b"L"
                if char.isalpha()
                else b"9"
                if char.isdigit()
                else b"."
            )
            classes += kind if plain else b"S"
        self._folded, self._classes = bytes(folded), bytes(classes)

    def fold(self, text: str) -> str | None:
        """Fold a text character by character; None where that cannot be done."""
        try:
            raw = text.encode("ascii" if text.isascii() else self._codec)
        except UnicodeEncodeError:
            return None
        classes = raw.translate(self._classes)
        if b"S" in classes or b"__" in classes:
            return None
        if self._has_cyrillic and (b"LC" in classes or b"CL" in classes or b"9C" in classes or b"C9" in classes):
            raw = _mend(text).encode(self._codec, "replace")
        return raw.translate(self._folded).decode(self._codec)


_PAGES = (_Page("cp1251"), _Page("cp1252"))
