"""What the automaton seeks: forms, and phrases of ``near`` and ``exclude``, folded, each with what it stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from worker.entities.fold import fold
from worker.entities.names import Profile


class Role(Enum):
    """What a pattern is to its entity."""

    FORM = "form"
    NEAR = "near"
    EXCLUDE = "exclude"


class Target(NamedTuple):
    """What a pattern stands for: the entity's place in the list, and the form's or phrase's among those of its role."""

    entity: int
    role: Role
    place: int


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


def targets(owners: Owners, profiles: Sequence[Profile]) -> list[Target]:
    """Give what a pattern stands for."""
    found = []
    for code in owners if isinstance(owners, tuple) else (owners,):
        number, place = code >> _SHIFT, code & _MASK
        detail = profiles[number].detail
        for role, kept in ((Role.FORM, detail.forms), (Role.NEAR, detail.near), (Role.EXCLUDE, detail.exclude)):
            if place < len(kept):
                found.append(Target(number, role, place))
                break
            place -= len(kept)
    return found


@lru_cache(maxsize=4096)
def tail_of(text: str) -> re.Pattern[str] | None:
    """Give what must follow the pattern of a name with ``*``, each of which stands for the rest of a word."""
    if "*" not in text:
        return None
    _, _, rest = text.strip().partition("*")
    return re.compile(r"\w*" + r"\w*".join(re.escape(fold(part).text[1:-1]) for part in rest.split("*")) + r"(?!\w)")
