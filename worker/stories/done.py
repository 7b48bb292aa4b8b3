"""What a sentence tells as done, and not as denied, planned or wanted."""

from __future__ import annotations

from worker.stories.line import Line
from worker.stories.text import listed
from worker.stories.vocabulary import facts, is_infinitive, is_verb

_MODAL_WITHIN = 3  # words before a step, where "may" and "to" make it one to come
_DENIED = frozenset(("deny",))
_NONE = frozenset[str]()


_WITHOUT = listed(
    "without no unhurt unharmed unscathed escaped avoided spared без избежал избежала избежали избежать нет обошлось"
)
_NEAR = 4  # words around a negation, within which it is what it negates


def denied(line: Line) -> frozenset[str]:
    """Return the steps of a sentence that stand near a negation: none was killed, nothing was stolen."""
    if not line.steps or not line.negations:
        return _NONE
    return line.steps & {facts(word).step for word in near_negations(line)}


def near_negations(line: Line) -> set[str]:
    """Return the words of a sentence that stand near one of its negations, on either side."""
    words = line.words
    places = [at for at, word in enumerate(words) if facts(word).negates] if line.negations else []
    return {word for at in places for word in words[max(0, at - _NEAR) : at + 1 + _NEAR]}


def affirmed(line: Line) -> frozenset[str]:
    """Return the steps of a sentence in which nothing is denied, planned or wanted."""
    return _NONE if line.negations or line.modal or not _WITHOUT.isdisjoint(line.words) else done(line)


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
