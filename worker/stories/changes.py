"""What a sentence says otherwise than the known one of which it is a version."""

from __future__ import annotations

from itertools import pairwise

from worker.stories import lists
from worker.stories.align import ALIKE, ALL, SAME, SAME_WORDS, Match
from worker.stories.bound import freed
from worker.stories.brief import cut, some
from worker.stories.counted import recounted
from worker.stories.done import done
from worker.stories.finding import LEAD_END, Change, Finding, Kind
from worker.stories.line import Line
from worker.stories.negated import is_shortened, turned_negation
from worker.stories.numbers import is_year
from worker.stories.roles import other_roles, places_changed
from worker.stories.swaps import converted, other_figure, other_party
from worker.stories.text import listed
from worker.stories.vocabulary import (
    MERE_STEPS,
    OUTCOMES,
    SLIGHT_STEPS,
    SOFT_STEPS,
    WEAK_STEPS,
    facts,
)

_CLOSE = 0.6
"""When the known sentence is found in the new one to this share too, the two are versions of one sentence."""

_FEW_UNSEEN = 0.3  # of its words, which an editor brings in by himself
_DONE_WORDS = 0.55  # of a lead that tells as done what was planned in these words
_ANEW = listed("again anew another further снова вновь опять повторно еще очередной очередного очередная вторично")
_NEAR = 4  # words around "again" that tell what is done again
_BACK = {"resume", "return"}
_KIN = {
    step: kin
    for row in ("suspend block", "leave resign", "launch send", "sink lower", "missing lose", "cancel give_up")
    for kin in [frozenset(row.split())]
    for step in kin
}
"""Steps that copy editors take for one another: accounts are frozen or suspended, boats sink or go down."""

_IMPLIED = {
    step: frozenset(implied.split())
    for step, implied in {
        "sentence": "convict trial",
        "convict": "charge accuse trial",
        "charge": "suspect accuse",
        "arrest": "detain suspect",
        "fine": "pay",
        "hack": "withdraw lose attack",
        "dismiss": "leave",
        "terminate": "leave",
        "beat": "win elect",
        "buy": "pay",
        "sanction": "block",
    }.items()
}
"""What was told with a step, whether or not in words: who is sentenced has been found guilty."""

_MAY = listed("may might could может могут возможно можно")
_PUT_OFF = {"delay", "cancel"}
"""Steps by which what was planned is not done."""

_OPPOSED = {"raise": "lower", "lower": "raise"}
_OPPOSITES = {word: row for row in map(listed, lists.lines("opposites")) for word in row}
"""Words with those that are never put in their place but to say another thing."""


def changed(finding: Finding, match: Match) -> Change | None:
    """Return what a sentence says otherwise than the known one that it resembles; None when it says the same.

    A figure or a party in the place of another; in the lead also a new step, figure or day, a negation more or less, or
    something done that was only planned; in what is as long as several sentences also a new figure or step. What is
    left out is no change.
    """
    close = match.forward >= ALIKE and match.back >= ALIKE
    swapped = (
        (other_figure(finding, match) or _recounted(finding, match) or other_party(finding, match)) if close else None
    )
    swapped = swapped or opposite(finding, match)
    if swapped or (finding.line.at >= LEAD_END and not finding.line.long):
        return swapped or _outcome(finding, match)
    in_words = done(match.line) | {"plan"} if match.line.modal else match.line.steps
    steps = _untold(finding, in_words)
    added = None
    if finding.first or finding.line.long:
        kept = _implied(in_words) | frozenset(finding.steps).difference(steps)
        verbs = tuple(verb for verb in finding.verbs if facts(verb).step not in kept)
        added = _added(finding.but(steps=steps, verbs=verbs), match)
    if not added and close and _is_run(finding):
        added = Change(Kind.PARTY, f"new name: {some(finding.parties)}")
    strong = [step for step in steps if step not in SLIGHT_STEPS]
    if strong and not added and match.forward < 1:
        added = Change(Kind.STEP, f"new step: {some(strong)}")
    return added or _turned(finding, match, close=close)


def _recounted(finding: Finding, match: Match) -> Change | None:
    """Return what of a version of a known sentence is as many no more."""
    number = recounted(finding.line, match.line)
    return Change(Kind.FIGURE, number) if number else None


def _outcome(finding: Finding, match: Match) -> Change | None:
    """Return what a version of a known sentence tells of how the matter stands now, which the story has nowhere.

    What may be, or is denied, or was in a year that it names, does not tell that.
    """
    new = finding.line
    doubtful = new.negations or not _MAY.isdisjoint(new.words) or any(map(is_year, new.figures))
    if OUTCOMES.isdisjoint(new.steps) or doubtful:
        return None
    steps = [step for step in _untold(finding, match.line.steps) if step in OUTCOMES]
    return Change(Kind.STEP, f"new step: {some(steps)}") if steps else None


def _untold(finding: Finding, in_words: frozenset[str]) -> tuple[str, ...]:
    """Return the steps new to the story that are not told with those of a known sentence, ``in_words``, either."""
    told = _implied(in_words)
    return tuple(step for step in finding.steps if step not in told and in_words.isdisjoint(_KIN.get(step, ())))


def _implied(steps: frozenset[str]) -> frozenset[str]:
    """Return the ``steps`` with those that were told with them."""
    return steps.union(*[_IMPLIED.get(step, ()) for step in steps])


def opposite(finding: Finding, match: Match) -> Change | None:
    """Return how a version of a known sentence, wherever it stands, says the opposite, or what was only to come."""
    new, old = finding.line, match.line
    denied = turned_negation(finding, match)
    if denied:
        return Change(Kind.NEGATION, denied)
    least = min(match.forward, match.back)
    turned = ""
    if least >= SAME_WORDS:
        turned = _other_way(new, old) or other_roles(new, old)
    if turned:
        return Change(Kind.STEP, turned)
    if least < ALIKE:
        return None
    planned = old.modal and not (new.modal or new.negations)
    put_off = _PUT_OFF.intersection(finding.steps) if planned else ()
    if put_off:
        return Change(Kind.STEP, f"{some(sorted(put_off))}, where it was planned")
    done_now = _done_now(new, old, match)
    return Change(Kind.DONE, done_now) if done_now else None


def _done_now(new: Line, old: Line, match: Match) -> str:
    """Return by what sign a sentence tells as done what the known one did not, or ""."""
    if match.forward >= _CLOSE and freed(new, old):
        return "done, where it hung on another verb"
    if match.forward < ALL or new.modal or not old.modal:
        return ""
    told = {facts(word).step for word in {*new.words}.difference(old.words)}  # "appealed", where it read "may appeal"
    return "done, no longer planned" if told & old.steps - WEAK_STEPS else ""


def _other_way(new: Line, old: Line) -> str:
    """Return what goes the other way in a sentence that is the same but for that ("up" for "down"), or ""."""
    ours, theirs = {*new.words}, {*old.words}
    now = [word for word in new.words if word not in theirs]
    was = [word for word in old.words if word not in ours]
    pairs = (f"{word} instead of {other}" for word in now for other in was if _opposed(word, other))
    return next(pairs, "")


def _opposed(word: str, other: str) -> bool:
    return other in _OPPOSITES.get(word, ()) or facts(other).step == _OPPOSED.get(facts(word).step)


def _is_run(finding: Finding) -> bool:
    """Whether two names side by side are new: a person or firm more, and not a given name put to a known surname."""
    names = [*finding.line.parties.values()]
    fresh = [name in finding.parties for name in names]
    return any(one and other for one, other in pairwise(fresh))


def _added(finding: Finding, match: Match) -> Change | None:
    """Return what of weight a sentence of the lead has more than the known one, and the story has nowhere."""
    again = _again(finding.line, match.line)
    if again:
        return Change(Kind.AGAIN, again)
    new, old = finding.line, match.line
    fresh = {value: written for value, written in new.figures.items() if written in finding.figures}
    known = converted(fresh, new, old)
    figures = [w for value, w in fresh.items() if value not in known and f"({w}" not in new.text]
    if figures and match.forward < 1:
        return Change(Kind.FIGURE, f"new figure: {some(figures)}")
    steps = [] if match.back >= _CLOSE and not finding.parties else [s for s in finding.steps if s not in MERE_STEPS]
    verbs = (*steps, *finding.verbs)
    if finding.edited and match.forward >= _CLOSE and finding.unseen <= _FEW_UNSEEN:
        verbs = tuple(verb for verb in verbs if verb in finding.steps or facts(verb).step not in {"", *SLIGHT_STEPS})
    if verbs:
        return Change(Kind.VERB, f"new: {some(verbs)}")
    more = finding.tail and match.back >= ALL
    return Change(Kind.CLAUSE, f"more is said: {cut(finding.tail)}") if more else None


def _again(new: Line, old: Line) -> str:
    """Return the step that is taken once more, or by another one, as ``old`` does not say, or ""."""
    fresh = _ANEW.intersection(new.words).difference(old.words)
    for at, word in enumerate(new.words if fresh else ()):
        counted = facts(new.words[at + 1]).number if at + 1 < len(new.words) else False  # "another 17 were hurt"
        if word in fresh and not counted:
            steps = {facts(near).step for near in new.words[max(0, at - _NEAR) : at + 1 + _NEAR]}
            found = sorted(steps & old.steps - WEAK_STEPS)
            if found and not new.modal and _BACK.isdisjoint(old.steps):
                return f"{word}: {some(found)}"
    return ""


def _turned(finding: Finding, match: Match, *, close: bool) -> Change | None:
    """Return how a sentence of the lead turns what the known one says: another step, a negation, done for planned."""
    new, old = finding.line, match.line
    first = finding.first and close
    if match.forward >= SAME:
        steps, gone = sorted(new.steps - old.steps - SOFT_STEPS), sorted(old.steps - new.steps - SOFT_STEPS)
        if steps and gone and close:
            return Change(Kind.STEP, f"{some(steps)} instead of {some(gone)}")
        if first and old.modal and not finding.planned and not is_shortened(new, old):
            return Change(Kind.DONE, "done, no longer planned")
    came = first and match.back >= SAME_WORDS and match.forward >= _DONE_WORDS
    if came and old.modal and not new.modal and not finding.planned:
        return Change(Kind.DONE, "done, no longer planned")
    if first and min(match.forward, match.back) >= SAME_WORDS and places_changed(new, old):
        return Change(Kind.PLACES, "the parties in each other's place")
    return Change(Kind.DAY, "another day") if first and finding.weekdays and old.weekdays else None
