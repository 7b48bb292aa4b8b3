"""The first room's door: a due feed is polled, and its new entries become articles to fetch."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from worker import logs
from worker.alerts.route import of_all
from worker.feeds import fetch, schedule
from worker.feeds.fetch import Known, Outcome, PollResult
from worker.models import Article, Delivery, Feed, Heartbeat
from worker.store import articles, feeds, leases, outbox
from worker.store.feeds import WantedFeed
from worker.watchlist import Watchlist, WatchlistError

HOLD = timedelta(seconds=fetch.LIMITS.total + 5)  # the longest that a host is kept from others by one poll
BEAT_EVERY = timedelta(seconds=5)  # the tick comes each second; writing each down would only wear the disk
REFUSED = "watchlist refused"
IN_FORCE = "watchlist"


def wanted(watchlist: Watchlist) -> Iterator[WantedFeed]:
    """The feeds of a watchlist, as the archive keeps them."""
    for feed in watchlist.feeds:
        yield WantedFeed(feed.url, feed.name, feed.every)


def tick(session: Session, watchlist: Watchlist, bad_edit: WatchlistError | None, now: datetime) -> dict[str, int]:
    """Put the watchlist in force into the archive when it has changed; give back how much each step has to do.

    Of an edit that was refused the desk is told once.
    """
    beats = {beat.name: beat for beat in session.scalars(select(Heartbeat))}
    if IN_FORCE not in beats or beats[IN_FORCE].detail != watchlist.digest:
        feeds.sync(session, wanted(watchlist), now)
        leases.beat(session, IN_FORCE, now, watchlist.digest)
    said = str(bad_edit) if bad_edit is not None else ""
    if said != (beats[REFUSED].detail if REFUSED in beats else ""):
        leases.beat(session, REFUSED, now, said)
        if said:
            body = f"The last good one stays in force.\n{said}"
            key = f"{REFUSED}:{sha256(said.encode()).hexdigest()[:16]}:{now:%Y-%m-%dT%H:%M}"
            outbox.notice(session, key, "The watchlist was refused", body, recipients=of_all(watchlist), now=now)
    for name in ("tick", f"worker:{socket.gethostname()}"):
        if name not in beats or abs(now - beats[name].at) >= BEAT_EVERY:
            leases.beat(session, name, now)
    return left(session, now)


def left(session: Session, now: datetime) -> dict[str, int]:
    """How much there is to do at each step, without what another has at hand."""

    def count(*where: object) -> int:
        return session.scalar(select(func.count()).where(*where)) or 0  # type: ignore[arg-type]

    return {
        "poll": count(*feeds.due(now), leases.free(Feed, now, feeds.LEASE)),
        "extract": count(*articles.waiting("pending", now), leases.free(Article, now, articles.LEASE)),
        "judge": count(*articles.waiting("extracted", now), leases.free(Article, now, articles.LEASE)),
        "deliver": count(Delivery.state.in_(("pending", "sending", "ambiguous")), Delivery.due_at <= now),
    }


def claim(session: Session, now: datetime) -> Feed | None:
    """Claim the feed that has been due longest and whose host is free."""
    return feeds.claim_next(session, now, HOLD)


def ask(feed: Feed) -> PollResult:
    """Ask the server of a claimed feed; now and then in full, because a server's 304 may be wrong."""
    known = Known(feed.etag, feed.last_modified, feed.body_hash)
    return fetch.poll(feed.url, known, full=schedule.ask_in_full(random.random()))  # noqa: S311


def record(session: Session, claimed: Feed, result: PollResult, watchlist: Watchlist, now: datetime) -> int:
    """Store what a poll brought and when the next one is; return how many articles are to be fetched."""
    leases.give_slot(session, claimed.host, now + watchlist.host_gap)
    feed = feeds.still_mine(session, claimed)
    if feed is None:
        return 0
    feed.lease_token = feed.lease_until = None
    every = timedelta(seconds=feed.every_seconds)
    feed.etag, feed.last_modified, feed.body_hash = result.etag, result.last_modified, result.body_hash
    feed.moved_to = result.moved_to
    if result.failure is not None:
        feed.failures += 1
        feed.last_failure_at, feed.last_error = now, result.reason
        draw = random.random()  # noqa: S311
        then = schedule.after_failure(
            now, every, result.failure, feed.failures, draw=draw, retry_after=result.retry_after
        )
        feed.next_poll_at = then.at
        logs.get(__name__).warning("feed failed", feed=feed.url, reason=result.reason, next=then.reason)
        return 0
    fresh = 0
    if result.outcome is Outcome.CHANGED and result.document is not None:
        feed.name = feed.name or result.document.title
        feed.ttl_seconds = result.document.ttl.total_seconds() if result.document.ttl else None
        fresh = len(feeds.add_entries(session, feed, result.document.entries, now, watchlist.since))
    feed.first_polled_at = feed.first_polled_at or now
    feed.failures, feed.last_success_at = 0, now
    ttl = timedelta(seconds=feed.ttl_seconds) if feed.ttl_seconds is not None else None
    feed.next_poll_at = schedule.after_success(now, every, ttl=ttl, max_age=result.max_age).at
    log = logs.get(__name__)
    (log.info if fresh else log.debug)("feed polled", feed=feed.url, says=result.reason, new=fresh)
    return fresh
