"""A surname in its line, whose it would be, and what a rule may say of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from worker.entities.forms import Form
from worker.entities.signs import cases_agree, cases_of_given, plain
from worker.entities.translit import is_cyrillic

SPACE = "[ \u00a0\u202f\u2009\t\u200b\u00ad]"
SEP = f"{SPACE}{{1,3}}"
WORD = r"[^\W\d_][\w\u00ad\u200b\u0301'’ʼ`´-]*"
BEFORE = re.compile(rf"({WORD}){SEP}$")
AFTER = re.compile(rf"{SEP}({WORD})")


class Who(Enum):
    """What the words around a surname say of its bearer."""

    OWN = "full name"
    BARE = "surname alone"
    OTHER = "another person's name"  # also for what follows in the article
    STRANGER = "seems another person's name"  # for this place only


class Sign(NamedTuple):
    """What a rule read: who is meant, and how many characters left and right belong to the name."""

    who: Who
    left: int = 0
    right: int = 0


BARE, OTHER, STRANGER = Sign(Who.BARE), Sign(Who.OTHER), Sign(Who.STRANGER)


@dataclass(frozen=True, slots=True)
class Surname:
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
