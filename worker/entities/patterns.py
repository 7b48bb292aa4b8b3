"""What the automaton seeks: forms, and phrases of ``near`` and ``exclude``, folded, each with what it stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from worker.entities.fold import fold, pattern_of
from worker.entities.forms import Form
from worker.entities.names import Profile


class Role(Enum):
    """What a pattern is to its entity."""

    FORM = "form"
    NEAR = "near"
    EXCLUDE = "exclude"


class Target(NamedTuple):
    """What a pattern stands for. ``tail``: what must follow in the folded text, for a name with ``*``."""

    entity: int
    role: Role
    form: Form | None = None
    tail: re.Pattern[str] | None = None


def patterns(profiles: Sequence[Profile]) -> dict[str, list[Target]]:
    """Give every pattern of a watchlist with what it stands for; entities are told by their place in the list."""
    found: dict[str, list[Target]] = {}
    for number, profile in enumerate(profiles):
        for form, pattern in zip(profile.forms, profile.patterns, strict=True):
            found.setdefault(pattern, []).append(Target(number, Role.FORM, form, _tail(form.text)))
        for role, phrases in ((Role.NEAR, profile.near), (Role.EXCLUDE, profile.exclude)):
            for phrase in phrases:
                found.setdefault(pattern_of(phrase), []).append(Target(number, role, None, _tail(phrase)))
    for empty in [pattern for pattern in found if not pattern.strip()]:
        del found[empty]
    return found


def _tail(text: str) -> re.Pattern[str] | None:
    """Give what must follow the pattern of a name with ``*``, each of which stands for the rest of a word."""
    if "*" not in text:
        return None
    _, _, rest = text.strip().partition("*")
    return re.compile(r"\w*" + r"\w*".join(re.escape(fold(part).text[1:-1]) for part in rest.split("*")) + r"(?!\w)")
