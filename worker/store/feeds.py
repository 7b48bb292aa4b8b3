"""Queries on feeds: which there are, which are due, and what their polls have changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from worker import hosts
from worker.models import Article, Entry, Feed, HostSlot, UtcDateTime
from worker.store import leases
from worker.store.leases import CLOCK_SLACK
from worker.watchlist import Watchlist

LEASE = timedelta(seconds=120)  # more than a request, its redirects and a parse may take together
LOOKS = 8
PATIENCE = timedelta(seconds=10)  # after which a feed that was not read yet says why
RECORDED: Final = (
    "name",
    "host",
    "pace_seconds",
    "failure",
    "last_new_at",
    "etag",
    "last_modified",
    "body_hash",
    "ttl_seconds",
    "moved_to",
    "next_poll_at",
    "failures",
    "first_polled_at",
    "last_success_at",
    "last_failure_at",
    "last_error",
    "polls",
    "polls_failed",
    "entries",
)


@dataclass(frozen=True, slots=True)
class WantedFeed:
    """A feed as the watchlist wants it."""

    url: str
    name: str
    every: timedelta
    slowest: timedelta | None = None
    shown: str = ""


def sync(session: Session, wanted: Iterable[WantedFeed], now: datetime) -> None:
    """Make the feeds in the database those of the watchlist: new ones are due at once, missing ones sleep."""
    known = {feed.url: feed for feed in session.scalars(select(Feed))}
    listed = set()
    for want in wanted:
        listed.add(want.url)
        feed = known.get(want.url)
        if feed is None:
            feed = Feed(
                url=want.url,
                shown=want.shown,
                host=hosts.party(want.url),
                every_seconds=0,
                next_poll_at=now,
                active=False,
            )
            session.add(feed)
            known[want.url] = feed
        if not feed.active:
            feed.active, feed.next_poll_at = True, now
        seconds = want.every.total_seconds()
        if feed.every_seconds != seconds:
            feed.every_seconds = seconds
            feed.next_poll_at = min(feed.next_poll_at, now + want.every)
        adapts = want.slowest is not None and want.slowest > want.every
        feed.slowest_seconds = want.slowest.total_seconds() if want.slowest is not None and adapts else None
        feed.shown = want.shown
        if want.name:
            feed.name = want.name
    for url, feed in known.items():
        if url not in listed:
            feed.active = False


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A claimed feed, as it was when it was claimed.

    ``token`` is the lease, ``held_until`` how long the claim keeps others from the host.
    """

    id: int
    url: str
    shown: str
    host: str
    name: str
    every_seconds: float
    slowest_seconds: float | None
    pace_seconds: float | None
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    ttl_seconds: float | None
    moved_to: str | None
    failures: int
    first_polled_at: datetime | None
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_error: str
    failure: str
    last_new_at: datetime | None
    polls: int
    polls_failed: int
    entries: int
    token: str
    held_until: datetime

    @property
    def address(self) -> str:
        """Where it is polled."""
        return self.moved_to or self.url

    @property
    def doubtful(self) -> bool:
        """Whether its last poll failed or it was never read: feeds that hang are among these."""
        return self.failures > 0 or self.first_polled_at is None


# These statements run many times a second, so each is made once.
_NOW, _DISTANT, _VOID = (bindparam(name, type_=UtcDateTime) for name in ("now", "distant", "void"))
_FREE: Final = or_(Feed.lease_until.is_(None), Feed.lease_until <= _NOW, Feed.lease_until > _VOID)
_IS_DUE: Final = and_(
    Feed.active.is_(True),
    # The last two: the clock was set back since the last poll.
    or_(Feed.next_poll_at <= _NOW, Feed.last_success_at > _DISTANT, Feed.last_failure_at > _DISTANT),
    _FREE,
)
_DOUBTFUL: Final = case((Feed.failures > 0, 1), (Feed.first_polled_at.is_(None), 1), else_=0)
_READY: Final = (
    select(Feed.id, Feed.host, _DOUBTFUL)
    .where(
        _IS_DUE,
        ~exists().where(HostSlot.host == Feed.host, HostSlot.next_at > _NOW, HostSlot.taken_at <= _DISTANT),
        Feed.host.not_in(bindparam("taken", expanding=True)),
        bindparam("most_doubtful") >= _DOUBTFUL,
    )
    .order_by(Feed.next_poll_at)
    .limit(bindparam("most"))
)
_PICKED: Final = (
    select(Feed.id)
    .where(Feed.id.in_(bindparam("ids", expanding=True)), _FREE)
    .with_for_update(skip_locked=True)
    .cte("picked")
)
_CLAIM: Final = (
    update(Feed)
    .where(Feed.id.in_(select(_PICKED.c.id)))
    .values(lease_token=bindparam("token"), lease_until=bindparam("until", type_=UtcDateTime))
    .returning(*(getattr(Feed, each.name) for each in fields(DueFeed)[:-2]))
)
_GIVE_UP: Final = (
    update(Feed).where(Feed.id.in_(bindparam("ids", expanding=True))).values(lease_token=None, lease_until=None)
)


def _times(now: datetime) -> dict[str, datetime]:
    return {"now": now, "distant": now + CLOCK_SLACK, "void": now + 2 * LEASE}


def count_due(session: Session, now: datetime) -> int:
    """How many feeds are due that nobody polls."""
    count = select(func.count()).select_from(Feed).where(_IS_DUE)
    return session.connection().execute(count, _times(now)).scalar_one()


def tell_that_they_wait(session: Session, now: datetime) -> None:
    """Put on record why feeds that have been due for a while were never read: nothing that stands there goes."""
    waits = Feed.active.is_(True), Feed.polls == 0, Feed.last_error == "", Feed.next_poll_at < now - PATIENCE
    asked = f"it has been asked for, and its server has not answered in full by {now:%H:%M:%S} UTC"
    turn = f"it waits for its turn: at {now:%H:%M:%S} UTC others were asked for"
    # What another transaction holds is left to it: two that wait for each other's rows are a deadlock.
    idle = select(Feed.id).where(*waits).with_for_update(skip_locked=True)
    session.execute(
        update(Feed).where(Feed.id.in_(idle.where(~leases.free(Feed, now, LEASE)))).values(last_error=asked)
    )
    session.execute(update(Feed).where(Feed.id.in_(idle)).values(last_error=turn))


def claim_due(session: Session, now: datetime, hold: timedelta, room: int, room_for_doubtful: int) -> list[DueFeed]:
    """Claim the feeds that have been due longest and whose hosts may be asked now, one of each host, at most ``room``.

    At most ``room_for_doubtful`` of them are doubtful. Their hosts are kept from others for ``hold`` at most.
    """
    connection, times = session.connection(), _times(now)
    chosen: dict[str, int] = {}
    for _ in range(LOOKS):  # one look is enough, unless many feeds of one host are due
        most = 2 * room
        sought = {
            "taken": list(chosen),
            "most_doubtful": int(room_for_doubtful > 0),
            "most": most,
        }
        rows = connection.execute(_READY, times | sought).all()
        for feed_id, host, doubtful in rows:
            if len(chosen) < room and host not in chosen and (room_for_doubtful > 0 or not doubtful):
                chosen[host] = feed_id
                room_for_doubtful -= doubtful
        if len(rows) < most or len(chosen) >= room:
            break
    if not chosen:
        return []
    token = leases.new_token()
    values = {"ids": list(chosen.values()), "token": token, "until": now + LEASE}
    claimed = [
        DueFeed(**row, token=token, held_until=now + hold)
        for row in connection.execute(_CLAIM, times | values).mappings()
    ]
    granted = leases.take_slots(session, (feed.host for feed in claimed), now, hold)
    late = [feed.id for feed in claimed if feed.host not in granted]  # another worker was quicker at these hosts
    if late:
        connection.execute(_GIVE_UP, {"ids": late})
    return [feed for feed in claimed if feed.host in granted]


_MINE: Final = (
    select(Feed.id).where(Feed.id == bindparam("of"), Feed.lease_token == bindparam("token")).with_for_update()
)


def still_mine(session: Session, feed: DueFeed) -> bool:
    """Whether the lease of a claimed feed was not lost to another worker meanwhile."""
    return session.connection().execute(_MINE, {"of": feed.id, "token": feed.token}).first() is not None


_RECORD: Final = (
    update(Feed)
    .where(Feed.id == bindparam("of"), Feed.lease_token == bindparam("token"))
    .values(lease_token=None, lease_until=None, **{name: bindparam(f"new_{name}") for name in RECORDED})
)


def record(session: Session, rows: Sequence[tuple[DueFeed, Mapping[str, Any]]]) -> None:
    """Write what polls have changed in their claimed feeds, and end the leases; a lease that was lost changes nothing.

    Of each feed the changes may name any of ``RECORDED``; the others stay as they were when it was claimed.
    """
    values = [
        {
            "of": feed.id,
            "token": feed.token,
            **{f"new_{name}": changes[name] if name in changes else getattr(feed, name) for name in RECORDED},
        }
        for feed, changes in rows
    ]
    if values:
        session.connection().execute(_RECORD, values)


def make_all_due(session: Session, now: datetime) -> None:
    """Let every active feed be polled now."""
    session.execute(update(Feed).where(Feed.active.is_(True)).values(next_poll_at=now))


def channels_of(session: Session, article: Article, watchlist: Watchlist) -> tuple[str, ...]:
    """The channels that are told of the feeds which carried an article, beside those of its entities."""
    wanted = {feed.url: feed.notify for feed in watchlist.feeds if feed.notify}
    if not wanted:
        return ()
    urls_of = select(Feed.url).join(Entry, Entry.feed_id == Feed.id).where(Entry.article_id == article.id)
    carried = set(session.scalars(urls_of))
    return tuple(dict.fromkeys(name for url, names in wanted.items() if url in carried for name in names))
