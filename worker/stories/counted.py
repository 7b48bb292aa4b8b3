"""What a sentence counts, and how many there are: one passenger, two trains, двое погибли."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from worker.stories import lists
from worker.stories.line import Line
from worker.stories.text import listed
from worker.stories.vocabulary import facts

_VALUES: Final = {word: int(value) for value, words in lists.table("cardinals").items() for word in words}
_OF: Final = listed("of из")
"""Before a number: it is that of all, of which some are told."""

_BEHIND: Final = 2  # words behind a number, one of which is what is counted


def recounted(new: Line, old: Line) -> str:
    """Return the number of things of which ``old`` counts another number, in words, or ""."""
    if _VALUES.keys().isdisjoint(new.words):
        return ""
    ours, theirs = _counted(new), _counted(old)
    for stem in ours.keys() & theirs.keys():
        (now, *more), (was, *others) = ours[stem], theirs[stem]
        if not more and not others and _VALUES[now] != _VALUES[was]:
            return f"{now} instead of {was}"
    return ""


def _counted(line: Line) -> dict[str, list[str]]:
    """Return the words, by their stems, that stand right behind a number, or before it as what befell so many."""
    found = defaultdict(list)
    for at, word in enumerate(line.words):
        if word not in _VALUES or not _OF.isdisjoint(line.words[max(0, at - 2) : at]):
            continue
        for behind in line.words[at + 1 : at + 1 + _BEHIND]:
            if facts(behind).number or behind in _VALUES:
                break
            if facts(behind).stem:
                found[facts(behind).stem].append(word)
        before = facts(line.words[at - 1]) if at else None
        if before and before.step:
            found[before.stem].append(word)
    return found
