"""What a channel is: how an alert is put into its form, how it is handed over, and how that can fail.

A new channel is one small class in a file of its own and one line in ``registry``; ``docs/channels.md`` says how.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar

from worker.alerts.view import AlertView

DEADLINE = 40.0  # seconds that one sending may take; under half of the lease of ``deliver``


class Failure(StrEnum):
    """What is known of an alert whose sending failed.

    ``CERTAIN``: it did not arrive, and may another time. ``PERMANENT``: it did not arrive and never will.
    ``AMBIGUOUS``: the connection was lost after the alert went out, so it may have arrived.
    """

    CERTAIN = "certain"
    PERMANENT = "permanent"
    AMBIGUOUS = "ambiguous"


class Blame(StrEnum):
    """Whose trouble a failure is, and so what is to wait.

    ``ALERT``: this alert's; others may pass. ``SERVER``: the server cannot be reached, or is ill, and nothing passes.
    ``LOGIN``: the server does not know us until somebody mends the settings.
    """

    ALERT = "alert"
    SERVER = "server"
    LOGIN = "login"


class TransportError(Exception):
    """A sending that failed; the message holds no secret of the channel.

    ``retry_after`` is how long the server asked the whole channel to wait.
    """

    def __init__(
        self,
        failure: Failure,
        message: str,
        *,
        blame: Blame = Blame.ALERT,
        retry_after: timedelta | None = None,
    ) -> None:
        """Keep what failed, in words for the desk."""
        super().__init__(message)
        self.failure = failure
        self.message = message
        self.blame = blame
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Address:
    """Where one delivery goes.

    ``delivery`` names it among all deliveries of all archives. ``recipient`` is the mail address, empty on channels
    that have none. ``thread`` is the reference of the first message of the story that this recipient got. ``edits`` is
    the reference of the message that is to be changed instead of sending another.
    """

    delivery: str
    recipient: str = ""
    thread: str | None = None
    edits: str | None = None


class Channel(ABC):
    """A way to reach the desk. ``payload`` is plain JSON and holds no secret: it is kept in the archive.

    ``pace`` is the least time between two messages, ``room`` how many characters a digest may take. ``apart`` says that
    the recipients are on servers of their own, so that one may be down while the others are well.
    """

    pace: ClassVar[timedelta] = timedelta(0)
    room: ClassVar[int] = 200_000
    apart: ClassVar[bool] = False

    def __init__(self, name: str, config: Any) -> None:  # noqa: ANN401  # each class takes its own settings
        """Name the channel as the watchlist does, and take from its settings what sending needs."""
        self.name = name
        del config

    @property
    def edits(self) -> bool:
        """Whether the channel has threads in which a message can be changed; only such a channel is sent asides."""
        return False

    @abstractmethod
    def render(self, view: AlertView, address: Address) -> dict[str, Any]:
        """Put the alert into the channel's form. Called once; every attempt sends what it gave back."""

    @abstractmethod
    def send(self, payload: dict[str, Any]) -> str:
        """Hand the message over within ``DEADLINE`` and give back what the channel calls it.

        Raises TransportError.
        """

    def find(self, payload: dict[str, Any]) -> str | None:
        """Look for a message that may have arrived; None when it did not, or when the channel cannot tell.

        Raises TransportError when the question could not be asked and is to be asked again.
        """
        del payload
        return None

    def check(self) -> str:
        """Try the channel without sending an alert, and say in a few words what was tried. Raises TransportError."""
        return "nothing to try"
