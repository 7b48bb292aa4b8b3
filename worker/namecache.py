"""Keeps the forms of the watched names in a file, so that a restart need not make them again."""

from __future__ import annotations

import contextlib
import gc
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from worker.entities.match import Matcher
from worker.entities.names import Profile, profile
from worker.entities.packed import digest, pack, unpack
from worker.types import Entity

FILE = "names.cache"

RARELY = 50_000
"""New objects after which to look for rubbish that refers to itself: judging makes many that stay, and next to none of
that. They are some 5 MB."""


def matcher(entities: Sequence[Entity], directory: Path) -> Matcher:
    """Compile the entities, taking from the file in ``directory`` what was made before and keeping what is new.

    A file that is missing, damaged or of other rules is made anew; one that cannot be written is done without. Several
    processes may share it: it is replaced as a whole.
    """
    path = directory / FILE
    kept: dict[str, Profile] = {}
    with _no_collection():
        with contextlib.suppress(OSError):
            kept = unpack(path.read_bytes())
        names = [digest(entity) for entity in entities]
        profiles = {name: kept.get(name) or profile(entity) for name, entity in zip(names, entities, strict=True)}
        if profiles.keys() != kept.keys():
            with contextlib.suppress(OSError):
                _replace(path, pack(profiles))
        made = Matcher(entities, [profiles[name] for name in names])
    set_aside()
    return made


def set_aside() -> None:
    """Spare collections the walk over all that stays for good, in the midst of the articles, and let them be rarer.

    What an edit of the watchlist has replaced, and rubbish that no collection has reached yet, would be kept with it.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(RARELY)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Hold the garbage collector off while very many objects are made that all stay: it takes longer than they do."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
