"""What the automaton seeks: forms, and phrases of ``near`` and ``exclude``, folded, each with what it stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from worker.entities.fold import fold, key
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
        for form in profile.forms:
            if form.sought:
                _add(found, form.text, Target(number, Role.FORM, form))
        for role, phrases in ((Role.NEAR, profile.near), (Role.EXCLUDE, profile.exclude)):
            for phrase in phrases:
                _add(found, phrase, Target(number, role))
    return found


def _add(found: dict[str, list[Target]], text: str, target: Target) -> None:
    """Enter a phrase; from its first ``*`` on it is matched by a regular expression behind the automaton."""
    if "*" not in text:
        pattern = key(text)
    else:
        head, _, rest = text.strip().partition("*")
        pattern = f" {fold(head).text[1:-1].lstrip()}"
        tail = r"\w*".join(re.escape(fold(part).text[1:-1]) for part in rest.split("*"))
        target = target._replace(tail=re.compile(rf"\w*{tail}(?!\w)"))
    if pattern.strip():
        found.setdefault(pattern, []).append(target)
