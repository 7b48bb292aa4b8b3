"""What a sentence tells as done, and not as denied, planned or wanted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, takewhile

from worker.stories.line import Line
from worker.stories.text import listed
from worker.stories.vocabulary import facts, is_infinitive, is_verb

_MODAL_WITHIN = 3  # words before a step, where "may" and "to" make it one to come
_DENIED = frozenset(("deny",))
_NONE = frozenset[str]()


_SPARED = listed(
    "without no unhurt unharmed unscathed escaped avoided spared без избежал избежала избежали избежать нет обошлось"
)
_NEAR = 4  # words around a negation, within which it may be what it negates
_GOVERNED = 3  # words behind a negation, which are what it negates
_CLAUSES = listed("and but or who which when while because as и но а или который которая которые когда")
_COMPARING = listed("more less later earlier fewer only longer")
"""Behind a negation that denies nothing: "no more than half"."""

_AFTERWARDS = {"нет", "немає"}
"""Negations that stand after what they negate."""


def denied(line: Line) -> frozenset[str]:
    """Return the steps of a sentence right behind a negation: none was killed, nothing was stolen."""
    if not line.steps or not line.negations:
        return _NONE
    return line.steps & {facts(word).step for word in governed(line)}


def governed(line: Line) -> set[str]:
    """Return the few words right behind each negation of a sentence, in its clause, that it may negate."""
    return {word for words in negated(line) for word in islice(words, _GOVERNED)}


def negated(line: Line) -> Iterator[Iterator[str]]:
    """Yield, for each negation of a sentence, the words of its clause that it may negate, the nearest first.

    Few of them are asked for: a sentence may have a hundred negations.
    """
    for at, word in enumerate(line.words if line.negations else ()):
        if facts(word).negates:
            side = line.words[:at][::-1] if word in _AFTERWARDS else line.words[at + 1 :]
            if _COMPARING.isdisjoint(side[:1]):
                yield takewhile(lambda one: one not in _CLAUSES, side)


def near_negations(line: Line) -> set[str]:
    """Return the words of a sentence that stand near one of its negations, on either side."""
    words = line.words
    places = [at for at, word in enumerate(words) if facts(word).negates] if line.negations else []
    return {word for at in places for word in words[max(0, at - _NEAR) : at + 1 + _NEAR]}


def affirmed(line: Line) -> frozenset[str]:
    """Return the steps that a sentence tells as done, where nothing is planned, wanted or spared."""
    return _NONE if line.modal or not _SPARED.isdisjoint(line.words) else done(line) - denied(line)


def done(line: Line) -> frozenset[str]:
    """Return the steps that a sentence tells as done: what it denies is not, nor what may be, is to be or is wanted."""
    if not line.steps:
        return _NONE
    if _DENIED & line.steps and not line.modal:
        return line.steps & _DENIED
    open_: set[str] = set()
    told: set[str] = set()
    for at, word in enumerate(line.words):
        step = facts(word).step
        if step:
            (open_ if _to_come(line, at) else told).add(step)
    if line.modal:  # where a step of several words stands is not known
        return line.steps & told
    return line.steps - (open_ - told)


def _to_come(line: Line, at: int) -> bool:
    """Whether the step at a place is in the infinitive, or in a sentence of what may be and no verb of its own."""
    word, before = line.words[at], line.words[max(0, at - _MODAL_WITHIN) : at]
    last = before[-1] if before else ""
    if last == "to" or is_infinitive(word):
        return True
    return line.modal and (any(facts(one).modal for one in (*before, word)) or not is_verb(word, last))
