"""Everything that the library Apprise can reach: Telegram, Matrix, Teams and a hundred others."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from apprise import Apprise as Notifier
from apprise import AppriseAsset, NotifyFormat

from worker.alerts.channel import DEADLINE, Address, Channel, Failure, TransportError
from worker.alerts.message import show, text
from worker.alerts.route import apprise_addresses
from worker.alerts.view import AlertView
from worker.watchlist.schema import AppriseChannel

logging.getLogger("apprise").disabled = True  # it writes whole addresses, which hold the tokens, into its log


class Apprise(Channel):
    """Addresses of Apprise, one recipient each.

    The library says whether an address took the message, and not why it did not: a message that it does not call taken
    may have arrived.
    """

    apart: ClassVar[bool] = True

    def __init__(self, name: str, config: AppriseChannel) -> None:
        """Keep the addresses."""
        super().__init__(name, config)
        self._addresses = apprise_addresses(config)

    def render(self, view: AlertView, address: Address) -> dict[str, Any]:
        """A title, a text, and which address is meant."""
        return {"to": address.recipient, "title": show(view).subject, "body": text(view)}

    def send(self, payload: dict[str, Any]) -> str:
        """Hand the message over. After ``DEADLINE`` it is left behind, and may still arrive."""
        address = self._addresses.get(payload["to"])
        if address is None:
            raise TransportError(Failure.CERTAIN, "the address has left the watchlist")
        notifier = _notifier(address.get_secret_value())
        try:
            sent = notifier.notify(
                title=payload["title"], body=payload["body"], body_format=NotifyFormat.TEXT, interpret_escapes=False
            )
        except Exception as error:  # noqa: BLE001  # its plugins raise whatever their libraries do
            raise TransportError(Failure.AMBIGUOUS, f"Apprise: {type(error).__name__}") from None
        if not sent:
            raise TransportError(Failure.AMBIGUOUS, "Apprise could not hand the message over, and does not say why")
        return ""

    def check(self) -> str:
        """See whether Apprise knows the addresses; nothing is sent."""
        for address in self._addresses.values():
            _notifier(address.get_secret_value())
        return "Apprise knows the address; whether it is accepted shows only when something is sent"


def _notifier(address: str) -> Notifier:
    notifier = Notifier(asset=AppriseAsset(service_timeout=DEADLINE))
    if not notifier.add(address):
        raise TransportError(Failure.CERTAIN, "Apprise does not know an address of this channel")
    return notifier
