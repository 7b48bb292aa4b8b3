"""``wirewatch move-to``."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from worker import locks, migrate
from worker.cli.output import as_json, dump, say, table
from worker.db import make_engine
from worker.settings import settings
from worker.store import moving


@click.command()
@click.argument("url")
@as_json
def command(url: str, as_json: bool) -> None:
    """Copy everything on record into the empty database at URL, check it, and say how to go on.

    From the SQLite file of one process to a PostgreSQL for several. The service must be stopped. The old database stays
    as it is. A database that holds a wirewatch already is refused.

    \b
    Example:
      wirewatch move-to postgresql://wirewatch:PASSWORD@db.example/wirewatch
    """
    old = settings().database_url
    try:
        shown = make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        raise click.ClickException(
            "that is no address of a database; write it as postgresql://user:password@host/name"
        ) from None
    if make_url(url) == make_url(old):
        raise click.ClickException("that is the database in use (DATABASE_URL); name another one")
    try:
        with locks.alone(old):
            moved = _move(old, url)
    except (moving.MoveError, migrate.MigrationError, locks.AlreadyRunningError) as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        dump(moved)
        return
    table("", ("table", "rows"), moved.items())
    say(f"Everything is in {shown}. Set DATABASE_URL to it and start wirewatch; keep the old database until it runs.")


def _move(old: str, new: str) -> dict[str, int]:
    migrate.upgrade(old)
    source, target = make_engine(old), make_engine(new)
    columns = (TextColumn("moving rows"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with target.connect() as there:
            moving.refuse_if_used(there)
        migrate.upgrade(new)
        with (
            source.execution_options(readonly=True).connect() as here,
            target.begin() as there,
            Progress(*columns, console=Console(stderr=True), transient=True) as progress,
        ):
            task = progress.add_task("", total=sum(moving.counts(here).values()))
            return moving.move(here, there, lambda rows: progress.advance(task, rows))
    finally:
        source.dispose()
        target.dispose()
