"""How much of one text stands in others, and how long the longest passage is that they share word for word."""

from __future__ import annotations

from collections.abc import Sequence

from worker.stories.prepared import LEAD_WORDS, SHINGLE, Prepared


def longest_run(new: Prepared, old: Prepared) -> int:
    """Return the words of the longest passage that both texts share word for word, give or take a shingle's hash."""
    where: dict[int, list[int]] = {}
    for position, shingle in enumerate(old.shingles):
        where.setdefault(shingle, []).append(position)
    best = 0
    runs: dict[int, int] = {}
    for shingle in new.shingles:
        ends: dict[int, int] = {}
        for position in where.get(shingle, ())[:8]:
            ends[position] = runs.get(position - 1, 0) + 1
            best = max(best, ends[position])
        runs = ends
    return best + SHINGLE - 1 if best else 0


def containment(new: Prepared, old: Prepared) -> float:
    """Return the share of the smaller text's shingles that the larger one has (Broder 1997)."""
    smaller = min(len(new.shingle_set), len(old.shingle_set))
    return len(new.shingle_set & old.shingle_set) / smaller if smaller else 0.0


def covered(shingles: Sequence[int], known: set[int] | frozenset[int]) -> float:
    """Return the share of ``shingles`` that ``known`` has."""
    return sum(shingle in known for shingle in shingles) / len(shingles) if shingles else 0.0


def lead_covered(new: Prepared, known: set[int] | frozenset[int]) -> float:
    """Return the share of the shingles of the first 120 words that ``known`` has."""
    return covered(new.shingles[: LEAD_WORDS - SHINGLE + 1], known)
