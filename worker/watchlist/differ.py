"""What differs between two watchlists, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from worker.types import Entity
from worker.watchlist.model import FeedSpec, Watchlist

SECRET: Final = frozenset({"url", "credentials"})  # of a feed: with what came from the environment filled in


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the new watchlist has, lacks, or has otherwise. ``change`` is added, removed or changed."""

    change: str
    what: str
    name: str
    detail: str = ""


def differences(old: Watchlist, new: Watchlist) -> tuple[Difference, ...]:
    """Everything that an edit changes: entities, feeds, channels and what holds for all of them.

    Of a channel, and of the address of a feed, it is told that it changed and not how: that may be a secret.
    """
    found: list[Difference] = []
    found += _between("entity", *({one.name: one for one in each.entities} for each in (old, new)), detail=_fields)
    found += _between(
        "feed", *({one.shown or one.url: one for one in each.feeds} for each in (old, new)), detail=_fields
    )
    found += _between("channel", old.channels, new.channels, detail=lambda *_: "its settings")
    for name in ("host_gap", "since", "retention"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            found.append(Difference("changed", "setting", name, f"{before} → {after}"))
    return tuple(found)


def _between(
    what: str, old: Mapping[str, Any], new: Mapping[str, Any], *, detail: Callable[[Any, Any], str]
) -> Iterable[Difference]:
    yield from (Difference("removed", what, name) for name in old if name not in new)
    for name, value in new.items():
        if name not in old:
            yield Difference("added", what, name)
        elif value != old[name]:
            yield Difference("changed", what, name, detail(old[name], value))


def _fields(old: Entity | FeedSpec, new: Entity | FeedSpec) -> str:
    assert is_dataclass(old)  # noqa: S101  # both are, which the checker cannot tell of a union
    told = []
    for one in fields(old):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if not one.compare or before == after:
            continue
        if one.name in SECRET:
            told.append(f"its {one.name}")
            continue
        if isinstance(before, tuple):
            gone = [f"-{item}" for item in before if item not in after]
            come = [f"+{item}" for item in after if item not in before]
            told.append(f"{one.name}: {', '.join([*come, *gone]) or 'another order'}")
        else:
            told.append(f"{one.name}: {before} → {after}")
    return "; ".join(told)
