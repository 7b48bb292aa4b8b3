"""From the checked document to the watchlist: defaults filled in, OPML and ``{name}`` expanded, one feed an address."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote_plus

from pydantic import SecretStr

from worker.types import Entity
from worker.watchlist.checks import same_address
from worker.watchlist.model import FeedSpec, Watchlist, Wish
from worker.watchlist.oddities import about_entities, about_feeds
from worker.watchlist.opml import Outline
from worker.watchlist.problems import Problem, WatchlistError
from worker.watchlist.schema import DEFAULT_CHANNEL, ChannelConfig, ConsoleChannel, Document, FeedItem
from worker.watchlist.tree import Block, Mark, mark_of, written

_KEY_ROUNDS: Final = 50_000
MAX_FEEDS: Final = 50_000


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
            forbid=item.forbid,
            generate=item.generate,
            near=item.near,
            notify=_once(_first(item.notify, getattr(document.defaults.notify_by_kind, item.kind), notify)),
        )
        for item in document.entities
    )
    if sum("{name}" in item.url for item in document.feeds if isinstance(item, FeedItem)) * len(entities) > MAX_FEEDS:
        mark = root.keys_at["feeds"]
        message = f"{{name}} in the feeds makes more than {MAX_FEEDS:,} feeds of {len(entities):,} entities"
        raise WatchlistError([Problem(file, *mark, message, "use {name} in fewer feeds")], files)
    feeds, warnings = _one_an_address(_expand(document, root, file, opml, entities), file)
    fixed: dict[str, Any] = {
        "channels": channels,
        "feeds": feeds,
        "entities": entities,
        "every": document.defaults.every.least,
        "notify": _once(notify),
        "host_gap": document.defaults.host_gap,
        "hosts": dict(document.hosts),
        "since": document.defaults.since,
        "retention": document.retention,
        "wishes": {
            item.name: Wish(item.digest, item.at_most, item.only)
            for item in document.entities
            if item.digest or item.at_most or item.only
        },
        "time_zone": document.defaults.time_zone,
    }
    warnings += [*about_entities(entities, root, file), *about_feeds(feeds, document, root, file)]
    credentials = {feed.url: feed.credentials for feed in feeds if feed.credentials is not None}
    return Watchlist(
        **fixed, digest=_digest(fixed), credentials=credentials, files=files, warnings=tuple(sorted(set(warnings)))
    )


def _first(*names: tuple[str, ...] | None) -> tuple[str, ...]:
    return next((given for given in names if given is not None), ())


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
        mark = mark_of(root, "feeds", index)
        notify, here = _once(item.notify), f"{file}:{mark.line}"
        pace = item.every or document.defaults.every
        every, slowest = pace.least, pace.most
        if not isinstance(item, FeedItem):
            label = written(root, "feeds", index, "opml") or item.opml
            for outline in opml[item.opml]:
                where = f"{label}:{outline.line}"
                url, name = outline.url, outline.name
                yield FeedSpec(url, name, every, notify, slowest=slowest, where=where, shown=url), mark
            continue
        key, shown = item.credentials, written(root, "feeds", index, "url") or item.url
        if "{name}" not in item.url:
            made = FeedSpec(item.url, item.name or "", every, notify, None, slowest, key, where=here, shown=shown)
            yield made, mark
            continue
        for entity in entities:
            url, seen = (text.replace("{name}", quote_plus(entity.name)) for text in (item.url, shown))
            name = (item.name or "").replace("{name}", entity.name)
            yield FeedSpec(url, name, every, notify, entity.name, slowest, key, where=here, shown=seen), mark


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
        "feeds": [
            (feed.url, feed.name, feed.every, feed.slowest, feed.notify, feed.entity, feed.credentials)
            for feed in content["feeds"]
        ],
        "hosts": {name: host.model_dump() for name, host in content["hosts"].items()},
        "entities": [repr(entity) for entity in content["entities"]],
    }
    return hashlib.sha256(json.dumps(readable, default=plain, sort_keys=True).encode()).hexdigest()
