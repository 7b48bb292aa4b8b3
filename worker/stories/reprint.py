"""How much of one text stands in others, and how long the longest passage is that they share word for word."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, groupby, repeat
from math import inf
from operator import sub

from worker.stories.outline import Outline, Sought
from worker.stories.prepared import LEAD_WORDS, Prepared
from worker.stories.shingles import SHINGLE


def longest_run(new: Prepared, old: Prepared) -> int:
    """Return the words of the longest passage that both texts share word for word.

    A shingle that a text has twice counts at its last place only: in one pass, and exact but for texts that repeat
    themselves.
    """
    where = dict(zip(old.shingles, range(len(old.shingles)), strict=True))
    # Along a passage a shingle stands as far behind its like as the one before; no loop of one's own is as fast.
    places = map(where.get, new.shingles, repeat(-inf))
    runs = (len([*run]) for apart, run in groupby(map(sub, places, count())) if apart > -inf)
    best = max(runs, default=0)
    return best + SHINGLE - 1 if best else 0


def containment(new: Sought, old: Outline) -> float:
    """Return the share of the smaller text's shingles that the larger one has (Broder 1997)."""
    smaller = min(len(new.shingles), len(old.shingles))
    return common(new, old) / smaller if smaller else 0.0


def common(new: Sought, old: Outline) -> int:
    """Return the number of shingles that both have."""
    return len(new.shingles.intersection(old.shingles))


def covered(shingles: Sequence[int], known: set[int] | frozenset[int]) -> float:
    """Return the share of ``shingles`` that ``known`` has."""
    return sum(map(known.__contains__, shingles)) / len(shingles) if shingles else 0.0


def lead_covered(new: Prepared, known: set[int] | frozenset[int]) -> float:
    """Return the share of the shingles of the first 120 words that ``known`` has."""
    return covered(new.shingles[: LEAD_WORDS - SHINGLE + 1], known)
