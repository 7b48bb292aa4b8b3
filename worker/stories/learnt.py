"""The lines that a site prints under article after article: learnt from the articles of each host that were judged."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from dataclasses import replace
from threading import Lock
from urllib.parse import urlsplit

from worker.stories.prepared import prepare
from worker.stories.text import sentences, words
from worker.types import Article

HOSTS = 500
ARTICLES = 30
"""Articles of a host, of different stories, that are remembered: about 30 lines of 8 bytes each."""

LEAST = 3
SHARE = 0.2
"""A line is the site's when so many of them, and this share, have it."""

_LEAD = 2
_MOST_LINES = 120


class Learnt:
    """The lines of the articles that were judged lately, by host. Thread-safe, and bounded; a restart forgets it."""

    def __init__(self) -> None:
        """Begin without any."""
        self._lock = Lock()
        self._hosts: OrderedDict[str, deque[tuple[int, frozenset[int]]]] = OrderedDict()

    def without(self, article: Article) -> Article:
        """Return ``article`` with the lines blanked that recur on its host; its first two sentences are its own."""
        with self._lock:
            seen = list(self._hosts.get(_host(article), ()))
        times = Counter(line for _, lines in seen for line in lines)
        known = {line for line, count in times.items() if count >= max(LEAST, SHARE * len(seen))}
        if not known:
            return article
        text = article.text
        for sentence in sentences(text)[_LEAD:]:
            if _key(sentence.text) in known:
                text = text[: sentence.start] + " " * (sentence.end - sentence.start) + text[sentence.end :]
        return replace(article, text=text)

    def note(self, article: Article, story: int) -> None:
        """Remember the lines of ``article``, of ``story``; what recurs in copies of one story is the story."""
        host = _host(article)
        with self._lock:
            seen = self._hosts.setdefault(host, deque(maxlen=ARTICLES))
            self._hosts.move_to_end(host)
            if all(story != other for other, _ in seen):
                seen.append((story, frozenset(line.key for line in prepare(article).lines[:_MOST_LINES])))
            if len(self._hosts) > HOSTS:
                self._hosts.popitem(last=False)


def _host(article: Article) -> str:
    return urlsplit(article.url).hostname or ""


def _key(text: str) -> int:
    return hash(tuple(words(text)))  # as of a prepared sentence
