"""How much of one text stands in others, and how long the longest passage is that they share word for word."""

from __future__ import annotations

from collections.abc import Sequence

from worker.stories.outline import Outline, Sought
from worker.stories.prepared import LEAD_WORDS, Prepared
from worker.stories.shingles import SHINGLE


def longest_run(new: Prepared, old: Prepared) -> int:
    """Return the words of the longest passage that both texts share word for word.

    A shingle that a text has twice counts at its last place only: in one pass, and exact but for texts that repeat
    themselves.
    """
    where = {shingle: position for position, shingle in enumerate(old.shingles)}
    best = run = 0
    last = -2
    for shingle in new.shingles:
        position = where.get(shingle, -2)
        run = run + 1 if position == last + 1 else int(position >= 0)
        last = position
        best = max(best, run)
    return best + SHINGLE - 1 if best else 0


def containment(new: Sought, old: Outline) -> float:
    """Return the share of the smaller text's shingles that the larger one has (Broder 1997)."""
    smaller = min(len(new.shingles), len(old.shingles))
    return len(new.shingles.intersection(old.shingles)) / smaller if smaller else 0.0


def covered(shingles: Sequence[int], known: set[int] | frozenset[int]) -> float:
    """Return the share of ``shingles`` that ``known`` has."""
    return sum(map(known.__contains__, shingles)) / len(shingles) if shingles else 0.0


def lead_covered(new: Prepared, known: set[int] | frozenset[int]) -> float:
    """Return the share of the shingles of the first 120 words that ``known`` has."""
    return covered(new.shingles[: LEAD_WORDS - SHINGLE + 1], known)
