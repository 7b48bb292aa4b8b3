"""What was known of the stories judged last, so that it need not be gathered again."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from worker.stories.align import Known
from worker.stories.prepared import prepare
from worker.types import Story

KEPT_LINES = 10_000
"""Sentences of the stories that are kept, some 4 kB each with all that is gathered from them."""

_LONG_LINE = 40
"""Words of a sentence twice as long as most are."""


def _size(known: Known) -> int:
    return max(len(known.lines), known.waiting, len(known.shingles) // _LONG_LINE)


class Kept:
    """What was known of the stories judged last, to go on from: at most ``KEPT_LINES`` sentences of them.

    A text without an end of a sentence counts as many as its words would make.
    Who takes one has it alone until it is given back.
    """

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._lock = Lock()
        self._kept: OrderedDict[int, Known] = OrderedDict()
        self._lines = 0

    def take(self, story: Story) -> Known:
        """Return what ``story`` has said, all its articles."""
        with self._lock:
            known = self._kept.pop(story.id, None)
            self._lines -= _size(known) if known else 0
        hashes = [*map(hash, story.articles)]
        if known is None or known.articles != hashes[: len(known.articles)]:
            known = Known()
        for article in story.articles[len(known.articles) :]:
            known.add(prepare(article))
        known.articles = hashes
        return known

    def give_back(self, story: int, known: Known) -> None:
        """Keep ``known`` for when the ``story`` is judged against again."""
        with self._lock:
            other = self._kept.pop(story, None)
            self._lines += _size(known) - (_size(other) if other else 0)
            self._kept[story] = known
            while self._lines > KEPT_LINES:
                self._lines -= _size(self._kept.popitem(last=False)[1])
