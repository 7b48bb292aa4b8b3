"""Checks a tree against the schema and says what is wrong in the words of the file, at the place in the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from worker.watchlist import schema, values
from worker.watchlist.problems import Problem, meant
from worker.watchlist.tree import BROKEN, Block, Mark, Row, child

_SHOWN: Final = 60
_LONGEST: Final = 400
# What people write, and the key that they mean.
_SYNONYMS: Final = {
    "interval": "every", "frequency": "every", "poll": "every", "channel": "notify", "alert": "notify",
    "alerts": "notify", "send_to": "notify", "alias": "aliases", "aka": "aliases", "names": "aliases",
    "ignore": "exclude", "except": "exclude", "not": "exclude", "context": "near", "with": "near", "title": "name",
    "address": "url", "link": "url", "rss": "url", "file": "opml", "recipients": "to", "sender": "from",
    "server": "smtp", "host": "smtp", "webhook_url": "webhook", "sources": "feeds", "watch": "entities",
    "names_to_watch": "entities", "keep": "retention", "gap": "host_gap",
}  # fmt: skip
_KIND_SYNONYMS: Final = {
    "organisation": "agency", "organization": "agency", "org": "agency", "regulator": "agency", "ministry": "agency",
    "firm": "company", "corporation": "company", "business": "company", "human": "person", "people": "person",
    "subject": "topic", "theme": "topic", "keyword": "topic", "mail": "email", "e-mail": "email", "smtp": "email",
    "stdout": "console", "screen": "console", "terminal": "console",
}  # fmt: skip
_SHAPES: Final = {
    "tuple_type": ("takes a list", "write [one, two], or one item a line, each with `-` and a space in front"),
    "string_type": ("takes one text", "a list or a mapping cannot stand here; put text with { or [ in quotes"),
    "dict_type": ("takes keys below it", "write `key: value` lines, indented"),
    "model_type": ("takes keys below it", "write `key: value` lines, indented"),
    "dataclass_type": ("takes a duration", "write 30s, 5m, 2h or 7d"),
    "time_delta_type": ("takes a duration", "write 30s, 5m, 2h or 7d"),
    "model_attributes_type": ("takes keys below it", "write `key: value` lines, indented"),
}
# Channel keys whose value is no secret and helps to be shown.
_OPEN_KEYS: Final = frozenset(
    {"type", "from", "to", "channel", "api_url", "digest", "quiet", "at_most", "only", "time_zone"}
)


def check(root: Block, file: str) -> tuple[schema.Document | None, list[Problem]]:
    """Validate the tree. Gives the document, or None and every problem."""
    channels = root.get("channels")
    known: list[str] | None = [schema.DEFAULT_CHANNEL]
    if channels:
        known = list(channels) if isinstance(channels, Block) else None
    try:
        return schema.Document.model_validate(root, context={"channels": known}), []
    except ValidationError as error:
        told = (_problem(root, detail, file) for detail in error.errors(include_url=False))
        return None, [problem for problem in told if problem]


def _problem(root: Block, detail: ErrorDetails, file: str) -> Problem | None:
    loc = (*detail["loc"], "", "type") if detail["type"] == "union_tag_invalid" else detail["loc"]
    place = _locate(root, loc, on_key=detail["type"] == "extra_forbidden")
    if place.value is BROKEN or detail.get("input") is BROKEN:
        return None
    if detail["type"] == "too_short" and place.value:
        return None  # its items are wrong, which is told of each
    message, hint = _EXPLAIN.get(detail["type"], _shape)(place, detail)
    return Problem(file, *place.mark, message[:_LONGEST], hint[:_LONGEST])


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an error is: the keys down to it, the container that holds it and under what, its value, where to point."""

    path: tuple[int | str, ...]
    at: int | str
    holder: Block | Row | None
    value: object
    mark: Mark
    on_key: bool

    @property
    def name(self) -> str:
        """What to call it."""
        last = self.path[-1] if self.path else "the file"
        if isinstance(last, str):
            return f"`{last[:_SHOWN]}`"
        return f"this item of `{next(part for part in reversed(self.path) if isinstance(part, str))}`"

    @property
    def owner(self) -> str:
        """What to call the thing above it."""
        return replace(self, path=self.path[:-1]).name

    @property
    def substituted(self) -> bool:
        """Whether the value came from the environment; then it is never shown, nor a hint that is made of it."""
        return self.holder is not None and self.at in self.holder.written

    @property
    def shown(self) -> str:
        """The text of the file to repeat in a message: never a secret, never what came from the environment."""
        if not isinstance(self.value, str) or self.on_key:
            return ""
        if self.path[0] == "channels" and not _OPEN_KEYS.intersection(map(str, self.path[2:])):
            return ""
        if {"headers", "credentials"}.intersection(map(str, self.path)):
            return ""
        text = self.holder.written.get(self.at, self.value) if self.holder is not None else self.value
        return f"{values.masked(text)} "


def _locate(root: Block, loc: tuple[int | str, ...], *, on_key: bool) -> _Place:
    """Follow the schema's path through the tree as far as it is written."""
    if loc[-1:] == ("[key]",):
        loc, on_key = loc[:-1], True
    if len(loc) > 2 and loc[0] in {"channels", "feeds"}:  # noqa: PLR2004 - section, item, and the union's member
        loc = (*loc[:2], *loc[3:])
    holder: Block | Row | None = None
    node: object = root
    mark = root.at
    at: int | str = ""
    for depth, part in enumerate(loc):
        if isinstance(node, str):  # one text stands for a list of one; the item is the text
            continue
        at, holder = part, node if isinstance(node, (Block, Row)) else None
        found = child(node, part)
        if found is None:
            return _Place(loc, at, holder, None, mark, on_key)
        node, mark = found
        # A block begins in the line below its key, and an empty value has no place: the key is what to point at.
        at_end = depth == len(loc) - 1
        if isinstance(holder, Block) and (isinstance(node, (Block, Row)) or node is None or (on_key and at_end)):
            mark = holder.keys_at[str(part)]
    return _Place(loc, at, holder, node, mark, on_key)


_Told = tuple[str, str]


def _fault(place: _Place, detail: ErrorDetails) -> _Told:
    context = detail["ctx"]
    if context["alone"]:
        return f"`{place.path[1]}` {context['said']}", context["hint"]
    colon = ": " if place.shown else " "
    return f"{place.name}{colon}{place.shown}{context['said']}", "" if place.substituted else context["hint"]


def _unknown(place: _Place, _detail: ErrorDetails) -> _Told:
    return f"unknown key {place.name}", meant(str(place.path[-1]), _keys(place), _SYNONYMS)


def _missing(place: _Place, _detail: ErrorDetails) -> _Told:
    blank = place.holder is not None and place.path[-1] in place.holder.values_at
    message = f"{place.name} has no value" if blank else f"{place.owner} has no {place.name}"
    return message, f"write `{place.path[-1]}: …`"


def _no_type(place: _Place, _detail: ErrorDetails) -> _Told:
    return f"{place.name} has no `type`", f"write `type: …`; it can be: {', '.join(schema.CHANNELS)}"


def _wrong_type(place: _Place, _detail: ErrorDetails) -> _Told:
    return f"{place.name}: {place.shown}is no kind of channel", _choice(place, tuple(schema.CHANNELS))


def _wrong_kind(place: _Place, _detail: ErrorDetails) -> _Told:
    return f"{place.name}: {place.shown}is not one of the kinds", _choice(place, schema.KINDS)


def _choice(place: _Place, known: tuple[str, ...]) -> str:
    if place.substituted or not isinstance(place.value, str):
        return f"it can be: {', '.join(known)}"
    return meant(place.value, known, _KIND_SYNONYMS)


def _too_short(place: _Place, _detail: ErrorDetails) -> _Told:
    return f"{place.name} is an empty list", "write at least one"


def _shape(place: _Place, detail: ErrorDetails) -> _Told:
    said, hint = _SHAPES.get(detail["type"], (f"cannot be used: {detail['type'].replace('_', ' ')}", ""))
    if detail["type"] == "model_type" and len(place.path) == 2:  # noqa: PLR2004 - an item of a section
        hint = {"feeds": "write `- url: https://…`", "entities": "write `- name: …`"}.get(str(place.path[0]), hint)
    return f"{place.name} {'has nothing after it' if place.value is None else said}", hint


_EXPLAIN: Final[dict[str, Callable[[_Place, ErrorDetails], _Told]]] = {
    "fault": _fault,
    "extra_forbidden": _unknown,
    "missing": _missing,
    "union_tag_not_found": _no_type,
    "union_tag_invalid": _wrong_type,
    "literal_error": _wrong_kind,
    "too_short": _too_short,
}


def _keys(place: _Place) -> tuple[str, ...]:
    """The keys that the section around the place takes."""
    above: dict[str, Any] = place.holder if isinstance(place.holder, Block) else {}
    match place.path[:-1]:
        case ("channels", _):
            return schema.CHANNELS[str(above["type"])].keys()
        case ("defaults", "notify_by_kind"):
            return schema.ByKind.keys()
        case ("defaults",):
            return schema.Defaults.keys()
        case ("feeds", _):
            return schema.FEEDS[schema.feed_tag(above)].keys()
        case ("entities", _):
            return schema.EntityItem.keys()
    return schema.Document.keys()
