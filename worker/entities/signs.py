"""What the words beside a surname are: given names, roles, verbs that a woman is the subject of, places."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from worker.entities import inflect
from worker.entities.fold import key
from worker.entities.forms import is_ordinary
from worker.entities.given import latin_given_names
from worker.entities.lists import words
from worker.entities.translit import is_cyrillic

_LANGUAGES = ("ru", "uk")
_RELATIONS, _PLACES = words("relations"), words("places")
_AGENT = re.compile(
    "(?:ик|ист|ор|тель|ер|ёр|ец|лог|вед|вод|ант|ент|арь|ман|граф|щик|чик|ник|єр|ар)(?:а|у|ом|ем|е|я|ю)?$"
)
_CRAFT = re.compile("[a-zа-я][A-ZА-Я]|-")  # YouTuber, Ex-Binance
_TAIL = 5  # letters that the known end of a compound must have: «Крипто-эксперт»


@lru_cache(maxsize=8192)
def plain(word: str) -> str:
    """Fold one word."""
    return key(word).strip()


@lru_cache(maxsize=8192)
def is_given(word: str) -> bool:
    """Whether a word, in any case, is a given name."""
    folded = plain(word)
    if is_cyrillic(folded):
        return any(inflect.is_given_name(folded, language) for language in _LANGUAGES)
    return folded in latin_given_names()


def seems_given(word: str, before: str, case: str, shown: str) -> bool:
    """Whether a capitalised word that no list holds, before a surname in this case, can only be a given name."""
    if is_cyrillic(word) != is_cyrillic(shown) or _CRAFT.search(word):
        return False
    if is_cyrillic(word):
        if _AGENT.search(word) or inflect.is_known(plain(word)) or _is_compound(plain(word)):
            return False
        return not is_role(before) and _ends_alike(word, case)
    in_a_row = before[:1].isupper()  # a headline in title case, or a row of names
    return not in_a_row and not is_ordinary(word) and not _is_compound(plain(word))


@lru_cache(maxsize=8192)
def is_role(word: str) -> bool:
    """Whether a word in small letters is a noun, so that what follows may be a firm: «директора Ростеха»."""
    return word[:1].islower() and any("NOUN" in parse.tag.grammemes for parse in _known(plain(word)))


@lru_cache(maxsize=8192)
def cases_of_given(word: str) -> frozenset[tuple[str, str]]:
    """Give the cases and genders in which a word is a given name."""
    return frozenset(case for language in _LANGUAGES for case in inflect.cases_of_given_name(plain(word), language))


def cases_agree(cases: frozenset[tuple[str, str]], case: str) -> bool:
    """Whether a given name in one of these cases can stand beside a surname in this case."""
    wanted = {"gent": {"gent", "accs"}, "accs": {"gent", "accs"}, "datv": {"datv", "loct"}, "loct": {"datv", "loct"}}
    return any(known in wanted.get(case, {case}) for known, _ in cases)


@lru_cache(maxsize=8192)
def is_her_verb(word: str) -> bool:
    """Whether a word is a feminine verb of the past: «заявила»."""
    return any({"VERB", "femn", "past"} <= set(p.tag.grammemes) for p in _known(plain(word)))


@lru_cache(maxsize=8192)
def is_her_subject(word: str) -> bool:
    """Whether a word can be a feminine verb's subject and not its object: «полиция», not «жалобу»."""
    return len(word) > 2 and any(  # noqa: PLR2004
        p.tag.case == "nomn" and p.tag.gender == "femn" and p.tag.POS in {"NOUN", "ADJF"} for p in _known(plain(word))
    )


@lru_cache(maxsize=8192)
def role_before(word: str) -> str:
    """Tell the gender of a role in the nominative before a surname; empty where it is none, or somebody's relation."""
    folded = plain(word)
    if folded in _RELATIONS or is_given(word):
        return ""
    for parse in _known(folded):
        tag = parse.tag
        if {"Surn", "Name", "Patr"} & set(tag.grammemes):
            continue
        if "NOUN" in tag.grammemes and "anim" in tag.grammemes and tag.case == "nomn" and "plur" not in tag.grammemes:
            return "femn" if tag.gender == "femn" else "masc"
    return "femn" if re.search("(?:ница|истка|ерша|орша|истка|ачка)$", folded) and not _known(folded) else ""


@lru_cache(maxsize=8192)
def is_his_role(word: str) -> bool:
    """Whether a word in small letters is what a man is, in the genitive and not in the nominative: «губернатора»."""
    tags = [parse.tag for parse in _known(plain(word)) if "NOUN" in parse.tag.grammemes]
    found = [tag for tag in tags if {"anim", "masc"} <= set(tag.grammemes) and "plur" not in tag.grammemes]
    names = any({"Surn", "Name", "Patr"} & set(tag.grammemes) for tag in tags)
    own = {str(tag.case) for tag in found}
    return word[:1].islower() and not names and "gent" in own and "nomn" not in {str(tag.case) for tag in tags}


@lru_cache(maxsize=8192)
def is_noun(word: str) -> bool:
    """Whether a word is a noun of either dictionary."""
    return any("NOUN" in parse.tag.grammemes for parse in _known(plain(word)))


@lru_cache(maxsize=8192)
def is_place(word: str) -> bool:
    """Whether a word in small letters, in any case, is a place or an institution that an adjective names."""
    return word[:1].islower() and any(
        plain(p.normal_form) in _PLACES and "NOUN" in p.tag.grammemes for p in _known(plain(word))
    )


def _known(word: str) -> list[Any]:
    return [
        parse
        for language in _LANGUAGES
        if inflect.analyzer(language).word_is_known(word)
        for parse in inflect.analyzer(language).parse(word)
        if parse.is_known
    ]


def _is_compound(word: str) -> bool:
    """Whether a word ends in a known noun: «криптоэксперт», "podcaster"."""
    if not is_cyrillic(word):
        return any(is_ordinary(word[cut:]) for cut in range(3, len(word) - _TAIL + 1))
    return any(is_noun(word[cut:]) for cut in range(3, len(word) - _TAIL + 1))


def _ends_alike(word: str, case: str) -> bool:
    """Whether an unknown word ends as a man's given name does in this case."""
    endings = {"gent": "ая", "accs": "ая", "datv": "ую", "ablt": "м", "loct": "еиі"}.get(case)
    return word[-1] in endings if endings else word[-1].lower() not in "аеёиоуыэюяіїє"
