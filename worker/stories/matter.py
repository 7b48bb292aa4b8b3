"""Whether two texts that share no passage tell of the same matter: by the names and figures of their leads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import Final

from worker.stories.outline import Outline, Sought

_LEAST_ANCHORS: Final = 3
_FEW_ANCHORS: Final = 2
_SHORT_ALIKE: Final = 0.6
"""The share of words from which on two short texts with few names tell the same, when all of these are the same."""

_LEAST_NAMES: Final = 2
_LEAST_FIGURES: Final = 2
_RARE: Final = 1.8
"""The weight of rare names and figures that is enough without a telling figure: two of one story each, nearly."""

_RARE_SHARE: Final = 0.6
"""What that is at least to all the names in common: those who are in the news every day make many matters alike."""

_BY_NAMES: Final = 0.3
_DAYS: Final = timedelta(days=3)
_SURELY_RARE: Final = 2.8
_MONTHS: Final = timedelta(days=200)
"""How long three rare names bind: a man and his firm, until the appeal."""

_ELSEWHERE: Final = 0.5
"""What a word of a lead weighs that the other text has, but not in its lead."""

_NAME: Final = 2.0
_EXACT: Final = 2.5
_TELLING: Final = re.compile(r"#(?!(?:19|20)\d\d$)(?!\d+-)(?:\d{3,}|[\d.]*\.\d|\d[\d.]*e)")
"""A figure that hardly stands in two matters by chance: of three digits, broken or large, and neither year nor date."""

_PLAIN: Final = re.compile(r"#\d\d$")


def alike(new: Sought, old: Outline, rare: float = 0.0) -> float:
    """Return the share of what the title and lead of ``new`` tell that ``old`` tells too, in any words; from 0 to 1.

    0 where too few parties and figures are common: three, or all of a short text, or a figure that stands in no two
    matters by chance with a name beside it, or, within days, names that are rare. The same matter has names.
    ``rare``: the weight of the names and figures that both have and few other stories (``candidates.rank``).
    """
    shared = new.anchors & _common(new, old.anchors)
    lead = _common(new, old.lead)
    share = len(lead) / len(new.lead) if new.lead else 0.0
    best = _told(new, old, lead, rare)
    if len(shared) >= _LEAST_ANCHORS:
        best = max(best, share)
        if len(shared) > _LEAST_ANCHORS and any(_TELLING.match(mark) or _PLAIN.match(mark) for mark in shared):
            best = max(best, 0.8 * len(shared) / len(new.anchors))
    elif share >= _SHORT_ALIKE:
        names = _names(new, old)
        anchors = {mark for mark in new.lead.values() if mark in names or mark[0] in "#="}
        if len(anchors) >= _FEW_ANCHORS and anchors <= lead:
            best = max(best, share)
    return best


def _common(new: Sought, hashes: Iterable[int]) -> set[str]:
    """Return what the lead of ``new`` has of what an outline gives by its ``hashes``."""
    return {new.lead[one] for one in new.lead.keys() & hashes}


def _names(new: Sought, old: Outline) -> AbstractSet[str]:
    """Return the parties of both: a name at the start of one text may stand inside the other's sentence."""
    return new.names | _common(new, old.names)


def _told(new: Sought, old: Outline, lead: AbstractSet[str], rare: float) -> float:
    """Return how much of the lead of ``new`` is in ``old``, names and figures first; 0 without figures or rare names.

    The lead of a retelling may take them from anywhere in the report that it retells. ``lead`` is what both leads have.
    """
    values = _common(new, old.figures)
    exact = sum(_TELLING.match(mark) is not None for mark in values)
    figures = exact + sum(_PLAIN.match(mark) is not None for mark in values)
    if not exact and figures < _LEAST_FIGURES and rare < _RARE:  # as with most articles, so all else waits for it
        return 0.0
    names = _names(new, old)
    common = _common(new, old.marks)
    named = sum(mark in names for mark in common)
    proved = (exact and named) or (figures >= _LEAST_FIGURES and named >= _LEAST_NAMES)
    apart = abs(new.published - old.published)
    near = apart <= (_MONTHS if rare >= _SURELY_RARE else _DAYS)
    if not proved and (rare < max(_RARE, _RARE_SHARE * named) or named < _LEAST_NAMES or not near):
        return 0.0
    total = sum(_weight(mark, names) for mark in new.lead.values())
    told = sum(_weight(mark, names) * (1 if mark in lead else _ELSEWHERE) for mark in common) / total
    return told if proved or told >= _BY_NAMES else 0.0


def _weight(mark: str, names: AbstractSet[str]) -> float:
    if mark[0] == "#":
        return _EXACT if _TELLING.match(mark) else 1.0 if _PLAIN.match(mark) else _ELSEWHERE
    return _NAME if mark in names else 1.0
