"""What was made of the entities, as bytes that can be kept, under a line that tells whether they still hold.

Written with ``marshal``, the quickest to read; what it writes differs by version of Python, which the line names.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
from collections.abc import Mapping
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from worker.entities.forms import Form
from worker.entities.names import Detail, Profile
from worker.types import Entity

_VERSION = 2  # of marshal: the same values are the same bytes
_MADE_WITH = ("pymorphy3", "pymorphy3-dicts-ru", "pymorphy3-dicts-uk", "iuliia", "pyspellchecker")


def digest(entity: Entity) -> str:
    """Name an entity by all that its forms are made of."""
    parts = (entity.name, entity.kind, entity.aliases, entity.near, entity.exclude, entity.generate, entity.forbid)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def pack(profiles: Mapping[str, Profile]) -> bytes:
    """Write profiles, by the digest of their entity."""
    rows = {}
    for name, profile in profiles.items():
        made = profile.detail
        kept: Any = (tuple(tuple(form) for form in made.forms), made.given, made.sex, made.near, made.exclude)
        rows[name] = ("\n".join(profile.sought), marshal.dumps(kept, _VERSION))
    body = marshal.dumps(rows, _VERSION)
    return _head(body) + body


def unpack(data: bytes) -> dict[str, Profile]:
    """Read what ``pack`` wrote; nothing where it is damaged, or was made by other rules or other dictionaries."""
    head, line, body = data.partition(b"\n")
    if head + line != _head(body):
        return {}
    rows: dict[str, tuple[str, bytes]] = marshal.loads(body)  # noqa: S302  its digest was compared
    return {name: Profile(sought.split("\n"), partial(_detail, kept)) for name, (sought, kept) in rows.items()}


def _detail(kept: bytes) -> Detail:
    forms, *rest = marshal.loads(kept)  # noqa: S302
    return Detail(tuple(Form(*form) for form in forms), *rest)


def _head(body: bytes) -> bytes:
    return f"wirewatch names {_rules()} {hashlib.sha256(body).hexdigest()}\n".encode()


@lru_cache(maxsize=1)
def _rules() -> str:
    """Name the rules and dictionaries that make forms: this package's own files and the versions of its libraries."""
    found = hashlib.sha256(repr([sys.version, *(version(name) for name in _MADE_WITH)]).encode())
    here = Path(__file__).parent
    for path in sorted([*here.glob("*.py"), *here.glob("data/*")]):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()
