"""Every written form of a watched name, made once, when the watchlist is read."""

from __future__ import annotations

from dataclasses import dataclass

from worker.entities.fold import key
from worker.types import Entity


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a name is written: its text, and in words where it comes from.

    ``single_word``: the form is one word, so it counts only with what ``near`` asks for, where ``near`` is given.
    """

    text: str
    rule: str
    single_word: bool


def forms(entity: Entity) -> tuple[Form, ...]:
    """Give every form of an entity, the desk's own first, each spelling once."""
    found: dict[str, Form] = {}
    for text, rule in ((entity.name, "the name"), *((alias, "an alias") for alias in entity.aliases)):
        found.setdefault(key(text), Form(text.strip(), rule, single_word=len(text.split()) == 1))
    return tuple(form for folded, form in found.items() if folded.strip())
