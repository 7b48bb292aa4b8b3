"""Real databases, a real Redis, and the service on them. What cannot be had skips the test; in CI it fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import redis
from sqlalchemy import Engine, make_url

from servers import process
from servers.service import Service
from worker import migrate
from worker.db import make_engine


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL in which databases may be created: TEST_DATABASE_URL, else one of our own."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    try:
        with process.postgres() as server:
            yield server.url
    except process.MissingServerError as missing:
        _go_without(missing)


@pytest.fixture(scope="session")
def _redis_server() -> Iterator[str]:
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    try:
        with process.redis() as server:
            yield server.url
    except process.MissingServerError as missing:
        _go_without(missing)


@pytest.fixture
def redis_url(_redis_server: str) -> str:
    """The address of an empty Redis. Whatever TEST_REDIS_URL holds is deleted."""
    with redis.Redis.from_url(_redis_server) as client:
        client.flushdb()
    return _redis_server


@pytest.fixture
def mortal_redis() -> Iterator[process.Guarded]:
    """A Redis of the test's own, to be stopped and started again, empty, at the same address."""
    try:
        server = process.redis().start()
    except process.MissingServerError as missing:
        _go_without(missing)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _postgres_template(postgres_url: str) -> Iterator[str]:
    name = f"wirewatch_template_{uuid4().hex[:8]}"
    _administer(postgres_url, f"CREATE DATABASE {name}")
    migrate.upgrade(_at(postgres_url, name))
    yield name
    _administer(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path, _sqlite_template: Path) -> str:
    """The address of a migrated, empty SQLite database of the test's own."""
    path = tmp_path / "wirewatch.db"
    shutil.copy(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgres_url: str, _postgres_template: str) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database of the test's own."""
    name = f"wirewatch_test_{uuid4().hex[:12]}"
    _administer(postgres_url, f"CREATE DATABASE {name} TEMPLATE {_postgres_template}")
    yield _at(postgres_url, name)
    _administer(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def blank_postgresql_url(postgres_url: str) -> Iterator[str]:
    """The address of a PostgreSQL database without a table."""
    name = f"wirewatch_test_{uuid4().hex[:12]}"
    _administer(postgres_url, f"CREATE DATABASE {name}")
    yield _at(postgres_url, name)
    _administer(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated, empty database of the test's own: once SQLite, once PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without a table: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'blank.db'}"
    return str(request.getfixturevalue("blank_postgresql_url"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on ``database_url``."""
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture(params=["embedded", "separate"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    """The service, not started: to run in one process on SQLite, and in several on Redis and PostgreSQL."""
    if request.param == "embedded":
        made = Service(tmp_path, f"sqlite:///{tmp_path / 'wirewatch.db'}")
    else:
        made = Service(tmp_path, request.getfixturevalue("postgresql_url"), request.getfixturevalue("redis_url"))
    yield made
    made.__exit__(None, None, None)


def _at(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _administer(url: str, statement: str) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]  # the names in it are made above


def _go_without(missing: Exception) -> None:
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(f"{missing} (CI skips nothing)")
    pytest.skip(str(missing))
