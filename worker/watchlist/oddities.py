"""What looks wrong and does not stand in the way: the warnings, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from tld import get_fld

from worker.entities.fold import key
from worker.entities.names import forms
from worker.types import Entity
from worker.watchlist.model import FeedSpec
from worker.watchlist.problems import Problem
from worker.watchlist.schema import Document
from worker.watchlist.tree import Block, mark_of

# The words that stand in nearly every English, Russian or Ukrainian article.
_STOP_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        """
        a about after all also an and are as at be been but by can could for from had has have he her his if in into is
        it its more new no not of on one or other our out over said she so some than that the their them there they this
        to up was we were what when which who will with would you your my me him them than then these those do does did
        may might no yes only very just how why because such through between under again where while each any some per
        а без был была были было быть в вам вас весь во вот все всё вы где да для до его ее её если есть еще ещё же за и
        из или им их к как ко когда кто ли мы на над не нет но о об он она они от по под при про с со так также то
        только у уже что чтобы это этот я меня мне ему ей нас нам себя себе может можно нужно этого эта эти тот та те
        тем там тут здесь после перед через между без более менее очень ещё чем сам лишь либо пока
        і й та або але що щоб як це цей ця ці той ті не на за від до по при про для із зі з у в він вона вони воно ми ви
        його її їх їм є був була було були бути вже ще також тільки коли де хто який яка які чи якщо після під над між
        """,
    )
)


_SHORT_STEM: Final = 3  # letters


def about_entities(entities: tuple[Entity, ...], root: Block, file: str) -> Iterator[Problem]:
    """Forms that will be found by chance, that add nothing or that two entities share; entities nobody is told of."""
    if not entities:
        yield Problem(file, 1, 1, "no entity is watched, so nothing will alert", "add one below `entities:`")
    owners: dict[str, str] = {}
    for index, entity in enumerate(entities):
        mark = mark_of(root, "entities", index)
        own: set[str] = set()
        for n, form in enumerate((entity.name, *entity.aliases), start=-1):
            same = _sought(form)
            told = _about_form(form, same, own, owners.get(same), entity)
            if told:
                at = (
                    mark_of(root, "entities", index, "name")
                    if n < 0
                    else mark_of(root, "entities", index, "aliases", n)
                )
                yield Problem(file, *at, *told)
            own.add(same)
        for field, n, message, hint in _about_phrases(entity, own):
            yield Problem(file, *mark_of(root, "entities", index, field, n), message, hint)
        if not entity.notify:
            yield Problem(file, *mark, f"nobody is told of {entity.name!r}", "name a channel in its `notify`")
        for same in own - {""}:
            owners.setdefault(same, entity.name)


def _sought(text: str) -> str:
    """What is looked for in an article, without the spaces around it; empty where nothing can be."""
    head, star, _ = text.strip().partition("*")
    return key(head if star else text).strip() + star if head.strip() else ""


def _about_form(form: str, same: str, own: set[str], owner: str | None, entity: Entity) -> tuple[str, str] | None:
    """What is odd about one form, and what to do."""
    shown = form[:100]
    letters = same.rstrip("*")
    if not letters:
        stars = form.strip().startswith("*")
        why = "begins with `*`" if stars else "has no letter and no figure"
        return f"{shown!r} {why}, so no text can be found by it", "write a word; `*` may stand at its end"
    if same in own:
        return f"{shown!r} adds nothing: case, spacing, hyphens and accents make no difference", "take it out"
    if owner:
        return (
            f"{shown!r} is a form of {owner!r} too: both are told",
            "take it out of one, or tell them apart with `near`",
        )
    if entity.near and "*" not in same:
        return None
    return _by_chance(shown, letters, same)


def _by_chance(shown: str, letters: str, same: str) -> tuple[str, str] | None:
    """What of a form stands in articles that have nothing to do with the entity."""
    hint = "add `near`, or write a longer form"
    if letters.isdigit():
        return f"{shown!r} is a number and will be found by chance", hint
    if len(letters) == 1:
        return f"{shown!r} is one letter and will be found by chance", hint
    if letters in _STOP_WORDS:
        return f"{shown!r} is an everyday word and will be found by chance", hint
    if same.endswith("*") and len(letters) < _SHORT_STEM:
        return f"{shown!r} is found in every word that begins so", "write more letters before the `*`"
    return None


def _about_phrases(entity: Entity, own: set[str]) -> Iterator[tuple[str, int, str, str]]:
    """What of `exclude`, `near` and `forbid` has no effect or too much: field, place in it, what, and what to do."""
    for n, phrase in enumerate(entity.exclude):
        if _sought(phrase) in own - {""}:
            yield "exclude", n, f"{phrase!r} is a form of {entity.name!r} itself, which will never count", "take it out"
    for field, phrases in (("exclude", entity.exclude), ("near", entity.near)):
        for n, phrase in enumerate(phrases):
            if not _sought(phrase):
                yield (
                    field,
                    n,
                    f"{phrase[:100]!r} has no letter and no figure, so nothing is found by it",
                    "take it out",
                )
    for n in (n for n, phrase in enumerate(entity.near) if _sought(phrase) in _STOP_WORDS):
        yield "near", n, f"{entity.near[n]!r} stands in nearly every article, so it asks for nothing", "write another"
    if entity.forbid:
        yield from _about_forbidden(entity)


def _about_forbidden(entity: Entity) -> Iterator[tuple[str, int, str, str]]:
    made = {key(form.text) for form in forms(replace(entity, forbid=()))}
    for n, phrase in enumerate(entity.forbid):
        if key(phrase) not in made:
            yield "forbid", n, f"{phrase!r} is no form of {entity.name!r}", "see `wirewatch names` for those that are"
    if not made - {key(phrase) for phrase in entity.forbid}:
        yield "forbid", 0, f"every form of {entity.name!r} is forbidden, so it will never be found", "leave one"


def about_feeds(feeds: tuple[FeedSpec, ...], document: Document, root: Block, file: str) -> Iterator[Problem]:
    """Hosts with more feeds than can be read in the time."""
    if not feeds:
        yield Problem(file, 1, 1, "no feed is read, so nothing will alert", "add one below `feeds:`")
    by_host: dict[str, list[timedelta]] = {}
    for feed in feeds:
        by_host.setdefault((urlsplit(feed.url).hostname or "").lower(), []).append(feed.every)
    for host, intervals in by_host.items():
        said = document.hosts.get(host) or document.hosts.get(get_fld(f"http://{host}/", fail_silently=True) or host)
        gap = said.host_gap if said is not None and said.host_gap is not None else document.defaults.host_gap
        if len(intervals) * gap > min(intervals):
            message = f"{len(intervals)} feeds of {host[:100]} take longer than the time until the next poll"
            yield Problem(
                file, *root.keys_at.get("feeds", root.at), message, "poll them less often, or lower `host_gap`"
            )
