"""``wirewatch once``."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import Engine, delete, func, insert, select

from worker import edits, migrate, service
from worker.celery import embed
from worker.cli.output import say
from worker.db import make_engine, reading, writing
from worker.models import Base, Delivery, Feed
from worker.runtime import Runtime, runtime, use
from worker.settings import settings
from worker.store import archive, feeds
from worker.watchlist import ConsoleChannel, Watchlist

BATCH = 500  # rows
UNSENT = ("pending", "sending", "ambiguous")


@click.command()
@click.option("--dry-run", is_flag=True, help="Work on a copy of the archive, print the alerts and send none.")
def command(dry_run: bool) -> None:
    r"""Poll all feeds now, process what is new, deliver, and exit.

    For cron, or for a first look. What cannot be delivered at once stays in the outbox for the next run.

    \b
    Example:
      wirewatch once --dry-run
    """
    if not dry_run:
        migrate.upgrade(settings().database_url)
        _run(use(Runtime(settings(), tries=1)))
        return
    with tempfile.TemporaryDirectory(prefix="wirewatch-") as folder:
        url = f"sqlite:///{Path(folder) / 'trial.db'}"
        migrate.upgrade(url)
        migrate.upgrade(settings().database_url)
        trial = make_engine(url)
        _copy(runtime().engine, trial)
        trial.dispose()
        _run(use(Runtime(replace(settings(), database_url=url, redis_url=None), tries=1, change=_to_the_screen)))
        say("A trial: nothing was sent, and nothing of it was kept.", style="dim")


def _to_the_screen(read: Watchlist) -> Watchlist:
    entities = tuple(replace(entity, notify=("screen",)) for entity in read.entities)
    return replace(read, channels={"screen": ConsoleChannel(type="console")}, entities=entities, notify=("screen",))


def _run(here: Runtime) -> None:
    embed()  # a service may be using the queue
    began = datetime.now(UTC)
    with writing(here.engine) as session:
        feeds.sync(session, edits.wanted(here.watch().watchlist), began)
        feeds.make_all_due(session, began)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as progress:
        service.run(here, until=_done(here.engine, began, progress))
    with reading(here.engine) as session:
        status = archive.status(session, datetime.now(UTC))
        polled = [feed for feed in status.feeds if (feed.last_success_at or began) > began]
        failed = [feed for feed in status.feeds if (feed.last_failure_at or began) > began]
    waiting = sum(count for state, count in status.deliveries.items() if state not in {"sent", "dead"})
    say(f"feeds read: {len(polled)}, failed: {len(failed)}; deliveries that wait for the next run: {waiting}")
    for feed in failed:
        say(f"  {feed.name or feed.url}: {feed.last_error}", style="yellow")


def _done(engine: Engine, began: datetime, progress: Progress) -> Callable[[], bool]:
    polls, articles = progress.add_task("feeds", total=None), progress.add_task("articles", total=None)

    def done() -> bool:
        now = datetime.now(UTC)
        with reading(engine) as session:
            known = session.scalars(select(Feed).where(Feed.active.is_(True))).all()
            asked = [
                feed for feed in known if max(feed.last_success_at or began, feed.last_failure_at or began) > began
            ]
            sending = session.scalar(select(func.count()).where(Delivery.state.in_(UNSENT), Delivery.due_at <= now))
            counts = archive.status(session, now).articles
        unread = counts.get("pending", 0) + counts.get("extracted", 0)
        everything = sum(counts.values())
        progress.update(polls, completed=len(asked), total=len(known))
        progress.update(articles, completed=everything - unread, total=everything)
        return len(asked) == len(known) and not unread and not sending

    return done


def _copy(source: Engine, target: Engine) -> None:
    """Copy every table, parents before children; what waits for delivery is not the trial's to send."""
    with source.connect() as reader, target.begin() as writer:
        for table in Base.metadata.sorted_tables:
            rows = reader.execution_options(yield_per=BATCH).execute(select(table)).mappings()
            for part in rows.partitions(BATCH):
                writer.execute(insert(table), [dict(row) for row in part])
        writer.execute(delete(Delivery).where(Delivery.state.not_in(("sent", "dead"))))
