"""From the checked document to the watchlist: defaults filled in, OPML and ``{name}`` expanded, one feed an address."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote_plus, urlsplit

from pydantic import SecretStr

from worker.types import Entity
from worker.watchlist.checks import same_address, same_name
from worker.watchlist.model import FeedSpec, Watchlist
from worker.watchlist.opml import Outline
from worker.watchlist.problems import Problem
from worker.watchlist.schema import DEFAULT_CHANNEL, ChannelConfig, ConsoleChannel, Document, FeedItem
from worker.watchlist.tree import Block, Mark, Row, child

_KEY_ROUNDS: Final = 50_000


def resolve(
    document: Document, root: Block, file: str, opml: Mapping[str, tuple[Outline, ...]], files: tuple[str, ...]
) -> Watchlist:
    """Make the watchlist. ``opml`` holds the feeds of each OPML file under the name that the document gives it."""
    channels: dict[str, ChannelConfig] = dict(document.channels) or {DEFAULT_CHANNEL: ConsoleChannel(type="console")}
    notify = document.defaults.notify if document.defaults.notify is not None else tuple(channels)
    entities = tuple(
        Entity(
            name=item.name,
            kind=item.kind,
            aliases=item.aliases,
            exclude=item.exclude,
            near=item.near,
            notify=_once(item.notify if item.notify is not None else notify),
        )
        for item in document.entities
    )
    feeds, warnings = _one_an_address(_expand(document, root, file, opml, entities), file)
    fixed: dict[str, Any] = {
        "channels": channels,
        "feeds": feeds,
        "entities": entities,
        "every": document.defaults.every,
        "notify": _once(notify),
        "host_gap": document.defaults.host_gap,
        "since": document.defaults.since,
        "retention": document.retention,
    }
    warnings += [*_about_entities(entities, root, file), *_about_feeds(feeds, document, root, file)]
    return Watchlist(**fixed, digest=_digest(fixed), files=files, warnings=tuple(sorted(set(warnings))))


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _expand(
    document: Document,
    root: Block,
    file: str,
    opml: Mapping[str, tuple[Outline, ...]],
    entities: tuple[Entity, ...],
) -> Iterator[tuple[FeedSpec, Mark]]:
    for index, item in enumerate(document.feeds):
        mark = _mark(root, "feeds", index)
        every, notify, here = item.every or document.defaults.every, _once(item.notify), f"{file}:{mark.line}"
        if not isinstance(item, FeedItem):
            for outline in opml[item.opml]:
                yield FeedSpec(outline.url, outline.name, every, notify, where=f"{item.opml}:{outline.line}"), mark
        elif "{name}" not in item.url:
            yield FeedSpec(item.url, item.name or "", every, notify, where=here), mark
        else:
            for entity in entities:
                url = item.url.replace("{name}", quote_plus(entity.name))
                name = (item.name or "").replace("{name}", entity.name)
                yield FeedSpec(url, name, every, notify, entity.name, where=here), mark


def _one_an_address(found: Iterator[tuple[FeedSpec, Mark]], file: str) -> tuple[tuple[FeedSpec, ...], list[Problem]]:
    """Keep the first of each address. Those written by hand twice were refused before."""
    kept: dict[str, FeedSpec] = {}
    warnings = []
    for feed, mark in found:
        same = same_address(feed.url)
        if same in kept:
            message = f"a feed of {feed.where} is left out, for {kept[same].where} has the same address"
            warnings.append(Problem(file, mark.line, mark.column, message, "nothing is lost"))
        else:
            kept[same] = feed
    return tuple(kept.values()), warnings


def _about_entities(entities: tuple[Entity, ...], root: Block, file: str) -> Iterator[Problem]:
    if not entities:
        yield Problem(file, 1, 1, "no entity is watched, so nothing will alert", "add one below `entities:`")
    owners: dict[str, Entity] = {}
    for index, entity in enumerate(entities):
        mark = _mark(root, "entities", index)
        forms = [(entity.name, mark)]
        forms += [(alias, _mark(root, "entities", index, "aliases", n)) for n, alias in enumerate(entity.aliases)]
        own: set[str] = set()
        for form, at in forms:
            same = same_name(form)
            if sum(character.isalnum() for character in form) <= 1:
                yield Problem(file, *at, f"{form!r} is one letter and will be found by chance", "write a longer form")
            if same in own:
                yield Problem(file, *at, f"{form!r} adds nothing: case and spacing make no difference", "take it out")
            elif same in owners:
                message = f"{form!r} is a form of {owners[same].name!r} too: both are told"
                yield Problem(file, *at, message, "take it out of one, or tell them apart with `near`")
            own.add(same)
            owners.setdefault(same, entity)
        for n, phrase in enumerate(entity.exclude):
            if same_name(phrase) in own:
                at = _mark(root, "entities", index, "exclude", n)
                yield Problem(file, *at, f"{phrase!r} is a form of {entity.name!r} itself: it will never count", "")
        if not entity.notify:
            yield Problem(file, *mark, f"nobody is told of {entity.name!r}", "name a channel in its `notify`")


def _about_feeds(feeds: tuple[FeedSpec, ...], document: Document, root: Block, file: str) -> Iterator[Problem]:
    if not feeds:
        yield Problem(file, 1, 1, "no feed is read, so nothing will alert", "add one below `feeds:`")
    by_host: dict[str, list[timedelta]] = {}
    for feed in feeds:
        by_host.setdefault(urlsplit(feed.url).hostname or "", []).append(feed.every)
    for host, intervals in by_host.items():
        needed = len(intervals) * document.defaults.host_gap
        if needed > min(intervals):
            message = f"{len(intervals)} feeds of {host[:100]} take longer than the time until the next poll"
            yield Problem(
                file, *root.keys_at.get("feeds", root.at), message, "poll them less often, or lower `host_gap`"
            )
    items = root.get("feeds")
    for item in items if isinstance(items, Row) else ():
        if isinstance(item, Block) and "url" in item.written:
            message = "the address holds a variable; addresses are shown in logs, alerts and the archive"
            yield Problem(file, *item.values_at["url"], message, "keep secrets out of feed addresses")


def _mark(root: Block, *path: str | int) -> Mark:
    """Where the place stands, or the nearest above it that is written (one text may stand for a list)."""
    node: object = root
    mark = root.at
    for part in path:
        found = child(node, part)
        if found is None:
            break
        node, mark = found
    return mark


def _digest(content: Mapping[str, Any]) -> str:
    """A hash of the content. It is stored, so a secret goes in slowly hashed: a weak one cannot be guessed from it."""

    def plain(value: object) -> object:
        if isinstance(value, SecretStr):
            secret = value.get_secret_value().encode()
            return hashlib.pbkdf2_hmac("sha256", secret, b"wirewatch watchlist", _KEY_ROUNDS).hex()
        return value.total_seconds() if isinstance(value, timedelta) else str(value)

    readable = {
        **content,
        "channels": {name: channel.model_dump() for name, channel in content["channels"].items()},
        "feeds": [{**asdict(feed), "where": ""} for feed in content["feeds"]],
        "entities": [asdict(entity) for entity in content["entities"]],
    }
    return hashlib.sha256(json.dumps(readable, default=plain, sort_keys=True).encode()).hexdigest()
