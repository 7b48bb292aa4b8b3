"""The values that walk from room to room. Frozen, plain, and free of any library's types.

All times are timezone-aware and in UTC. All texts are ``str`` without NULs or lone surrogates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What an article is to the desk. ``NEW`` and ``UPDATE`` alert; the others are kept silent."""

    NEW = "new"
    UPDATE = "update"
    REPRINT = "reprint"
    COVERAGE = "coverage"

    @property
    def alerts(self) -> bool:
        """Whether an article with this verdict reaches the desk."""
        return self in {Verdict.NEW, Verdict.UPDATE}


@dataclass(frozen=True, slots=True)
class Entity:
    """A watched name, as the watchlist gives it.

    ``kind`` is company, person, agency or topic. ``near`` holds words of which an article must have one before a form
    of one word counts; ``*`` at the end of a word matches any ending. ``exclude`` holds phrases in which the name does
    not count. ``notify`` names the channels that are told. ``generate``: forms are made of the name and its aliases;
    else they count as they are written. ``forbid`` holds forms that never count.
    """

    name: str
    kind: str = "topic"
    aliases: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    generate: bool = True
    forbid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed, as its publisher wrote it, cleaned of mark-up.

    ``guid`` is the feed's own id, or the link where it has none. ``url`` is absolute. ``published`` is None where the
    feed gives no date that can be read. ``summary`` and ``content`` are plain text (``content`` is the fullest body
    that the feed carries, empty where it carries none). ``source`` names the publisher when the feed is an aggregator.
    ``updated`` is when the feed says that it was last changed, None where it does not say.
    """

    guid: str
    url: str
    title: str
    published: datetime | None = None
    summary: str = ""
    content: str = ""
    author: str = ""
    source: str = ""
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A parsed feed: its title, its entries in the file's order, and how long its publisher says it may be kept.

    ``notes`` count what could not be taken, in words: "2 entries have no link".
    """

    title: str
    entries: tuple[Entry, ...]
    ttl: timedelta | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What extraction got out of one HTML page. Empty strings and None where the page does not say.

    ``refresh`` is where a page that is only a signpost sends the reader. ``note`` says in words what is wrong with the
    text: that it is only the opening, or why there is none.
    """

    text: str
    title: str = ""
    byline: str = ""
    published: datetime | None = None
    canonical_url: str = ""
    site_name: str = ""
    language: str = ""
    refresh: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an article names a watched entity.

    ``start`` and ``end`` are offsets in characters into the article's ``field`` ("title", "byline" or "text"),
    ``form`` is what stands there, ``sentence`` the sentence around it, ``rule`` says in words why it counts.
    """

    entity: str
    form: str
    field: str
    start: int
    end: int
    sentence: str
    rule: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it is judged. ``id`` is its key in the archive, ``source`` the publisher that carried it."""

    id: int
    url: str
    title: str
    text: str
    published: datetime
    source: str = ""
    byline: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of one matter: every article that was put into the story, oldest first."""

    id: int
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reason.

    ``story`` and ``parent`` are ids of the known story and of the article in it that comes closest, both None for a new
    story. ``new_sentences`` are the article's sentences that no earlier article of the story said, in their order: what
    an update shows, and for a reprint the passages that only this copy has. ``evidence`` holds the measured figures
    behind the reason and is plain JSON.
    """

    verdict: Verdict
    reason: str
    story: int | None = None
    parent: int | None = None
    new_sentences: tuple[str, ...] = ()
    evidence: dict[str, Any] = field(default_factory=dict)
