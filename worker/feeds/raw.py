"""What the readers of the different formats hand to ``parse``: the publisher's values, not yet cleaned."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(slots=True)
class RawEntry:
    """One entry. ``summary`` and ``content`` may hold mark-up, ``plain_content`` is text already."""

    guid: str = ""
    link: str = ""
    title: str = ""
    published: datetime | None = None
    summary: str = ""
    content: str = ""
    plain_content: str = ""
    author: str = ""
    source: str = ""
    updated: datetime | None = None


@dataclass(slots=True)
class RawFeed:
    """One feed. ``home`` is the site's address, against which relative links are read."""

    title: str = ""
    home: str = ""
    entries: list[RawEntry] = field(default_factory=list)
    ttl: timedelta | None = None
