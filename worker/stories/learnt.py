"""The lines that a site prints under article after article: learnt from the articles of each host that were judged."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import replace
from threading import Lock

from worker.stories.host import host_of
from worker.stories.pieces import pieces
from worker.stories.prepared import MAX_CHARS, prepare
from worker.stories.text import blanked, sentences
from worker.stories.told import told
from worker.types import Article

HOSTS = 500
ARTICLES = 30
"""Articles of a host, of different stories, that are remembered: about 30 lines of 8 bytes each."""

LEAST = 3
SHARE = 0.2
"""A line is the site's when so many of them, and this share, have it."""

_LEAD = 2
_MOST_LINES = 120


class _Host:
    """The lines of a host's last articles, one of each story, and how many of these have each line."""

    def __init__(self) -> None:
        self._articles: dict[int, tuple[int, frozenset[int]]] = {}
        self._times: Counter[int] = Counter()
        self._recurring: set[int] = set()

    def add(self, article: int, story: int, lines: frozenset[int]) -> None:
        """Remember an ``article``: what recurs in copies of one story is the story, and it counts for once."""
        self._drop(article)  # a transaction that failed is tried again, with another story perhaps
        if any(story == other for other, _ in self._articles.values()):
            return
        self._articles[article] = story, lines
        self._times.update(lines)
        self._recurring.update(line for line in lines if self._times[line] >= LEAST)
        if len(self._articles) > ARTICLES:
            self._drop(next(iter(self._articles)))

    def _drop(self, article: int) -> None:
        _, lines = self._articles.pop(article, (0, frozenset[int]()))
        self._times.subtract(lines)
        for line in lines:
            if self._times[line] < LEAST:
                self._recurring.discard(line)
            if not self._times[line]:
                del self._times[line]

    def recurring(self) -> set[int]:
        """Return the lines that are the site's."""
        return {line for line in self._recurring if self._times[line] >= SHARE * len(self._articles)}


class Learnt:
    """The lines of the articles that were judged lately, by host. Thread-safe, and bounded; a restart forgets it."""

    def __init__(self) -> None:
        """Begin without any."""
        self._lock = Lock()
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    def without(self, article: Article) -> tuple[Article, frozenset[int]]:
        """Return ``article`` with the lines blanked that recur on its host, and the keys of these, for ``note``.

        Its first two sentences are its own. An address without a host has no lines.
        """
        name = host_of(article.url)
        with self._lock:
            host = self._hosts.get(name)
            known = host.recurring() if host else set[int]()
        if not known:
            return article, frozenset()
        compared = pieces(sentences(article.text[:MAX_CHARS])[_LEAD:])  # what stands after them is not
        lines = [(sentence, key) for sentence in compared if (key := _key(sentence.text)) in known]
        text = blanked(article.text, [(sentence.start, sentence.end) for sentence, _ in lines])
        return replace(article, text=text), frozenset(key for _, key in lines)

    def note(self, article: Article, story: int, taken: frozenset[int] = frozenset()) -> None:
        """Remember the lines of ``article``, of ``story``, and those that ``without`` has ``taken`` off it.

        These count as before, or the site's lines would be forgotten for being known. An article that is noted again
        counts once.
        """
        name = host_of(article.url)
        if not name:
            return
        lines = taken.union([line.key for line in prepare(article).lines[:_MOST_LINES]])
        with self._lock:
            self._hosts.setdefault(name, _Host()).add(article.id, story, lines)
            self._hosts.move_to_end(name)
            if len(self._hosts) > HOSTS:
                self._hosts.popitem(last=False)


def _key(text: str) -> int:
    return told(" ".join(text.split())).key  # as of a prepared sentence, which it will be soon
