"""The picture of the service that its alarms are read from, and which of them the desk knows of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Integer, Row, case, cast, func, or_, select
from sqlalchemy.orm import Session

from worker import alarms, hosts
from worker.alarms import Alarm, FeedPicture, Picture, Waiting
from worker.alerts.route import Recipient
from worker.models import Article, ChannelState, Delivery, Entry, Feed, Heartbeat, Raised
from worker.store import leases, outbox

IN_FORCE: Final = "watchlist"  # the heartbeat that holds the digest of the watchlist in force
REFUSED: Final = "watchlist refused"  # the heartbeat that holds what is wrong with an edit
DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
PAGES: Final = timedelta(days=2)
OUTRAN: Final = timedelta(hours=6)
PATIENCE: Final = timedelta(minutes=3)  # that an alarm must hold before the desk is told
CATCH_UP: Final = timedelta(minutes=2)  # in which every process has read an edit
LISTED: Final = 20
WALLS: Final = (
    "%the page is a %",
    "%the page shows its text only to %",
    "%the page shows only the opening %",
    "%the page shows nothing of %",
)


def picture(session: Session, now: datetime) -> Picture:
    """Everything that alarms are read from, at this moment."""
    beats = {beat.name: beat for beat in session.scalars(select(Heartbeat))}
    refused = beats.get(REFUSED)
    week = session.scalar(select(func.count()).where(Delivery.state == "dead", Delivery.created_at > now - WEEK))
    return Picture(
        now=now,
        alive=max((beat.at for name, beat in beats.items() if name.startswith(leases.ALIVE)), default=None),
        tick=next((beats[name].at for name in ("tick", leases.BEGUN) if name in beats), None),
        feeds=_feeds(session, now),
        late_articles=session.scalar(
            select(func.count()).where(Article.state.in_(("pending", "extracted")), Article.due_at < now - alarms.LATE)
        )
        or 0,
        late_feeds=session.scalar(
            select(func.count()).where(
                Feed.active.is_(True), Feed.next_poll_at < now - alarms.LATE, leases.free(Feed, now, alarms.LATE)
            )
        )
        or 0,
        waiting=_waiting(session, now),
        dead=week or 0,
        failed=session.scalar(select(func.count()).where(Article.state == "failed", Article.seen_at > now - WEEK)) or 0,
        refused=refused.detail if refused is not None else "",
        strays=_strays(beats, now),
    )


def _strays(beats: Mapping[str, Heartbeat], now: datetime) -> Sequence[str]:
    """The machines with a living process that reads another watchlist than the one that has been in force a while."""
    in_force = beats.get(IN_FORCE)
    if in_force is None or abs(now - in_force.at) < CATCH_UP:
        return ()
    living = (beat for name, beat in beats.items() if name.startswith(leases.ALIVE) and beat.at > now - leases.SILENT)
    read = (beat.detail.split(" ") for beat in living if beat.detail)
    return sorted({line[-1] for line in read if line[0] != in_force.detail})


def _feeds(session: Session, now: datetime) -> Sequence[FeedPicture]:
    counted = _counts(session, now)
    pages = _pages(session, now)
    found = []
    for feed in session.scalars(select(Feed).where(Feed.active.is_(True)).order_by(Feed.id)):
        last_day, same_day, between = counted.get(feed.id, (0, 0, 0))
        days = min((now - feed.first_polled_at) / DAY, 7.0) if feed.first_polled_at else 0.0
        read, walled, wall = pages.get(feed.id, (0, 0, ""))
        found.append(
            FeedPicture(
                name=hosts.label(feed),
                url=hosts.shown(feed),
                every=timedelta(seconds=feed.every_seconds),
                failures=feed.failures,
                last_success=feed.last_success_at,
                error=feed.last_error,
                last_day=last_day,
                same_day=same_day,
                per_day=between / max(days - 1, 1.0),
                days=days,
                pages=read,
                walled=walled,
                wall=wall,
                outran=feed.outran_at is not None and feed.outran_at > now - OUTRAN,
            )
        )
    return found


def _counts(session: Session, now: datetime) -> dict[int, tuple[int, int, int]]:
    """For each feed its new entries of the last day, of the same day a week ago, and of the days in between.

    What a feed carried already when it was first read is not counted.
    """

    def among(first: timedelta, last: timedelta) -> ColumnElement[int]:
        return func.sum(case(((Entry.seen_at > now - first) & (Entry.seen_at <= now - last), 1), else_=0))

    rows = session.execute(
        select(
            Entry.feed_id,
            among(DAY, timedelta(0)),
            among(WEEK + DAY, WEEK),
            among(WEEK, DAY),
        )
        .join(Feed, Feed.id == Entry.feed_id)
        .where(Entry.seen_at > now - WEEK - DAY, Entry.seen_at > Feed.first_polled_at)
        .group_by(Entry.feed_id)
    )
    return {feed: (int(last), int(same), int(between)) for feed, last, same, between in rows}


def _pages(session: Session, now: datetime) -> dict[int, tuple[int, int, str]]:
    """For each feed how many of its latest articles were read, how many hid behind a wall, and which wall."""
    hidden = or_(*(Article.note.like(wall) for wall in WALLS))
    rows = session.execute(
        select(Entry.feed_id, func.count(), func.sum(cast(hidden, Integer)), func.max(case((hidden, Article.note))))
        .join(Article, Article.id == Entry.article_id)
        .where(Entry.seen_at > now - PAGES, Article.state == "judged")
        .group_by(Entry.feed_id)
    )
    return {feed: (count, int(walled or 0), _wall(note or "")) for feed, count, walled, note in rows}


def _wall(note: str) -> str:
    """The part of an article's note that tells of the wall."""
    return next((part for part in note.split("; ") if part.startswith("the page ")), note)


def _waiting(session: Session, now: datetime) -> list[Waiting]:
    rows: Sequence[Row[str, int, str, datetime | None]] = session.execute(
        select(Delivery.channel, func.count(), func.max(Delivery.error), ChannelState.failing_since)
        .outerjoin(ChannelState, ChannelState.channel == Delivery.channel)
        .where(
            Delivery.state.in_(outbox.OPEN),
            Delivery.created_at < now - alarms.LATE,
            or_(
                Delivery.due_at < now - alarms.LATE, Delivery.error != ""
            ),  # the others wait for the end of quiet hours
        )
        .group_by(Delivery.channel, ChannelState.failing_since)
        .order_by(Delivery.channel)
    ).all()
    return [Waiting(channel, count, error, told=since is not None) for channel, count, error, since in rows]


def tell(session: Session, holding: Iterable[Alarm], recipients: Sequence[Recipient], now: datetime) -> list[str]:
    """Write down which alarms hold; tell the desk of those that have for a while, and of those that are over, once.

    All that is told at one time is one notice each, so that a cause with many effects is no flood. Returns the keys of
    the alarms that were told of.
    """
    loud = {alarm.key: alarm for alarm in holding if not alarm.quiet}
    known = {row.key: row for row in session.scalars(select(Raised).with_for_update())}
    fresh = [{"key": key, "title": alarm.title, "since": now} for key, alarm in loud.items() if key not in known]
    if fresh:
        session.execute(leases.insert_for(session)(Raised).on_conflict_do_nothing(), fresh)
    begun = [alarm for key, alarm in loud.items() if key in known and _is_due(known[key], now)]
    for alarm in begun:
        known[alarm.key].title, known[alarm.key].told_at = alarm.title, now
    over = [row for key, row in known.items() if key not in loud]
    for row in over:
        session.delete(row)
    ended = [row for row in over if row.told_at is not None]
    if begun:
        title = begun[0].title if len(begun) == 1 else f"{len(begun)} things need a look: {begun[0].title}, …"
        body = "\n\n".join(f"{alarm.title}\n{alarm.body}" if len(begun) > 1 else alarm.body for alarm in begun[:LISTED])
        outbox.notice(session, _key("alarm", begun[0].key, now), title, body, recipients=recipients, now=now)
    if ended:
        title = f"Over: {ended[0].title}" if len(ended) == 1 else f"{len(ended)} alarms are over"
        body = "\n".join(f"{row.title} (since {row.since:%d %b, %H:%M} UTC)" for row in ended[:LISTED])
        outbox.notice(session, _key("over", ended[0].key, now), title, body, recipients=recipients, now=now)
    return [alarm.key for alarm in begun] + [row.key for row in ended]


def _is_due(row: Raised, now: datetime) -> bool:
    return row.told_at is None and abs(now - row.since) >= PATIENCE


def _key(what: str, key: str, now: datetime) -> str:
    return f"{what}:{key}:{now:%Y-%m-%dT%H:%M:%S}"
