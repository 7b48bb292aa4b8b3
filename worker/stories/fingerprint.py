"""Which texts to hold against each other: the few hashes of a text by which its story is found again.

Two kinds, told apart by their sign, share one index:

* Shingles, not negative: every run of five words is hashed, and of every few neighbours the smallest hash is kept
  (winnowing: S. Schleimer, D. Wilkerson, A. Aiken, "Local algorithms for document fingerprinting", 2003). Whoever
  carries a passage keeps the same ones, and a passage as long as the window keeps at least one. The head of a text is
  kept more densely, since it is where a reprint shows.
* Marks, negative: the names and figures of the title and the lead, the names by their stems. Another newsroom's own
  words share no run of five words with ours, but they share these.

A text is stored with few hashes and sought with more, so that an old lead is also found low down in a new text. A copy
that comes on the same day is stored without marks: those of what it copies stand for it, and a name that is in the news
is looked up with more stories. The hashes are the same on every machine and in every process, since they live in the
database.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Final

from snowballstemmer import stemmer

from worker.stories.magnitudes import SCALE
from worker.stories.numbers import figures
from worker.stories.prepared import Prepared
from worker.stories.shingles import shingles, word_hash
from worker.stories.text import KNOWN_WORDS, normalise, words
from worker.types import Article

HEAD: Final = 150  # shingles from the start of which more are kept
HEAD_WINDOW: Final = 7  # neighbours of which one is kept: two of any sentence of 18 words
BODY_WINDOW: Final = 24  # two of any paragraph of 52 words
SOUGHT_WINDOW: Final = 12  # of the body of a text that is sought: two of an old lead of 28 words that stands there
FEW: Final = 32  # a text of no more shingles is stored with all of them
MOST: Final = 256  # a text is never stored with more shingles than this, nor sought with more than twice that
LEAD: Final = 100  # words after the title in which marks are looked for
DATELINE: Final = 12  # words; a date in them is a mark too
MOST_MARKS: Final = 24  # names
MOST_FIGURES: Final = 12

_SHORT: Final = (1 << 31) - 1
"""The bits of a hash that are kept. The low ones, since winnowing prefers hashes whose high ones are 0."""

_SPACELESS: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD: Final = re.compile(rf"[^\W\d_{_SPACELESS}]+")
_MARKED: Final = re.compile(rf"(?P<run>[{_SPACELESS}]+)|{_WORD.pattern}")
_DIGIT: Final = re.compile(r"\d")
_SHORTEST_NAME: Final = 3  # letters; shorter ones are initials and particles


@dataclass(frozen=True, slots=True)
class Prints:
    """The hashes of one article: those of its ``passages`` and its ``marks``, and all that are ``sought``.

    Signed, of 32 bits. A chance hit is one hash; a story is read for two or more.
    """

    passages: tuple[int, ...]
    marks: tuple[int, ...]
    sought: tuple[int, ...]

    def stored(self, *, copy: bool) -> tuple[int, ...]:
        """Return the hashes under which the article is stored; for a ``copy`` the marks stand that its original has."""
        return self.passages if copy else (*self.passages, *self.marks)


def prints(article: Article, ready: Prepared) -> Prints:
    """Return the hashes under which an article is stored and with which its story is sought. Never fails.

    ``ready`` is what ``prepare`` makes of it.
    """
    hashes = ready.shingles.tolist()
    head = _head(hashes)
    found = marks(article, ready)
    return Prints(
        passages=_with_body(hashes, head, BODY_WINDOW, MOST),
        marks=found,
        sought=(*_with_body(hashes, head, SOUGHT_WINDOW, 2 * MOST), *found),
    )


def sample(text: str) -> tuple[int, ...]:
    """Return the shingle hashes under which a text is stored: one for every four words of its head, then of twelve.

    A text of up to ``FEW`` shingles gives all of them; one without words gives none.
    """
    hashes = shingles(words(text)).tolist()
    return _with_body(hashes, _head(hashes), BODY_WINDOW, MOST)


def marks(article: Article, ready: Prepared) -> tuple[int, ...]:
    """Return hashes of the names and figures in the title and in the first words of the text, its dateline included.

    A name is a word with a capital letter, taken by its stem, so that a Russian case or an English plural does not
    matter; a figure is any of more than one digit, in one spelling ("$1.5 bn" = "1,5 миллиарда"). In scripts without
    spaces it is every pair of characters of the title.
    """
    lead = article.text[: 20 * LEAD].split(maxsplit=LEAD)[:LEAD]
    found: dict[str, None] = {}
    for match in _MARKED.finditer(article.title[:500]):
        if match["run"]:
            found.update((match["run"][at : at + 2], None) for at in range(len(match["run"]) - 1))
        else:
            found[_name(match[0])] = None
    may_name = [word for word in lead if not word.islower()]  # a fifth of them, and the search for words is slow
    found.update(dict.fromkeys(map(_name, _WORD.findall(" ".join(may_name)))))
    found.pop("", None)
    dateline = " ".join(lead[:DATELINE])
    values = {**ready.title.figures, **(figures(normalise(dateline)) if _DIGIT.search(dateline) else {})}
    for line in takewhile(lambda line: line.at < LEAD, ready.lines):
        values.update(line.figures)
    telling = [f"#{value}" for value in values if len(value) > 1 and not value.startswith(SCALE)]
    kept = list(found)[:MOST_MARKS] + telling[:MOST_FIGURES]
    return tuple({-1 - (word_hash(mark) & _SHORT) for mark in kept})


@lru_cache(maxsize=KNOWN_WORDS)
def _name(word: str) -> str:
    """Return the stem of a word that is written like a name, or ""."""
    if len(word) < _SHORTEST_NAME or not word[0].isupper():
        return ""
    stem = _stem(normalise(word))
    return "" if stem in _COMMON else stem


def _head(hashes: Sequence[int]) -> set[int]:
    if len(hashes) <= FEW:
        return {*hashes}
    return _winnowed(hashes[: HEAD + HEAD_WINDOW - 1], HEAD_WINDOW).intersection(hashes[:HEAD])


def _with_body(hashes: Sequence[int], head: set[int], window: int, most: int) -> tuple[int, ...]:
    """Return the hashes of the ``head``, and one of every ``window`` neighbours below it, ``most`` at most, shortened.

    Every hash of a window is one of those of any smaller window.
    """
    body = _winnowed(hashes[HEAD - window + 1 :], window) - head if len(hashes) > HEAD else ()
    return tuple({one & _SHORT for one in (*head, *sorted(body)[: most - len(head)])})


def _winnowed(hashes: Sequence[int], window: int) -> set[int]:
    """Return the smallest hash of every ``window`` neighbours; there are as many hashes at least."""
    first = hashes[:window]
    smallest = min(first)
    leaves = 2 * window - 1 - first[::-1].index(smallest)  # the place at which it is in the window no more
    kept = {smallest}
    for at, one in enumerate(hashes[window:], window):
        if one <= smallest:
            smallest, leaves = one, at + window
            kept.add(one)
        elif at == leaves:
            inside = hashes[at : at - window : -1]  # the last first
            smallest = min(inside)
            leaves = at + window - inside.index(smallest)
            kept.add(smallest)
    return kept


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
