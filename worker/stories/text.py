"""Text as the judgement reads it: normalised, in words, in sentences.

``normalise`` makes two spellings of one thing equal, ``words`` cuts the result into the tokens that shingles are made
of, ``sentences`` cuts the original text, with offsets, so that what is shown is what was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

MAX_CHARS = 400_000
"""No more of a text is read than this (about 60 thousand words): the judgement of one article is bounded in time."""

KNOWN_LINES = 4096
"""Sentences of which each step keeps what it found out: half of what comes in was published before."""

KNOWN_WORDS = 32_768
"""Words of which each step keeps what it found out, 1 kB a word in all: those of some twelve hundred articles."""

_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u2039\u203a"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_DROPPED = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0301\u0300"  # soft hyphen, zero-width characters, stress marks
_FOLDED = {
    **dict.fromkeys(_QUOTES, "'"),
    **dict.fromkeys(_DOUBLE_QUOTES, '"'),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_DROPPED, ""),
    "\0": " ",
    "ё": "е",
    "Ё": "Е",
}
_FOLDABLE = re.compile(f"[{''.join(_FOLDED)}]")  # ten times as fast as str.translate, since few characters match
_JOINING = re.compile(r"[\u2013-\u2015](?<=\w.)(?=\w)")  # begins with what is rare, to which the engine leaps
_WHOSE_DOLLAR = re.compile(r"\b[A-Z]{1,3}(?=[$¢₵])")  # the letters name no party
_LONGEST_NAME = 20
CYRILLIC = re.compile("[а-яіїєґ]")
"""A letter of Russian or Ukrainian, in lower case."""

_SURROGATES = re.compile("[\ud800-\udfff]")

# A run of one script's letters or digits; an apostrophe inside holds a word together ("didn't"), a decimal point or a
# comma between digits holds a number together. Scripts without spaces give one token a character.
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""The characters that are words of their own, as a part of a set of characters in a pattern."""

# What is longer than any word is cut, since words are kept.
_LETTER = rf"[^\W\d_{CJK}]"
_WORD_OF = r"{letter}{{1,64}}(?:'{letter}{{1,64}}){{0,4}}|\d{{1,64}}(?:[.,]\d{{1,64}}){{0,8}}"
_WORD = re.compile(f"[{CJK}]|" + _WORD_OF.format(letter=_LETTER))
# Most texts have none but these letters, which are found in half the time.
_USUAL_LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ffА-яЁёІіЇїЄєҐґ"
_USUAL = re.compile(f"[\0-\x7f{_USUAL_LETTERS}]*")
_USUAL_WORD = re.compile(_WORD_OF.format(letter=f"[{_USUAL_LETTERS}]"))

_MONTHS = {
    **{m[:3]: m for m in ("january", "february", "april", "august", "october", "november", "december")},
    "sept": "september",
    "янв": "января",
    "февр": "февраля",
    "фев": "февраля",
    "апр": "апреля",
    "авг": "августа",
    "сент": "сентября",
    "окт": "октября",
    "нояб": "ноября",
    "дек": "декабря",
}


def without_rubbish(text: str) -> str:
    """Return ``text`` with NULs and lone surrogates made spaces: same length, safe to encode and to store."""
    if text.isascii():
        return text.replace("\0", " ")
    return _without_surrogates(text).replace("\0", " ")


def _without_surrogates(text: str) -> str:
    try:
        text.encode()  # tells four times as fast as the pattern that there is none
    except UnicodeEncodeError:
        return _SURROGATES.sub(" ", text)
    return text


def folded(text: str) -> str:
    """Return ``text`` with one spelling a character, upper and lower case kept.

    NFKC (Unicode Annex 15), one kind of quote and dash, ё as е, without soft hyphens, zero-width characters, stress
    marks, NULs and lone surrogates. Reads at most ``MAX_CHARS`` characters. Never fails.
    """
    text = text[:MAX_CHARS]
    if "$" in text or "¢" in text:
        text = _WHOSE_DOLLAR.sub("", text)
    if text.isascii():
        return text.replace("\0", " ").replace("`", "'")
    whole = unicodedata.normalize("NFKC", _without_surrogates(text))[: 2 * len(text) + 64]  # one may become eighteen
    return _FOLDABLE.sub(lambda found: _FOLDED[found[0]], _JOINING.sub(_dash, whole))


def _dash(found: re.Match[str]) -> str:
    """Part what a dash stands between ("three dead\u201412 hurt"); an en dash may be the hyphen of "Covid\u201319"."""
    before, after = found.string[max(0, found.start() - _LONGEST_NAME) : found.start()], found.string[found.end()]
    parts = found[0] != "\u2013" or (after.isdigit() and re.split(r"[\W\d_]", before)[-1].islower())
    return " - " if parts else "-"


def normalise(text: str) -> str:
    """Return ``text`` in the form in which spellings are compared: ``folded``, and in lower case."""
    return folded(text).casefold()


def cased_words(text: str) -> list[str]:
    """Return the words of a text that is ``folded`` already, as they are written, without possessive ``'s``."""
    usual = text.isascii() or _USUAL.fullmatch(text)
    found: list[str] = (_USUAL_WORD if usual else _WORD).findall(text)
    return [word.removesuffix("'s") for word in found] if "'s" in text else found


def words(text: str) -> list[str]:
    """Return the words of ``text``, normalised, in order: what shingles are made of.

    Punctuation is dropped, a possessive ``'s`` too, short forms of months are written out. Chinese and Japanese
    give one word a character.
    """
    return list(map(lower_word, cased_words(folded(text))))


def in_lower_case(word: str) -> str:
    """Return one of ``cased_words`` in lower case, the short form of a month written out."""
    lower = word.casefold()
    return _MONTHS.get(lower, lower)


lower_word = lru_cache(maxsize=KNOWN_WORDS)(in_lower_case)


class Sentence(NamedTuple):
    """A sentence of a text: ``text == original[start:end]``, offsets in characters."""

    start: int
    end: int
    text: str


# A full stop, question or exclamation mark (with closing quotes and brackets) before white space, the full stop of a
# script without spaces, or a line's end. It begins with one set of characters, to which the engine leaps.
# Every run is possessive and begins where nothing of its kind stands before it: else a page of "!?!?" or of blanks
# takes a time that grows with the square of its length.
_END = re.compile(
    r"[.!?\u2026\u3002\uff01\uff1f\n](?:"
    r"(?<=\n)\s*+"
    r"|(?P<stop>(?<=[.!?\u2026])(?<![.!?\u2026].)[.!?\u2026]*+(?P<close>[\"'\u201d\u2019\u00bb\u201c)\]]{0,8}+)(?:\[\d{1,4}\])?)"
    r"[ \t\u00a0\u202f]++(?=\S)"
    r"|(?<=[\u3002\uff01\uff1f])[\u300d\u300f\u201d\"]{0,8}+)"
)
_BLANKS = " \t\u00a0\r"
_LAST_WORD = re.compile(r"([^\s(\"'\u00ab\u201c\u201e]+)$")


def listed(members: str) -> frozenset[str]:
    """Return the words of ``members`` as a set: a word list that can be read."""
    return frozenset(members.split())


# After these a full stop never ends a sentence: a title, a unit before its noun, "see", "for example".
_NEVER_LAST = listed(
    "mr mrs ms dr prof gen sen rep gov st lt col sgt capt cmdr adm maj rev hon pres supt insp messrs vs art fig "
    "eg e.g i.e cf approx est al vol pp mt ft "
    "hr fr z.b d.h u.a bzw ca str mme mlle m.m sra srta ee.uu "
    "ул пр просп пер пл им гр тов проф акад доц ген полк кап ред изд см ср напр т.е т.н т.к т.ч в.т.ч рис "
    "обл респ р-н пос дер кн св соч зам инж вул ім рос англ нем лат греч"
)
# After these it does not when a number follows: "Feb. 24", "No. 5", "ст. 228".
_BEFORE_NUMBER = listed(
    "jan feb mar apr jun jul aug sept sep oct nov dec no nos nr abs янв фев февр мар апр авг сент окт нояб дек "
    "п пп ст стр ч"
)
# After these it may: it does when what follows is a usual first word.
_MAYBE_LAST = listed("inc corp co ltd llc plc jr sr bros u.s u.k u.n e.u d.c a.m p.m ph.d b.c a.d u.s.a n.y l.a")
_FIRST_WORDS = listed(
    "the a an he she it they we i you in on at but and this that these those there his her its their our as after "
    "before for from if when while with by who what last some many more most one two however according also since "
    "under during all both earlier then now"
)
# "2022 г." ends a sentence, "г. Москва" does not.
_AFTER_NUMBER = listed("г гг с д к в")
_GERMAN_MONTHS = listed(
    "januar februar märz april mai juni juli august september oktober november dezember jahrhundert"
)
_SHORTENED = _NEVER_LAST | _BEFORE_NUMBER | _MAYBE_LAST | _AFTER_NUMBER
_INITIAL = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_FOLLOWING = re.compile(r"[^\W_]+")
_ENUMERATION = re.compile(r"(?:\d{1,2}|[a-zа-я])")


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a stop that ``match`` found ends the sentence that began at ``start``."""
    rest = text[match.end() : match.end() + 24].lstrip("\"'\u201c\u201e\u00ab\u2018([-\u2013\u2014 \u2026")
    if not rest or rest[0].islower():
        return False
    at = match.start()
    if text[at] != "." or text[at + 1] == "." or match["close"]:
        return True
    usual = text[max(start, at - 24) : at].split()[-1:]
    if usual and usual[0].isalpha() and usual[0].islower() and len(usual[0]) > 1 and usual[0] not in _SHORTENED:
        return True
    last = _LAST_WORD.search(text, max(start, at - 24), at)
    if last is None:
        return True
    return _word_ends(last[1], text[max(start, last.start() - 2) : last.start()], rest, first=last.start() == start)


def _word_ends(word: str, before: str, rest: str, *, first: bool) -> bool:
    """Whether the full stop after ``word`` ends a sentence; ``first``: the word is the sentence's first."""
    lower = word.casefold()
    match = _FOLLOWING.match(rest)
    following = match[0].casefold() if match else ""
    if lower in _MAYBE_LAST or (word[-1].isupper() and _INITIAL.fullmatch(word)):  # an initial: "J. Smith"
        return following in _FIRST_WORDS and ("." in word or lower in _MAYBE_LAST)
    if lower in _BEFORE_NUMBER:
        return not rest[0].isdigit()
    if lower in _AFTER_NUMBER:
        return before.rstrip()[-1:].isdigit()
    if lower.isdigit() and following in _GERMAN_MONTHS:
        return False
    return lower not in _NEVER_LAST and not (first and _ENUMERATION.fullmatch(word))


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of ``text`` in order, with their offsets.

    An empty line ends a sentence; so does a line's end, unless the next line goes on in lower case (hard-wrapped text).
    Knows titles, initials, units, months and the closing quotes of English, Russian, Ukrainian, German, French and
    Spanish, and the full stops of Chinese and Japanese. Reads at most ``MAX_CHARS`` characters.
    """
    text = text[:MAX_CHARS]
    found: list[Sentence] = []
    start = len(text) - len(text.lstrip())
    for match in _END.finditer(text):
        at = match.start()
        if at < start:
            continue
        if match["stop"] is not None:
            if not _ends(text, start, match):
                continue
            end = match.end("stop")
        elif text[at] == "\n":
            if text[match.end() : match.end() + 1].islower() and text.count("\n", at, match.end()) == 1:
                continue
            end = start + len(text[start:at].rstrip(_BLANKS))
        else:
            end = match.end()
        if end > start:
            found.append(Sentence(start, end, text[start:end]))
        start = match.end()
    rest = text[start:].rstrip()
    if rest:
        found.append(Sentence(start, start + len(rest), rest))
    return found


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return ``text`` with blanks in the ``spans``, start and end of each, which come in order."""
    pieces = []
    done = 0
    for start, end in spans:
        pieces += [text[done:start], " " * (end - start)]
        done = end
    return "".join([*pieces, text[done:]])
