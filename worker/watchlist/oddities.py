"""What looks wrong and does not stand in the way: the warnings, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from worker.types import Entity
from worker.watchlist.checks import same_name
from worker.watchlist.model import FeedSpec
from worker.watchlist.problems import Problem
from worker.watchlist.tree import Block, mark_of

# The words that stand in nearly every English or Russian article.
_STOP_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        """
        a about after all also an and are as at be been but by can could for from had has have he her his if in into is
        it its more new no not of on one or other our out over said she so some than that the their them there they this
        to up was we were what when which who will with would you
        а без был была были было быть в вам вас весь во вот все всё вы где да для до его ее её если есть еще ещё же за и
        из или им их к как ко когда кто ли мы на над не нет но о об он она они от по под при про с со так также то
        только у уже что чтобы это этот я
        """,
    )
)


def about_entities(entities: tuple[Entity, ...], root: Block, file: str) -> Iterator[Problem]:
    """Forms that will be found by chance, that add nothing or that two entities share; entities nobody is told of."""
    if not entities:
        yield Problem(file, 1, 1, "no entity is watched, so nothing will alert", "add one below `entities:`")
    owners: dict[str, str] = {}
    for index, entity in enumerate(entities):
        mark = mark_of(root, "entities", index)
        own: set[str] = set()
        for n, form in enumerate((entity.name, *entity.aliases), start=-1):
            same = same_name(form)
            told = _about_form(form, same, own, owners.get(same), entity)
            if told:
                at = (
                    mark_of(root, "entities", index, "name")
                    if n < 0
                    else mark_of(root, "entities", index, "aliases", n)
                )
                yield Problem(file, *at, *told)
            own.add(same)
        for n, phrase in enumerate(entity.exclude):
            if same_name(phrase) in own:
                at = mark_of(root, "entities", index, "exclude", n)
                yield Problem(file, *at, f"{phrase!r} is a form of {entity.name!r} itself, which will never count")
        if not entity.notify:
            yield Problem(file, *mark, f"nobody is told of {entity.name!r}", "name a channel in its `notify`")
        for same in own:
            owners.setdefault(same, entity.name)


def _about_form(form: str, same: str, own: set[str], owner: str | None, entity: Entity) -> tuple[str, str] | None:
    """What is odd about one form, and what to do."""
    if same in own:
        return f"{form!r} adds nothing: case and spacing make no difference", "take it out"
    if owner:
        return (
            f"{form!r} is a form of {owner!r} too: both are told",
            "take it out of one, or tell them apart with `near`",
        )
    if len(same) == 1:
        return f"{form!r} is one letter and will be found by chance", "write a longer form"
    if same in _STOP_WORDS and not entity.near:
        return f"{form!r} is an everyday word and will be found by chance", "add `near`, or write a longer form"
    return None


def about_feeds(feeds: tuple[FeedSpec, ...], host_gap: timedelta, root: Block, file: str) -> Iterator[Problem]:
    """Hosts with more feeds than can be read in the time."""
    if not feeds:
        yield Problem(file, 1, 1, "no feed is read, so nothing will alert", "add one below `feeds:`")
    by_host: dict[str, list[timedelta]] = {}
    for feed in feeds:
        by_host.setdefault(urlsplit(feed.url).hostname or "", []).append(feed.every)
    for host, intervals in by_host.items():
        needed = len(intervals) * host_gap
        if needed > min(intervals):
            message = f"{len(intervals)} feeds of {host[:100]} take longer than the time until the next poll"
            yield Problem(
                file, *root.keys_at.get("feeds", root.at), message, "poll them less often, or lower `host_gap`"
            )
