"""The console: alerts on standard output, while logs go to standard error."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console as Terminal
from rich.text import Text

from worker.alerts.channel import Address, Channel, Failure, TransportError
from worker.alerts.message import AlertView, text


class Console(Channel):
    """Prints alerts; control characters were taken out of them, and nothing in them is read as mark-up."""

    def render(self, view: AlertView, address: Address) -> dict[str, Any]:
        """The first line apart, because it is printed bold."""
        del address
        first, _, rest = text(view).partition("\n")
        return {"title": first, "text": rest}

    def send(self, payload: dict[str, Any]) -> str:
        """Print the alert at once."""
        out = sys.stdout
        encoding = out.encoding or "utf-8"
        try:
            terminal = Terminal(file=out, markup=False, highlight=False, emoji=False, soft_wrap=True)
            for part, style in ((payload["title"], "bold"), (payload["text"], "")):
                terminal.print(Text(part.encode(encoding, "replace").decode(encoding), style=style))
            out.flush()
        except (OSError, ValueError) as error:  # a pipe whose reader has gone, or a closed file
            raise TransportError(Failure.CERTAIN, f"standard output: {type(error).__name__}") from None
        return ""
