"""The first room's door: a due feed is polled, and its new entries become articles to fetch."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from worker import hosts, logs, onward
from worker.alerts.route import of_all
from worker.feeds import fetch, schedule
from worker.feeds.fetch import Known, PollResult
from worker.feeds.schedule import Failure
from worker.hands import Done, Turn, stopping
from worker.http import redact
from worker.models import Article, Delivery, Heartbeat
from worker.store import articles, claims, digests, entries, feeds, leases, outbox
from worker.store.entries import Added
from worker.store.feeds import DueFeed
from worker.watchlist import Watchlist

HOLD = timedelta(seconds=fetch.LIMITS.total + 5) + onward.PATIENCE  # the longest that one poll keeps a host from others
AT_ONCE = 128  # polls of one process
MOST_AT_ONCE = 256  # with those that hang
SLOW = 5.0  # seconds
NOT_THERE = frozenset({Failure.MISSING, Failure.GONE, Failure.DENIED, Failure.NOT_A_FEED, Failure.UNSAFE})
BEAT_EVERY = timedelta(seconds=5)  # the tick comes each second; writing each down would only wear the disk


def tick(session: Session, now: datetime, *, by_beat: bool) -> dict[str, int]:
    """Record that beat's tick came and what waits for servers, and give back how much each step has to do."""
    beats = {beat.name: beat for beat in session.scalars(select(Heartbeat))}
    for name in ("tick", f"worker:{socket.gethostname()}") if by_beat else ():
        if name not in beats or abs(now - beats[name].at) >= BEAT_EVERY:
            leases.beat(session, name, now)
    feeds.tell_that_they_wait(session, now)
    articles.tell_that_they_wait(session, now)
    return left(session, now)


def left(session: Session, now: datetime) -> dict[str, int]:
    """How much there is to do at each step, without what another has at hand."""

    def count(*where: object) -> int:
        return session.scalar(select(func.count()).where(*where)) or 0  # type: ignore[arg-type]

    return {
        "poll": feeds.count_due(session, now),
        "extract": count(*articles.waiting("pending", now), leases.free(Article, now, articles.LEASE)),
        "judge": count(*articles.waiting("extracted", now), leases.free(Article, now, articles.LEASE)),
        "deliver": _to_deliver(session, count, now),
    }


_OPEN = select(Delivery.id).where(Delivery.state.in_((*outbox.OPEN, "held"))).limit(1)


def _to_deliver(session: Session, count: Callable[..., int], now: datetime) -> int:
    """How many deliveries are due; the long question is put only when there is one that has not ended."""
    if session.scalar(_OPEN) is None:
        return 0
    return count(*claims.due(now), leases.free(Delivery, now, outbox.LEASE)) + count(*digests.held(now))


def settle(
    watchlist: Callable[[], Watchlist],
    session: Session,
    done: Sequence[Done[DueFeed, PollResult]],
    under_way: Sequence[tuple[DueFeed, float]],
) -> Turn[DueFeed]:
    """Record what the polls of a round brought, and claim those of the next: one transaction."""
    now = datetime.now(UTC)
    fresh = record(session, done, watchlist())
    room, for_doubtful = rooms(under_way) if not stopping.is_set() else (0, 0)
    claimed = feeds.claim_due(session, now, HOLD, room, for_doubtful) if room > 0 else []
    return Turn(claimed, fresh)


def rooms(under_way: Sequence[tuple[DueFeed, float]]) -> tuple[int, int]:
    """How many more polls may begin, and how many of them on feeds that failed last or were never read.

    A poll that hangs loses its place after ``SLOW`` seconds, so that other feeds are asked while it drips. Feeds that
    are doubtful from the start have two thirds of the places, since each may hang.
    """
    quick = [feed for feed, age in under_way if age < SLOW]
    doubtful = sum(feed.doubtful for feed in quick), sum(feed.doubtful for feed, _ in under_way)
    room = min(AT_ONCE - len(quick), MOST_AT_ONCE - len(under_way))
    return room, min(room, AT_ONCE * 2 // 3 - doubtful[0], MOST_AT_ONCE * 2 // 3 - doubtful[1])


def ask(engine: Engine, watchlist: Callable[[], Watchlist], feed: DueFeed) -> PollResult:
    """Ask the server of a claimed feed; now and then in full, because a server's 304 may be wrong."""
    known = Known(feed.etag, feed.last_modified, feed.body_hash)
    full = schedule.ask_in_full(random.random())  # noqa: S311
    try:
        wanted = watchlist()
        headers = hosts.headers(wanted, feed.address, feed.url)
        with onward.Visit(engine, wanted, feed.host, HOLD) as visit:
            return fetch.poll(feed.address, known, full=full, headers=headers, onward=visit)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is recorded and the other feeds go on
        logs.get(__name__).exception("poll failed", feed=hosts.shown(feed))
        return fetch.fault(known, error)


def record(session: Session, polls: Sequence[Done[DueFeed, PollResult]], watchlist: Watchlist) -> int:
    """Store what polls brought and when the next ones are; return how many articles are to be fetched."""
    leases.give_slots(
        session,
        ((one.row.host, one.row.held_until, one.at + hosts.terms(watchlist, one.row.address).gap) for one in polls),
    )
    changes, pending = [], 0
    for one in polls:
        feed, result, added = one.row, one.result, Added()
        try:
            if result.document is not None:
                with session.begin_nested():
                    if not feeds.still_mine(session, feed):
                        continue
                    named = replace(feed, name=feed.name or result.document.title)  # the first poll is the one to say
                    added = entries.add(session, named, result.document.entries, one.at, watchlist.since)
        except (DataError, ValueError) as error:  # an entry that the database refuses is the feed's own trouble
            logs.get(__name__).exception("feed not stored", feed=hosts.shown(feed))
            result = fetch.fault(Known(feed.etag, feed.last_modified, feed.body_hash), error)
        pending += added.pending
        if result.failure is not None:
            changes.append((feed, _after_failure(feed, result, one.at)))
        else:
            changes.append((feed, _after_success(feed, result, added, one.at)))
        if result.failure is Failure.GONE and feed.failure != Failure.GONE.value:
            _tell_that_it_ended(session, feed, watchlist, one.at)
    feeds.record(session, changes)
    return pending


def _tell_that_it_ended(session: Session, feed: DueFeed, watchlist: Watchlist, now: datetime) -> None:
    title = f"The feed {hosts.label(feed)} has ended"
    body = f"{hosts.shown(feed)} answered 410: its publisher has ended it. It is looked at once a day until it "
    body += "leaves the watchlist."
    outbox.notice(session, f"gone:{feed.id}:{now:%Y-%m-%d}", title, body, recipients=of_all(watchlist), now=now)


def _after_failure(feed: DueFeed, result: PollResult, now: datetime) -> dict[str, Any]:
    """What a poll that failed changes in its feed's row."""
    failure = result.failure or Failure.SERVER_ERROR
    failures, draw = feed.failures + 1, random.random()  # noqa: S311
    every = timedelta(seconds=feed.every_seconds)
    then = schedule.after_failure(now, every, failure, failures, draw=draw, retry_after=result.retry_after)
    logs.get(__name__).warning("feed failed", feed=hosts.shown(feed), reason=result.reason, next=then.reason)
    changes: dict[str, Any] = {
        "failures": failures,
        "failure": failure.value,
        "polls": feed.polls + 1,
        "polls_failed": feed.polls_failed + 1,
        "last_failure_at": now,
        "last_error": result.reason,
        "next_poll_at": then.at,
    }
    if feed.moved_to and failure in NOT_THERE:  # the way there was wrong, or has changed: ask where it is
        changes |= {"moved_to": None, "host": hosts.party(feed.url), "etag": None, "last_modified": None}
    return changes


def _after_success(feed: DueFeed, result: PollResult, added: Added, now: datetime) -> dict[str, Any]:
    """What a poll that was answered changes in its feed's row."""
    every = timedelta(seconds=feed.every_seconds)
    asked = max(feed.held_until - HOLD, now - every / 2)  # the interval is from asking to asking
    log = logs.get(__name__)
    changes: dict[str, Any] = {
        "etag": result.etag,
        "last_modified": result.last_modified,
        "body_hash": result.body_hash,
        "failures": 0,
        "failure": "",
        "last_error": feed.last_error if feed.last_failure_at else "",
        "first_polled_at": feed.first_polled_at or now,
        "last_success_at": now,
        "polls": feed.polls + 1,
        "entries": feed.entries + added.fresh,
    }
    if result.moved_to and result.moved_to != feed.address:
        there = result.moved_to if result.moved_to != feed.url else None
        changes |= {"moved_to": there, "host": hosts.party(result.moved_to)}
        log.warning("feed moved", feed=hosts.shown(feed), to=redact(result.moved_to))
    silence = now - (feed.last_new_at or feed.first_polled_at or now)
    pace = timedelta(seconds=feed.pace_seconds) if feed.pace_seconds is not None else None
    if result.document is not None:
        changes["name"] = feed.name or result.document.title
        changes["ttl_seconds"] = result.document.ttl.total_seconds() if result.document.ttl else None
    if added.fresh:
        log.info("feed polled", feed=hosts.shown(feed), says=result.reason, new=added.fresh)
        if feed.first_polled_at is not None:
            pace = schedule.pace(pace, silence, added.fresh)
            changes["pace_seconds"] = pace.total_seconds() if pace else None
        changes["last_new_at"], silence = now, timedelta()
    if feed.slowest_seconds is not None:
        every = schedule.adapted(every, timedelta(seconds=feed.slowest_seconds), pace, silence)
    seconds = changes.get("ttl_seconds", feed.ttl_seconds)
    ttl = timedelta(seconds=seconds) if seconds is not None else None
    changes["next_poll_at"] = schedule.after_success(asked, every, ttl=ttl, max_age=result.max_age).at
    return changes
