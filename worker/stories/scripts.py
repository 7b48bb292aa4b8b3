"""Names in two alphabets: one desk writes «Хуолун», the next one Huolong."""

from __future__ import annotations

from functools import lru_cache

import iuliia  # type: ignore[import-untyped]
from rapidfuzz.distance import JaroWinkler

from worker.stories.text import KNOWN_WORDS

_ALIKE = 0.8
"""From this similarity on (Winkler 1990, which weighs the beginning) two names of different scripts may be one."""

_SHORTEST = 4


@lru_cache(maxsize=KNOWN_WORDS)
def _latin(name: str) -> str:
    return str(iuliia.TELEGRAM.translate(name))


def same_name(one: str, other: str) -> bool:
    """Whether two names in lower case, one in plain Latin letters and one in others (Хуолун, Orbán), may be one."""
    if one.isascii() == other.isascii() or min(len(one), len(other)) < _SHORTEST:
        return False
    return JaroWinkler.similarity(_latin(one), _latin(other)) >= _ALIKE
