"""Which texts to hold against each other: the few hashes of a text by which its story is found again.

Two kinds, told apart by their sign, share one index:

* Shingles, not negative: every run of five words is hashed, and of every few neighbours the smallest hash is kept
  (winnowing: S. Schleimer, D. Wilkerson, A. Aiken, "Local algorithms for document fingerprinting", 2003). Whoever
  carries a passage keeps the same ones, and a passage as long as the window keeps at least one. The head of a text is
  kept more densely, since it is where a reprint shows.
* Marks, negative: the names and figures of the title and the lead, by their stems. Another newsroom's own words share
  no run of five words with ours, but they share these.

A text is stored with few hashes and sought with as many everywhere as are kept of a head, so that an old lead is also
found low down in a new text. The hashes are the same on every machine and in every process, since they live in the
database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from operator import sub
from typing import Final

from snowballstemmer import stemmer

from worker.stories.magnitudes import SCALE
from worker.stories.numbers import figures
from worker.stories.text import KNOWN_WORDS, normalise, words

SHINGLE: Final = 5  # words
HEAD: Final = 150  # shingles from the start of which more are kept
HEAD_WINDOW: Final = 7  # neighbours of which one is kept: two of any sentence of 18 words
BODY_WINDOW: Final = 16  # two of any paragraph of 36 words
FEW: Final = 32  # a text of no more shingles is stored with all of them
MOST: Final = 256  # a text is never stored with more shingles than this, nor sought with more than twice that
LEAD: Final = 100  # words after the title in which marks are looked for
MOST_MARKS: Final = 24  # names
MOST_FIGURES: Final = 12

_RANGE: Final = 1 << 63
_MASK: Final = (1 << 64) - 1
_SHORT: Final = (1 << 31) - 1
_BASE: Final = 0x9E3779B97F4A7C15  # odd, so that no bit of an older word is lost
_OLDEST: Final = pow(_BASE, SHINGLE, 1 << 64)

_SPACELESS: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD: Final = re.compile(rf"[^\W\d_{_SPACELESS}]+")
_MARKED: Final = re.compile(rf"(?P<run>[{_SPACELESS}]+)|{_WORD.pattern}")
_SHORTEST_NAME: Final = 3  # letters; shorter ones are initials and particles


@dataclass(frozen=True, slots=True)
class Prints:
    """The hashes of one article: ``stored`` under it in the index, and ``sought`` there. Signed, of 32 bits."""

    stored: tuple[int, ...]
    sought: tuple[int, ...]


def prints(title: str, text: str, tokens: Sequence[str] | None = None) -> Prints:
    """Return the hashes under which an article is stored and with which its story is sought. Never fails.

    ``tokens`` are the words of its own sentences, where they are at hand: without them, all ``words`` of the text.
    """
    hashes = shingles(words(text) if tokens is None else tokens)
    dense = _winnowed(hashes, HEAD_WINDOW)
    found = marks(title, text)
    return Prints(
        stored=_short(_stored(hashes, dense) + found), sought=_short(tuple(sorted(dense)[: 2 * MOST]) + found)
    )


def sample(text: str) -> tuple[int, ...]:
    """Return the shingle hashes under which a text is stored: one for every four words of its head, then of eight.

    A text of up to ``FEW`` shingles gives all of them; one without words gives none.
    """
    hashes = shingles(words(text))
    return _short(_stored(hashes, _winnowed(hashes, HEAD_WINDOW)))


def _short(hashes: Iterable[int]) -> tuple[int, ...]:
    """Return 32 bits of each hash, its sign kept: a third less of an index.

    The low bits, since winnowing prefers small hashes. A chance hit is one hash; a story is read for two or more.
    """
    return tuple(dict.fromkeys((one & _SHORT) - (_SHORT + 1 if one < 0 else 0) for one in hashes))


def shingles(tokens: Sequence[str]) -> list[int]:
    """Return a hash of 63 bits for every run of five words, in order (one for all words when there are fewer).

    A rolling hash (R. Karp and M. Rabin, 1987) over the hashes of the words, whose size is random as theirs is.
    """
    if not tokens:
        return []
    hashes = list(map(_word, tokens))
    rolling = 0
    for one in hashes[:SHINGLE]:
        rolling = (rolling * _BASE + one) & _MASK
    found = [rolling >> 1]
    entering = map(sub, hashes[SHINGLE:], map(_OLDEST.__mul__, hashes))  # and leaving: the oldest word of the five
    found += [(rolling := (rolling * _BASE + one) & _MASK) >> 1 for one in entering]
    return found


def marks(title: str, text: str) -> tuple[int, ...]:
    """Return hashes of the names and figures in the title and in the first words of the text.

    A name is a word with a capital letter, taken by its stem, so that a Russian case or an English plural does not
    matter; a figure is any of more than one digit, in one spelling ("$1.5 bn" = "1,5 миллиарда"). In scripts without
    spaces it is every pair of characters of the title.
    """
    lead = " ".join(text[: 20 * LEAD].split(maxsplit=LEAD)[:LEAD])
    found: dict[str, None] = {}
    for match in _MARKED.finditer(title[:500]):
        if match["run"]:
            found.update((match["run"][at : at + 2], None) for at in range(len(match["run"]) - 1))
        else:
            found[_name(match[0])] = None
    found.update(dict.fromkeys(map(_name, _WORD.findall(lead))))
    found.pop("", None)
    values = figures(normalise(f"{title[:500]}. {lead}"))
    telling = [f"#{value}" for value in values if len(value) > 1 and not value.startswith(SCALE)]
    kept = list(found)[:MOST_MARKS] + telling[:MOST_FIGURES]
    return tuple((_word(mark) & (_RANGE - 1)) - _RANGE for mark in kept)


@lru_cache(maxsize=KNOWN_WORDS)
def _name(word: str) -> str:
    """Return the stem of a word that is written like a name, or ""."""
    if len(word) < _SHORTEST_NAME or not word[0].isupper():
        return ""
    stem = _stem(normalise(word))
    return "" if stem in _COMMON else stem


def _stored(hashes: Sequence[int], dense: set[int]) -> tuple[int, ...]:
    head = dense.intersection(hashes[:HEAD])
    body = _winnowed(hashes, BODY_WINDOW) - head
    return (*head, *sorted(body)[: max(0, MOST - len(head))])


def _winnowed(hashes: Sequence[int], window: int) -> set[int]:
    """Return the smallest hash of every ``window`` neighbours; all hashes when there are few."""
    if len(hashes) <= FEW:
        return set(hashes)
    smallest, since = min((one, -at) for at, one in enumerate(hashes[:window]))
    since = -since
    kept = {smallest}
    for at in range(window, len(hashes)):
        one = hashes[at]
        if one <= smallest:
            smallest, since = one, at
            kept.add(one)
        elif at - since >= window:
            tail = hashes[at - window + 1 : at + 1]
            smallest = min(tail)
            since = at - tail[::-1].index(smallest)
            kept.add(smallest)
    return kept


@lru_cache(maxsize=KNOWN_WORDS)
def _word(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "big")


_RUSSIAN: Final = stemmer("russian")
_ENGLISH: Final = stemmer("english")


def _stem(word: str) -> str:
    if word.isascii():
        return str(_ENGLISH.stemWord(word))
    return str(_RUSSIAN.stemWord(_RUSSIAN.stemWord(word)))  # twice: Костарев loses its -ев, Костарева only its -а


_COMMON: Final = frozenset(
    _stem(word)
    for line in (
        "the this that these those there they his her its our your and but for from with when while who what why how",
        "after before about into over under not new says said will has have had are was were been may can more most",
        "some one two all also read news mr mrs ms monday tuesday wednesday thursday friday saturday sunday january",
        "february march april may june july august september october november december",
        "это этот эта эти как что кто где когда если или для при про над под без его она они оно мы вы он не но на по",
        "так уже все еще после перед также был была были быть из за от до об понедельник вторник среда четверг пятница",
        "суббота воскресенье января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    )
    for word in line.split()
)
