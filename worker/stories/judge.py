"""Judges an article against the stories that it may belong to.

``prepare`` (see ``prepared``) does the work that depends on one article only and keeps its last results, so handing the
same known articles over again costs little; ``judge`` compares. Both are pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from worker.stories.align import Known
from worker.stories.novelty import Finding, Status, find
from worker.stories.prepared import LEAD_WORDS, Prepared, prepare
from worker.stories.reprint import containment, covered, lead_covered, longest_run
from worker.stories.text import without_rubbish
from worker.types import Article, Judgement, Story, Verdict

__all__ = ["Prepared", "judge", "prepare"]

_LEAST_STEMS = 3
_KNOWN_THROUGHOUT = 0.8


@dataclass(frozen=True, slots=True)
class _View:
    """An article as one story sees it."""

    story: Story
    known: Known
    parent: Prepared
    findings: tuple[Finding, ...]
    said: float
    nearness: float
    measures: dict[str, Any]


def judge(article: Article, stories: Sequence[Story]) -> Judgement:
    """Return what ``article`` is to the desk, held against the ``stories`` that it may belong to.

    Hand over every story that shares a passage, a name or a figure with the article, with all its articles: the best is
    chosen here. Pure: no clock, no randomness, no state but the bounded cache of ``prepare``.
    """
    new = prepare(article)
    if not new.lines:
        return Judgement(Verdict.NEW, "the text is empty, or nothing but boilerplate: there is nothing to compare")
    views = [_view(new, story) for story in stories if story.articles]
    best = max(views, key=lambda view: view.nearness, default=None)
    if best is None or best.nearness < _RELATED:
        reason = "no known story is like it"
        return Judgement(Verdict.NEW, reason, evidence=best.measures if best else {})
    return _decide(new, best)


_RELATED = 0.12


def _view(new: Prepared, story: Story) -> _View:
    olds = [prepare(article) for article in story.articles]
    known = Known(olds)
    parent = max(olds, key=lambda old: (containment(new, old), -old.article.id))
    findings = tuple(find(line, known) for line in new.lines)
    total = sum(len(finding.line.words) for finding in findings)
    said = (
        sum(len(finding.line.words) for finding in findings if finding.known or finding.status is Status.CHANGED)
        / total
    )
    shared = containment(new, parent)
    share = covered(new.shingles, known.shingles)
    lead_stems = {stem for line in (new.title, *new.lines[:3]) for stem in line.stems}
    in_words = sum(known.names(stem) for stem in lead_stems) / max(1, len(lead_stems))
    nearness = max(shared, said)
    measures = {
        "said": round(said, 3),
        "shared": round(share, 3),
        "containment": round(shared, 3),
        "lead": round(lead_covered(new, known.shingles), 3),
        "lead_words": round(in_words, 3),
    }
    return _View(story, known, parent, findings, said, nearness, measures)


def _decide(new: Prepared, view: _View) -> Judgement:
    developments = _developments(view)
    fresh = tuple(without_rubbish(finding.line.text) for finding in view.findings if not finding.known)
    run = longest_run(new, view.parent)
    measures = {**view.measures, "longest_run": run, "developments": developments}
    if developments:
        return Judgement(Verdict.UPDATE, developments[0], view.story.id, view.parent.article.id, fresh, measures)
    reason = (
        f"shares {view.measures['lead']:.0%} of its lead and {view.measures['shared']:.0%} of its text with the story; "
        f"longest shared run {run} words; no new figure, party or step in its lead"
    )
    return Judgement(Verdict.REPRINT, reason, view.story.id, view.parent.article.id, fresh, measures)


def _developments(view: _View) -> list[str]:
    """Return what the article tells that the story has not, in words, the weightiest first."""
    found: list[str] = []
    told = [finding for finding in view.findings if not finding.line.heading] or list(view.findings)
    for finding in view.findings:
        if finding.status is Status.CHANGED:
            found.append(f"{finding.why}: {finding.line.text[:80]!r}")
        if finding.line.corrects and not finding.known and not view.known.corrects:
            found.append(f"a correction: {finding.line.text[:80]!r}")
    # New sentences above the first known one.
    for finding in told:
        if finding.known or finding.line.at > LEAD_WORDS:
            break
        if finding.status is Status.NEW and len(finding.line.stems) >= _LEAST_STEMS:
            found.append(f"leads with something new: {finding.line.text[:80]!r}")
    return found
