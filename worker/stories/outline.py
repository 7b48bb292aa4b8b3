"""What tells how near two articles are: of the new one all of it, of the known ones, which are many, hashes only."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from sys import byteorder

from worker.stories.prepared import Prepared, prepare
from worker.stories.recent import Recent
from worker.types import Article

KEPT_BYTES = 32_000_000
"""Bytes of the outlines that are kept, some 3.5 kB an article."""

_BITS = (1 << 32) - 1

_LEAD_LINES = 4


@dataclass(frozen=True, slots=True)
class Sought:
    """A new article by what it shares with known ones.

    ``lead`` holds the stems and figures of the title and the first sentences by their hashes, ``anchors`` the parties
    and figures among them; ``marks`` holds the stems and figures of it all by theirs, ``figures`` the latter alone,
    ``names`` the parties; ``shingles`` its shingles, each once; ``whole`` is the article.
    """

    published: datetime
    lead: dict[int, str]
    anchors: frozenset[str]
    marks: dict[int, str]
    figures: list[str]
    names: frozenset[str]
    shingles: frozenset[int]
    whole: Prepared


@dataclass(frozen=True, slots=True)
class Outline:
    """A known article by 32 bits of the hashes of what ``Sought`` holds, in a tenth of the room that the article takes.

    Of two articles of 500 words one pair in ten thousand has a bit more or less in common than it should.
    """

    published: datetime
    lead: array[int]
    anchors: array[int]
    marks: array[int]
    figures: array[int]
    names: array[int]
    shingles: array[int]


def sought(whole: Prepared) -> Sought:
    """Return what an article shares with others, if it does; its hashes hold within one process."""
    head = (whole.title, *whole.lines[:_LEAD_LINES])
    lead = frozenset[str]().union(*[line.marks for line in head])
    parties = frozenset[str]().union(*[line.parties for line in head])
    marks = whole.title.marks.union(*[line.marks for line in whole.lines])
    return Sought(
        published=whole.article.published,
        lead={hash(mark) & _BITS: mark for mark in lead},
        anchors=frozenset([mark for mark in lead if mark in parties or mark[0] in "#="]),
        marks={hash(mark) & _BITS: mark for mark in marks},
        figures=[mark for mark in marks if mark[0] == "#"],
        names=frozenset[str]().union(*[line.parties for line in (whole.title, *whole.lines)]),
        shingles=frozenset(_low(whole.shingles)),
        whole=whole,
    )


def outlined(one: Sought) -> Outline:
    """Return the outline of an article that is at hand."""
    return Outline(
        published=one.published,
        lead=array("I", one.lead),
        anchors=_hashes(one.anchors),
        marks=array("I", one.marks),
        figures=_hashes(one.figures),
        names=_hashes(one.names),
        shingles=array("I", [*one.shingles]),
    )


def _hashes(marks: Iterable[str]) -> array[int]:
    return _low(array("q", [*map(hash, marks)]))  # of a list, which tells its length, an array is sooner made


def _low(hashes: array[int]) -> array[int]:
    """Return the lower 32 bits of each of ``hashes``: every second number where they are read as such of 32 bits."""
    return array("I", hashes.tobytes())[byteorder == "big" :: 2]


def outline(article: Article) -> Outline:
    """Return what tells how near the known ``article`` is to others; keeps many of those used last."""
    return _last_outlined.get(article)


def keep(article: Article, one: Sought) -> None:
    """Keep the outline of an article that is at hand, for those that come after."""
    _last_outlined.put(article, outlined(one))


def _bytes(made: Outline) -> int:
    held = (made.lead, made.anchors, made.marks, made.figures, made.names, made.shingles)
    return 780 + 4 * sum(map(len, held))


_last_outlined = Recent(lambda article: outlined(sought(prepare(article))), _bytes, KEPT_BYTES)
