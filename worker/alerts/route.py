"""Who is told: from the entities that an article names to the rows of the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from pydantic import SecretStr

from worker.watchlist.model import Watchlist
from worker.watchlist.schema import AppriseChannel, EmailChannel


class Recipient(NamedTuple):
    """One row of the outbox: a channel, and one address where it has several, so that a refusal repeats no other."""

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
    if isinstance(config, AppriseChannel):
        return tuple(Recipient(channel, name) for name in apprise_addresses(config))
    return (Recipient(channel),)


def apprise_addresses(config: AppriseChannel) -> dict[str, SecretStr]:
    """The addresses of an Apprise channel by names that hold no secret and that stay when the list is edited.

    A name is the kind of address and eight digits of its hash: too few to find a password by trying.
    """

    def name(address: str) -> str:
        kind, mark, _ = address.partition("://")  # without a mark all of it may be the secret
        return f"{kind if mark and kind.isalnum() else 'address'} {sha256(address.encode()).hexdigest()[:8]}"

    return {name(url.get_secret_value()): url for url in config.url}


def of_all(watchlist: Watchlist, *, but: str | None = None) -> tuple[Recipient, ...]:
    """All recipients of all channels, leaving out the channel ``but``: who is told of the service's own trouble."""
    return tuple(one for channel in watchlist.channels if channel != but for one in of_channel(channel, watchlist))
