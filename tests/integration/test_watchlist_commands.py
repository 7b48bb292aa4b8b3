"""``wirewatch watchlist``: what an edit would change, seen before it is saved."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from servers.service import Service
from worker.db import make_engine, reading, writing
from worker.models import Alert, Article, Delivery, Entry, Feed
from worker.watchlist import json_schema

ONE, OTHER = "https://one.example/rss", "https://other.example/rss"
NOW = datetime.now(UTC)
BINANCE = "Binance has closed the accounts of 312 customers in Latvia after a court in Riga ordered it to, it said."
KRAKEN = "Kraken will open an office in Lisbon in May and hire sixty engineers there, its founder told a newspaper."
BEFORE: dict[str, Any] = {
    "channels": {"screen": {"type": "console"}, "night": {"type": "console"}},
    "defaults": {"notify": ["screen"]},
    "feeds": [{"url": ONE}, {"url": OTHER}],
    "entities": [{"name": "Binance"}, {"name": "Tether"}],
}


@pytest.fixture
def service(tmp_path: Path, sqlite_url: str) -> Service:
    """An archive of four articles, of which the last is too old to count."""
    engine = make_engine(sqlite_url)
    told = [
        (ONE, "Binance closes accounts", BINANCE, 5),
        (OTHER, "Latvian court order: Binance closes accounts", BINANCE, 4),
        (OTHER, "Kraken comes to Lisbon", KRAKEN, 3),
        (ONE, "Tether moves its seat", "Tether has moved its seat to San Salvador, the company said on Monday.", 999),
    ]
    with writing(engine) as session:
        feeds = {url: Feed(url=url, host=url[8:], every_seconds=300, next_poll_at=NOW) for url in (ONE, OTHER)}
        session.add_all(feeds.values())
        for number, (feed, title, text, hours) in enumerate(told):
            seen = NOW - timedelta(hours=hours)
            url = f"{feed[:-4]}/{number}"
            article = Article(url=url, url_key=url, host="", title=title, text=text, seen_at=seen, due_at=seen)
            article.state = "judged"
            session.add(article)
            session.flush()
            session.add(
                Entry(feed_id=feeds[feed].id, guid_hash=str(number), article_id=article.id, title=title, seen_at=seen)
            )
    engine.dispose()
    made = Service(tmp_path, sqlite_url)
    made.watch(**BEFORE)
    return made


def diff(service: Service, **after: object) -> dict[str, Any]:
    (service.folder / "new.yaml").write_text(yaml.safe_dump({**BEFORE, **after}))
    done = service.command("watchlist", "diff", "new.yaml", "--replay", "2d", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_replay_tells_which_alerts_an_edit_adds_and_takes_away_and_keeps_nothing(service: Service) -> None:
    found = diff(service, entities=[{"name": "Kraken"}, {"name": "Tether"}])
    assert [(one["change"], one["name"]) for one in found["differences"]] == [
        ("removed", "Binance"),
        ("added", "Kraken"),
    ]
    assert found["replayed"] == 3
    assert [one["title"] for one in found["alerts"]["added"]] == ["Kraken comes to Lisbon"]
    assert [one["title"] for one in found["alerts"]["removed"]] == ["Binance closes accounts"]
    engine = make_engine(service.database_url)
    with reading(engine) as session:
        for table in (Alert, Delivery):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    engine.dispose()


def test_without_its_first_carrier_the_reprint_is_the_alert(service: Service) -> None:
    found = diff(service, feeds=[{"url": OTHER}])
    assert [one["title"] for one in found["alerts"]["removed"]] == ["Binance closes accounts"]
    assert [one["title"] for one in found["alerts"]["added"]] == ["Latvian court order: Binance closes accounts"]


def test_an_alert_that_goes_elsewhere_is_told_with_both_places(service: Service) -> None:
    found = diff(service, entities=[{"name": "Binance", "notify": ["night"]}, {"name": "Tether"}])
    [moved] = found["alerts"]["moved"]
    assert (moved["channels_before"], moved["channels"]) == (["screen"], ["night"])
    assert not found["alerts"]["added"]
    assert not found["alerts"]["removed"]


def test_a_secret_is_not_shown_and_a_bad_new_file_is_refused_with_its_place(service: Service) -> None:
    channels = {**BEFORE["channels"], "slack": {"type": "slack", "webhook": "https://hooks.example/SECRET"}}
    feeds = [*BEFORE["feeds"], {"url": "https://paid.example/rss?key=${KEY}"}]
    service.variables["KEY"] = "SECRET"
    (service.folder / "new.yaml").write_text(yaml.safe_dump({**BEFORE, "channels": channels, "feeds": feeds}))
    done = service.command("watchlist", "diff", "new.yaml", "--replay", "2d")
    assert "+ channel slack" in done.stdout
    assert "+ feed https://paid.example/rss?key=${KEY}" in done.stdout
    assert "0 alerts more, 0 fewer" in done.stdout
    assert "SECRET" not in done.stdout + done.stderr
    (service.folder / "new.yaml").write_text("feeds: [{ulr: https://one.example}]\n")
    done = service.command("watchlist", "diff", "new.yaml")
    assert done.returncode == 2
    assert "new.yaml:1:9" in done.stderr
    assert service.command("watchlist", "diff", "new.yaml", "--replay", "2 weeks").returncode == 2


def test_the_schema_is_printed_for_an_editor(service: Service) -> None:
    assert json.loads(service.command("watchlist", "schema").stdout) == json_schema()
