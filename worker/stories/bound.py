"""Verbs by which something is not done: they hang on another one ("refused to sell") or are to come ("will sell")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from worker.stories.line import Line
from worker.stories.text import CYRILLIC, listed
from worker.stories.vocabulary import (
    SLIGHT_STEPS,
    base,
    facts,
    is_future,
    is_infinitive,
    is_past,
    is_verb,
    verb_root,
)

_BINDING = listed(
    "refused refuses refuse declined declines tried tries try trying attempted attempts failed fails fail "
    "hopes hoped hope wants wanted want plans planned plan planning threatened threatens agreed agrees "
    "offered offers intends intended sought seeks vowed vows promised promises asked ordered told due likely "
    "expected set ready unable отказался отказалась отказались отказалось отказывается отказываются "
    "попытался попыталась попытались пытался пыталась пытались пытается пытаются намерен намерена намерены "
    "намеревается собирается собираются собирался собиралась планирует планируют планировал хочет хотят "
    "хотел хотела хотели надеется надеются угрожает угрожают пригрозил пригрозила пригрозили согласился "
    "согласилась согласились предложил предложила предложили обещает обещал обещала обещали готов готова "
    "готовы"
)
_TOO_LITTLE = SLIGHT_STEPS | {""}
_WITHIN = 3  # words behind the binding one
_ROOT = 5  # letters that its forms have in common
_SHALL = listed("will would could may might shall should")
_BE = listed("is are was were")
_BEEN = listed("been was were being is are")
_HAVE = listed("been was were has have had")
_NAMING = listed("a an the in of no its their his her")
"""Before a word that is a noun there: "a cut", "the spread"."""

_SAYING = listed("said says say saying told tells announced added warned promised that if")
"""Where none of these stands, "would" tells what used to be."""

_BETWEEN = listed("to be been have also soon now then later still only")


def freed(new: Line, old: Line) -> bool:
    """Whether ``new`` tells as done what hangs on another verb in ``old``, and no negation more."""
    if new.modal or new.negations > old.negations or not (old.modal or not _BINDING.isdisjoint(old.words)):
        return False  # what is dear comes last
    return any(
        _stands_alone(new, old, one)
        and not _is_bound(new, one.verb)
        and (one.binding == one.verb or not _has_form_of(new, one.binding))
        for one in _bound(old)
    )


class _Bound(NamedTuple):
    """A verb that hangs on another one or is to come, with what says so; ``any_voice``: whoever does it, it is done.

    ``perfect``: it is said to have been done, perhaps ("may have caused").

    Who writes "will be sold" for "will sell" may write "was sold" too: where a future changes its voice, nothing is
    known.
    """

    verb: str
    binding: str
    any_voice: bool
    perfect: bool = False


def _bound(line: Line) -> Iterator[_Bound]:
    """Yield the verbs of a sentence that hang on another one or are to come."""
    for at, word in enumerate(line.words):
        behind = line.words[at + 1 : at + 1 + _WITHIN]
        if CYRILLIC.search(word):
            if word in _BINDING or facts(word).modal:
                verbs = (one for one in behind if is_infinitive(one) or (is_future(word) and _closes(one)))
                yield from (_Bound(verb, word, any_voice=True) for verb in verbs)
            if facts(word).step not in _TOO_LITTLE and is_future(word):
                yield _Bound(word, word, any_voice=False)
        elif word in _SHALL:
            if word != "would" or not _SAYING.isdisjoint(line.words):
                perfect = "have" in behind and "been" not in behind
                yield from (_Bound(verb, word, "be" in behind, perfect=perfect) for verb in _first(behind))
        elif "to" in behind and (word in _BINDING or facts(word).modal or (word in _BE and behind[0] == "to")):
            place = at + 2 + behind.index("to")
            yield from (_Bound(verb, word, any_voice=True) for verb in _first(line.words[place : place + 2]))


def _is_bound(line: Line, verb: str) -> bool:
    stem = facts(verb).stem
    return any(facts(one.verb).stem == stem for one in _bound(line))


def _first(words: Sequence[str]) -> Iterator[str]:
    return islice((word for word in words if word not in _BETWEEN), 1)


def _has_form_of(line: Line, binding: str) -> bool:
    """Whether a sentence has what bound a verb, in any form."""
    if binding in _BE:
        return False
    root = verb_root(binding)
    return any(
        verb_root(word) == root or (len(binding) >= _ROOT and word.startswith(binding[:_ROOT])) for word in line.words
    )


def _stands_alone(new: Line, old: Line, one: _Bound) -> bool:
    """Whether ``new`` has the verb as what was done."""
    told = facts(one.verb)
    step = told.step not in _TOO_LITTLE and told.step
    for at, word in enumerate(new.words):
        same = facts(word).stem == told.stem or (step and facts(word).step == step) or base(word) == one.verb
        if not same or not told.stem:
            continue
        before = next((other for other in reversed(new.words[:at]) if other not in _BETWEEN - {"to", "been"}), "")
        if word == one.verb or word in old.words:
            acts = word == one.verb and _as_it_was(one, before)
        else:
            acts = not is_infinitive(word) and (is_past(word) or (is_verb(word, before) and not word.endswith("ing")))
        if acts:
            return before != "to" and (one.any_voice or before not in _BEEN)
    return False


def _as_it_was(one: _Bound, before: str) -> bool:
    """Whether a verb in the form in which it was to be done tells, behind the word ``before``, that it is done."""
    if CYRILLIC.search(one.verb):
        return is_past(one.verb)
    if before in _NAMING:
        return False
    same_form = is_past(one.verb) and base(one.verb) == one.verb and not one.verb.endswith("ed")  # "put", "hit"
    return same_form or one.perfect or one.binding in _BINDING or before in _HAVE


def _closes(word: str) -> bool:
    """Whether a Russian participle tells a step that weighs: "будет закрыт"."""
    return facts(word).step not in _TOO_LITTLE and is_past(word)
