"""Word lists and patterns as plain text files, so that they can be read, checked and added to line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files

from ahocorasick_rs import AhoCorasick

from worker.stories.literals import literals


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


_AT_START = r"^\W*"


class Patterns:
    """The patterns of a list, each tried only on texts that have one of its ``literals``: all sought in one pass."""

    def __init__(self, rows: Iterable[str]) -> None:
        """Take the patterns, one a row."""
        rows = list(rows)
        # A search for what stands at the start tries every place of the text.
        self._tests = [re.compile(row).match if row.startswith(_AT_START) else re.compile(row).search for row in rows]
        hints = [literals(row) for row in rows]
        self._unhinted = [number for number, found in enumerate(hints) if not found]
        self._hinted = [number for number, found in enumerate(hints) for _ in found]
        self._hints = AhoCorasick([hint for found in hints for hint in found], store_patterns=False)

    def found(self, text: str) -> list[int]:
        """Return the numbers of the patterns that ``text`` has."""
        return [number for number in self._likely(text) if self._tests[number](text)]

    def any(self, text: str) -> bool:
        """Whether ``text`` has any of the patterns."""
        return any(self._tests[number](text) for number in self._likely(text))

    def _likely(self, text: str) -> Iterable[int]:
        hits = self._hints.find_matches_as_indexes(text, overlapping=True)
        return {*self._unhinted, *(self._hinted[hit] for hit, _, _ in hits)} if hits else self._unhinted


def pattern(name: str) -> re.Pattern[str]:
    """Return one pattern that matches what any line of the list ``name`` matches."""
    return re.compile("|".join(f"(?:{line})" for line in lines(name)))
