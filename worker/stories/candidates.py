"""Which known stories an article is held against, out of all that share a hash with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from operator import itemgetter
from typing import Final, NamedTuple

WIDEST: Final = 16
"""Of each hash so many of the latest articles are read, and one that tells that there are more: boilerplate has as many
as there are articles."""

WIDE: Final = 12  # stories: a shingle that is in more of them is boilerplate or a stock phrase, and tells nothing
ENOUGH_SHINGLES: Final = 1.2  # the sum of their weights; a shingle of one story weighs 1, one of four stories 1/4
ENOUGH_MARKS: Final = 2  # names and figures that one article must have in common with ours
ENOUGH_WEIGHT: Final = 1.2  # the sum of their weights; a mark of one story weighs 1, one of four stories 1/2
MOST_STORIES: Final = 6
MOST_BY_MARKS: Final = 3

_STORY: Final = itemgetter(2)  # of a hit


class Hit(NamedTuple):
    """A hash that an article shares with a known one: shingles are not negative, marks are."""

    hash: int
    article: int
    story: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story to be held against the article; ``articles`` are those in it that share most, the closest first.

    ``marks`` is the weight of the names and figures that one of them shares; those of one story only weigh 1 each.
    """

    story: int
    articles: tuple[int, ...]
    marks: float = 0.0


def rank(hits: Iterable[tuple[int, int, int]]) -> tuple[Candidate, ...]:
    """Return the stories worth reading, the closest first, at most ``MOST_STORIES``; ``hits`` are as in ``Hit``.

    A hash weighs the less, the more stories share it: what a host prints under every article does not make its
    articles related, nor does a name that is in all the news. A story is close when it shares enough shingles; one that
    shares none is read too when a single article of it shares enough of the names and figures.
    """
    holders: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for hit in hits:
        holders[hit[0]].append(hit)
    by_shingles: dict[int, list[float]] = defaultdict(list)
    marks: list[tuple[float, list[tuple[int, int, int]]]] = []
    closeness: dict[int, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one, held in holders.items():
        stories = {*map(_STORY, held)}
        # Of those that were not read the stories are likely to be as many again, if there is more than one at all.
        count = len(stories) if len(held) <= WIDEST else 2 * len(stories) - 1
        if one < 0:
            marks.append((1 / sqrt(count), held))
        elif count <= WIDE:
            for story in stories:
                by_shingles[story].append(1 / count)
            weight = 1 / len(held)  # what few articles have tells the copy of one of them
            for _, article, story in held:
                closeness[story][article].append(weight)
    close = {story: weight for story, weight in _summed(by_shingles).items() if weight >= ENOUGH_SHINGLES}
    marked = _retold(marks, closeness)
    retold = {story: weight for story, weight in marked.items() if story not in close}
    best = _best(close, MOST_STORIES)
    best += _best(retold, min(MOST_BY_MARKS, MOST_STORIES - len(best)))
    return tuple(
        Candidate(story, tuple(article for article, _ in _best(_summed(closeness[story]))), marked.get(story, 0.0))
        for story, _ in best
    )


def _retold(
    marks: Iterable[tuple[float, Sequence[tuple[int, int, int]]]], closeness: Mapping[int, dict[int, list[float]]]
) -> dict[int, float]:
    """Return the stories of which one article shares enough marks, with the weight of what it shares.

    ``marks``: the weight of each with its hits.
    """
    shared: dict[int, list[float]] = {}
    story_of: dict[int, int] = {}
    heaviest_first = sorted(marks, key=itemgetter(0), reverse=True)
    weights = [weight for weight, _ in heaviest_first]
    for at, (weight, held) in enumerate(heaviest_first):
        enough = fsum(weights[at:]) >= ENOUGH_WEIGHT  # else too little for who has no mark before
        for _, article, story in held:
            if article in shared:
                shared[article].append(weight)
            elif enough:
                shared[article] = [weight]
                story_of[article] = story
    retold: dict[int, float] = {}
    for article, found in shared.items():
        if len(found) < ENOUGH_MARKS:  # as of most
            continue
        weight = fsum(found)
        if weight >= ENOUGH_WEIGHT:
            story = story_of[article]
            retold[story] = max(retold.get(story, 0), weight)
            closeness[story][article].append(weight / 100)  # decides only between articles with the same shingles
    return retold


def _summed(weights: Mapping[int, Sequence[float]]) -> dict[int, float]:
    """Return the sum of each; exactly rounded, so that the order in which a database gives its rows decides nothing."""
    return {one: fsum(found) for one, found in weights.items()}


def _best(weights: Mapping[int, float], most: int | None = None) -> list[tuple[int, float]]:
    return sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
