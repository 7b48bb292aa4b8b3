"""How much a sentence reads like a line of a page and not of a report.

Each of its words weighs the logarithm of how many times more often it stands in such lines than in sentences of
reports, as in a naive Bayes classifier (A. McCallum, K. Nigam, "A comparison of event models for naive Bayes text
classification", 1998). The weights are made of texts of our own by ``bench/page_words.py``.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from math import sqrt

from worker.stories import lists
from worker.stories.text import cased_words, folded
from worker.stories.vocabulary import facts

_SIGN = re.compile(r"[|@+©→▼▲№/:!?»#…*]|https?|www")
OPEN = "<open>"
"""What stands for a sentence that ends without a stop."""

_NUMBER = "0"
_STOPS = ".!?\u2026\"'\u00bb\u201d"
_WEIGHTS = {word: float(weight) for weight, members in lists.table("page-words").items() for word in members}


def features(text: str) -> AbstractSet[str]:
    """Return what a sentence is weighed by: its words by their stems, its signs, and whether it ends without a stop."""
    lower = folded(text).casefold()
    found = {_NUMBER if word[0].isdigit() else facts(word).stem or word for word in cased_words(lower)}
    found.update(match[0] for match in _SIGN.finditer(lower))
    if lower.rstrip()[-1:] not in _STOPS:
        found.add(OPEN)
    return found


def likeness(text: str) -> float:
    """Return how much a sentence reads like a line of a page: above 0 more than like one of a report.

    Nothing can be told, 0, of one whose words are mostly unknown, as in other languages.
    """
    found = features(text)
    known = [_WEIGHTS[one] for one in found if one in _WEIGHTS]
    return sum(known) / sqrt(len(found)) if 2 * len(known) > len(found) else 0.0
