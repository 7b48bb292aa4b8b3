"""What stands out in a sentence: the watched names, and the figures that are new."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from worker.stories import numbers
from worker.stories.text import normalise


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence; ``strong`` marks a name or a new figure."""

    text: str
    strong: bool = False


_FIGURE = re.compile(
    r"(?<![\w.])(?:[$€£¥₽₴₿]\s?)?\d{1,15}(?:[.,\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d{1,6})?"
    r"(?:[kmb](?!\w)|\s?(?:%|(?:percent|per cent|thousand|million|billion|trillion|bn|mn|тыс|млн|млрд|трлн"
    r"|процент\w{0,4}|миллион\w{0,4}|миллиард\w{0,4})(?!\w)))?(?!\w|[.,]\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d|\d")


def figures(text: str) -> frozenset[str]:
    """The values of a text's figures, as the judgement compares them: "$1.5 bn" and "1,5 миллиарда" are one."""
    return frozenset(numbers.figures(normalise(text)))


def mark(sentence: str, forms: Iterable[str], known_figures: frozenset[str]) -> tuple[Span, ...]:
    """Cut a sentence into spans, with the names and the figures that are not known yet marked."""
    longest_first = sorted(filter(None, forms), key=lambda form: (-len(form), form))
    places: list[tuple[int, int]] = []
    if longest_first:
        names = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)
        places += [match.span() for match in names.finditer(sentence)]
    places += [
        match.span()
        for match in _FIGURE.finditer(sentence)
        if not _YEAR.fullmatch(match[0]) and not figures(match[0]) <= known_figures
    ]
    spans: list[Span] = []
    done = 0
    for start, end in sorted(places):
        if start < done:
            continue
        spans += [Span(sentence[done:start]), Span(sentence[start:end], strong=True)]
        done = end
    return tuple(span for span in (*spans, Span(sentence[done:])) if span.text)
