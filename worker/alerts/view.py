"""What an alert holds, as it was taken from the archive: the same for every channel, and nothing of how it is shown."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertKind(StrEnum):
    """What an alert brings.

    A new story, an update of a known one, a notice about the service itself, or an aside: who else carries a story, and
    what fuller copies of it add. An aside goes below its story where the channel can edit it, and alerts nobody. A
    digest is alerts that were held, in one message.
    """

    NEW = "new"
    UPDATE = "update"
    NOTICE = "notice"
    ASIDE = "aside"
    DIGEST = "digest"


TOLD = (AlertKind.NEW.value, AlertKind.UPDATE.value)
"""The kinds that tell of an article."""


@dataclass(frozen=True, slots=True)
class Named:
    """A watched entity that the article names: the forms that stand there, and the sentence of the first of them.

    ``passing``: the article is not about it but names it in passing. ``form`` stands in that sentence, and counts by
    ``rule``.
    """

    entity: str
    sentence: str
    forms: tuple[str, ...] = ()
    passing: bool = False
    form: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who else carried the article."""

    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Passage:
    """What a reprint has that no earlier copy had."""

    source: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story so far: an earlier alert."""

    at: datetime
    headline: str


@dataclass(frozen=True, slots=True)
class Line:
    """One alert within another message: a digest, or the first alert of a story after quiet hours."""

    kind: AlertKind
    headline: str
    url: str
    source: str
    at: datetime
    entities: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    story: int | None = None


@dataclass(frozen=True, slots=True)
class AlertView:
    """All that an alert can show, taken from the archive; texts and addresses are as they came from outside.

    ``token`` names the alert among all alerts of all archives (see ``token``), ``root`` is the token of the story's
    first alert, None when this is it. ``sentences`` are the new ones of an update, the lead of a new story.
    ``known_figures`` are the figures that the story's earlier articles had. ``passages`` are those that reprints had
    and the desk has not been sent. ``quiet_articles`` counts all that an aside is about. ``lines`` are
    the other alerts that go out within this one, those of one story together. ``body`` is what a notice says, or what a
    digest says was kept silent.
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
    passages: tuple[Passage, ...] = ()
    so_far: tuple[Told, ...] = ()
    known_figures: frozenset[str] = frozenset()
    reason: str = ""
    quiet_articles: int = 0
    lines: tuple[Line, ...] = ()
    body: str = ""


def token(key: str, created_at: datetime) -> str:
    """Name an alert among all alerts of all archives, by its ``key`` and the time of its making.

    The row's number alone would name another alert after the archive was begun anew, and a mail client that has seen
    the name before hides the message as a duplicate.
    """
    return hashlib.sha256(f"{key}\n{created_at.isoformat()}".encode()).hexdigest()[:24]
