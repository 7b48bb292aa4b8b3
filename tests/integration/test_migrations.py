"""Migrations: the tables are those of the models, every step can be taken back, and four may start together."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from worker import migrate
from worker.db import make_engine, reading, writing
from worker.models import Alert, Delivery

ROOT = Path(__file__).parents[2]


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


def test_a_table_that_sqlite_rebuilds_keeps_the_rows_that_refer_to_it(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(sqlite_url)
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with writing(engine) as session:
        alert = Alert(key="article:1", kind="new", created_at=noon)
        session.add(alert)
        session.flush()
        session.add(Delivery(alert_id=alert.id, channel="screen", due_at=noon, created_at=noon))
    folder = tmp_path / "alembic"
    shutil.copytree(ROOT / "alembic", folder)
    (folder / "versions" / "9000_rebuild.py").write_text(REBUILD)
    made = migrate.config()
    made.set_main_option("script_location", str(folder))
    monkeypatch.setattr(migrate, "config", lambda: made)
    migrate.upgrade(sqlite_url)
    with reading(engine) as session:
        assert session.scalars(select(Delivery.channel)).all() == ["screen"]
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "9000"
    engine.dispose()


REBUILD = f"""
from alembic import op

revision, down_revision = "9000", "{ScriptDirectory.from_config(migrate.config()).get_current_head()}"


def upgrade():
    with op.batch_alter_table("alert", recreate="always"):
        pass
"""
