"""The watchlist as the service uses it: nothing left to look up, expand or default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import SecretStr

from worker.types import Entity
from worker.watchlist.problems import Problem
from worker.watchlist.schema import ChannelConfig, HostItem
from worker.watchlist.times import Rate, Times


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed to poll.

    ``name`` is empty where the feed's own title is to be used. ``notify`` are channels told of this feed's alerts in
    addition to the entity's. ``entity`` is the entity that a ``{name}`` address was made for, else None. ``where`` is
    the place in a file that named the feed. Where ``slowest`` is longer than ``every``, the interval adapts between the
    two. ``credentials`` are ``user:password`` for the feed's server. ``shown`` is the address
    as it is written there: a variable, not its value.
    """

    url: str
    name: str
    every: timedelta
    notify: tuple[str, ...] = ()
    entity: str | None = None
    slowest: timedelta | None = None
    credentials: SecretStr | None = None
    where: str = field(default="", compare=False)
    shown: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """How the desk wants to be told of one entity; where it says nothing the channel's own wish holds."""

    digest: Times | None = None
    at_most: Rate | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Watchlist:
    """Everything that the file says, resolved.

    ``digest`` changes when the content does (also a secret's), not when a comment does. ``files`` are all files that
    were read. ``warnings`` are oddities that do not stand in the way. Secrets show as stars in ``repr``. ``wishes``
    holds the entities that have any; ``time_zone`` is that of the channels that name none.
    """

    channels: Mapping[str, ChannelConfig]
    feeds: tuple[FeedSpec, ...]
    entities: tuple[Entity, ...]
    every: timedelta
    notify: tuple[str, ...]
    host_gap: timedelta
    since: timedelta
    retention: timedelta
    digest: str
    wishes: Mapping[str, Wish] = field(default_factory=dict)
    time_zone: str = "UTC"
    hosts: Mapping[str, HostItem] = field(default_factory=dict)
    credentials: Mapping[str, SecretStr] = field(default_factory=dict)
    files: tuple[str, ...] = field(default=(), compare=False)
    warnings: tuple[Problem, ...] = field(default=(), compare=False)
