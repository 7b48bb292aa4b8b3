"""What was made of the entities, as bytes that can be kept: JSON under a line that tells whether it still holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from worker.entities.forms import Form
from worker.entities.names import Profile
from worker.types import Entity

_MADE_WITH = ("pymorphy3", "pymorphy3-dicts-ru", "pymorphy3-dicts-uk", "iuliia", "pyspellchecker")


def digest(entity: Entity) -> str:
    """Name an entity by all that its forms are made of."""
    parts = (entity.name, entity.kind, entity.aliases, entity.near, entity.exclude, entity.generate, entity.forbid)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def pack(profiles: Mapping[str, Profile]) -> bytes:
    """Write profiles, by the digest of their entity."""
    rows = {name: (p.forms, p.patterns, sorted(p.given), *p[3:]) for name, p in profiles.items()}
    body = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    return _head(body) + body


def unpack(data: bytes) -> dict[str, Profile]:
    """Read what ``pack`` wrote; nothing where it is damaged, or was made by other rules or other dictionaries."""
    head, line, body = data.partition(b"\n")
    if head + line != _head(body):
        return {}
    return {
        name: Profile(
            tuple([Form(*form) for form in forms]), tuple(made), frozenset(given), sex, tuple(near), tuple(exclude)
        )
        for name, (forms, made, given, sex, near, exclude) in json.loads(body).items()
    }


def _head(body: bytes) -> bytes:
    return f"wirewatch names {_rules()} {hashlib.sha256(body).hexdigest()}\n".encode()


@lru_cache(maxsize=1)
def _rules() -> str:
    """Name the rules and dictionaries that make forms: this package's own files and the versions of its libraries."""
    found = hashlib.sha256(json.dumps([version(name) for name in _MADE_WITH]).encode())
    here = Path(__file__).parent
    for path in sorted([*here.glob("*.py"), *here.glob("data/*")]):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()
