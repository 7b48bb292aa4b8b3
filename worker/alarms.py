"""Silence is watched too: from a picture of the service to the alarms that hold, each with its reason.

Thresholds are meant to be crossed only by what a person should look at: a site that is away for a quarter of an hour,
a quiet weekend and a queue that a restart leaves behind are none of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

NOT_ALIVE: Final = timedelta(minutes=2)
NO_TICK: Final = timedelta(minutes=3)
FAILURES: Final = 3  # in a row
FAILING_LEAST: Final = timedelta(minutes=10)
OUTAGE: Final = timedelta(hours=2)  # that no feed is away, however few times it was asked
FAILING_POLLS: Final = 6  # intervals without a success
BUSY: Final = 10.0  # new entries a day that a feed must have had before its silence means something
SAME_DAY: Final = 3  # new entries on the same day of the week before
PAGES_LEAST: Final = 8
WALLED_SHARE: Final = 0.8
LATE_ARTICLES: Final = 10
LATE: Final = timedelta(minutes=15)
TOGETHER: Final = 5  # feeds that fail together have one cause, when they are half of all


@dataclass(frozen=True, slots=True)
class FeedPicture:
    """What is known of one active feed.

    ``last_day`` are the new entries of the last 24 hours, ``same_day`` those of the 24 hours a week before, ``per_day``
    the mean of the days in between and ``days`` how many of them the feed was read. Of the ``pages`` of two days
    ``walled`` hid the article, for the reason ``wall``. ``outran`` tells that the last poll had nothing in common with
    the one before.
    """

    name: str
    url: str
    every: timedelta
    failures: int = 0
    last_success: datetime | None = None
    error: str = ""
    last_day: int = 0
    same_day: int = 0
    per_day: float = 0.0
    days: float = 0.0
    pages: int = 0
    walled: int = 0
    wall: str = ""
    outran: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """Deliveries of one channel that wait for more than ``LATE``; ``told`` when the desk hears of it from delivery."""

    channel: str
    count: int
    error: str
    told: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The service at one moment, as the database knows it.

    ``alive`` is the last sign of life of any worker, ``tick`` the last one that came from beat through the queue; None
    before the first. ``strays`` are machines whose workers read another watchlist than the one in force.
    """

    now: datetime
    alive: datetime | None = None
    tick: datetime | None = None
    feeds: Sequence[FeedPicture] = ()
    late_articles: int = 0
    late_feeds: int = 0
    waiting: Sequence[Waiting] = ()
    dead: int = 0
    failed: int = 0
    refused: str = ""
    strays: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a person should look at. ``key`` is the same as long as it is the same matter.

    ``quiet`` ones are shown and not told: the desk hears of them in another way, or there is nobody to tell them.
    """

    key: str
    title: str
    body: str = field(compare=False)
    quiet: bool = field(default=False, compare=False)


def holding(picture: Picture) -> tuple[Alarm, ...]:
    """The alarms that hold at this moment."""
    return tuple(_all(picture))


def _all(picture: Picture) -> Iterator[Alarm]:
    yield from _clock(picture)
    yield from _failing(picture)
    for feed in picture.feeds:
        yield from _silent(feed, picture.now)
        yield from _walled(feed)
        yield from _outran(feed)
    yield from _queue(picture)
    for each in picture.waiting:
        yield Alarm(
            f"waiting:{each.channel}",
            f"{_some(each.count, 'delivery', 'deliveries')} to {each.channel} {_have(each.count)} waited for more "
            "than 15 minutes",
            f"The last answer: {each.error or 'none yet'}. `wirewatch check` tries the channel.",
            quiet=each.told,
        )
    if picture.failed:
        body = "Their notes say what went wrong: `wirewatch why URL`; try again with `wirewatch ask-again URL`."
        yield Alarm(
            "failed", f"{_some(picture.failed, 'article', 'articles')} of this week not judged for a fault", body
        )
    if picture.dead:
        body = "`wirewatch status` lists them with what the server said, `wirewatch export` has them all."
        yield Alarm("dead", f"{_some(picture.dead, 'delivery', 'deliveries')} given up in a week", body, quiet=True)
    if picture.refused:
        yield Alarm("refused", "the watchlist was refused, the last good one is in force", picture.refused, quiet=True)
    if picture.strays:
        yield Alarm(
            "strays",
            f"workers read different watchlists: {', '.join(picture.strays)}",
            "The one that was edited last is in force, and these have another. Give all of them the same files (a "
            "shared folder), then save the watchlist once more, or restart them.",
        )


def _clock(picture: Picture) -> Iterator[Alarm]:
    if picture.alive is None:
        start = "Start it with `wirewatch run`."
        yield Alarm("service", "the service has not run on this database yet", start, quiet=True)
    elif abs(picture.now - picture.alive) > NOT_ALIVE:
        since = f"it was last alive at {picture.alive:%Y-%m-%d %H:%M} UTC"
        yield Alarm(
            "service", f"the service does not run: {since}", "Start `wirewatch run`, or the workers.", quiet=True
        )
    elif picture.tick is not None and abs(picture.now - picture.tick) > NO_TICK:
        yield Alarm(
            "tick",
            "beat is silent; the workers tick by themselves",
            f"No tick of it came since {picture.tick:%Y-%m-%d %H:%M} UTC. News still comes, somewhat later. Look at "
            "`celery -A worker beat` and at Redis; a clock that was set back has this effect until it has caught up.",
        )


def _failing(picture: Picture) -> Iterator[Alarm]:
    failing = [feed for feed in picture.feeds if _fails(feed, picture.now)]
    if len(failing) >= TOGETHER and 2 * len(failing) >= len(picture.feeds):
        yield Alarm(
            "feeds",
            f"{len(failing)} of {len(picture.feeds)} feeds fail",
            f"So many at once have one cause: look at this machine's network and DNS. {failing[0].name} says: "
            f"{failing[0].error}",
        )
        return
    for feed in failing:
        last = f"{feed.last_success:%Y-%m-%d %H:%M} UTC" if feed.last_success else "never"
        yield Alarm(
            f"failing:{feed.url}",
            f"{feed.name} fails: {feed.error}",
            f"{feed.url}\nRead last: {last}; failed {feed.failures} times since. `wirewatch feeds find` may tell a new "
            "address; it is asked again by itself.",
        )


def _fails(feed: FeedPicture, now: datetime) -> bool:
    if not feed.failures or feed.last_success is None:
        return feed.failures > 0
    since = now - feed.last_success
    return since > max(FAILING_LEAST if feed.failures >= FAILURES else OUTAGE, FAILING_POLLS * feed.every)


def _silent(feed: FeedPicture, now: datetime) -> Iterator[Alarm]:
    read_now = feed.last_success is not None and now - feed.last_success < timedelta(hours=1) + 2 * feed.every
    usual = feed.same_day >= SAME_DAY if feed.days >= 6 else feed.days >= 2  # noqa: PLR2004  # days: a week, two days
    if read_now and not feed.failures and not feed.last_day and feed.per_day >= BUSY and usual:
        yield Alarm(
            f"silent:{feed.url}",
            f"{feed.name} used to bring {feed.per_day:.0f} items a day and has brought none for a day",
            f"{feed.url}\nIt answers, but with nothing new. The publisher may have moved it: `wirewatch feeds find`.",
        )


def _walled(feed: FeedPicture) -> Iterator[Alarm]:
    if feed.pages >= PAGES_LEAST and feed.walled >= WALLED_SHARE * feed.pages:
        yield Alarm(
            f"walled:{feed.url}",
            f"the articles of {feed.name} cannot be read: {feed.wall}",
            f"{feed.url}\n{feed.walled} of its {feed.pages} latest pages. What the feed itself carries is judged "
            "instead, so names that stand further down are missed. Look for a feed with full texts.",
        )


def _outran(feed: FeedPicture) -> Iterator[Alarm]:
    if feed.outran:
        yield Alarm(
            f"outran:{feed.url}",
            f"{feed.name} moves faster than it is polled",
            f"{feed.url}\nTwo polls in a row had nothing in common, so items between them may be missed. Give it a "
            "shorter `every` in the watchlist.",
        )


def _queue(picture: Picture) -> Iterator[Alarm]:
    if picture.late_articles >= LATE_ARTICLES:
        yield Alarm(
            "articles",
            "articles wait for more than 15 minutes to be read and judged",
            f"{picture.late_articles} of them. More workers (`--scale worker=4`), or a larger machine.",
        )
    if picture.late_feeds:
        yield Alarm(
            "polls",
            f"{_some(picture.late_feeds, 'feed is', 'feeds are')} polled more than 15 minutes late",
            "More workers, or longer intervals. Many feeds of one host wait for each other: see `host_gap`.",
        )


def _some(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
