"""The watchlist: what the desk watches, where it is read, and who is told.

``load`` reads the file, ``parse`` its text; both give a :class:`Watchlist` or raise a :class:`WatchlistError` that
holds every problem at once. The steps: ``tree`` (YAML with positions) → ``schema`` (what may stand where) → ``checks``
(what must not stand twice) → ``opml`` (feeds from other files) → ``resolve`` (defaults filled in, feeds expanded).
"""

from __future__ import annotations

from worker.watchlist.load import load, parse
from worker.watchlist.model import FeedSpec, Watchlist
from worker.watchlist.problems import Problem, WatchlistError
from worker.watchlist.schema import (
    AppriseChannel,
    ChannelConfig,
    ConsoleChannel,
    EmailChannel,
    SlackChannel,
    WebhookChannel,
    json_schema,
)

__all__ = [
    "AppriseChannel",
    "ChannelConfig",
    "ConsoleChannel",
    "EmailChannel",
    "FeedSpec",
    "Problem",
    "SlackChannel",
    "Watchlist",
    "WatchlistError",
    "WebhookChannel",
    "json_schema",
    "load",
    "parse",
]
