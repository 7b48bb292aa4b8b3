"""``wirewatch migrate``."""

from __future__ import annotations

import click

from worker import migrate
from worker.settings import settings


@click.command()
def command() -> None:
    """Bring the database to the tables of this version; does nothing where that is done.

    `wirewatch run` does it by itself. Separate workers want it done first.

    \b
    Example:
      wirewatch migrate
    """
    migrate.upgrade(settings().database_url)
