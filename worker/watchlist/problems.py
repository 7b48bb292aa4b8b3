"""What is wrong with a watchlist, and where."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one place. Lines and columns count from 1, columns in characters; ``hint`` may be empty."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """The form that editors and terminals make a link of: ``file:line:column: message (hint)``."""
        told = f"{self.message} ({self.hint})" if self.hint else self.message
        return f"{self.file}:{self.line}:{self.column}: {told}"


class WatchlistError(ValueError):
    """A watchlist that cannot be used.

    ``problems`` are all that were found, sorted by place. ``files`` are the files whose change may mend it.
    """

    def __init__(self, problems: Iterable[Problem], files: Iterable[str] = ()) -> None:
        """Sort the problems, each once."""
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        self.files: tuple[str, ...] = tuple(files)
        super().__init__("\n".join(map(str, self.problems)))


def meant(word: str, known: Iterable[str], synonyms: dict[str, str] | None = None) -> str:
    """The hint for a word that is not known: the closest that is, or else all of them."""
    names = list(known)
    close = (synonyms or {}).get(word.casefold().strip())
    if close not in names:
        folded = {name.casefold(): name for name in names}
        found = difflib.get_close_matches(word.casefold().strip()[:100], folded, n=1, cutoff=0.6)
        close = folded[found[0]] if found else None
    if close:
        return f"did you mean `{close}`?"
    return f"it can be: {', '.join(names[:20])}" if names else ""
