"""The channels there are, by the ``type`` that the watchlist gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worker.alerts.apprise import Apprise
from worker.alerts.channel import Channel
from worker.alerts.console import Console
from worker.alerts.email import Email
from worker.alerts.slack import Slack
from worker.alerts.webhook import Webhook

CHANNELS: Mapping[str, type[Channel]] = {
    "slack": Slack,
    "email": Email,
    "console": Console,
    "apprise": Apprise,
    "webhook": Webhook,
}


def make(name: str, config: Any) -> Channel:  # noqa: ANN401  # each class takes its own settings
    """Make the channel that the watchlist calls ``name``."""
    return CHANNELS[config.type](name, config)
