"""Moving, exporting, asking again: what a keeper does with the archive."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from sqlalchemy import Engine, func, insert, select

from servers.archive import put_alert, watchlist
from servers.newsroom import Newsroom
from servers.service import Service, until
from servers.web import Web
from worker import migrate
from worker.cli.times import Past
from worker.db import make_engine, reading, writing
from worker.models import Article, Base, Delivery, Fingerprint, Judgement, Story
from worker.store import archive, exporting, moving

NOW = datetime.now(UTC)
DESK = watchlist(screen={"type": "console"})


def fill(url: str, count: int = 3) -> None:
    """Alerts with their stories, and two articles that refer to each other's rows in both directions."""
    engine = make_engine(url)
    for number in range(count):
        put_alert(engine, DESK, number, title=f"=SUM({number}) Binance, «settles»", at=NOW - timedelta(hours=number))
    with writing(engine) as session:
        session.execute(
            insert(Fingerprint), [{"hash": -(2**30) + number, "article_id": 1, "story_id": 1} for number in range(50)]
        )
        session.get_one(Article, 1).same_as = 3
        session.get_one(Article, 3).same_as = 1
    engine.dispose()


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }


def test_everything_arrives_in_postgresql_and_numbers_go_on(
    tmp_path: Path, sqlite_url: str, blank_postgresql_url: str
) -> None:
    fill(sqlite_url)
    service = Service(tmp_path, sqlite_url)
    done = service.command("move-to", blank_postgresql_url, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["fingerprint"] == 50
    old, new = make_engine(sqlite_url), make_engine(blank_postgresql_url)
    assert rows(new) == rows(old)
    put_alert(new, DESK, 99)
    migrate.check(blank_postgresql_url)
    again = service.command("move-to", blank_postgresql_url)
    assert again.returncode == 1
    assert "not empty" in again.stderr
    for engine in (old, new):
        engine.dispose()


def test_a_move_that_fails_leaves_nothing_behind(
    sqlite_url: str, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(sqlite_url)
    old, new = make_engine(sqlite_url), make_engine(postgresql_url)
    monkeypatch.setattr(moving, "_count_on", lambda _target, table: 1 / 0 if table.name == "alert" else None)
    with old.connect() as here, pytest.raises(ZeroDivisionError), new.begin() as there:
        moving.move(here, there, lambda _rows: None)
    with new.connect() as there:
        moving.refuse_if_used(there)
    for engine in (old, new):
        engine.dispose()


def test_an_export_has_every_kind_and_no_formula(tmp_path: Path, sqlite_url: str) -> None:
    fill(sqlite_url)
    service = Service(tmp_path, sqlite_url)
    lines = [json.loads(line) for line in service.command("export", "--since", "90m").stdout.splitlines()]
    assert [line["kind"] for line in lines] == ["story", "story", "verdict", "verdict", "alert", "alert"] + [
        "delivery"
    ] * 2
    assert lines[2]["entities"] == ["Binance"]
    dated = service.command("export", "--since", f"{NOW - timedelta(minutes=90):%Y-%m-%dT%H:%M:%S+00:00}")
    assert [json.loads(line) for line in dated.stdout.splitlines()] == lines
    shown = service.command("export", "--since", "2h", "--format", "csv", "--what", "alerts")
    table = list(csv.DictReader(io.StringIO(shown.stdout)))
    assert {row["title"] for row in table} >= {"'=SUM(0) Binance, «settles»", "'=SUM(1) Binance, «settles»"}
    refused = service.command("export", "--format", "csv", "--what", "alerts", "--what", "stories")
    assert refused.returncode == 2


@pytest.mark.parametrize("kind", list(exporting.KINDS))
def test_a_csv_export_of_nothing_has_the_header_of_one_with_rows(tmp_path: Path, sqlite_url: str, kind: str) -> None:
    service = Service(tmp_path, sqlite_url)
    table = ("export", "--since", "2h", "--format", "csv", "--what", kind)
    nothing = service.command(*table).stdout.splitlines()
    fill(sqlite_url)
    everything = service.command(*table).stdout.splitlines()
    assert nothing == everything[:1]
    first = service.command("export", "--since", "2h", "--what", kind).stdout.splitlines()[0]
    assert nothing == [",".join(json.loads(first))]


def test_an_export_begins_at_a_date_or_so_long_ago() -> None:
    past, now = Past(), datetime.now(UTC)
    day = now.date() - timedelta(days=9)
    assert past.convert(str(day), None, None) == datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert past.convert(f"{day}T08:30", None, None) == datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC)
    assert past.convert(f"{day}T08:30:00+02:00", None, None).utcoffset() == timedelta(0)
    assert past.convert(f"{day}T08:30:00+02:00", None, None).hour == 6
    assert now - timedelta(days=9, minutes=1) < past.convert("9d", None, None) < now - timedelta(days=8)
    for wrong in ("yesterday", "", "-1d", "0d", "2026-13-01", "01.03.2026", str(now.date() + timedelta(days=2))):
        with pytest.raises(click.BadParameter, match="write"):
            past.convert(wrong, None, None)


def test_an_article_is_asked_for_again_and_what_was_alerted_stays(tmp_path: Path) -> None:
    service = Service(tmp_path, f"sqlite:///{tmp_path / 'wirewatch.db'}")
    with Web() as web:
        room = Newsroom(web, "site")
        url = room.publish("dull", "A dull title", ["Nobody whom the desk watches is named in this first text of it."])
        service.watch(
            defaults={"host_gap": "0s", "every": "1s"}, feeds=[{"url": room.feed}], entities=[{"name": "Binance"}]
        )

        def why() -> dict[str, object]:
            done = service.command("why", url, "--json")
            found: dict[str, object] = json.loads(done.stdout) if done.returncode == 0 else {}
            return found

        with service:
            until(lambda: why().get("state") == "judged")
            assert why()["verdict"] is None
            lead = "Binance was fined four million euros by a court in Riga on Monday, a clerk said."
            room.publish("dull", "A dull title", [lead])
            done = service.command("ask-again", url, "--json")
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout)["verdict"] == "new"
            refused = service.command("ask-again", url)
            assert refused.returncode == 1
            assert "alerted" in refused.stderr
            service.stop()
    assert "not on record" in service.command("ask-again", "https://nobody.example/knows").stderr


def test_a_verdict_that_is_asked_for_again_takes_its_empty_story_along(engine: Engine) -> None:
    put_alert(engine, DESK, 1)
    with writing(engine) as session:
        story = Story(title="Alone", created_at=NOW, updated_at=NOW)
        silent = Article(url="https://a.example/1", url_key="a.example/1", host="", seen_at=NOW, due_at=NOW)
        silent.state = "judged"
        session.add_all([story, silent])
        session.flush()
        session.add(
            Judgement(
                article_id=silent.id,
                story_id=story.id,
                verdict="coverage",
                reason="",
                new_sentences=[],
                evidence={},
                judged_at=NOW,
            )
        )
    with writing(engine) as session:
        trace = archive.find(session, "https://a.example/1")
        assert trace is not None
        assert archive.ask_again(session, trace, NOW)
    with reading(engine) as session:
        assert session.scalars(select(Story.title)).all() == ["Story 1"]
        assert session.scalar(select(func.count()).select_from(Judgement)) == 1
        assert session.scalar(select(func.count()).select_from(Delivery)) == 1


@pytest.mark.parametrize("number", [5, 2**63, 10**20])
def test_a_story_that_is_not_there_has_no_number_that_is_too_long(sqlite_url: str, number: int) -> None:
    engine = make_engine(sqlite_url)
    with reading(engine) as session:
        assert archive.story(session, number) is None
    engine.dispose()
