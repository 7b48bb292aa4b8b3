"""What a version of a known sentence negates that this one tells, or tells that this one negates."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, pairwise

from worker.stories.align import ALIKE, ALL, SAME, SAME_WORDS, Match
from worker.stories.done import governed, near_negations, negated
from worker.stories.finding import FEW, LEAD_END, Finding
from worker.stories.line import Line
from worker.stories.text import listed
from worker.stories.vocabulary import facts, is_adverb

_NO_MORE = re.compile(r"\b(?:no longer|больше не|уже не|більше не)\b", re.IGNORECASE)
_OPENING = 10  # words within which a sentence tells first that it denies
_SCOPE = 2
"""Words that carry something, after a negation, which it is taken to negate."""

_WITHOUT = listed(
    "without unable lack lacked lacks only missed skipped avoided skip miss avoid hardly scarcely barely neither "
    "без лишь только пропустил пропустила пропустили избежал избежала избежали перестал перестала перестали едва"
)

_DENYING = listed("deny reject fail lose cancel suspend ban block dismiss terminate resign leave close")
"""Steps that deny without a negation, and those after which a thing is no more ("is no longer the coach")."""

_ENDING = {"terminate", "resign", "leave", "close"}
"""Steps after which a thing is no more: who left the club "is no longer the coach", and may be told so in both."""

_YET = listed("yet пока еще")
_SAY = listed(
    "said say told tell disclosed decided decide сказал сказала сказали сообщил сообщила сообщили решил решила решили"
)


def turned_negation(finding: Finding, match: Match) -> str:
    """Return by what sign a version of a known sentence negates what that tells, or tells what it negates, or ""."""
    new, old = finding.line, match.line
    close = min(match.forward, match.back) >= ALIKE
    same = min(match.forward, match.back) >= SAME_WORDS
    lead = match.forward >= SAME and (finding.first or new.at < LEAD_END)
    opens = finding.first and close
    # How alike they are is known, and what they tell is to be found out: that is asked for last.
    put_in = (same or lead or opens) and new.negations and not old.negations and not old.corrects
    if put_in and not (close and denies(old, new)) and not finding.denial_known(old):
        return "a negation"
    short = match.forward >= 1 and len(new.stems) <= FEW and bool(new.steps & old.steps)
    gone = (same or short or opens) and old.negations and not new.negations
    if gone and not denies(new, old) and not _left_out(new, old):
        return "no negation any more"
    moved = match.forward >= ALL and not _left_open(old).difference(governed(new)).isdisjoint(new.words)
    if close and old.negations and (moved or _told_now(old, new)) and not (denies(new, old) or is_shortened(new, old)):
        return "told, where it was negated"
    first = finding.first and match.forward >= ALIKE and _denies_first(new)
    said = first and ("deny" in old.steps or (old.negations and not new.negations))
    return "a denial" if first and not said else ""


def _denies_first(line: Line) -> bool:
    """Whether the first verb that tells a step, within a few words, is a denial."""
    steps = [facts(word).step for word in line.words[:_OPENING]]
    return next((step for step in steps if step), "") == "deny"


def denies(line: Line, other: Line) -> bool:
    """Whether a sentence denies without a negation what ``other`` does not: "declined to", "without"."""
    both = "deny" in line.steps & other.steps  # a denial in other words
    both = both or (_NO_MORE.search(other.text) is not None and not _ENDING.isdisjoint(line.steps & other.steps))
    ends = not _DENYING.isdisjoint(line.steps - other.steps)
    return both or ends or not (_WITHOUT & {*line.words}).issubset(other.words)


def _told_now(old: Line, new: Line) -> bool:
    """Whether ``new`` tells a word as it is that a negation stands right before in ``old``: "would not appeal".

    A word that ``old`` has without a negation too tells nothing, nor does one that is yet to come.
    """
    if not _YET.isdisjoint(new.words):
        return False
    told = Counter(facts(word).stem for word in old.words)
    near = {facts(word).stem for word in near_negations(new)}
    denied = (next(filter(_carries, words), "") for words in negated(old))
    return any(told[stem] == 1 and stem in new.stems and stem not in near for stem in map(_stem, denied))


def _carries(word: str) -> bool:
    return bool(facts(word).stem) and not is_adverb(word)


def _stem(word: str) -> str:
    return facts(word).stem


def _left_open(line: Line) -> set[str]:
    """Return the verbs of saying and deciding right behind a negation: "has not said whether it will sell"."""
    return {word for before, word in pairwise(line.words) if word in _SAY and facts(before).negates}


def _left_out(new: Line, old: Line) -> bool:
    """Whether ``new`` leaves out what ``old`` negates, so that it contradicts nothing."""
    if len(old.words) - len(new.words) >= FEW and is_shortened(new, old):
        return True
    scopes = (islice(filter(None, map(_stem, words)), _SCOPE) for words in negated(old))
    return all(new.stems.isdisjoint(list(stems)) for stems in scopes)


def is_shortened(new: Line, old: Line) -> bool:
    """Whether ``new`` is ``old`` with words left out."""
    rest = iter(old.words)
    return all(word in rest for word in new.words)
