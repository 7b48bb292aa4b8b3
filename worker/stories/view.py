"""An article as one story sees it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from worker.stories.align import Known
from worker.stories.finding import Finding, Status
from worker.stories.line import Line
from worker.stories.nearest import OWN_WORDS, Near
from worker.stories.novelty import find
from worker.stories.prepared import LEAST_STEMS, Prepared, prepare
from worker.stories.reprint import covered, lead_covered
from worker.types import Story

EDITED = 0.5
"""Of a text of which the story has less word for word, an editor's hand went over all."""

_COPIED = 0.3  # of its shingles, from where on a text is one that the story carried
_WHOLE = 0.7  # of the closest article, which stands in this one but for little
_LEAST_BELOW = 3  # sentences below the first from which it is told whether they stand as they were
_PLAN_LINES = 3  # sentences at the top that tell whether a text speaks of what is to come


@dataclass(frozen=True)  # without slots, which would leave no room for what is kept
class View:
    """An article as one story sees it: each of its sentences, and how near the two are.

    ``parent``: the closest article of the story; ``verbatim``: the share of the text below its first sentence that the
    story has word for word; ``measures``: what is put on record with the verdict.
    """

    new: Prepared
    story: Story
    known: Known
    parent: Prepared
    findings: tuple[Finding, ...]
    verbatim: float
    nearness: float
    measures: dict[str, Any]

    @cached_property
    def last(self) -> datetime:
        """When the story's last article was published."""
        return max(article.published for article in self.story.articles)

    @cached_property
    def since(self) -> timedelta:
        """How long after the story's last article this one was published."""
        return self.new.article.published - self.last

    @cached_property
    def first(self) -> Finding | None:
        """The sentence that opens the text."""
        return next((finding for finding in self.findings if finding.first), None)

    @cached_property
    def told(self) -> list[Finding]:
        """The sentences without the headings that stand in the text; all of them where there is nothing else."""
        told = [
            finding
            for finding in self.findings
            if not self.furniture(finding) and (not finding.line.heading or finding.figures or finding.steps)
        ]
        return told or list(self.findings)

    @cached_property
    def keys(self) -> frozenset[int]:
        """The keys of the article's sentences."""
        return frozenset([finding.line.key for finding in self.findings])

    @cached_property
    def touched(self) -> list[Finding]:
        """The sentences that the story has not word for word."""
        return [finding for finding in self.findings if finding.line.key not in self.known.keys]

    @cached_property
    def fullest(self) -> Prepared:
        """The article of which this one has most sentences: the closest may be cut, and lack what was changed."""
        others = [prepare(article) for article in self.story.articles]
        return max([self.parent, *others], key=lambda other: len(self.keys.intersection([x.key for x in other.lines])))

    def furniture(self, finding: Finding) -> bool:
        """Whether a sentence is a line of the page: the title has none of its figures and strange words."""
        if not finding.like_furniture:
            return False
        title = self.new.title
        return title.figures.keys().isdisjoint(finding.values) and title.stems.isdisjoint(finding.fresh)

    @cached_property
    def copied(self) -> bool:
        """Whether the text is one that the story has carried, not only a text about the same."""
        first = [finding for finding in self.told[:2] if len(finding.line.stems) >= LEAST_STEMS]
        return any(finding.copied for finding in first) or bool(self.measures["shared"] >= _COPIED)

    @cached_property
    def title_told(self) -> float:
        """How much of the title the known sentence has that resembles it most."""
        return max((match.forward for match in self.known.matches(self.new.title)), default=0.0)

    @cached_property
    def whole(self) -> bool:
        """Whether the closest article stands in this one, but for little."""
        return covered(self.parent.shingles, {*self.new.shingles}) >= _WHOLE


def view(new: Prepared, near: Near, known: Known) -> View:
    """Return ``new`` as the story that is ``near`` sees it, which has told what is ``known``."""
    first = new.lead or new.lines[0]
    verbatim = _verbatim(new, first, known)
    edited = verbatim < EDITED
    top = new.lines[:_PLAN_LINES]
    findings = tuple([find(line, known, first=line is first, top=top, edited=edited) for line in new.lines])
    agreed = Counter(one.of.article for one in findings if one.of and one.known)
    shared, closest = max(
        zip(near.shared, near.story.articles, strict=True),
        key=lambda one: (round(one[0], 2), agreed[one[1].id], -one[1].id),
    )
    total = sum(len(finding.line.words) for finding in findings)
    said = sum(len(one.line.words) for one in findings if one.status is not Status.NEW) / total
    measures = {
        "said": round(said, 3),
        "shared": round(covered(new.shingles, known.shingles), 3),
        "lead": round(lead_covered(new, known.shingles), 3),
        "containment": round(shared, 3),
    }
    if near.alike is not None:
        measures["alike"] = round(near.alike, 3)
    nearness = max(shared, said, OWN_WORDS * measures.get("alike", 0.0))
    return View(new, near.story, known, prepare(closest), findings, verbatim, nearness, measures)


def _verbatim(new: Prepared, first: Line, known: Known) -> float:
    """Return the share of the text below its first sentence that the story has word for word, from 0 to 1.

    Who puts news on top of an old text leaves that as it was; who edits a copy edits all of it, so that a verb of his
    own in its lead is one more of his words. Of a short text nothing can be told: 1.
    """
    below = [line for line in new.lines if line is not first and not line.heading]
    total = sum(len(line.words) for line in below)
    same = sum(len(line.words) for line in below if line.key in known.keys)
    return same / total if len(below) >= _LEAST_BELOW else 1.0
