"""Who is meant by a surname: the words around it in the original text decide.

Its own given name or initial beside it makes it the full name; another given name or initial, another half of a double
name or a feminine verb makes it somebody else; a street or a prize makes it a part of another name. Each rule below
reads one of these signs and gives None where it sees nothing; the first that answers decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from worker.entities.east import is_given_name as is_given_of_the_east
from worker.entities.east import surnames as surnames_of_the_east
from worker.entities.forms import Form, is_common, is_ordinary
from worker.entities.lists import words
from worker.entities.signs import (
    cases_agree,
    cases_of_given,
    is_given,
    is_her_subject,
    is_her_verb,
    is_his_role,
    is_noun,
    is_place,
    plain,
    role_before,
    seems_given,
)
from worker.entities.spellings import PATRONYMIC
from worker.entities.translit import is_cyrillic

_REACH = 80  # characters read on either side


class Who(Enum):
    """What the words around a surname say of its bearer."""

    OWN = "full name"
    BARE = "surname alone"
    OTHER = "another person's name"  # also for what follows in the article
    STRANGER = "seems another person's name"  # for this place only


class Reading(NamedTuple):
    """Who is meant, and from where to where the whole name stands."""

    who: Who
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Place:
    """A surname in its line: what stands left and right of it, its form, and whose it would be."""

    left: str
    shown: str
    right: str
    form: Form
    given: frozenset[str]  # folded, in all cases
    sex: str
    watched: frozenset[int] = frozenset()  # where in ``left`` other watched names end

    def is_watched(self, end: int) -> bool:
        """Whether another watched name ends there in what stands left."""
        return end in self.watched

    def is_own(self, word: str) -> bool:
        """Whether a word is the bearer's given name."""
        return plain(word) in self.given

    def is_own_initial(self, initial: str) -> bool:
        """Whether an initial, with or without its full stop, is the bearer's."""
        letter = plain(initial.partition(".")[0])
        return any(name.startswith(letter) for name in self.given)

    def has_double_name(self, first: str, second: str) -> bool:
        """Whether two initials are those of the bearer's double name: Jean-Claude."""
        wanted = (plain(first), plain(second))
        return any(tuple(half[:1] for half in name.split()) == wanted for name in self.given)

    @property
    def could_be_hers(self) -> bool:
        """Whether a man's surname stands in the form that is a woman's nominative: «Костарева»."""
        ending = re.search("(?:[оеёєї]в|[иыії]н)а$", self.shown.lower())
        return self.sex == "masc" and self.form.case in {"gent", "accs"} and bool(ending)

    def is_hers(self, word: str) -> bool:
        """Whether a given name in another case makes the surname a woman's: «Олександра Шевчук» in Ukrainian."""
        cases = cases_of_given(word) if is_cyrillic(word) else frozenset()
        own = frozenset(pair for pair in cases if pair[1] == "masc")
        if self.sex != "masc" or not own or self.form.plural or cases_agree(own, self.form.case or "nomn"):
            return False
        declines = not re.search("(?:[аеёиоуыэюяіїє]|[иы]х)$", self.shown.lower())
        return self.could_be_hers or (self.form.case == "nomn" and declines and ("nomn", "femn") in cases)

    def is_apart_from(self, word: str) -> bool:
        """Whether a given name in the nominative stands before the surname's genitive: «Роман Абрамовича»."""
        own = {case for case, gender in cases_of_given(word) if gender == self.sex} if is_cyrillic(word) else set()
        return self.form.case == "gent" and not self.form.plural and own == {"nomn"}

    @property
    def could_be_his(self) -> bool:
        """Whether a woman's surname stands in the form that is a man's genitive: «министра Захарова»."""
        ending = re.search("(?:[оеёєї]в|[иыії]н)а$", self.shown.lower())
        return self.sex == "femn" and self.form.case == "nomn" and bool(ending)


class _Sign(NamedTuple):
    """What a rule read: who is meant, and how many characters left and right belong to the name."""

    who: Who
    left: int = 0
    right: int = 0


_BARE, _OTHER, _STRANGER = _Sign(Who.BARE), _Sign(Who.OTHER), _Sign(Who.STRANGER)

_SPACE = "[ \u00a0\u202f\u2009\t\u200b\u00ad]"
_SEP = f"{_SPACE}{{1,3}}"
_WORD = r"[^\W\d_][\w\u00ad\u200b\u0301'’ʼ`´-]*"
_UPPER = "A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐ"
_INITIAL = rf"(?:Yu|Ya|Ye|Yo|Zh|Kh|Ts|Ch|Sh|Iu|Ia|Ju|Ja|YU|YA|ZH|KH|Дж|[{_UPPER}])\."
_INITIALS_BEFORE = re.compile(rf"(?<![\w.])({_INITIAL}(?:(?:{_SPACE}|-)?{_INITIAL}){{0,2}}){_SPACE}{{0,2}}$")
_INITIALS_AFTER = re.compile(rf",?{_SEP}({_INITIAL}(?:{_SPACE}?{_INITIAL})?)(?!\w)(?:{_SEP}([{_UPPER}]\w+))?")
_NICKNAME = re.compile(rf"({_WORD}){_SEP}[\"«“„(‘'][^\"»”)’\n]{{1,30}}[\"»”“)’']{_SEP}$")
_BEFORE = re.compile(rf"({_WORD}){_SEP}$")
_AFTER = re.compile(rf"{_SEP}({_WORD})")
_AFTER_COMMA = re.compile(rf",{_SEP}({_WORD})(?!{_SEP}[{_UPPER}])")
_ABBREVIATION = re.compile(rf"(?<![\w-])(\w{{1,4}})\.{_SPACE}{{0,2}}$")
_HALF_BEFORE = re.compile(rf"([{_UPPER}]\w+)[-‐‑]$")
_HALF_AFTER = re.compile(rf"[-‐‑]([{_UPPER}][\w’']+)")
_LONE_LETTER = re.compile(rf"(?<![\w.])([{_UPPER}]){_SEP}$")
_TWO_LETTERS = re.compile(rf"(?<![\w.])([{_UPPER}])-?([{_UPPER}]){_SEP}$")
_STATES = frozenset({"u.s.", "u.k.", "u.n.", "e.u.", "d.c.", "n.y.", "l.a.", "p.m.", "a.m."})

_AND = words("and")
_PLACE_PREPOSITIONS = words("place-prepositions")
_THING_BEFORE, _THING_AFTER = words("thing-before"), words("thing-after")
_TITLES_OF_OTHER = {"masc": words("woman"), "femn": words("man")}
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
        place = _Place(left, text[start:end], right, form, given, sex, ends)
        for rule in _RULES:
            sign = rule(place)
            if sign:
                return Reading(sign.who, start - sign.left, end + sign.right)
    return Reading(Who.BARE, start, end)


def _double_name(place: _Place) -> _Sign | None:
    """«Костарев-Петров» is another surname, "Kostarev-Led" is not."""
    half = _HALF_BEFORE.search(place.left) or _HALF_AFTER.match(place.right)
    if not half or place.is_own(half[1]):
        return None
    prefix = half[1].lower() in _PREFIXES or (not is_cyrillic(half[1]) and is_common(half[1]))
    return None if prefix else _STRANGER


def _nickname(place: _Place) -> _Sign | None:
    """Read ``Gleb "Crypto" Kostarev``."""
    match = _NICKNAME.search(place.left)
    return _Sign(Who.OWN, len(match[0])) if match and place.is_own(match[1]) else None


def _initials_before(place: _Place) -> _Sign | None:
    """Read «Г. Костарев», «Г.И. Костарев», "Gleb I. Kostarev", "D. Kostarev"."""
    match = _INITIALS_BEFORE.search(place.left)
    if not match or match[1].lower() in _STATES:
        return None
    first = _BEFORE.search(place.left[: match.start()])
    if first and place.is_own(first[1]):
        return _Sign(Who.OWN, len(place.left) - first.start())
    if first and first[1][0].isupper() and is_given(first[1]):
        return _OTHER
    return _Sign(Who.OWN, len(match[0])) if place.is_own_initial(match[1]) else _OTHER


def _lone_initial(place: _Place) -> _Sign | None:
    """Read "G Kostarev", "J-C Juncker" and "Gleb M Kostarev"; a lone Cyrillic letter is mostly a preposition."""
    two = _TWO_LETTERS.search(place.left)
    if two and place.has_double_name(two[1], two[2]):
        return _Sign(Who.OWN, len(two[0]))
    match = _LONE_LETTER.search(place.left)
    if not match:
        return None
    first = _BEFORE.search(place.left[: match.start()])
    if first and place.is_own(first[1]):
        return _Sign(Who.OWN, len(place.left) - first.start())
    if is_cyrillic(match[1]):
        return None
    if match[1] in "AI" or not place.is_own_initial(match[1]):
        return _BARE
    return _Sign(Who.OWN, len(match[0]))


def _own_name_before(place: _Place) -> _Sign | None:
    """Read the given name, with a patronymic or middle name, or with another bearer, between it and the surname."""
    word = _BEFORE.search(place.left)
    if not word:
        return None
    if place.is_own(word[1]):
        apart = _STRANGER if place.is_hers(word[1]) else _BARE if place.is_apart_from(word[1]) else None
        return apart or _Sign(Who.OWN, len(word[0]))
    earlier = _BEFORE.search(place.left[: word.start()])
    if not earlier or re.search("['’]s?$", word[1]):
        return None
    if place.is_own(earlier[1]) and (word[1][0].isupper() or place.shown.islower()):
        return _Sign(Who.OWN, len(place.left) - earlier.start())
    if earlier[1].lower() in _AND and is_given(word[1]):
        first = _BEFORE.search(place.left[: earlier.start()])
        if first and place.is_own(first[1]):  # «Глеба и Ивана Костаревых»
            return _Sign(Who.OWN, len(place.left) - first.start())
    return None


def _title_before(place: _Place) -> _Sign | None:
    """Read «улица Костарева», "Mrs Kostarev", «сказала Костарева», «у губернатора Захарова»."""
    word = _BEFORE.search(place.left) or _ABBREVIATION.search(place.left)
    if not word:
        return None
    title = word[1].lower()
    if title in _THING_BEFORE or title in _TITLES_OF_OTHER[place.sex]:
        return _STRANGER
    if place.could_be_his and is_his_role(word[1]):
        verb = _AFTER.match(place.right)
        return None if verb and is_her_verb(verb[1]) else _STRANGER
    if not place.could_be_hers:
        return None
    speech = is_her_verb(title) and place.left[: word.start()].rstrip(" \u00a0—–-")[-1:] in {"", *',"»”'}
    return _STRANGER if speech or _is_her_role(word[1], place) else None


def _is_her_role(word: str, place: _Place) -> bool:
    """Whether a role before «Костарева» is hers: «певица», or «депутат» where she acts: «депутат Костарева внесла»."""
    verb = _AFTER.match(place.right)
    gender = role_before(word)
    return gender == "femn" or (gender == "masc" and bool(verb) and is_her_verb(verb[1] if verb else ""))


def _other_name_before(place: _Place) -> _Sign | None:
    """Read another's given name, and what seems to be one, before the surname."""
    match = _BEFORE.search(place.left)
    if not match or not (match[1][0].isupper() or place.shown.islower()) or re.search("['’]s?$", match[1]):
        return None
    word, rest = match[1], place.left[: match.start()]
    earlier = _BEFORE.search(rest)
    before = earlier[1] if earlier else ""
    if PATRONYMIC.match(word):
        return _OTHER if before[:1].isupper() and is_given(before) else None
    if before.lower() in _PLACE_PREPOSITIONS:
        return None
    if is_given(word):
        return _OTHER if not is_cyrillic(word) or _agrees(word, place) else None
    if word.isupper() or word.lower() in _ROLES or place.shown.islower() or place.is_watched(match.end(1)):
        return None
    return _STRANGER if seems_given(word, before, place.form.case, place.shown) else None


def _initials_after(place: _Place) -> _Sign | None:
    """Read «Костарев Г.» and «Костарев И. П.»."""
    match = _INITIALS_AFTER.match(place.right)
    if not match or match[2]:
        return None
    if place.is_own_initial(match[1]):
        return _Sign(Who.OWN, right=match.end(1))
    return None if place.right.startswith(",") else _OTHER


def _given_of_the_east(place: _Place) -> _Sign | None:
    """Read "Teng Hsiao-ping", "Li Keqiang": a given name of China or Korea behind its surname, own or another's."""
    match = _AFTER.match(place.right) if place.shown in surnames_of_the_east() else None
    if not match or not match[1][0].isupper():
        return None
    second = _AFTER.match(place.right, match.end())
    if second and place.is_own(f"{match[1]} {second[1]}"):
        return _Sign(Who.OWN, right=second.end(1))
    if place.is_own(match[1]):
        return _Sign(Who.OWN, right=match.end(1))
    return _OTHER if is_given_of_the_east(match[1]) and not is_ordinary(match[1]) else None


def _newspaper(place: _Place) -> _Sign | None:
    """Read "The Sun" where no noun follows, so that it is no "The Kostarev affair"."""
    article = re.search(r"(?<!\w)The $", place.left)
    if not article or is_cyrillic(place.shown) or not is_ordinary(place.shown):
        return None
    word = _AFTER.match(place.right)
    return None if word and word[1][0].isupper() else _STRANGER


def _own_name_after(place: _Place) -> _Sign | None:
    """Read «Костарев Глеб», "Kostarev, Gleb"."""
    comma = _AFTER_COMMA.match(place.right)
    if comma and place.is_own(comma[1]):
        return _Sign(Who.OWN, right=comma.end(1))
    word = _AFTER.match(place.right)
    own = word and (word[1][0].isupper() or place.shown.islower()) and place.is_own(word[1])
    return _Sign(Who.OWN, right=word.end(1)) if word and own else None


def _name_after(place: _Place) -> _Sign | None:
    """Read «Костарев Иван» and "Kostarev Street"."""
    word = _AFTER.match(place.right)
    if not word:
        return None
    if not word[1][0].isupper() or is_cyrillic(word[1]) != is_cyrillic(place.shown):
        return None
    if plain(word[1]) in _THING_AFTER or PATRONYMIC.match(word[1]):
        return _STRANGER  # "Kostarev Street", «Ермак Тимофеевич»
    if not is_given(word[1]):
        return None
    more = _AFTER.match(place.right, word.end())
    noun = _BEFORE.search(place.left)
    named = more and more[1][0].isupper() and not PATRONYMIC.match(more[1])
    if place.could_be_hers and noun and is_noun(noun[1]) and named:
        return None  # «адвокат Костарева Мария Петрова»
    return _OTHER if not is_cyrillic(word[1]) or _agrees(word[1], place) else None


def _place_name(place: _Place) -> _Sign | None:
    """Read «Заславский район»."""
    word = _AFTER.match(place.right)
    adjective = re.search("[сц]ь?к(?:ий|ого|ому|им|ом|ая|ой|ую|ою|а|ої|ій|у|ім)$", place.shown.lower())
    return _STRANGER if word and adjective and is_place(word[1]) else None


def _quoted(place: _Place) -> _Sign | None:
    """Read «ледокол „Ермак“»: a ship, a firm, a film."""
    opened = re.search(rf"(?<!\w)({_WORD}){_SEP}[«“„\"]$", place.left)
    if not opened or not re.match('[»”“"]', place.right) or is_given(opened[1]) or role_before(opened[1]):
        return None
    return _STRANGER if is_noun(opened[1]) else None


def _she_did(place: _Place) -> _Sign | None:
    """Read «Костарева заявила» where it opens a sentence or a clause."""
    word = _AFTER.match(place.right)
    if not word or not place.could_be_hers or not is_her_verb(word[1]):
        return None
    subject = _AFTER.match(place.right, word.end())
    if subject and is_her_subject(subject[1]):
        return None  # «Костарева задержала полиция»
    return _STRANGER if place.left.rstrip(" \u00a0")[-1:] in {"", *".!?—–,»”…:"} else None


_RULES: tuple[Callable[[_Place], _Sign | None], ...] = (
    _place_name,
    _quoted,
    _double_name,
    _nickname,
    _initials_before,
    _own_name_before,
    _lone_initial,
    _title_before,
    _other_name_before,
    _initials_after,
    _given_of_the_east,
    _newspaper,
    _own_name_after,
    _name_after,
    _she_did,
)


def _agrees(word: str, place: _Place) -> bool:
    """Whether a given name can belong to the surname beside it: of the other gender, or in the same case."""
    found = cases_of_given(word)
    if place.sex not in {gender for _, gender in found}:
        return True
    return place.form.plural or not place.form.case or cases_agree(found, place.form.case)
