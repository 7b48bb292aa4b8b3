"""Judges an article against the stories that it may belong to.

``prepare`` (see ``prepared``) does the work that depends on one article only and keeps its last results, so handing the
same known articles over again costs little; ``judge`` compares. Both are pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from types import MappingProxyType

from worker.stories.brief import some
from worker.stories.developments import FULLER_WITHIN, developments
from worker.stories.kept import Kept
from worker.stories.nearest import is_related, may_be_related, nearest
from worker.stories.outline import keep, sought
from worker.stories.prepared import Prepared, prepare
from worker.stories.reprint import longest_run
from worker.stories.text import without_rubbish
from worker.stories.view import View, view
from worker.stories.vocabulary import SLIGHT_STEPS
from worker.types import Article, Judgement, Story, Verdict

__all__ = ["Prepared", "judge", "prepare"]

_LEAST_SAID = 0.15
_LEAST_LEAD = 0.2
_LEAST_REWORDED = 0.33
_LEAST_CONTAINED = 0.3
"""A text of which the story had less, and which holds less of it, tells something, even where its top shows nothing."""

_kept = Kept()
_NONE: Mapping[int, float] = MappingProxyType({})


def judge(article: Article, stories: Sequence[Story], rare: Mapping[int, float] = _NONE) -> Judgement:
    """Return what ``article`` is to the desk, held against the ``stories`` that it may belong to.

    Hand over every story that shares a passage, or names and figures, with the article, with its articles: the best is
    chosen here. ``rare``: story → the weight of the names and figures that it shares with the article and few other
    stories do (``candidates.rank``). Pure: no clock, no randomness, no state but bounded caches.
    """
    new = prepare(article)
    found = sought(new)
    keep(article, found)  # for those that come after
    if not new.lines:
        return Judgement(Verdict.NEW, "the text is empty, or nothing but boilerplate: there is nothing to compare")
    near = nearest(found, stories, rare)
    views = [view(new, one, _kept.take(one.story)) for one in near if may_be_related(found, one)]
    judgement = _verdict(views)
    for one in views:
        _kept.give_back(one.story.id, one.known)
    return judgement if views or not near else replace(judgement, evidence=near[0].measures)


def _verdict(views: Sequence[View]) -> Judgement:
    best = max(views, key=lambda one: one.nearness, default=None)
    if best is None or not is_related(best.nearness, partial(longest_run, best.new, best.parent)):
        return Judgement(Verdict.NEW, "no known story is like it", evidence=best.measures if best else {})
    same = best.new.opens_as(best.parent) or best.new.has_lead_of(best.parent)
    others = "" if same else _others(best)
    if others:
        return Judgement(Verdict.NEW, f"the same form about others: {others}", evidence=best.measures)
    return _decide(best)


def _others(one: View) -> str:
    """Return whom the article is about, when the story has none of them and it names nobody whom the story is about.

    The next man in the dock, the next bank without a licence: the sentences are the same, the matter is another.
    """
    ours = _repeated(one.new)
    if not ours or any(map(one.known.names, ours)):  # as of nearly all
        return ""
    theirs = _repeated(one.parent)
    if not theirs or any(theirs.keys() & line.marks for line in (one.new.title, *one.new.lines)):
        return ""
    return f"{some(ours.values())} instead of {some(theirs.values())}"


def _repeated(one: Prepared) -> dict[str, str]:
    """Return the parties that more than one sentence of an article names, as they are written."""
    lines = Counter(chain.from_iterable([line.parties for line in one.lines]))
    return {party: written for line in one.lines for party, written in line.parties.items() if lines[party] > 1}


def _least_said(one: View) -> float:
    """Return of how much of a text the story must have said for it to be a copy: less where it has the story's lead."""
    if one.measures["lead"] >= _LEAST_LEAD:
        return _LEAST_SAID
    other_half = one.new.opens_as(one.parent) and one.since < FULLER_WITHIN
    acts = other_half and any(not SLIGHT_STEPS.issuperset(finding.steps) for finding in one.told)
    return _LEAST_SAID if other_half and not acts else _LEAST_REWORDED


def _decide(one: View) -> Judgement:
    telling, wording = developments(one)
    found = [development.reason for development in telling]
    tells = {development.finding.line.at for development in telling if development.finding}
    fresh = tuple(
        without_rubbish(finding.line.text) for finding in one.findings if not finding.known or finding.line.at in tells
    )
    run = longest_run(one.new, one.parent)
    measures = {**one.measures, "longest_run": run, "copy": one.copied, "developments": found[:8]}
    of = (one.story.id, one.parent.article.id)
    if not found and measures["containment"] < _LEAST_CONTAINED and measures["said"] < _least_said(one):
        found = [f"only {measures['said']:.0%} of it was in the story"]
    if found:
        return Judgement(Verdict.UPDATE, found[0], *of, fresh, measures)
    if not one.copied:
        reason = "another newsroom's words: every figure, name and step of its lead is in the story already"
        return Judgement(Verdict.COVERAGE, reason, *of, fresh, measures)
    lead = f"an editor's wording: {wording[0].reason}" if wording else "nothing in its lead is new"
    reason = (
        f"{measures['said']:.0%} of it, {measures['lead']:.0%} of its lead word for word, was in the story; "
        f"longest shared passage {run} words; {lead}"
    )
    return Judgement(Verdict.REPRINT, reason, *of, fresh, measures)
