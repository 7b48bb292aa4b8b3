"""The tables. What each row is for stands in its class; what is done with them stands in ``store``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

HAS_TEXT = "text <> '' OR feed_text <> ''"  # of the articles; the others are left out of the index by their age

BigKey = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only for INTEGER


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite, which knows no time zones, stores it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times, which mean something else on every machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the time back in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The metadata, with constraint names that migrations can refer to."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: UtcDateTime, str: Text, dict[str, Any]: JSON, list[Any]: JSON}


class Feed(Base):
    """A feed of the watchlist, and what its server said last. A feed that leaves the watchlist stays, inactive.

    ``shown`` is the address as the watchlist writes it, which holds no secret: it is what logs and people see.
    ``first_polled_at`` is the first success: what the feed carried then for longer than ``since`` never alerts.
    ``moved_to`` is where its server says that it is for good, and where it is polled; ``host`` is that of the address
    that is polled. ``failure`` is the kind of the last failure.
    ``pace_seconds`` is about how far its entries are apart.
    ``outran_at`` is when a poll last had nothing in common with the one before. ``polls``, ``polls_failed`` and
    ``entries`` count since the first day.
    """

    __tablename__ = "feed"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    url: Mapped[str] = mapped_column(unique=True)
    shown: Mapped[str] = mapped_column(default="")
    host: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    every_seconds: Mapped[float]
    slowest_seconds: Mapped[float | None]
    pace_seconds: Mapped[float | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    body_hash: Mapped[str | None]
    ttl_seconds: Mapped[float | None]
    moved_to: Mapped[str | None]
    next_poll_at: Mapped[datetime] = mapped_column(index=True)
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    first_polled_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    last_failure_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
    outran_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(default="")
    last_new_at: Mapped[datetime | None]
    polls: Mapped[int] = mapped_column(default=0)
    polls_failed: Mapped[int] = mapped_column(default=0)
    entries: Mapped[int] = mapped_column(default=0)


class Entry(Base):
    """An item that a feed carried. Several entries, of one feed or of many, may lead to one article.

    ``digest`` stands for its title and summary; when it changes, so may the article have.
    """

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("feed_id", "guid_hash"), Index("ix_entry_seen_at_feed_id", "seen_at", "feed_id"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"))
    guid_hash: Mapped[str]
    digest: Mapped[str] = mapped_column(default="")
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    published_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]


class Article(Base):
    """The page behind an entry, once for each canonical URL.

    ``state`` walks ``pending`` → ``extracted`` → ``judged``, or ends as ``skipped`` (too old on first sight) or
    ``failed``; ``note`` says why in words. ``url_key`` is what makes it one (``articles.urls``); a page whose
    ``rel=canonical`` leads to another article's key points there with ``same_as``. A page whose feed says that it was
    rewritten is read again, as an article of its own that names the first with ``revision_of``. ``text_from`` is
    ``page``, ``feed`` or empty. ``feed_text`` is what the feed itself carried, for a page that cannot be had.
    """

    __tablename__ = "article"
    __table_args__ = (
        Index("ix_article_state_due_at", "state", "due_at"),
        Index("ix_article_texts", "seen_at", sqlite_where=text(HAS_TEXT), postgresql_where=text(HAS_TEXT)),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    url: Mapped[str] = mapped_column(index=True)
    url_key: Mapped[str] = mapped_column(unique=True)
    host: Mapped[str]
    same_as: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="SET NULL"))
    revision_of: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    byline: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    first_sight: Mapped[bool] = mapped_column(default=False)
    feed_text: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    text_from: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="pending")
    note: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    faults: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None]


class Mention(Base):
    """A place where an article names a watched entity."""

    __tablename__ = "mention"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    entity: Mapped[str] = mapped_column(index=True)
    form: Mapped[str]
    field: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    sentence: Mapped[str]
    rule: Mapped[str]


class Story(Base):
    """One matter. ``title`` is its first article's; ``updated_at`` is when an article last joined it."""

    __tablename__ = "story"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    title: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class Judgement(Base):
    """The verdict on an article that named a watched entity, with its reason and its evidence."""

    __tablename__ = "judgement"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="SET NULL"))
    verdict: Mapped[str]
    reason: Mapped[str]
    new_sentences: Mapped[list[Any]]
    evidence: Mapped[dict[str, Any]]
    judged_at: Mapped[datetime]


class Fingerprint(Base):
    """One sampled hash of a judged article; the primary key is the index that candidates are looked up in.

    There are some eighty rows an article: four bytes a column, and no foreign key, which would be checked for each. An
    article is never deleted. ``story_id`` is as in its ``Judgement``, which need not be looked up for every row found.
    """

    __tablename__ = "fingerprint"
    __table_args__ = ({"sqlite_with_rowid": False},)

    hash: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, index=True)
    story_id: Mapped[int] = mapped_column(Integer)


class Alert(Base):
    """What the desk is told once: a development of a story, or a notice about the service itself.

    ``kind`` is ``new``, ``update``, ``notice``, ``digest`` (alerts that were held, in one message) or ``aside`` (who
    else carries a story and what fuller copies add, which goes into its thread and is edited there). ``key`` makes it
    one: the article of the development, the matter of the notice, the story of the aside. ``body`` is what a notice
    says, or what a digest says was kept silent.
    """

    __tablename__ = "alert"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    story_id: Mapped[int | None] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), index=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class Delivery(Base):
    """One alert on its way to one recipient of one channel: a row of the outbox.

    ``state`` is ``pending`` → ``sending`` → ``sent`` | ``pending`` again | ``dead`` | ``ambiguous`` (the connection was
    lost after the body went out). ``held`` waits for a digest until ``due_at``, or goes out within the delivery
    ``within_id``; ``silent`` was not wanted, and ``error`` says why. ``payload`` is rendered and frozen before the
    first attempt, so that every attempt sends the same bytes. ``reference`` is what the channel calls the message (a
    ``Message-ID``, Slack's ``ts``). ``shown`` is None except for an aside: how many articles its message tells of.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("alert_id", "channel", "recipient"),
        Index("ix_delivery_state_due_at", "state", "due_at"),
        Index("ix_delivery_channel_sent_at", "channel", "sent_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id", ondelete="CASCADE"))
    channel: Mapped[str]
    recipient: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="pending")
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    payload: Mapped[dict[str, Any] | None]
    reference: Mapped[str | None]
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    within_id: Mapped[int | None] = mapped_column(BigKey, index=True)  # no foreign key: it may be copied before its aim
    shown: Mapped[int | None]


class DeliveryAttempt(Base):
    """A line of the log of what was tried: when, with what outcome, and what the server said."""

    __tablename__ = "delivery_attempt"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    outcome: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")


class ChannelState(Base):
    """What is known of a channel across processes.

    ``paused_until`` is until when nothing is sent, because its server asked us to wait or because the pace demands it.
    ``failing_since`` is the first of the failures that no success has followed yet, ``told_at`` when the desk was told.
    A channel that alerts wait for and that is not in the watchlist has a row of its own, named ``left:`` and its name:
    ``failing_since`` is since when it is away (``store.stranded``).
    """

    __tablename__ = "channel_state"

    channel: Mapped[str] = mapped_column(primary_key=True)
    paused_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


class Mute(Base):
    """A story or an entity of which the desk does not want to be told, until ``until`` or for good.

    ``matter`` is ``story:ID`` or ``entity:NAME``.
    """

    __tablename__ = "mute"

    matter: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    until: Mapped[datetime | None]


class Watched(Base):
    """A feed or an entity of the watchlist in force, and since when it is watched.

    ``matter`` is ``feed:URL`` or ``entity:NAME``.
    """

    __tablename__ = "watched"

    matter: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


class HostSlot(Base):
    """When the next request to a host may go out, so that all workers together keep ``host_gap``.

    ``host`` is the registered domain. While a request is under way ``next_at`` lies as far ahead as the request may
    take at most, which keeps the others away and ends by itself when the worker dies. ``taken_at`` tells that the clock
    was set back since.
    """

    __tablename__ = "host_slot"

    host: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime]
    taken_at: Mapped[datetime]


class Heartbeat(Base):
    """When something last happened: the tick, a worker, the watchlist's last good reading."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    detail: Mapped[str] = mapped_column(default="")


class Raised(Base):
    """An alarm that holds: ``since`` when, and when the desk was told, if it was. The row goes when it is over."""

    __tablename__ = "raised"

    key: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]
