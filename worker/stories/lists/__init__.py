"""Word lists and patterns as plain text files, so that they can be read, checked and added to line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files

from ahocorasick_rs import AhoCorasick


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
_CHOICE = re.compile(r"\(\?:([^()\[\]]*\|[^()]*)\)(?![?*{])")


def literal(one: str) -> str:
    """Return the longest run of letters that every match of the pattern ``one`` has; "" where none is certain.

    A text without it need not be searched: looking for a string is fifty times as fast.
    """
    bare = _without_groups(one)
    return max(_LITERAL.findall(_OPTIONAL.sub(" ", bare)), key=len, default="") if "|" not in bare else ""


def _without_groups(one: str) -> str:
    while _GROUP.search(one):
        one = _GROUP.sub(" ", one)
    return one


def literals(one: str) -> tuple[str, ...]:
    """Return runs of letters of which every match of the pattern ``one`` has at least one; ("",) where none is certain.

    The ``literal``, or else one from each of the alternatives in a group that every match has.
    """
    found = literal(one)
    if not found and "\\(" not in one and "|" not in _without_groups(one):
        for group in _CHOICE.finditer(one):
            hints = tuple(map(literal, group[1].split("|")))
            before = one[: group.start()]
            if all(hints) and before.count("(") == before.count(")"):  # in no other group, which may be optional
                return hints
    return (found,)


class Patterns:
    """The patterns of a list, each tried only on texts that have its letters: those of all are sought in one pass."""

    def __init__(self, rows: Iterable[str]) -> None:
        """Take the patterns, one a row."""
        rows = list(rows)
        self._rows = [re.compile(row) for row in rows]
        hints = [(hint, number) for number, row in enumerate(rows) for hint in literals(row)]
        self._unhinted = [number for hint, number in hints if not hint]
        self._hinted = [number for hint, number in hints if hint]
        self._hints = AhoCorasick([hint for hint, _ in hints if hint], store_patterns=False)

    def found(self, text: str) -> list[int]:
        """Return the numbers of the patterns that ``text`` has."""
        return [number for number in self._likely(text) if self._rows[number].search(text)]

    def any(self, text: str) -> bool:
        """Whether ``text`` has any of the patterns."""
        return any(self._rows[number].search(text) for number in self._likely(text))

    def _likely(self, text: str) -> Iterable[int]:
        hits = self._hints.find_matches_as_indexes(text, overlapping=True)
        return {*self._unhinted, *(self._hinted[hit] for hit, _, _ in hits)} if hits else self._unhinted


def pattern(name: str) -> re.Pattern[str]:
    """Return one pattern that matches what any line of the list ``name`` matches."""
    return re.compile("|".join(f"(?:{line})" for line in lines(name)))
