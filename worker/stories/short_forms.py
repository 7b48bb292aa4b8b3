"""Names by their first letters: РПЛ for Российская премьер-лига, DGHS for Directorate General of Health Services."""

from __future__ import annotations

from collections.abc import Container

from worker.stories.line import Line
from worker.stories.vocabulary import facts

_LETTERS = (3, 4, 5)


def is_short(written: str) -> bool:
    """Whether a name, as written, may be the first letters of several words."""
    return written.isupper() and len(written) in _LETTERS


def short_forms(line: Line) -> set[str]:
    """Return the names of ``line`` that may be short forms, in lower case."""
    return {written.casefold() for written in line.parties.values() if is_short(written)}


def runs(line: Line) -> dict[str, list[str]]:
    """Return the words of ``line`` that a short form may stand for, by their first letters.

    They begin with a name, and what carries nothing has no letter.
    """
    carrying = [word for word in line.words if facts(word).stem]
    names = {written.casefold() for written in line.parties.values()}
    return {
        "".join([word[0] for word in carrying[at : at + size]]): carrying[at : at + size]
        for at, word in enumerate(carrying)
        if word in names
        for size in _LETTERS
        if at + size <= len(carrying)
    }


def written_out(line: Line, short: Container[str]) -> set[str]:
    """Return the words of ``line`` for which one of the ``short`` forms, in lower case, stands."""
    return {word for letters, words in runs(line).items() if letters in short for word in words}
