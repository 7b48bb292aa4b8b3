"""Every written form of a watched name, made once, when the watchlist is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from worker.entities.fold import key, pattern_of
from worker.entities.forms import Form, capital_of, is_ordinary, languages_of, quoted
from worker.entities.inflect import noun
from worker.entities.persons import full_name, person_forms
from worker.entities.phrases import phrase
from worker.entities.things import thing_forms
from worker.types import Entity

__all__ = ["Detail", "Form", "Profile", "forms", "profile"]


class Detail(NamedTuple):
    """What the matcher needs of an entity that a text names. ``given``: the given name in all cases, folded."""

    forms: tuple[Form, ...]
    given: frozenset[str]
    sex: str
    near: tuple[str, ...]
    exclude: tuple[str, ...]


class Profile:
    """What the matcher needs of an entity.

    ``sought``: what the automaton seeks for each form, phrase of ``near`` and phrase of ``exclude``, in this order.
    ``detail`` is read only when one of them is found: most names of a long watchlist are never in the news.
    """

    __slots__ = ("_detail", "_read", "sought")

    def __init__(self, sought: Sequence[str], read: Callable[[], Detail]) -> None:
        """Keep what is sought, and how the rest is read."""
        self.sought = sought
        self._read = read
        self._detail: Detail | None = None

    @property
    def detail(self) -> Detail:
        """The forms and phrases themselves, and who a person is."""
        if self._detail is None:
            self._detail = self._read()
        return self._detail


def forms(entity: Entity) -> tuple[Form, ...]:
    """Give every form of an entity, the desk's own first, each spelling once."""
    made, _, _ = _made(entity, shown=True)
    return made


def profile(entity: Entity) -> Profile:
    """Make what is sought for an entity: its forms, and the cases of its ``near`` and ``exclude`` phrases."""
    made, given, sex = _made(entity, shown=False)
    sought = tuple(form for form in made if form.sought)
    sought += tuple(other for form in sought for other in _in_latin_lookalikes(form) if entity.generate)
    detail = Detail(sought, given, sex, _phrases(entity.near), _phrases(entity.exclude))
    texts = (*(form.text for form in sought), *detail.near, *detail.exclude)
    return Profile([pattern_of(text) for text in texts], lambda: detail)


def _made(entity: Entity, *, shown: bool) -> tuple[tuple[Form, ...], frozenset[str], str]:
    given: frozenset[str] = frozenset()
    sex = ""
    if not entity.generate:
        terms = ((entity.name, "the name"), *((alias, "an alias") for alias in entity.aliases))
        made = tuple(Form(t, rule, single_word=" " not in t.strip(), capital=capital_of(t)) for t, rule in terms)
    elif entity.kind == "person":
        made, given, sex = person_forms(entity.name, entity.aliases, shown=shown)
    else:
        made = thing_forms(entity.name, entity.aliases, kind=entity.kind)
    made += tuple(form for term in (entity.name, *entity.aliases) for form in _prefixed(term) if entity.generate)
    forbidden = {key(text) for text in entity.forbid}
    return tuple(form for form in made if key(form.text) not in forbidden), given, sex


_CAPITALS = dict(zip("АВЕІКМНОРСТХУ", "ABEIKMHOPCTXY", strict=True))  # Cyrillic, and what looks the same in Latin
_SHORTEST_DISGUISED = 4  # letters: shorter ones are often Latin abbreviations: ВВС, BBC


def _in_latin_lookalikes(form: Form) -> Iterator[Form]:
    """Write a Cyrillic form in capitals wholly in Latin letters that look the same: PEHO for «РЕНО».

    A word of both scripts is mended where texts are folded; one that is wholly Latin could be a word of its own.
    """
    capitals = form.text.upper()
    if len(capitals) >= _SHORTEST_DISGUISED and set(capitals) <= _CAPITALS.keys():
        latin = "".join(_CAPITALS[letter] for letter in capitals)
        if not is_ordinary(latin):
            yield form._replace(text=latin, rule=f"{quoted(form.text)} in Latin letters that look alike", capital="all")


# Conjunctions, prepositions and articles that are written together with the word behind them.
_PREFIXES = {
    "\u0590-\u05ff": ("ב", "ל", "מ", "ה", "ו", "ש", "כ"),
    "\u0600-\u06ff": ("و", "ب", "ل", "ف", "ك", "ال", "وال", "بال", "لل"),
}


def _prefixed(term: str) -> Iterator[Form]:
    """Put the prefixes of Hebrew and Arabic before a name in their letters."""
    for letters, prefixes in _PREFIXES.items():
        if re.match(f"[{letters}]", term):
            for prefix in prefixes:
                yield Form(f"{prefix}{term}", f"“{term}” with the prefix “{prefix}”", single_word=" " not in term)


def _phrases(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Add the cases of Cyrillic phrases; one with ``*`` says itself what it matches."""
    found: dict[str, None] = {}
    for text in texts:
        found[text] = None
        for language in languages_of(text) if "*" not in text else ():
            many = " " in text.strip()
            cases = phrase(text, language, plural=True) if many else noun(text, language, plural=True)
            found.update((case.text, None) for case in cases)
        found.update((case.text, None) for case in full_name(text) if "*" not in text)
    return tuple(found)
