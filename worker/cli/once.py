"""``wirewatch once``."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import Engine, and_, delete, func, insert, or_, select

from worker import edits, hosts, migrate, service
from worker.celery import embed
from worker.cli.output import as_json, dump, say
from worker.db import make_engine, reading, writing
from worker.models import Base, Delivery, Feed
from worker.runtime import Runtime, runtime, use
from worker.settings import settings
from worker.store import archive, feeds
from worker.watchlist import ConsoleChannel, Watchlist

BATCH = 500  # rows
PATIENCE = 90.0  # seconds without any progress: what is left then is left to the next run


@click.command()
@click.option("--dry-run", is_flag=True, help="Work on a copy of the archive, print the alerts and send none.")
@as_json
def command(dry_run: bool, as_json: bool) -> None:
    """Poll all feeds now, process what is new, deliver, and exit.

    For cron, or for a first look. What cannot be delivered at once stays in the outbox for the next run.

    \b
    Example:
      wirewatch once --dry-run
    """
    if not dry_run:
        migrate.upgrade(settings().database_url)
        _run(use(Runtime(settings(), tries=1)), as_json)
        return
    with tempfile.TemporaryDirectory(prefix="wirewatch-") as folder:
        url = f"sqlite:///{Path(folder) / 'trial.db'}"
        migrate.upgrade(url)
        migrate.upgrade(settings().database_url)
        trial = make_engine(url)
        _copy(runtime().engine, trial)
        trial.dispose()
        here = Runtime(replace(settings(), database_url=url, redis_url=None), tries=1, change=_to_the_screen)
        _run(use(here), as_json)
        if not as_json:
            say("A trial: nothing was sent, and nothing of it was kept.", style="dim")


def _to_the_screen(read: Watchlist) -> Watchlist:
    entities = tuple(replace(entity, notify=("screen",)) for entity in read.entities)
    screen = {"screen": ConsoleChannel(type="console")}
    return replace(read, channels=screen, entities=entities, notify=("screen",), wishes={})


def _run(here: Runtime, as_json: bool) -> None:
    embed()  # a service may be using the queue
    began = datetime.now(UTC)

    def begin() -> None:
        with writing(here.engine) as session:
            feeds.sync(session, edits.wanted(here.watch().watchlist), began)
            feeds.make_all_due(session, began)

    bar = BarColumn(), MofNCompleteColumn()
    with Progress(TextColumn("{task.description}"), *bar, console=Console(stderr=True), transient=True) as progress:
        service.run(here, begin=begin, until=_Done(here, began, progress))
    with reading(here.engine) as session:
        status = archive.status(session, datetime.now(UTC))
    polled = [feed for feed in status.feeds if (feed.last_success_at or began) > began]
    wrong = [feed for feed in status.feeds if (feed.last_failure_at or began) > began]
    failed = {hosts.label(feed): feed.last_error for feed in wrong}
    waiting = sum(count for state, count in status.deliveries.items() if state not in {"sent", "dead", "silent"})
    if as_json:
        dump({"read": len(polled), "failed": failed, "articles": status.articles, "waiting": waiting})
        return
    say(f"feeds read: {len(polled)}, failed: {len(failed)}; deliveries that wait for the next run: {waiting}")
    for name, error in failed.items():
        say(f"  {name}: {error}", style="yellow")


class _Done:
    """Asked again and again: whether all feeds were asked, all articles judged, and all alerts tried."""

    def __init__(self, here: Runtime, began: datetime, progress: Progress) -> None:
        self._here, self._began, self._progress = here, began, progress
        self._polls, self._articles = progress.add_task("feeds", total=None), progress.add_task("articles", total=None)
        self._last: object = None
        self._moved = time.monotonic()

    def __call__(self) -> bool:
        now, began = datetime.now(UTC), self._began
        untried = (Delivery.state == "pending", Delivery.attempts == 0, Delivery.due_at <= now)
        open_to = Delivery.channel.in_(self._here.watch().watchlist.channels)
        with reading(self._here.engine) as session:
            known = session.scalars(select(Feed).where(Feed.active.is_(True))).all()
            sending = session.scalar(
                select(func.count()).where(or_(Delivery.state == "sending", and_(*untried, open_to)))
            )
            counts = archive.articles_by_state(session)
        asked = [feed for feed in known if max(feed.last_success_at or began, feed.last_failure_at or began) > began]
        unread = counts.get("pending", 0) + counts.get("extracted", 0)
        everything = sum(counts.values())
        self._progress.update(self._polls, completed=len(asked), total=len(known))
        self._progress.update(self._articles, completed=everything - unread, total=everything)
        if self._last != (state := (len(asked), unread, everything, sending)):
            self._last, self._moved = state, time.monotonic()
        stuck = time.monotonic() - self._moved > PATIENCE
        return stuck or (len(asked) == len(known) and not unread and not sending)


def _copy(source: Engine, target: Engine) -> None:
    """Copy every table, parents before children; what waits for delivery is not the trial's to send."""
    with source.connect() as reader, target.begin() as writer:
        for table in Base.metadata.sorted_tables:
            rows = reader.execution_options(yield_per=BATCH).execute(select(table)).mappings()
            for part in rows.partitions(BATCH):
                writer.execute(insert(table), [dict(row) for row in part])
        writer.execute(delete(Delivery).where(Delivery.state.not_in(("sent", "dead"))))
