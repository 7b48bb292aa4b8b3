"""Who is told: from the entities that an article names to the rows of the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from worker.types import Entity


class Routes(Protocol):
    """The part of a watchlist that decides who is told."""

    @property
    def channels(self) -> Mapping[str, Any]:
        """The channels' settings by name."""

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The watched entities."""


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """One row of the outbox: a channel, and for mail one address, so that a partial refusal repeats no other."""

    channel: str
    recipient: str = ""


def recipients(named: Iterable[str], watchlist: Routes) -> tuple[Recipient, ...]:
    """Who is told of an article that names the entities ``named``, each once, in the watchlist's order."""
    wanted = set(named)
    channels = dict.fromkeys(
        channel for entity in watchlist.entities if entity.name in wanted for channel in entity.notify
    )
    return tuple(one for channel in channels if channel in watchlist.channels for one in of_channel(channel, watchlist))


def of_channel(channel: str, watchlist: Routes) -> tuple[Recipient, ...]:
    """All recipients of one channel of the watchlist."""
    addresses = getattr(watchlist.channels[channel], "to", None)
    if addresses is None:
        return (Recipient(channel),)
    return tuple(dict.fromkeys(Recipient(channel, str(address)) for address in addresses))


def of_all(watchlist: Routes, *, but: str | None = None) -> tuple[Recipient, ...]:
    """All recipients of all channels, leaving out the channel ``but``: who is told of the service's own trouble."""
    return tuple(one for channel in watchlist.channels if channel != but for one in of_channel(channel, watchlist))
