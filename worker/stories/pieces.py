"""Cuts sentences that are longer than any sentence is: a table, a list, a text without full stops.

What is done for one sentence grows with the square of its length, so that no article may hold up the others by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from zlib import crc32

from worker.stories.numbers import is_number
from worker.stories.text import CJK, KNOWN_LINES, Sentence, cased_words, folded, sentences

MOST_WORDS: Final = 200
"""Words of a sentence that is not cut; a Chinese or Japanese character is one."""

MOST_NUMBERS: Final = 40
"""Numbers of a sentence that is not cut."""

MOST_CHARS: Final = 4_000
"""Characters of a sentence that is not cut: there is no end to what may stand between words."""

_SURELY_SHORT: Final = 80
"""Characters: a sentence of no more has not as many words or numbers."""

_USUAL: Final = 400
"""Characters of the sentences that are kept."""

_PAUSES = tuple(",;:|\u2026\u2013\u2014\u3001\uff0c\uff1b\uff1a")
_ATOM = re.compile(rf"(?:\d{{1,64}}(?:[.,]\d{{1,64}}){{0,8}}|[^\W\d_{CJK}]{{1,32}}|\S)\s{{0,64}}|\s{{1,64}}")


class _Place(NamedTuple):
    """A place behind which a sentence may be cut: the words, numbers and characters up to it, and how bad it is."""

    words: int
    numbers: int
    chars: int
    badness: tuple[int, int]

    def beyond(self, start: _Place) -> float:
        """Return how much of a piece stands after ``start`` and up to here; 1: there is no room for more."""
        return max(
            (self.words - start.words) / MOST_WORDS,
            (self.numbers - start.numbers) / MOST_NUMBERS,
            (self.chars - start.chars) / MOST_CHARS,
        )


_BEGIN = _Place(0, 0, 0, (0, 0))


def pieces(found: Iterable[Sentence]) -> Iterator[Sentence]:
    """Yield the sentences in order, each that is too long in pieces, which all are half as long as may be at least.

    A piece ends behind a comma or the like if there is one, else between two words, by what stands there and not by its
    place: a copy in which a word is put in, or the beginning is left out, is soon cut at the same places again.
    """
    for sentence in found:
        size = len(sentence.text)
        if size <= _SURELY_SHORT or (_fits_again if size <= _USUAL else _fits)(sentence.text):
            yield sentence
            continue
        start = 0
        for end in _cuts(list(_places(sentence.text))):
            text = sentence.text[start:end].rstrip()
            if text:
                yield Sentence(sentence.start + start, sentence.start + start + len(text), text)
            start = end


_RUNS = re.compile(rf"\W*+(?:\w++\W++){{{MOST_NUMBERS}}}\w")
_MANY_IN_ONE = re.compile("[\u2e80-\U0010ffff]")
"""One of these may stand for several words, or is a word of its own (Chinese, ligatures of words)."""


def in_pieces(text: str) -> list[Sentence]:
    """Return the ``sentences`` of ``text``, as they are compared."""
    return list(pieces(sentences(text)))


def _fits(text: str) -> bool:
    if len(text) <= MOST_CHARS and not _RUNS.match(text) and not _MANY_IN_ONE.search(text):
        return True  # so few runs of letters and digits, as most sentences have, are no more words or numbers
    words = cased_words(folded(text))
    return len(text) <= MOST_CHARS and len(words) <= MOST_WORDS and sum(map(_numbers, words)) <= MOST_NUMBERS


_fits_again = lru_cache(maxsize=KNOWN_LINES)(_fits)


def _numbers(word: str) -> int:
    """Return how many numbers ``word`` is at most: "1,2,3,4" is one word and may be two."""
    if word[0].isdecimal():
        return 1 + (word.count(",") + word.count(".")) // 2
    return int(is_number(word.casefold()))


def _places(text: str) -> Iterator[_Place]:
    """Yield the places at which ``text`` may be cut; the last one is its end."""
    words = numbers = 0
    before = ""
    for match in _ATOM.finditer(text):
        atom = match[0]
        found = cased_words(folded(atom))
        words, numbers = words + len(found), numbers + sum(map(_numbers, found))
        between = 0 if atom.rstrip() in _PAUSES else 1 if atom[-1].isspace() else 2
        yield _Place(words, numbers, match.end(), (between, crc32((before + atom).encode(errors="replace"))))
        before = atom


def _cuts(places: Sequence[_Place]) -> Iterator[int]:
    """Yield where the pieces end, in characters."""
    start, whole = _BEGIN, places[-1]
    at = 0
    while whole.beyond(start) > 1:
        best = at
        for here in range(at, len(places)):
            place = places[here]
            if place.beyond(start) > 1 and here > at:
                break
            halves = min(place.beyond(start), whole.beyond(place)) >= 0.5  # noqa: PLR2004
            if halves and (best == at or place.badness < places[best].badness):
                best = here
        start = places[best]
        at = best + 1
        yield start.chars
    yield whole.chars
