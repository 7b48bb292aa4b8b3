"""Who does it to whom: sentences of the same words that tell it the other way round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from worker.stories.line import Line
from worker.stories.vocabulary import facts, is_adverb, is_verb

_EXCHANGED = 2
_SHORTEST_FORM = 3
_ENDING_LETTERS = 2


def other_roles(new: Line, old: Line) -> str:
    """Return how a sentence of the words of a known one tells another doer, in words, or ""."""
    return _exchanged(new, old) or _turned_round(new, old)


def _exchanged(new: Line, old: Line) -> str:
    """Return the two words that stand in each other's place, with a verb between them, or "".

    In a sentence that else is the same word for word: "A saw off B", "B saw off A". Russian words must have changed
    their forms too, since their order does not tell who acts.
    """
    apart = [at for at, (one, other) in enumerate(zip(new.words, old.words, strict=False)) if one != other]
    if len(new.words) != len(old.words) or len(apart) != _EXCHANGED:
        return ""
    first, last = apart
    ours, theirs = (new.words[first], new.words[last]), (old.words[last], old.words[first])
    inflected = all(one != other for one, other in zip(ours, theirs, strict=True))
    if not all(map(_is_form, ours, theirs)) or not all(map(_may_act, ours)) or not (inflected or new.text.isascii()):
        return ""
    return f"{ours[0]} and {ours[1]} in each other's place" if _acts(new.words[first:last]) else ""


def _turned_round(new: Line, old: Line) -> str:
    """Return by what verb one does to another what that did to him, told in the same words ("A accused B"), or "".

    English only: there who acts stands right before the verb.
    """
    if not new.text.isascii() or Counter(new.words) != Counter(old.words):
        return ""
    for at, verb in enumerate(new.words):
        if not facts(verb).step or new.words.count(verb) > 1:
            continue
        there = old.words.index(verb)
        doer, other = _right_before(new.words[:at]), _right_before(old.words[:there])
        if doer != other and doer in old.words[there + 1 :] and other in new.words[at + 1 :]:
            return f"{verb} by {doer}, not by {other}"
    return ""


def _right_before(words: Sequence[str]) -> str:
    """Return the last of ``words`` that may name who acts, or ""."""
    return next(filter(_may_act, reversed(words)), "")


def _may_act(word: str) -> bool:
    told = facts(word)
    return bool(told.stem) and not (told.number or is_adverb(word))


def _is_form(word: str, other: str) -> bool:
    """Whether two words are forms of one: of the shorter all but its ending begins the other."""
    size = max(_SHORTEST_FORM, min(len(word), len(other)) - _ENDING_LETTERS)
    return word[:size] == other[:size]


def places_changed(new: Line, old: Line) -> bool:
    """Whether two parties, each of which opens one of the sentences, have changed places ("A sued B", "B sued A")."""
    one, other = facts(new.words[0]).stem, facts(old.words[0]).stem
    parties = new.parties.keys() | old.parties.keys()
    passive = {"by", "was", "were", "been", "being"} & {*new.words, *old.words}
    turned = one != other and not passive and {one, other} <= (new.stems & old.stems & parties)
    return turned and _acts_between(new, other) and _acts_between(old, one)


def _acts_between(line: Line, other: str) -> bool:
    """Whether a verb stands between the first word of ``line`` and the party ``other``: no mere "X, the driver"."""
    return _acts(line.words[: next((at for at, word in enumerate(line.words) if facts(word).stem == other), 0)])


def _acts(words: Sequence[str]) -> bool:
    """Whether a verb stands among ``words``, below the first."""
    return any(facts(word).step or is_verb(word, before) for before, word in pairwise(words))
