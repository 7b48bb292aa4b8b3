"""What was changed in a text that else stands as it was: a word for another in one sentence or two.

An editor who goes over a copy touches more of it, in other places; a site that carries it as it is touches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import islice

from worker.stories.align import Match
from worker.stories.brief import cut, some
from worker.stories.counted import recounted
from worker.stories.datelined import is_datelined
from worker.stories.finding import Finding
from worker.stories.line import Line
from worker.stories.negated import denies, is_shortened
from worker.stories.prepared import Prepared
from worker.stories.scripts import same_name
from worker.stories.swaps import other_figure
from worker.stories.text import listed, words
from worker.stories.view import View
from worker.stories.vocabulary import MERE_STEPS, facts, is_alias, is_given_name, is_plain_verb

_MOST = 2
"""Sentences of a text that may be another version, and of the old one that may be missing."""

_VERSION = 0.6
_LEAST_SAME = 2  # sentences that stand as they were, so that the rest is what was changed
_PLACES = 3
"""In which a sentence is changed: who changes more of it writes it anew."""

_ROOT = 4  # letters by which a unit is the same
_UNITS = listed(
    "dollar dollars euro euros pound pounds ruble rubles rouble roubles yuan yen crowns francs tenge hryvnia "
    "доллар доллара долларов евро фунт фунта фунтов рубль рубля рублей юань юаней тенге "
    "гривна гривен гривень гривні доларів"
)
_COMPARED = listed(
    "fewer less least more most over under about around nearly tn trn bn mn m k менее более около примерно почти свыше"
)
_MEASURES = _COMPARED | listed(
    "january february march april may june july august september october november december "
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря "
    "km kilometres kilometers kilometre kilometer miles mile metres meters metre meter feet foot ft yards acres "
    "hectares kg kilos kilograms км километров километра километрах метров метра метрах миль мили га гектаров кг"
)
"""What stands beside a number, which itself is compared as a figure."""

_BRACKETS = re.compile(r"(\w)[\"\u00bb\u201d]? \(([^()]{2,60})\)")
_TOO_LITTLE = MERE_STEPS - {"found"} | {""}
"""Steps that tell too little to count in a text that an editor has touched elsewhere."""

_SAYING = {
    facts(word).root for word in "said reported announced told added according сообщил рассказал передал пишет".split()
}


def retouched(one: View, parent: Prepared) -> tuple[Finding, str] | None:
    """Return the sentence in which ``parent``, an article of the story, was changed and what stands in it for what.

    None where that is not all.
    """
    gone = [line for line in parent.lines if line.key not in one.keys and not line.heading]
    if not 0 < len(gone) <= _MOST or len(parent.lines) - len(gone) < _LEAST_SAME:
        return None
    touched = [finding for finding in one.touched if not (finding.of and is_datelined(finding.line, finding.of.line))]
    found = ((finding, line) for finding in touched for line in gone if _is_version(finding.line, line))
    versions = [*islice(found, _MOST + 1)]
    if len(versions) > _MOST:
        return None
    for finding, line in versions:
        edited = any(other is not finding and _is_reworded(other) for other in touched)
        swapped = _swapped(line, finding, acts=edited)
        change = swapped or _other_figure(finding, line, parent) or recounted(finding.line, line)
        if change:
            return finding, change
    return None


def _is_reworded(finding: Finding) -> bool:
    """Whether an editor has worded a sentence anew, who may have put a word for another elsewhere too."""
    return finding.known and not (finding.of and is_shortened(finding.line, finding.of.line))


def _other_figure(finding: Finding, line: Line, parent: Prepared) -> str:
    """Return the figure that was put in or stands in the place of another, which two may have exchanged, or ""."""
    if not finding.figures and finding.line.figures.keys() != line.figures.keys():
        return ""
    if finding.figures and finding.line.figures.keys() >= line.figures.keys():
        return f"{some(finding.figures)} put in"
    change = other_figure(finding, Match(line, parent.article.id, forward=1.0, back=1.0))
    return change.text if change else ""


def _is_version(one: Line, other: Line) -> bool:
    """Whether most words of two sentences stand in one order in both."""
    matcher = SequenceMatcher(None, one.words, other.words, autojunk=False)
    return matcher.quick_ratio() >= _VERSION and matcher.ratio() >= _VERSION  # the quick one is never less


def _swapped(old: Line, finding: Finding, *, acts: bool) -> str:
    """Return what stands in a sentence in the place of other words of ``old``, or ""; what is left out is nothing.

    ``acts``: only what tells a step, or takes one out, counts.
    """
    new = finding.line
    called = {word.casefold() for word in finding.called} | _in_other_script(new.text)
    steps = SequenceMatcher(None, old.words, new.words, autojunk=False).get_opcodes()
    places = [step for step in steps if step[0] not in {"equal", "delete"}]
    if len(places) > _PLACES:
        return ""
    same = {stem for stem in old.stems if stem[0] == "="} == {stem for stem in new.stems if stem[0] == "="}
    for _, start, end, first, last in places:
        fresh = new.words[first:last]
        known = _MEASURES if any(facts(word).number for word in fresh) else _COMPARED
        gone = old.words[start:end]
        put_in = [
            word
            for word in fresh
            if word not in known
            and _carries(word, old)
            and word not in called
            and not (same and is_alias(word))
            and f"({word.upper()})" not in new.text
            and not any(same_name(word, other) for other in gone)
        ]
        if _is_fuller_name(fresh):
            continue
        taken_out = [word for word in gone if _carries(word, new)]
        if acts and _TOO_LITTLE.issuperset([facts(word).step for word in (*put_in, *taken_out)]):
            continue
        if put_in and taken_out:
            return f"{cut(' '.join(put_in))} instead of {cut(' '.join(taken_out))}"
        if put_in and not any(map(_is_aside, fresh)) and not all(map(is_plain_verb, put_in)):
            return f"{cut(' '.join(put_in))} put in"
    if new.negations > old.negations:
        return "a negation"
    if old.negations and not new.negations and not denies(new, old):
        return "no negation any more"
    return ""


def _in_other_script(text: str) -> set[str]:
    """Return the words of brackets that are in another script than the name before them: «Вектор» (Vector)."""
    return {
        word
        for before, inside in _BRACKETS.findall(text)
        if before.isascii() is not inside.isascii()
        for word in words(inside)
    }


def _is_fuller_name(fresh: Sequence[str]) -> bool:
    """Whether only a given name was put to a name."""
    return len(fresh) == 1 and is_given_name(fresh[0])


def _is_aside(word: str) -> bool:
    """Whether ``word`` is a number or its unit, or a verb of saying."""
    return facts(word).number or facts(word).root in _SAYING or word in _UNITS


def _carries(word: str, other: Line) -> bool:
    """Whether ``word`` tells something that ``other`` does not."""
    told = facts(word)
    if told.weekday >= 0:
        return told.weekday not in other.weekdays
    if word in _UNITS:
        return all(one[:_ROOT] != word[:_ROOT] for one in other.words)
    if not told.stem or told.number or told.stem in other.stems:
        return False
    return not told.step or told.step not in other.steps
