"""Engine and sessions for SQLite and PostgreSQL, set up so that both behave alike under many workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

POOL = 20  # connections, and as many more for a while: together more than a process has threads that need one
JUDGE_LOCK = 0x77697265  # any number of ours: the key of the advisory lock under which articles are judged


_turns: WeakKeyDictionary[Engine, RLock] = WeakKeyDictionary()


class DatabaseUrlError(ValueError):
    """DATABASE_URL that cannot be used; the message does not repeat it."""


def make_engine(url: str) -> Engine:
    """Open the database at ``url`` (SQLite or PostgreSQL).

    SQLite is put into WAL mode with full durability, and a transaction that is going to write takes the write lock at
    its start: a deferred transaction that reads and then writes fails with "database is locked" under load, whatever
    the busy timeout (https://www.sqlite.org/lang_transaction.html).
    """
    parsed = _read(url)
    if parsed.get_backend_name() == "sqlite":
        connect = {"timeout": 30, "check_same_thread": False}
        engine = create_engine(parsed, connect_args=connect, pool_size=POOL, max_overflow=POOL)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(
        parsed, pool_pre_ping=True, pool_size=POOL, max_overflow=POOL, connect_args={"connect_timeout": 5}
    )


def _read(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.get_backend_name() not in {"sqlite", "postgres", "postgresql"}:
        raise DatabaseUrlError(  # without the address, which may hold a password
            "DATABASE_URL is no address of a database; write postgresql://user:password@host/name with %40 for @ and "
            "%2F for / in the password, or sqlite:///wirewatch.db"
        )
    return parsed


def _prepare_sqlite(dbapi: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection: Any = dbapi
    connection.isolation_level = None  # SQLAlchemy's "begin" event below says BEGIN, not the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "busy_timeout=30000", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = "" if connection.get_execution_options().get("readonly") else " IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN{mode}")


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for reading only; on SQLite it never waits for a writer."""
    with Session(engine.execution_options(readonly=True)) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that commits at its end, or rolls everything back when an exception leaves it.

    On SQLite the threads of a process take turns. SQLite itself lets a writer sleep and look again, and the one who
    comes just then is first, so that with many writers one may wait for longer than the busy timeout.
    """
    turn = _turns.setdefault(engine, RLock()) if engine.dialect.name == "sqlite" else nullcontext()
    with turn, Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def serialise_judging(session: Session) -> None:
    """Let one transaction judge at a time, until it ends.

    Two workers that judge two copies of one report at once would each find no story and each alert. On SQLite the write
    lock that the transaction holds already does it; on PostgreSQL a transaction-level advisory lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": JUDGE_LOCK})
