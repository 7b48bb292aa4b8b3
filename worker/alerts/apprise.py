"""Everything that the library Apprise can reach: Telegram, Matrix, Teams and a hundred others."""

from __future__ import annotations

import logging
from typing import Any

from apprise import Apprise as Notifier
from apprise import NotifyFormat

from worker.alerts.channel import Address, Channel, Failure, TransportError
from worker.alerts.message import AlertView, show, text
from worker.watchlist.schema import AppriseChannel

logging.getLogger("apprise").disabled = True  # it writes whole addresses, which hold the tokens, into its log


class Apprise(Channel):
    """One or more addresses of Apprise. It only says whether all of them took the message."""

    def __init__(self, name: str, config: AppriseChannel) -> None:
        """Keep the addresses."""
        super().__init__(name, config)
        self._urls = [url.get_secret_value() for url in config.url]

    def render(self, view: AlertView, address: Address) -> dict[str, Any]:
        """A title and a text."""
        del address
        return {"title": show(view).subject, "body": text(view)}

    def send(self, payload: dict[str, Any]) -> str:
        """Hand the message over."""
        try:
            sent = self._notifier().notify(
                title=payload["title"], body=payload["body"], body_format=NotifyFormat.TEXT, interpret_escapes=False
            )
        except TransportError:
            raise
        except Exception as error:  # noqa: BLE001  # its plugins raise whatever their libraries do
            raise TransportError(Failure.CERTAIN, f"Apprise: {type(error).__name__}") from None
        if not sent:
            raise TransportError(Failure.CERTAIN, "Apprise could not hand the message over")
        return ""

    def check(self) -> str:
        """See whether Apprise knows the addresses; nothing is sent."""
        self._notifier()
        return "Apprise knows the address; whether it is accepted shows only when something is sent"

    def _notifier(self) -> Notifier:
        notifier = Notifier()
        if not notifier.add(self._urls):
            raise TransportError(Failure.CERTAIN, "Apprise does not know an address of this channel")
        return notifier
