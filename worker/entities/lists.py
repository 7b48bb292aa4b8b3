"""The word lists beside this package: plain text, ``#`` for remarks, words apart by white space."""

from __future__ import annotations

from pathlib import Path

_DATA = Path(__file__).parent / "data"


def lines(name: str) -> list[str]:
    """Give the lines of a list without its remarks."""
    text = (_DATA / name).read_text("utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def words(name: str) -> frozenset[str]:
    """Give the words of a list."""
    return frozenset(word for line in lines(f"{name}.txt") for word in line.split())
