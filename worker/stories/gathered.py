"""Sets of what the sentences of a story have, and what of a sentence goes into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations, islice, pairwise
from typing import Any, Generic, Protocol, TypeVar

from worker.stories.line import Line

INITIALS = (2, 3, 4, 5)
"""Letters of a short form."""

_FEW_FIGURES = 6  # of a sentence of which the differences are taken

T = TypeVar("T")


class _Story(Protocol):
    """What has sentences, each with its article, and sets that were gathered from the first of them."""

    lines: list[tuple[Line, int]]
    aside: dict[str, tuple[set[Any], int]]


class Gathered(Generic[T]):
    """A set of what the sentences of a story have.

    It is made when it is asked for, since most copies ask for none; when the story goes on it is put aside, and made up
    when it is asked for again.
    """

    def __init__(self, of: Callable[[Line], Iterable[T]]) -> None:
        """Gather what ``of`` gives for each sentence."""
        self._of = of

    def __set_name__(self, _: type[_Story], name: str) -> None:
        """Keep the set under its own name."""
        self._name = name

    def __get__(self, known: _Story, _: type[_Story]) -> set[T]:
        """Make the set and leave it with ``known``, which finds it there the next time."""
        made, size = known.aside.pop(self._name, (set(), 0))
        made.update(*[self._of(line) for line, _ in islice(known.lines, size, None)])
        vars(known)[self._name] = made
        return made

    def put_aside(self, known: _Story, size: int) -> None:
        """Take the set from ``known``, of which it has the first sentences, ``size`` of them."""
        made = vars(known).pop(self._name, None)
        if made is not None:
            known.aside[self._name] = made, size


def differences(figures: Iterable[str]) -> set[str]:
    """Return what each two of a few figures differ by."""
    figures = [*figures]
    if not 1 < len(figures) <= _FEW_FIGURES:
        return set()
    values = [float(value) for value in figures if "-" not in value.lstrip("-")]
    return {f"{abs(one - other):.9g}" for one, other in combinations(values, 2)}


def pairs(parties: Mapping[str, str], text: str) -> list[tuple[str, str]]:
    """Return each party that stands right behind another one in ``text``, with the initial of that one."""
    return [
        (written[0], after)
        for (_, written), (after, next_) in pairwise(parties.items())
        if f"{written} {next_}" in text
    ]


def in_order(letters: str) -> str:
    """Return the letters in their order, so that short forms of the same letters are one."""
    return "".join(sorted(letters))


def initials(parties: Iterable[str]) -> list[str]:
    """Return the initials of each few parties that follow one another."""
    letters = "".join([written[0] for written in parties]).casefold()
    if len(letters) < INITIALS[0]:  # as of most sentences
        return []
    return [letters[at : at + size] for size in INITIALS for at in range(len(letters) - size + 1)]
