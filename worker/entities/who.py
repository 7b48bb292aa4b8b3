"""Who is meant by a surname: the words around it in the original text decide.

Its own given name or initial beside it makes it the full name; another given name or initial, another half of a double
name or a feminine verb makes it somebody else; a street or a prize makes it a part of another name. Each rule reads one
of these signs and gives None where it sees nothing; the first that answers decides. The rules below read names, those
in ``titles`` other words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import NamedTuple

from worker.entities import titles
from worker.entities.east import is_given_name as is_given_of_the_east
from worker.entities.east import surnames as surnames_of_the_east
from worker.entities.forms import Form, is_common, is_ordinary
from worker.entities.lists import words
from worker.entities.signs import cases_agree, cases_of_given, is_given, is_noun, plain, seems_given
from worker.entities.spellings import PATRONYMIC
from worker.entities.surname import AFTER, BARE, BEFORE, OTHER, SEP, SPACE, STRANGER, WORD, Sign, Surname, Who
from worker.entities.translit import is_cyrillic

_REACH = 80  # characters read on either side


class Reading(NamedTuple):
    """Who is meant, and from where to where the whole name stands."""

    who: Who
    start: int
    end: int


_UPPER = "A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐ"
_INITIAL = rf"(?:Yu|Ya|Ye|Yo|Zh|Kh|Ts|Ch|Sh|Iu|Ia|Ju|Ja|YU|YA|ZH|KH|Дж|[{_UPPER}])\."
_INITIALS_BEFORE = re.compile(rf"(?<![\w.])({_INITIAL}(?:(?:{SPACE}|-)?{_INITIAL}){{0,2}}){SPACE}{{0,2}}$")
_INITIALS_AFTER = re.compile(rf",?{SEP}({_INITIAL}(?:{SPACE}?{_INITIAL})?)(?!\w)(?:{SEP}([{_UPPER}]\w+))?")
_NICKNAME = re.compile(rf"({WORD}){SEP}[\"«“„(‘'][^\"»”)’\n]{{1,30}}[\"»”“)’']{SEP}$")
_AFTER_COMMA = re.compile(rf",{SEP}({WORD})(?!{SEP}[{_UPPER}])")
_HALF_BEFORE = re.compile(rf"([{_UPPER}]\w+)[-‐‑]$")
_HALF_AFTER = re.compile(rf"[-‐‑]([{_UPPER}][\w’']+)")
_LONE_LETTER = re.compile(rf"(?<![\w.])([{_UPPER}]){SEP}$")
_TWO_LETTERS = re.compile(rf"(?<![\w.])([{_UPPER}])-?([{_UPPER}]){SEP}$")
_STATES = frozenset({"u.s.", "u.k.", "u.n.", "e.u.", "d.c.", "n.y.", "l.a.", "p.m.", "a.m."})

_AND = words("and")
_PLACE_PREPOSITIONS = words("place-prepositions")
_THING_AFTER = words("thing-after")
_ROLES = words("roles") | words("man") | words("woman")
_PREFIXES = words("prefixes")


def read(
    text: str, span: tuple[int, int], form: Form, bearer: tuple[frozenset[str], str], watched: Container[int] = ()
) -> Reading:
    """Tell who is meant by the surname at ``span`` of a text.

    ``bearer``: the person's given name, folded, in all cases and spellings, and the gender. ``watched``: where in the
    text other watched names end.
    """
    start, end = span
    given, sex = bearer
    if given:
        left = text[max(0, start - _REACH) : start].rpartition("\n")[2]
        right = text[end : end + _REACH].partition("\n")[0]
        ends = frozenset(at for at in range(len(left)) if start - len(left) + at in watched)
        surname = Surname(left, text[start:end], right, form, given, sex, ends)
        for rule in _RULES:
            sign = rule(surname)
            if sign:
                return Reading(sign.who, start - sign.left, end + sign.right)
    return Reading(Who.BARE, start, end)


def _double_name(surname: Surname) -> Sign | None:
    """«Костарев-Петров» is another surname, "Kostarev-Led" is not."""
    half = _HALF_BEFORE.search(surname.left) or _HALF_AFTER.match(surname.right)
    if not half or surname.is_own(half[1]):
        return None
    prefix = half[1].lower() in _PREFIXES or (not is_cyrillic(half[1]) and is_common(half[1]))
    return None if prefix else STRANGER


def _nickname(surname: Surname) -> Sign | None:
    """Read ``Gleb "Crypto" Kostarev``."""
    match = _NICKNAME.search(surname.left)
    return Sign(Who.OWN, len(match[0])) if match and surname.is_own(match[1]) else None


def _initials_before(surname: Surname) -> Sign | None:
    """Read «Г. Костарев», «Г.И. Костарев», "Gleb I. Kostarev", "D. Kostarev"."""
    match = _INITIALS_BEFORE.search(surname.left)
    if not match or match[1].lower() in _STATES:
        return None
    first = BEFORE.search(surname.left[: match.start()])
    if first and surname.is_own(first[1]):
        return Sign(Who.OWN, len(surname.left) - first.start())
    if first and first[1][0].isupper() and is_given(first[1]):
        return OTHER
    return Sign(Who.OWN, len(match[0])) if surname.is_own_initial(match[1]) else OTHER


def _lone_initial(surname: Surname) -> Sign | None:
    """Read "G Kostarev", "J-C Juncker" and "Gleb M Kostarev"; a lone Cyrillic letter is mostly a preposition."""
    two = _TWO_LETTERS.search(surname.left)
    if two and surname.has_double_name(two[1], two[2]):
        return Sign(Who.OWN, len(two[0]))
    match = _LONE_LETTER.search(surname.left)
    if not match:
        return None
    first = BEFORE.search(surname.left[: match.start()])
    if first and surname.is_own(first[1]):
        return Sign(Who.OWN, len(surname.left) - first.start())
    if is_cyrillic(match[1]):
        return None
    if match[1] in "AI" or not surname.is_own_initial(match[1]):
        return BARE
    return Sign(Who.OWN, len(match[0]))


def _own_name_before(surname: Surname) -> Sign | None:
    """Read the given name, with a patronymic or middle name, or with another bearer, between it and the surname."""
    word = BEFORE.search(surname.left)
    if not word:
        return None
    if surname.is_own(word[1]):
        apart = STRANGER if surname.is_hers(word[1]) else BARE if surname.is_apart_from(word[1]) else None
        return apart or Sign(Who.OWN, len(word[0]))
    earlier = BEFORE.search(surname.left[: word.start()])
    if not earlier or re.search("['’]s?$", word[1]):
        return None
    if surname.is_own(earlier[1]) and (word[1][0].isupper() or surname.shown.islower()):
        return Sign(Who.OWN, len(surname.left) - earlier.start())
    if earlier[1].lower() in _AND and is_given(word[1]):
        first = BEFORE.search(surname.left[: earlier.start()])
        if first and surname.is_own(first[1]):  # «Глеба и Ивана Костаревых»
            return Sign(Who.OWN, len(surname.left) - first.start())
    return None


def _other_name_before(surname: Surname) -> Sign | None:
    """Read another's given name, and what seems to be one, before the surname."""
    match = BEFORE.search(surname.left)
    if not match or not (match[1][0].isupper() or surname.shown.islower()) or re.search("['’]s?$", match[1]):
        return None
    word, rest = match[1], surname.left[: match.start()]
    earlier = BEFORE.search(rest)
    before = earlier[1] if earlier else ""
    if PATRONYMIC.match(word):
        return OTHER if before[:1].isupper() and is_given(before) else None
    if before.lower() in _PLACE_PREPOSITIONS:
        return None
    if is_given(word):
        return OTHER if not is_cyrillic(word) or _agrees(word, surname) else None
    if word.isupper() or word.lower() in _ROLES or surname.shown.islower() or surname.is_watched(match.end(1)):
        return None
    return STRANGER if seems_given(word, before, surname.form.case, surname.shown) else None


def _initials_after(surname: Surname) -> Sign | None:
    """Read «Костарев Г.» and «Костарев И. П.»."""
    match = _INITIALS_AFTER.match(surname.right)
    if not match or match[2]:
        return None
    if surname.is_own_initial(match[1]):
        return Sign(Who.OWN, right=match.end(1))
    return None if surname.right.startswith(",") else OTHER


def _given_of_the_east(surname: Surname) -> Sign | None:
    """Read "Teng Hsiao-ping", "Li Keqiang": a given name of China or Korea behind its surname, own or another's."""
    match = AFTER.match(surname.right) if surname.shown in surnames_of_the_east() else None
    if not match or not match[1][0].isupper():
        return None
    second = AFTER.match(surname.right, match.end())
    if second and surname.is_own(f"{match[1]} {second[1]}"):
        return Sign(Who.OWN, right=second.end(1))
    if surname.is_own(match[1]):
        return Sign(Who.OWN, right=match.end(1))
    return OTHER if is_given_of_the_east(match[1]) and not is_ordinary(match[1]) else None


def _own_name_after(surname: Surname) -> Sign | None:
    """Read «Костарев Глеб», "Kostarev, Gleb"."""
    comma = _AFTER_COMMA.match(surname.right)
    if comma and surname.is_own(comma[1]):
        return Sign(Who.OWN, right=comma.end(1))
    word = AFTER.match(surname.right)
    own = word and (word[1][0].isupper() or surname.shown.islower()) and surname.is_own(word[1])
    return Sign(Who.OWN, right=word.end(1)) if word and own else None


def _name_after(surname: Surname) -> Sign | None:
    """Read «Костарев Иван» and "Kostarev Street"."""
    word = AFTER.match(surname.right)
    if not word:
        return None
    if not word[1][0].isupper() or is_cyrillic(word[1]) != is_cyrillic(surname.shown):
        return None
    if plain(word[1]) in _THING_AFTER or PATRONYMIC.match(word[1]):
        return STRANGER  # "Kostarev Street", «Ермак Тимофеевич»
    if not is_given(word[1]):
        return None
    more = AFTER.match(surname.right, word.end())
    noun = BEFORE.search(surname.left)
    named = more and more[1][0].isupper() and not PATRONYMIC.match(more[1])
    if surname.could_be_hers and noun and is_noun(noun[1]) and named:
        return None  # «адвокат Костарева Мария Петрова»
    return OTHER if not is_cyrillic(word[1]) or _agrees(word[1], surname) else None


_RULES: tuple[Callable[[Surname], Sign | None], ...] = (
    titles.place_name,
    titles.quoted,
    _double_name,
    _nickname,
    _initials_before,
    _own_name_before,
    _lone_initial,
    titles.title_before,
    _other_name_before,
    _initials_after,
    _given_of_the_east,
    titles.newspaper,
    _own_name_after,
    _name_after,
    titles.she_did,
)


def _agrees(word: str, surname: Surname) -> bool:
    """Whether a given name can belong to the surname beside it: of the other gender, or in the same case."""
    found = cases_of_given(word)
    if surname.sex not in {gender for _, gender in found}:
        return True
    return surname.form.plural or not surname.form.case or cases_agree(found, surname.form.case)
