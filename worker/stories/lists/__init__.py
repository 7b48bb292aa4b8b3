"""Word lists and patterns as plain text files, so that they can be read, checked and added to line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable
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


_OPTIONAL = re.compile(r"\[[^\]]*\]|\\.|[^\W\d_]?[?*]|[^\W\d_]?\{[^}]*\}")
_GROUP = re.compile(r"\([^()]*\)[?*]?")
_LITERAL = re.compile(r"[^\W\d_]{3,}")


def literal(one: str) -> str:
    """Return the longest run of letters that every match of the pattern ``one`` has; "" where none is certain.

    A text without it need not be searched: looking for a string is fifty times as fast.
    """
    while _GROUP.search(one):
        one = _GROUP.sub(" ", one)
    return max(_LITERAL.findall(_OPTIONAL.sub(" ", one)), key=len, default="") if "|" not in one else ""


class Patterns:
    """The patterns of a list, each sought only in texts that have its letters."""

    def __init__(self, rows: Iterable[str]) -> None:
        """Take the patterns, one a row."""
        self._rows = [(literal(row), re.compile(row)) for row in rows]

    def found(self, text: str) -> list[int]:
        """Return the numbers of the patterns that ``text`` has."""
        return [n for n, (hint, one) in enumerate(self._rows) if hint in text and one.search(text)]

    def any(self, text: str) -> bool:
        """Whether ``text`` has any of the patterns."""
        return any(hint in text and one.search(text) for hint, one in self._rows)


def pattern(name: str) -> re.Pattern[str]:
    """Return one pattern that matches what any line of the list ``name`` matches."""
    return re.compile("|".join(f"(?:{line})" for line in lines(name)))
