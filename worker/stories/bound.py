"""Verbs that hang on another one, by which they are not done: "refused to sell", "отказался продлить"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from worker.stories.line import Line
from worker.stories.text import CYRILLIC, listed
from worker.stories.vocabulary import facts, is_infinitive, is_verb

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
_WITHIN = 3  # words behind the binding one
_ROOT = 5  # letters that its forms have in common


def freed(new: Line, old: Line) -> bool:
    """Whether ``new`` tells as done what hangs on another verb in ``old``, and no negation more."""
    if _BINDING.isdisjoint(old.words) or new.modal or new.negations > old.negations:  # what is dear comes last
        return False
    still = {facts(verb).stem for _, verb in _bound(new)}
    return any(
        facts(verb).stem not in still and not any(word.startswith(to[:_ROOT]) for word in new.words)
        for to, verb in _bound(old)
        if _stands_alone(new, old, verb)
    )


def _bound(line: Line) -> Iterator[tuple[str, str]]:
    """Yield the verbs of a sentence that hang on one of ``_BINDING``, each behind that one."""
    for at, word in enumerate(line.words):
        if word not in _BINDING:
            continue
        behind = line.words[at + 1 : at + 1 + _WITHIN]
        if CYRILLIC.search(word):
            yield from ((word, verb) for verb in behind if is_infinitive(verb))
        elif "to" in behind:
            place = at + 2 + behind.index("to")
            if place < len(line.words):
                yield word, line.words[place]


def _stands_alone(new: Line, old: Line, verb: str) -> bool:
    """Whether ``new`` has the ``verb``, in a form that ``old`` has not or without its "to"."""
    told = facts(verb)
    for before, word in pairwise(("", *new.words)):
        same = facts(word).stem == told.stem or (told.step and facts(word).step == told.step)
        other_form = word not in old.words and not is_infinitive(word) and is_verb(word, before)
        if same and told.stem and (other_form or (word == verb and not CYRILLIC.search(word))):
            return before != "to"
    return False
