"""A cache of what was made of articles, bounded by the room that it takes and not by how many they are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from worker.types import Article

T = TypeVar("T")


class Recent(Generic[T]):
    """What was made of the articles used last, up to a weight: what is kept must not grow with their length."""

    def __init__(self, make: Callable[[Article], T], weigh: Callable[[T], int], most: int) -> None:
        """Keep what ``make`` gives, as long as all that is kept weighs no more than ``most``."""
        self._make, self._weigh, self._most = make, weigh, most
        self._lock = Lock()
        self._kept: OrderedDict[int, T] = OrderedDict()
        self._weight = 0

    def get(self, article: Article) -> T:
        """Return what was made of ``article``, or make it."""
        key = hash(article)  # 64 bits of all its fields stand for it, so that its text is not kept too
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = self._make(article)
        self.put(article, made)
        return made

    def put(self, article: Article, made: T) -> None:
        """Keep what was ``made`` of ``article``."""
        key = hash(article)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._weight += self._weigh(made)
            while self._weight > self._most:
                self._weight -= self._weigh(self._kept.popitem(last=False)[1])
