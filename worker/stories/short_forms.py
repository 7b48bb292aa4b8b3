"""Names by their first letters: РПЛ for Российская премьер-лига, НДС for налог на добавленную стоимость."""

from __future__ import annotations

from collections.abc import Iterable

from worker.stories.line import Line
from worker.stories.vocabulary import facts

_MOST = 5
_SURE = 3
"""Letters that stand in a row in a text by no chance."""


def is_short(written: str, least: int = _SURE) -> bool:
    """Whether a name, as written, may be the first letters of several words, ``least`` at least."""
    return written.isupper() and least <= len(written) <= _MOST


def written_out(line: Line, short: Iterable[str]) -> set[str]:
    """Return the words of ``line`` for which one of the ``short`` forms stands; what carries nothing has no letter."""
    carrying = [word for word in line.words if facts(word).stem]
    letters = "".join([word[0] for word in carrying])
    found = set[str]()
    for one in short:
        at = letters.find(one.casefold())
        if at >= 0:
            found.update(carrying[at : at + len(one)])
    return found
