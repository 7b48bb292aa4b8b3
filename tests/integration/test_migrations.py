"""Migrations: the tables are those of the models, every step can be taken back, and four may start together."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import inspect, text

from worker import migrate
from worker.db import make_engine


def tables(url: str) -> set[str]:
    engine = make_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_a_migrated_database_has_the_tables_of_the_models(database_url: str) -> None:
    migrate.check(database_url)


def test_every_migration_can_be_taken_back_and_run_again(blank_database_url: str) -> None:
    migrate.upgrade(blank_database_url)
    migrated = tables(blank_database_url)
    migrate.downgrade(blank_database_url, "base")
    assert tables(blank_database_url) == {"alembic_version"}
    migrate.upgrade(blank_database_url)
    assert tables(blank_database_url) == migrated


def test_four_processes_that_start_together_migrate_once(blank_database_url: str) -> None:
    command = [sys.executable, "-c", "import sys; from worker import migrate; migrate.upgrade(sys.argv[1])"]
    running = [subprocess.Popen([*command, blank_database_url], stderr=subprocess.PIPE, text=True) for _ in range(4)]
    errors = [process.communicate(timeout=60)[1] for process in running]
    assert [process.returncode for process in running] == [0] * 4, errors
    migrate.check(blank_database_url)


def test_a_migration_that_fails_leaves_nothing_behind(blank_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(*_: object, **__: object) -> None:
        raise RuntimeError("the power is cut")

    monkeypatch.setattr("alembic.op.drop_table", give_up)
    migrate.upgrade(blank_database_url)
    before = tables(blank_database_url)
    with pytest.raises(RuntimeError, match="power"):
        migrate.downgrade(blank_database_url, "base")
    assert tables(blank_database_url) == before
    migrate.check(blank_database_url)


def test_a_database_of_a_newer_version_is_refused_with_what_to_do(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(migrate.MigrationError, match=r"newer wirewatch.*9999.*restore a backup"):
        migrate.upgrade(database_url)


def test_a_password_with_a_percent_sign_reaches_the_database(postgresql_url: str) -> None:
    with_sign = postgresql_url.replace("postgres:@", "postgres:p%40ss%25@")
    migrate.check(with_sign)
