"""What stands before the first sentence of a report: place, date, time, agency, author, in any order and style.

A text's beginning is read piece by piece, and cut behind the last piece after which a sentence may begin and before
which enough stands that only a dateline has.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from worker.stories import lists
from worker.stories.text import normalise
from worker.stories.vocabulary import facts, is_place_name, names_no_party

_RUSSIAN_MONTHS = (
    r"янв(?:ар[яь])?|фев(?:р(?:ал[яь])?)?|март?а?|апр(?:ел[яь])?|мая|май|июн[яь]?|июл[яь]?|авг(?:уст)?а?|сент?(?:ябр[яь])?"
    r"|окт(?:ябр[яь])?|ноя(?:б(?:р[яь])?)?|дек(?:абр[яь])?"
)
MONTH = "|".join((*lists.lines("months"), _RUSSIAN_MONTHS))
"""A month, written out or short, in lower case."""

_DAY = "|".join(
    sorted({day for row in lists.lines("weekdays") for day in row.split() if day.isalpha()}, key=len, reverse=True)
)
_NUMERIC = r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)"
DATE = (
    rf"(?:{_NUMERIC}"
    rf"|(?:{MONTH})\b\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}}\b)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)? (?:of )?(?:{MONTH})\b\.?(?:,? \d{{4}}\b)?"
    rf"|(?:{MONTH})\b\.?,? \d{{4}}\b)(?: ?(?:года|року|г\.|г\b|р\.))?"
)
"""A date in any style, in lower case."""

_ZONE = (
    r"(?:\(?(?:gmt|utc|bst|cet|cest|eet|est|edt|et|cst|cdt|ct|mst|mdt|pst|pdt|pt|ist|msk|jst|aest|aedt|мск|hrs|uhr)\b\)?"
    r"|\((?:[а-яё]{4,20} время|local time)\))"
)
TIME = (
    rf"(?:\d{{1,2}}[:.]\d\d(?::\d\d)?(?: ?[ap]\.?m\b\.?)?(?: ?{_ZONE}(?:[+-]\d\d?(?::?\d\d)?)?)?"
    rf"|\d{{1,2}} ?[ap]\.?m\b\.?(?: ?{_ZONE})?|\d{{4}} {_ZONE})(?![\d%])"
)
"""A time of day, in lower case."""

_PIECE = re.compile(
    rf"(?P<date>{DATE})|(?P<time>{TIME})|(?P<day>(?:{_DAY})\b\.?)"
    r"|(?P<in>\([^()\[\]\n]{2,60}\)|\[[^()\[\]\n]{2,60}\]|(?<![^\s.,])/ ?[^/\n]{2,60}/|[«“\"][^«»“”\"\n]{2,40}[»”\"])"
    r"|(?P<sep>--|//|[-\u2010-\u2015\u2212|:•·,./])"
    r"|(?P<word>[^\W\d_][^\W_]*(?:['’-][^\W_]+){0,4}(?:\.(?:ru|com|net|org|kz|ua|by|info|news|tv|рф)\b)?)"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_BLANKS = re.compile(r"[ \t\u00a0]*")
_NEXT = re.compile(r"[A-ZА-ЯЁІЇЄҐÄÖÜÉ\"«“„'‘\d(\[]")
_NAMED = re.compile(
    r"[ \t]*((?:[A-ZА-ЯЁІЇЄ][^\W\d_]{2,20}[ -]?){1,3})(?: ?[:|]| [-\u2010-\u2015]{1,2}) (?=[A-ZА-ЯЁІЇЄ][^\n]{40})"
)
_STARTS = re.compile(r"[ \t]*[A-ZА-ЯЁІЇЄҐÄÖÜÉ(/\[«\d]|[ \t]*(?:г|от|by)\b")
_BEGUN = re.compile(r"[ \t]*([^\W\d_][\w'’-]*) ([^\W\d_A-ZА-ЯЁІЇЄҐ][\w'’-]*)")
_TAGS = re.compile(r"(?:[ \t]*#\w{2,30}:?(?=\s)){1,8}")
_TURN = re.compile(r"correct|refile|retract|withdr|kill|исправ|уточн|опроверж|опровер")
AGENCY = rf"(?:Thomson )?(?:{lists.pattern('agencies').pattern})"
"""A news agency as it signs."""

_AGENCY = re.compile(rf"{AGENCY}(?![^\W_])")
_AGENCY_ANYHOW = re.compile(_AGENCY.pattern, re.IGNORECASE)
_OWN_CASE = re.compile(r"[^\W\d_a-zа-яёіїєґ]{3,}|[A-ZА-ЯЁ][^\W\d_A-ZА-ЯЁ]+[A-ZА-ЯЁ]\w*")
_MARK = re.compile(rf"(?:^|[^\w])(?:[^\W\d_]+-)?(?:{lists.pattern('dateline-marks').pattern})(?![^\W_])")
_SMALL = lists.words("dateline-small")
_FLAGS = lists.words("dateline-flags")
_STAMPED = lists.words("dateline-stamps")
_PLACES = frozenset(normalise(place) for place in lists.words("dateline-places"))
_PLACE_BEGINS = {"new"}
_NOT_FIRST = {"to", "in", "of", "and", "и", "для", "в"}
_LONGEST = 160
_MOST = 26
_PLACE_WORDS = 3
_CAPITALS = 3
_SURE = 3
_NAME = 3
_ONE = 2


class _Seen(NamedTuple):
    """The pieces of a dateline so far: their kinds and texts."""

    kinds: list[str]
    texts: list[str]

    def words(self) -> list[str]:
        return [text for kind, text in zip(self.kinds, self.texts, strict=True) if kind == "word"]


def ends(text: str, start: int, *, below: bool = False) -> int:
    """Return where what stands at ``start`` of ``text`` before its first sentence ends; ``start`` if nothing does.

    ``below``: other lines stand above ``text``.
    """
    begun = _BEGUN.match(text, start)
    if begun and begun[1].lower() not in _SMALL and begun[2] not in _SMALL and begun[2] not in _STAMPED:
        return start
    tags = _TAGS.match(text, start)
    if not tags and not _STARTS.match(text, start):
        return start
    start_of, start = start, tags.end() if tags else start
    head = text[start : start + _LONGEST].partition("\n")[0]
    top = not below and not text[:start].strip()
    cut = _cut(head, top=top)
    if not cut and top:
        cut = _unmentioned(head, text[start:])
    return start + cut if cut or tags else start_of


def _unmentioned(head: str, text: str) -> int:
    """Return where a name ends that stands before the first sentence and nowhere else: no one of whom it tells."""
    found = _NAMED.match(head)
    if not found:
        return 0
    words = found[1].split()
    told = any(word in text[found.end() :] for word in words)
    usual = any(names_no_party(word.lower()) for word in words)
    return 0 if told or usual or _acts(words) or _TURN.match(found[1].lower()) else found.end()


def _cut(head: str, *, top: bool) -> int:
    """Return where the dateline of ``head`` ends. Each piece is read once, and there are at most ``_MOST``."""
    lower = head.lower()
    if len(lower) != len(head):
        return 0
    at = _blank(head, 0)
    cut = 0
    kinds: list[str] = []
    texts: list[str] = []
    opened = False
    for _ in range(_MOST):
        found = _PIECE.match(lower, at)
        if not found or not found.lastgroup or not found[0]:
            break
        stop = found.end() - (found.lastgroup in {"date", "day"} and found[0].endswith("."))  # the dot of "5 May."
        kind, piece = found.lastgroup, head[at:stop]
        if kind == "word" and not _belongs(piece, first=not kinds):
            break
        kinds.append(kind)
        texts.append(piece)
        spaced = at > 0 and head[at - 1] in " \t\u00a0"
        end = _blank(head, stop)
        after = end > stop or (kind == "in" and piece[-1] == "/") or piece in {"--", "//"}
        at = end
        if end < len(head) and not _NEXT.match(head, end):
            continue
        dash = kind == "sep" and (spaced or piece in {"--", "//", "-", ":", ".", "|"}) and after
        if (dash or kind in {"in", "word"}) and _enough(
            _Seen(kinds, texts), top=top, opened=opened, goes_on=end < len(head)
        ):
            cut, opened = end, True
            kinds, texts = [], []
    return cut


def _blank(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _belongs(word: str, *, first: bool) -> bool:
    lower = word.lower()
    if lower in _SMALL or lower in _STAMPED:
        return not first or lower not in _NOT_FIRST
    if not word[0].isupper() or _TURN.match(lower):
        return False
    return word.isupper() or lower in _PLACE_BEGINS or bool(facts(lower).stem) or not names_no_party(lower)


def _enough(seen: _Seen, *, top: bool, opened: bool, goes_on: bool) -> bool:
    """Whether the pieces, after the last of which a sentence may begin, are those of a dateline."""
    kinds, texts = seen
    last = texts[-1]
    words = seen.words()
    dated = "date" in kinds
    if kinds[-1] not in {"sep", "day"}:
        return _undivided(seen, top=top, opened=opened, goes_on=goes_on)
    if last == ".":
        return _stopped(seen, top=top, opened=opened)
    if last == ":":
        told = _flagged(words) or _source(seen) or (bool(words) and (dated or "time" in kinds))
        return top and (told or _is_only_place(seen))
    return last not in ",/" and _dashed(seen, top=top, opened=opened)


def _undivided(seen: _Seen, *, top: bool, opened: bool, goes_on: bool) -> bool:
    """Whether the pieces are those of a dateline that nothing divides from its sentence but a bracket."""
    kinds, texts = seen
    last = texts[-1]
    words = seen.words()
    dated = "date" in kinds
    if kinds[-1] == "in":
        place = top and last[0] == "[" and not words and _is_place(_LETTERS.findall(last))
        sure = dated and bool(words)
        return place or _within(last, known=opened or dated or (top and goes_on), alone=len(kinds) == 1, named=sure)
    if kinds[-1] in {"date", "time"}:
        return top and dated and not words and last[-1:].isdigit() and len(last) > _SURE
    if top and not opened and last.isupper() and _is_only_places(seen):
        return True
    known = len(last) >= _SURE and _AGENCY_ANYHOW.fullmatch(last) is not None
    return (dated or opened) and len(kinds) < 2 * _SURE and known


def _stopped(seen: _Seen, *, top: bool, opened: bool) -> bool:
    """Whether the pieces are those of a dateline when a full stop ends them."""
    words = seen.words()
    if "date" in seen.kinds and (words or opened):
        return True
    if top and (_flagged(words) or _is_only_place(seen)):
        return True
    names = opened and 0 < len(words) <= _NAME and len(words[-1]) > _NAME and set(seen.kinds) <= {"word", "sep"}
    return (names or _source(seen)) and not _acts(words)


def _dashed(seen: _Seen, *, top: bool, opened: bool) -> bool:
    """Whether the pieces are those of a dateline when a dash or a bar ends them."""
    kinds, texts = seen
    words = seen.words()
    signed = texts[0].lower() in {"by", "от"} and len(words) > 1
    own = opened and len(kinds) == _ONE and _OWN_CASE.fullmatch(texts[0]) is not None
    dated = ("date" in kinds and (bool(words) or top or opened)) or ("time" in kinds and opened)
    if signed or own or dated or _is_place(words) or _source(seen):
        return True
    within = texts[kinds.index("in")] if top and "in" in kinds else ""
    return within != "" and _within(within, known=True, alone=False) and not _acts(words)


def _flagged(words: list[str]) -> bool:
    return 0 < len(words) <= _NAME and all(word.lower() in _FLAGS for word in words)


def _is_only_places(seen: _Seen) -> bool:
    """Whether a place in capitals is all: the sentence begins behind it."""
    words = seen.words()
    return len(words) == len(seen.kinds) and all(word.isupper() for word in words) and _is_place(words)


def _is_only_place(seen: _Seen) -> bool:
    """Whether a place and what ends it are all."""
    words = seen.words()
    return len(seen.kinds) - 1 == len(words) and _is_place(words)


def _acts(words: list[str]) -> bool:
    return any(facts(normalise(word)).step for word in words)


def _tells(words: list[str]) -> bool:
    """Whether a step stands among words as one tells it: in another than its plain form, or last."""
    steps = [(word, facts(word)) for word in words if facts(word).step]
    return any(told.root != word or word == words[-1] for word, told in steps)


def _is_place(words: list[str]) -> bool:
    if not words or len(words) > _PLACE_WORDS * 2:
        return False
    lower = [normalise(word) for word in words]
    if any("-".join(lower[:size]) in _PLACES for size in range(1, _PLACE_WORDS + 1)):
        return True
    return len(words) <= _PLACE_WORDS and is_place_name(lower[0])


def _source(seen: _Seen) -> bool:
    """Whether the pieces name who reports: a known agency, or a word that only such a name has."""
    joined = " ".join(text for kind, text in zip(seen.kinds, seen.texts, strict=True) if kind in {"word", "in"})
    return (
        _AGENCY.match(joined) is not None
        or any(
            (_AGENCY.match(text) if kind == "in" else None) or _MARK.search(text.lower())
            for kind, text in zip(seen.kinds, seen.texts, strict=True)
            if kind in {"word", "in"}
        )
        or any(_AGENCY.fullmatch(text) for text in seen.words())
    )


def _within(piece: str, *, known: bool, alone: bool, named: bool = False) -> bool:
    """Whether what stands in brackets or slashes is who reports, or when: with ``known`` any name will do.

    ``named``: of two words and more with capitals it is a name, whatever they mean.
    """
    inner = piece[1:-1].strip()
    lower = inner.lower()
    if _TURN.search(lower):
        return False
    words = _LETTERS.findall(inner)
    lowered = [normalise(word) for word in words]
    name = named and len(words) > 1 and all(word[0].isupper() for word in words) and not _tells(lowered)
    if _acts(words) and not name and not _STAMPED.intersection(lowered):
        return False
    if piece[0] in '«“"':
        return not alone and known and _MARK.search(lower) is not None
    place = alone and "," in inner and _is_place(words[:1]) and all(word[0].isupper() for word in words)
    if place or _AGENCY.fullmatch(inner) or (_MARK.search(lower) and inner[:1].isupper()):
        return True
    dated = re.search(DATE, lower) or re.search(TIME, lower)
    if dated and (_STAMPED.intersection(lowered) or all(word[0].isupper() for word in words)):
        return True
    return (
        known
        and not alone
        and 0 < len(words) <= 2 * _NAME
        and all(word[0].isupper() or word in _SMALL for word in words)
    )
