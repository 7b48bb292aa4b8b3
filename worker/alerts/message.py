"""What the desk reads: the contents of one alert, and the subject and the plain text made from them.

Made to be read in five seconds: the subject and the first line say which entity, what kind of news, the headline and
the source. What is new stands next, the rest below it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertKind(StrEnum):
    """What an alert brings: a new story, an update of a known one, or a notice about the service itself."""

    NEW = "new"
    UPDATE = "update"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Named:
    """A watched entity that the article names: the forms that stand there, and the sentence of the first of them."""

    entity: str
    sentence: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who else carried the article."""

    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story so far: an earlier alert."""

    at: datetime
    headline: str


@dataclass(frozen=True, slots=True)
class AlertView:
    """All that an alert can show, taken from the archive; texts and addresses are as they came from outside.

    ``token`` names the alert among all alerts of all archives (see ``token``), ``root`` is the token of the story's
    first alert, None when this is it. ``sentences`` are the new ones of an update, the lead of a new story.
    ``known_figures`` are the figures that the story's earlier articles had. ``body`` is what a notice says.
    """

    token: str
    kind: AlertKind
    at: datetime
    headline: str
    story: int | None = None
    root: str | None = None
    url: str = ""
    source: str = ""
    published: datetime | None = None
    entities: tuple[Named, ...] = ()
    sentences: tuple[str, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    so_far: tuple[Told, ...] = ()
    known_figures: frozenset[str] = frozenset()
    reason: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence; ``strong`` marks a name or a new figure."""

    text: str
    strong: bool = False


def token(key: str, created_at: datetime) -> str:
    """Name an alert among all alerts of all archives, by its ``key`` and the time of its making.

    The row's number alone would name another alert after the archive was begun anew, and a mail client that has seen
    the name before hides the message as a duplicate.
    """
    return hashlib.sha256(f"{key}\n{created_at.isoformat()}".encode()).hexdigest()[:24]
