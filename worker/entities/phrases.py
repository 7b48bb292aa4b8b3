"""Cases of names of several words in Russian and Ukrainian: adjectives and the noun that they stand before."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from worker.entities.inflect import CASES, UNUSUAL, Case, analyzer, is_known

_ADJECTIVE = re.compile("(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|а|е|є|і|ї)$")


@lru_cache(maxsize=8192)
def phrase(text: str, language: str, *, plural: bool = False) -> tuple[Case, ...]:
    """Decline a name of several words: the first noun in the nominative and the adjectives before it; the rest stays.

    A name whose first word is no common noun and whose last one is (Газпром нефть, Тинькофф Банк) declines at its last
    word. With ``plural`` the plural of a singular is given too. A phrase whose head cannot be told is given back alone.
    """
    tokens = re.split(r"(\s+)", text)
    parts = _head(tokens, language)
    if not parts:
        return (Case(text, "nomn"),)
    many = "plur" in parts[-1][1].tag.grammemes
    found = _agreeing(tokens, parts, plural=many)
    if plural and not many:
        found += _agreeing(tokens, parts, plural=True)
    return tuple(dict.fromkeys(found)) or (Case(text, "nomn"),)


def _head(tokens: list[str], language: str) -> list[tuple[int, Any]]:
    """Find the words that decline: adjectives and after them the noun; none where there is no noun."""
    words = list(range(0, len(tokens), 2))
    parts = _row(tokens, words, language, plural=None)
    last = words[-1]
    if len(words) == 2 and (not parts or parts[-1][0] == 0) and _is_proper(tokens[0], language):  # noqa: PLR2004
        nouns = [p for p in _nominatives(tokens[last], language, last=True) if "NOUN" in p.tag.grammemes]
        if nouns and analyzer(language).parse(tokens[last])[0].tag.case != "gent":
            return [(last, nouns[0])]
    if parts and parts[-1][0] + 2 in words and "anim" in parts[-1][1].tag.grammemes:
        names = [p for p in _nominatives(tokens[parts[-1][0] + 2], language, last=True) if "Name" in p.tag.grammemes]
        return [*parts, *((parts[-1][0] + 2, p) for p in names[:1])]
    return parts


def _row(tokens: list[str], words: list[int], language: str, *, plural: bool | None) -> list[tuple[int, Any]]:
    """Read the first of ``words`` as the noun, or as an adjective with a row behind it that agrees in number."""
    for parse in _nominatives(tokens[words[0]], language, last=len(words) == 1):
        if plural is not None and _number(parse) != plural:
            continue
        if "NOUN" in parse.tag.grammemes:
            return [(words[0], parse)]
        rest = _row(tokens, words[1:], language, plural=_number(parse)) if len(words) > 1 else []
        if rest:
            return [(words[0], parse), *rest]
    return []


def _is_proper(word: str, language: str) -> bool:
    """Whether a word is a proper name: a firm's, or one that no dictionary holds."""
    return not is_known(word) or any("Orgn" in p.tag.grammemes for p in analyzer(language).parse(word) if p.is_known)


def _number(parse: Any) -> bool:  # noqa: ANN401
    return "plur" in parse.tag.grammemes


def _nominatives(word: str, language: str, *, last: bool) -> list[Any]:
    """Give the readings of a word as a nominative noun or adjective, the likelier kind for its place first."""
    known = analyzer(language).word_is_known(word)
    found = [
        p
        for p in analyzer(language).parse(word)
        if p.tag.case == "nomn"
        and ((p.is_known and p.tag.POS in {"NOUN", "ADJF", "PRTF"}) or (not known and p.tag.POS == "ADJF"))
        and (p.is_known or _ADJECTIVE.search(word))
        and not ("Abbr" in p.tag.grammemes and "Fixd" in p.tag.grammemes)
    ]
    return sorted(found, key=lambda p: (p.tag.POS == "NOUN") != last)


def _agreeing(tokens: list[str], parts: list[tuple[int, Any]], *, plural: bool) -> tuple[Case, ...]:
    head = parts[-1][1]
    found: list[Case] = []
    for case in CASES:
        rows = [tokens]
        for index, parse in parts:
            noun = "NOUN" in parse.tag.grammemes
            options = _in_case(parse, case, "" if noun else str(head.tag.gender), plural=plural)
            if case == "accs" and not noun and (plural or head.tag.gender == "masc"):
                like = "gent" if "anim" in head.tag.grammemes else "nomn"
                options = _in_case(parse, like, str(head.tag.gender), plural=plural)
            rows = [
                [*row[:index], like_written(tokens[index], word), *row[index + 1 :]] for row in rows for word in options
            ]
        found += [Case("".join(row), case, plural) for row in rows]
    return tuple(found)


def _in_case(parse: Any, case: str, gender: str, *, plural: bool) -> list[str]:  # noqa: ANN401
    """Give the forms of a word in a case and number, of an adjective in the gender too."""
    found: dict[str, None] = {}
    for form in parse.lexeme:
        tag = form.tag
        fits = tag.case == case and ("plur" in tag.grammemes) == plural and not UNUSUAL & set(tag.grammemes)
        if not fits or tag.POS not in {"NOUN", "ADJF", "PRTF"} or tag.POS != parse.tag.POS:
            continue
        if gender and not plural and tag.gender not in {gender, None}:
            continue
        found[form.word] = None
    if case == "loct" and not gender:
        found = dict.fromkeys([word for word in found if "anim" in parse.tag.grammemes or not word.endswith("ові")])
    return list(found)


def like_written(pattern: str, word: str) -> str:
    """Write a word with the capitals of another."""
    if pattern.isupper() and len(pattern) > 1:
        return word.upper()
    return word.capitalize() if pattern[:1].isupper() else word
