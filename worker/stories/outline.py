"""What tells how near a known article is to a new one, in little room: stories have many articles."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import datetime

from worker.stories.prepared import Prepared, prepare
from worker.stories.recent import Recent
from worker.types import Article

KEPT_BYTES = 12_000_000
"""Bytes of the outlines that are kept, some 6 kB an article."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An article by the hashes of what it has, a twelfth of the room that all of it takes; they hold in one process.

    ``lead`` are the stems and figures of the title and the first sentences, ``anchors`` the parties and figures among
    them; ``marks`` are the stems and figures of it all, ``names`` the parties; ``distinct`` its shingles, each once.
    """

    published: datetime
    lead: array[int]
    anchors: array[int]
    marks: array[int]
    names: array[int]
    distinct: array[int]


def outline(article: Article) -> Outline:
    """Return what tells how near ``article`` is to others; keeps many of those used last."""
    return _last_outlined.get(article)


def outlined(whole: Prepared) -> Outline:
    """Return the outline of an article that is at hand."""
    return Outline(
        published=whole.article.published,
        lead=array("q", whole.lead),
        anchors=array("q", map(hash, whole.anchors)),
        marks=array("q", map(hash, whole.marks)),
        names=array("q", map(hash, whole.names)),
        distinct=array("q", whole.shingle_set),
    )


def _bytes(made: Outline) -> int:
    hashes = len(made.lead) + len(made.anchors) + len(made.marks) + len(made.names) + len(made.distinct)
    return 700 + 8 * hashes


_last_outlined = Recent(lambda article: outlined(prepare(article)), _bytes, KEPT_BYTES)
