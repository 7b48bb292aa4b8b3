"""What a written form of a name is, and what the makers of forms share."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from spellchecker import SpellChecker

from worker.entities import inflect
from worker.entities.fold import key
from worker.entities.translit import is_cyrillic, is_ukrainian

_EVERYDAY = 1_000
_COMMON = 50  # times in the word list's corpus: above it an English word is more likely than a name
_TAIL = 5  # letters that the known end of a compound must have
_SHORT = 4  # letters: capitals of so few (RFM, CZ) are found by chance when the case is not heeded
_TINY = 2  # letters: a name of so few (Xi, Си) is a word without its capital
_END_MARKS = re.compile("[+#!?]+$")


class Form(NamedTuple):
    """One way in which a name is written: its text, and in words where it comes from.

    ``single_word``: it counts only with what ``near`` asks for, where ``near`` is given.
    ``surname``: it is the bare surname of a person, so who stands in front of it decides.
    ``needs_full``: the desk did not list it; it counts only in an article that has the full name.
    ``case``: its grammatical case, empty where that is not known. ``plural``: it names several people.
    ``capital``: how it must be written to count: "all" in capitals throughout, "first" with a capital, "" in any way.
    ``sought``: the automaton looks for it; other forms are recognised around the surname.
    """

    text: str
    rule: str
    single_word: bool = False
    surname: bool = False
    needs_full: bool = False
    case: str = ""
    plural: bool = False
    capital: str = ""
    sought: bool = True

    @property
    def marked_end(self) -> str:
        """The marks behind a name of one or two letters, without which it is another: C++, E!."""
        marks = _END_MARKS.search(self.text)
        return marks[0] if marks and len(self.text) <= _SHORT else ""


def language_of(text: str) -> str:
    """Tell ``ru`` from ``uk`` for a Cyrillic text, the likelier one; empty for another script."""
    return next(iter(languages_of(text)), "")


@lru_cache(maxsize=8192)
def languages_of(text: str, *, names: bool = False) -> tuple[str, ...]:
    """Give the languages, ``ru`` or ``uk`` or both, in which a Cyrillic text may be; none for another script.

    Its letters decide, then which dictionary alone knows one of its words, or the end of a compound (Укр-пошта). With
    ``names`` the words are a person's, and only names count: «маск» is a word, Маск is none.
    """
    if not is_cyrillic(text):
        return ()
    if is_ukrainian(text):
        return ("uk",)
    if re.search(r"[ыэёъ]|[сц]к(?:ий|ая)(?!\w)", text.lower()):
        return ("ru",)
    votes = {language for word in re.findall(r"\w+", text.lower()) if (language := _only_in(word, names=names))}
    return tuple(votes) if len(votes) == 1 else ("ru", "uk")


def _only_in(word: str, *, names: bool) -> str:
    """Give the language whose dictionary alone has a word, or else the word's end; empty where both or none have."""
    for cut in (0,) if names else (0, *range(2, len(word) - _TAIL + 1)):
        known = [language for language in ("ru", "uk") if inflect.knows(word[cut:], language, names=names)]
        if known:
            return known[0] if len(known) == 1 else ""
    return ""


def capital_of(text: str) -> str:
    """Decide how a form must be written in a text to count (see ``Form.capital``).

    An ordinary word (Circle, Мороз) counts only with its capital, a short abbreviation only in capitals; what no
    dictionary holds (Binance, Росфин) is recognised in any case.
    """
    letters = [c for c in text if c.isalpha()]
    words = text.split()
    if not letters or not any(c.isupper() for c in letters):
        return ""
    if len(words) == 1 and all(c.isupper() for c in letters) and len(letters) <= _SHORT:
        return "all"
    if len(text) <= _TINY and text[0].isupper():
        return "first"
    short = len(words) <= 3  # noqa: PLR2004  a longer row of words is a name, however it is written
    return "first" if text[0].isupper() and short and is_ordinary(words[0]) else ""


@lru_cache(maxsize=65536)
def is_ordinary(word: str) -> bool:
    """Whether a word is an ordinary one in English, Russian or Ukrainian, in any of its forms."""
    plain = word.strip(".,'’\"").lower()
    if is_cyrillic(plain):
        return any(inflect.is_ordinary(plain, language) for language in ("ru", "uk"))
    return len(plain) == 1 or _english().get(plain, 0) >= _COMMON


def is_common(word: str) -> bool:
    """Whether an English word is an everyday one, and hardly a rare name."""
    return _english().get(word.lower(), 0) >= _EVERYDAY


@lru_cache(maxsize=1)
def _english() -> dict[str, int]:
    checker = SpellChecker(language="en")
    return {word: int(count) for word, count in checker.word_frequency.dictionary.items()}


class Forms:
    """The forms found so far, each spelling once; the first that brings one explains it."""

    def __init__(self) -> None:
        """Start with none."""
        self._found: dict[tuple[str, bool], Form] = {}

    def add(self, form: Form) -> None:
        """Enter a form, unless it folds to the same letters as one that is there."""
        folded = key(form.text)
        if folded.strip():
            self._found.setdefault((folded, form.text.isupper() and form.capital == "all"), form)

    def all(self) -> tuple[Form, ...]:
        """Give the forms in the order in which they came."""
        return tuple(self._found.values())


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def without_umlauts(text: str) -> str:
    """Write umlauts as German does where it has none: Juergen."""
    return text.translate(_UMLAUTS)


def quoted(text: str) -> str:
    """Put a name in quotation marks, for a rule."""
    return f"“{text}”"


_STAR = re.compile(r"\*")


def is_pattern(text: str) -> bool:
    """Whether a name holds ``*`` and so is sought as it stands, without forms made of it."""
    return bool(_STAR.search(text))
