"""How alembic reaches the database: over the connection that ``worker.migrate`` hands in, else at DATABASE_URL."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection

from worker.db import make_engine
from worker.migrate import lock
from worker.models import Base, UtcDateTime
from worker.settings import settings


def run(connection: Connection) -> None:
    """Run what was asked for in one transaction, alone: on SQLite too, where a migration would commit piecemeal."""
    if connection.dialect.name == "sqlite":
        # Rebuilding a table drops the old one, and that would delete the rows that refer to it. SQLite takes this
        # pragma only outside a transaction, so it goes to the driver, before SQLAlchemy begins one.
        driver: DBAPIConnection | None = connection.connection.dbapi_connection
        assert driver is not None  # noqa: S101 - a connection that was just opened has one
        driver.cursor().execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,  # SQLite cannot alter most of a table; alembic copies it
        render_item=render_item,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        lock(connection)
        context.run_migrations()


def render_item(kind: str, item: Any, _: Any) -> str | bool:  # noqa: ANN401 - alembic's own signature
    """Write our types as the plain ones they store, so that old migrations do not depend on today's models."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


if context.is_offline_mode():
    raise SystemExit("--sql is not supported: run the migration against the database itself")

given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(settings().database_url)
    with engine.connect() as opened:
        run(opened)
    engine.dispose()
