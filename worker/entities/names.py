"""Every written form of a watched name, made once, when the watchlist is read."""

from __future__ import annotations

from typing import NamedTuple

from worker.entities.fold import key
from worker.entities.forms import Form, capital_of, language_of
from worker.entities.inflect import noun, phrase
from worker.entities.persons import person_forms
from worker.entities.things import thing_forms
from worker.types import Entity

__all__ = ["Form", "Profile", "forms", "profile"]


class Profile(NamedTuple):
    """What the matcher needs of an entity; ``given``: a person's given name in all cases, folded."""

    forms: tuple[Form, ...]
    given: frozenset[str]
    sex: str
    near: tuple[str, ...]
    exclude: tuple[str, ...]


def forms(entity: Entity) -> tuple[Form, ...]:
    """Give every form of an entity, the desk's own first, each spelling once."""
    return profile(entity).forms


def profile(entity: Entity) -> Profile:
    """Make the forms of an entity, and the cases of its ``near`` and ``exclude`` phrases."""
    given: frozenset[str] = frozenset()
    sex = ""
    if not entity.generate:
        terms = ((entity.name, "the name"), *((alias, "an alias") for alias in entity.aliases))
        made = tuple(Form(t, rule, single_word=" " not in t.strip(), capital=capital_of(t)) for t, rule in terms)
    elif entity.kind == "person":
        made, given, sex = person_forms(entity.name, entity.aliases)
    else:
        made = thing_forms(entity.name, entity.aliases, kind=entity.kind)
    forbidden = {key(text) for text in entity.forbid}
    return Profile(
        tuple(form for form in made if key(form.text) not in forbidden),
        given,
        sex,
        _phrases(entity.near),
        _phrases(entity.exclude),
    )


def _phrases(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Add the cases of Cyrillic phrases; one with ``*`` says itself what it matches."""
    found: dict[str, None] = {}
    for text in texts:
        found[text] = None
        language = language_of(text)
        if language and "*" not in text:
            cases = phrase(text, language) if " " in text.strip() else noun(text, language, plural=True)
            found.update((case.text, None) for case in cases)
    return tuple(found)
