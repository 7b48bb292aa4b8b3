"""Which of the stories that share something with an article are worth a look sentence by sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from worker.stories.matter import alike
from worker.stories.novelty import most_said
from worker.stories.outline import Sought, outline
from worker.stories.reprint import common, containment
from worker.stories.shingles import SHINGLE
from worker.types import Story

OWN_WORDS: Final = 0.5
"""What a lead in other words weighs to a passage that is shared."""

_RELATED: Final = 0.15
_RELATED_BY_RUN: Final = (0.05, 15)
"""Less is enough when some of it is one passage: the share of shingles, and the words of the passage."""

_SURELY_RELATED: Final = 0.5
_COPIED: Final = 0.6
"""The containment from which on nothing hangs on what the leads tell: they weigh ``OWN_WORDS`` at most."""

_VIEWS: Final = 3


@dataclass(frozen=True, slots=True)
class Near:
    """How near a story is: ``shared`` is the containment with each of its articles, ``alike`` is of the nearest.

    ``alike`` is None where the new article is a copy of one of them.
    """

    story: Story
    shared: tuple[float, ...]
    alike: float | None

    @property
    def nearness(self) -> float:
        """How near it is, from 0 to 1."""
        return max(*self.shared, OWN_WORDS * (self.alike or 0.0))

    @property
    def measures(self) -> dict[str, float]:
        """What is put on record of a story whose sentences need no look."""
        return {"containment": round(max(self.shared), 3), "alike": round(self.alike or 0.0, 3)}


def nearest(new: Sought, stories: Sequence[Story], rare: Mapping[int, float]) -> list[Near]:
    """Return the stories, nearest first: those that share much, or else the nearest few. ``rare`` as in ``judge``."""
    near = [_near(new, story, rare.get(story.id, 0.0)) for story in stories if story.articles]
    near.sort(key=lambda one: (-one.nearness, one.story.id))
    much = [one for one in near if one.nearness >= _SURELY_RELATED]
    return much[:_VIEWS] or [one for one in near[:_VIEWS] if one.nearness]


def _near(new: Sought, story: Story, rare: float) -> Near:
    olds = [outline(article) for article in story.articles]
    shared = tuple(containment(new, old) for old in olds)
    return Near(story, shared, None if max(shared) >= _COPIED else max(alike(new, old, rare) for old in olds))


def may_be_related(new: Sought, one: Near) -> bool:
    """Whether a look at the sentences can show that a story has anything to do with the article."""
    if one.nearness >= _RELATED:  # as of most; what the sentences may have said is dear to count
        return True
    olds = [outline(article) for article in one.story.articles]
    said = most_said(new.whole, [{new.marks[mark] for mark in new.marks.keys() & old.marks} for old in olds])
    return is_related(max(one.nearness, said), lambda: max(map(partial(common, new), olds)) + SHINGLE - 1)


def is_related(nearness: float, longest: Callable[[], int]) -> bool:
    """Whether a story that is so near is about the same; ``longest`` gives the words of the longest common passage."""
    share, run = _RELATED_BY_RUN
    return nearness >= _RELATED or (nearness >= share and longest() >= run)
