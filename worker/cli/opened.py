"""The archive for a command that only asks: it makes no database where there is none."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import Engine

from worker.runtime import runtime


def opened() -> Engine:
    """The engine of this process. Raises ClickException where the SQLite file that it names does not exist."""
    engine = runtime().engine
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file and not Path(file).exists():
        raise click.ClickException(f"there is no {file}: wirewatch has not run in this folder (or set DATABASE_URL)")
    return engine
