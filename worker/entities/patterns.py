"""What the automaton seeks: forms, and phrases of ``near`` and ``exclude``, folded, each with what it stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from worker.entities.fold import fold
from worker.entities.forms import Form
from worker.entities.names import Detail, Profile


class Role(Enum):
    """What a pattern is to its entity."""

    FORM = "form"
    NEAR = "near"
    EXCLUDE = "exclude"


class Target(NamedTuple):
    """What a pattern stands for: the entity's place in the list, the role, the form or the text of the phrase.

    ``tail``: what must follow in the folded text, for a name with ``*``.
    """

    entity: int
    role: Role
    form: Form | None
    tail: re.Pattern[str] | None


# Entity and place in one number: a hundred thousand tuples would take the garbage collector's time.
_SHIFT = 24
_MASK = (1 << _SHIFT) - 1
Owners = int | tuple[int, ...]


def patterns(profiles: Sequence[Profile]) -> dict[str, Owners]:
    """Give every pattern of a watchlist with what it stands for, to be read by ``targets``."""
    found: dict[str, Owners] = {}
    for number, profile in enumerate(profiles):
        code = number << _SHIFT
        for pattern in profile.sought:
            known = found.get(pattern)
            if known is None:
                found[pattern] = code
            else:
                found[pattern] = (*(known if isinstance(known, tuple) else (known,)), code)
            code += 1
    for empty in [pattern for pattern in found if not pattern.strip()]:
        del found[empty]
    return found


def targets(owners: Owners, profiles: Sequence[Profile]) -> tuple[Target, ...]:
    """Give what a pattern stands for."""
    codes = owners if isinstance(owners, tuple) else (owners,)
    return tuple(_target(code >> _SHIFT, code & _MASK, profiles[code >> _SHIFT].detail) for code in codes)


def _target(entity: int, place: int, detail: Detail) -> Target:
    if place < len(detail.forms):
        form = detail.forms[place]
        return Target(entity, Role.FORM, form, _tail(form.text))
    place -= len(detail.forms)
    if place < len(detail.near):
        return Target(entity, Role.NEAR, None, _tail(detail.near[place]))
    return Target(entity, Role.EXCLUDE, None, _tail(detail.exclude[place - len(detail.near)]))


def _tail(text: str) -> re.Pattern[str] | None:
    """Give what must follow the pattern of a name with ``*``, each of which stands for the rest of a word."""
    if "*" not in text:
        return None
    _, _, rest = text.strip().partition("*")
    return re.compile(r"\w*" + r"\w*".join(re.escape(fold(part).text[1:-1]) for part in rest.split("*")) + r"(?!\w)")
