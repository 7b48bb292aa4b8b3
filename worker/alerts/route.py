"""Who is told: from the entities that an article names to the rows of the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from worker.watchlist.model import Watchlist
from worker.watchlist.schema import EmailChannel


class Recipient(NamedTuple):
    """One row of the outbox: a channel, and for mail one address, so that a partial refusal repeats no other."""

    channel: str
    recipient: str = ""


def recipients(named: Iterable[str], watchlist: Watchlist, also: Iterable[str] = ()) -> tuple[Recipient, ...]:
    """Who is told of an article that names the entities ``named``, each once.

    The channels of the entities in the watchlist's order, then those in ``also``, which the article's feed is sent to.
    """
    wanted = set(named)
    channels = dict.fromkeys(
        channel for entity in watchlist.entities if entity.name in wanted for channel in entity.notify
    ) | dict.fromkeys(also)
    return tuple(one for channel in channels if channel in watchlist.channels for one in of_channel(channel, watchlist))


def of_channel(channel: str, watchlist: Watchlist) -> tuple[Recipient, ...]:
    """All recipients of one channel of the watchlist."""
    config = watchlist.channels[channel]
    if isinstance(config, EmailChannel):
        return tuple(dict.fromkeys(Recipient(channel, address) for address in config.to))
    return (Recipient(channel),)


def of_all(watchlist: Watchlist, *, but: str | None = None) -> tuple[Recipient, ...]:
    """All recipients of all channels, leaving out the channel ``but``: who is told of the service's own trouble."""
    return tuple(one for channel in watchlist.channels if channel != but for one in of_channel(channel, watchlist))
