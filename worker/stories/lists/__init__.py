"""Word lists and patterns as plain text files, so that they can be read, checked and added to line by line."""

from __future__ import annotations

import re
from importlib.resources import files


def lines(name: str) -> list[str]:
    """Return the lines of the list ``name``, without comments (``#``) and empty lines."""
    text = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def words(name: str) -> frozenset[str]:
    """Return the words of the list ``name``."""
    return frozenset(word for line in lines(name) for word in line.split())


def table(name: str) -> dict[str, tuple[str, ...]]:
    """Return the list ``name``, whose lines are ``key: word word …``, as a table."""
    rows = (line.partition(":") for line in lines(name))
    return {key: tuple(members.split()) for key, _, members in rows}


def pattern(name: str) -> re.Pattern[str]:
    """Return one pattern that matches what any line of the list ``name`` matches."""
    return re.compile("|".join(f"(?:{line})" for line in lines(name)))
