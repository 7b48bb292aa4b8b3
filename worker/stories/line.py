"""A sentence of an article as it is compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from worker.stories.pieces import MOST_NUMBERS, MOST_WORDS
from worker.stories.scripts import same_name
from worker.stories.told import Told

LINE_SHINGLE = 3
"""Words in the shingles by which one sentence is found in others: short enough for a sentence of eight words."""

_SAME_NAME = 4
_SAME_ROOT = 5
_HEADING_WORDS = 16


def hashes(words: Sequence[str], size: int) -> Iterable[int]:
    """Return the hashes of the ``size``-word shingles of ``words``, in order; of all words where there are fewer."""
    if len(words) < size:
        return [hash(tuple(words))] if words else []
    return map(hash, zip(words, *[words[at:] for at in range(1, size)], strict=False))


class Line:
    """A sentence, or a piece of one that is too long (``pieces``), and what it tells.

    ``at`` is the number of words before it. Hashes hold within one process only.
    """

    __slots__ = ("_named", "_parties", "_told", "at", "key", "text", "words")

    def __init__(self, told: Told, at: int = 0, *, named: bool = False) -> None:
        """Take what a sentence tells, ``at`` words into its article; ``named``: its first word is a name there."""
        self.at = at
        self.text = told.text
        self.words = told.words
        self.key = told.key
        self._told = told
        self._named = named
        self._parties: dict[str, str] | None = None

    @property
    def parties(self) -> dict[str, str]:
        """The stems of its names → as written."""
        if self._parties is None:
            marked = self._told.marked
            opens = self._named and marked.opening
            self._parties = {marked.opening: self._told.first, **marked.parties} if opens else marked.parties
        return self._parties

    @property
    def stems(self) -> frozenset[str]:
        """The words that carry something, by their stems."""
        return self._told.marked.stems

    @property
    def figures(self) -> dict[str, str]:
        """Its figures: canonical value → as written."""
        return self._told.marked.figures

    @property
    def marks(self) -> frozenset[str]:
        """Its stems and figures together."""
        return self._told.marked.marks

    @property
    def weekdays(self) -> frozenset[int]:
        """The days of the week that it names, numbers from Monday (0)."""
        return self._told.marked.weekdays

    @property
    def steps(self) -> frozenset[str]:
        """The steps of the matter that it tells."""
        return self._told.turned.steps

    @property
    def negations(self) -> int:
        """How many of its words negate."""
        return self._told.turned.negations

    @property
    def modal(self) -> bool:
        """Whether it speaks of what may or will be."""
        return self._told.turned.modal

    @property
    def corrects(self) -> bool:
        """Whether it corrects or takes back what was published."""
        return self._told.turned.corrects

    @property
    def later(self) -> bool:
        """Whether it says that it happened after that."""
        return self._told.turned.later

    @property
    def heading(self) -> bool:
        """Whether it is a headline or sub-heading that stands in the text: short, and without a full stop."""
        text = self.text.rstrip("\"'\u201d\u00bb)")
        return len(self.words) <= _HEADING_WORDS and text[-1:] not in ".!?\u2026\u3002\uff01\uff1f:;,"

    @property
    def grams(self) -> set[int]:
        """The hashes of its shingles; they are asked for once or not at all, and would take a tenth of its room."""
        return {*hashes(self.words, LINE_SHINGLE)}

    @property
    def long(self) -> bool:
        """Whether it is as long as several sentences: a list, a table, or a piece of a text without full stops."""
        return len(self.words) >= MOST_WORDS // 2 or len(self.figures) >= MOST_NUMBERS // 2

    def names(self, party: str) -> bool:
        """Whether the sentence has ``party`` (a stem), or another form of it (Asia, Asian)."""
        root = party[:_SAME_ROOT]
        return (
            party in self.stems
            or any(stem[:_SAME_NAME] == party[:_SAME_NAME] for stem in self.parties)
            or (len(root) == _SAME_ROOT and any(stem.startswith(root) for stem in self.stems))
            or any(same_name(party, other) for other in self.parties)
        )
