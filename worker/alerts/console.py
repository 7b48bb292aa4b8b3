"""The console: alerts on standard output, while logs go to standard error."""

from __future__ import annotations

import os
import select
import sys
import threading
import time
from typing import Any, TextIO

from rich.console import Console as Terminal
from rich.text import Text

from worker.alerts.channel import DEADLINE, Address, Channel, Failure, TransportError
from worker.alerts.message import text
from worker.alerts.view import AlertView

PIECE = 512  # bytes; a pipe or terminal that says it has room has room for as much (POSIX: PIPE_BUF is 512 at least)
_printing = threading.Lock()


class Console(Channel):
    """Prints alerts; control characters were taken out of them, and nothing in them is read as mark-up."""

    def render(self, view: AlertView, address: Address) -> dict[str, Any]:
        """The first line apart, because it is printed bold."""
        del address
        first, _, rest = text(view).partition("\n")
        return {"title": first, "text": rest}

    def send(self, payload: dict[str, Any]) -> str:
        """Print the alert at once. A reader who does not read (a pager, a stopped terminal) is left after a while."""
        out = sys.stdout
        encoding = out.encoding or "utf-8"
        terminal = Terminal(file=out, markup=False, highlight=False, emoji=False, soft_wrap=True)
        with terminal.capture() as captured:
            for part, style in ((payload["title"], "bold"), (payload["text"], "")):
                terminal.print(Text(part.encode(encoding, "replace").decode(encoding), style=style))
        end = time.monotonic() + DEADLINE
        if not _printing.acquire(timeout=DEADLINE):
            raise TransportError(Failure.CERTAIN, "standard output: nobody reads it")
        try:
            _write(out, captured.get(), encoding, end)
        except (OSError, ValueError) as error:  # a pipe whose reader has gone, or a closed file
            raise TransportError(Failure.CERTAIN, f"standard output: {type(error).__name__}") from None
        finally:
            _printing.release()
        return ""


def _write(out: TextIO, words: str, encoding: str, end: float) -> None:
    """Write ``words`` to ``out`` until ``end`` on the monotonic clock. Raises TransportError."""
    out.flush()
    try:
        descriptor = out.fileno()
    except (AttributeError, OSError):  # something of this process's own, which does not make it wait
        out.write(words)
        out.flush()
        return
    room = select.poll()
    room.register(descriptor, select.POLLOUT)
    left = words.replace("\n", os.linesep).encode(encoding, "replace")
    whole = len(left)
    while left:
        if not room.poll(max(end - time.monotonic(), 0) * 1000):
            failure = Failure.CERTAIN if len(left) == whole else Failure.AMBIGUOUS
            raise TransportError(failure, "standard output: nobody reads it")
        left = left[os.write(descriptor, left[:PIECE]) :]
