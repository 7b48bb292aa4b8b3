"""What stands beside a surname and is no name: titles, roles, verbs, quotation marks, what a street is called after.

Each rule reads one of these signs and gives None where it sees nothing.
"""

from __future__ import annotations

import re

from worker.entities.forms import is_ordinary
from worker.entities.lists import words
from worker.entities.signs import is_given, is_her_subject, is_her_verb, is_his_role, is_noun, is_place, role_before
from worker.entities.surname import AFTER, BEFORE, SEP, SPACE, STRANGER, WORD, Sign, Surname
from worker.entities.translit import is_cyrillic

_ABBREVIATION = re.compile(rf"(?<![\w-])(\w{{1,4}})\.{SPACE}{{0,2}}$")
_THING_BEFORE = words("thing-before")
_TITLES_OF_OTHER = {"masc": words("woman"), "femn": words("man")}


def title_before(surname: Surname) -> Sign | None:
    """Read «улица Костарева», "Mrs Kostarev", «сказала Костарева», «у губернатора Захарова»."""
    word = BEFORE.search(surname.left) or _ABBREVIATION.search(surname.left)
    if not word:
        return None
    title = word[1].lower()
    if title in _THING_BEFORE or title in _TITLES_OF_OTHER[surname.sex]:
        return STRANGER
    if surname.could_be_his and is_his_role(word[1]):
        verb = AFTER.match(surname.right)
        return None if verb and is_her_verb(verb[1]) else STRANGER
    if not surname.could_be_hers:
        return None
    speech = is_her_verb(title) and surname.left[: word.start()].rstrip(" \u00a0—–-")[-1:] in {"", *',"»”'}
    return STRANGER if speech or _is_her_role(word[1], surname) else None


def _is_her_role(word: str, surname: Surname) -> bool:
    """Whether a role before «Костарева» is hers: «певица», or «депутат» where she acts: «депутат Костарева внесла»."""
    verb = AFTER.match(surname.right)
    gender = role_before(word)
    return gender == "femn" or (gender == "masc" and bool(verb) and is_her_verb(verb[1] if verb else ""))


def newspaper(surname: Surname) -> Sign | None:
    """Read "The Sun" where no noun follows, so that it is no "The Kostarev affair"."""
    article = re.search(r"(?<!\w)The $", surname.left)
    if not article or is_cyrillic(surname.shown) or not is_ordinary(surname.shown):
        return None
    word = AFTER.match(surname.right)
    return None if word and word[1][0].isupper() else STRANGER


def place_name(surname: Surname) -> Sign | None:
    """Read «Заславский район»."""
    word = AFTER.match(surname.right)
    adjective = re.search("[сц]ь?к(?:ий|ого|ому|им|ом|ая|ой|ую|ою|а|ої|ій|у|ім)$", surname.shown.lower())
    return STRANGER if word and adjective and is_place(word[1]) else None


def quoted(surname: Surname) -> Sign | None:
    """Read «ледокол „Ермак“»: a ship, a firm, a film."""
    opened = re.search(rf"(?<!\w)({WORD}){SEP}[«“„\"]$", surname.left)
    if not opened or not re.match('[»”“"]', surname.right) or is_given(opened[1]) or role_before(opened[1]):
        return None
    return STRANGER if is_noun(opened[1]) else None


def she_did(surname: Surname) -> Sign | None:
    """Read «Костарева заявила» where it opens a sentence or a clause."""
    word = AFTER.match(surname.right)
    if not word or not surname.could_be_hers or not is_her_verb(word[1]):
        return None
    subject = AFTER.match(surname.right, word.end())
    if subject and is_her_subject(subject[1]):
        return None  # «Костарева задержала полиция»
    return STRANGER if surname.left.rstrip(" \u00a0")[-1:] in {"", *".!?—–,»”…:"} else None
