"""From nothing to a watchlist that works: finding feeds, writing the file, sending a test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from servers.newsroom import Newsroom
from servers.service import Service
from servers.smtp import SmtpSink
from servers.web import Web
from worker.cli import cli
from worker.feeds import links
from worker.settings import settings
from worker.watchlist import load

HOME = """<!doctype html><html><head><title>The Site</title>
<link rel="alternate" type="application/rss+xml" href="/site/feed.xml">
<link rel="alternate" hreflang="de" href="/de"><link rel="alternate" type="application/rss+xml" href="/gone.xml">
</head><body>The site</body></html>"""


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path, f"sqlite:///{tmp_path / 'wirewatch.db'}")


def found(service: Service, url: str) -> list[str]:
    done = service.command("feeds", "find", url, "--json")
    assert done.returncode in {0, 1}, done.stderr
    return [feed["url"] for feed in json.loads(done.stdout)]


def test_feeds_are_found_where_the_page_names_them_and_at_the_usual_places(service: Service, web: Web) -> None:
    room = Newsroom(web, "site")
    room.publish("one", "Binance opens an office", ["Binance opened an office in Porto on Monday."])
    web.page("/", HOME)
    assert found(service, web.url("/")) == [room.feed]
    assert found(service, room.feed) == [room.feed]
    web.page("/", "<title>A site that names none</title>")
    assert found(service, web.url("/")) == []
    web.page("/rss.xml", "<rss version='2.0'><channel><title>x</title></channel></rss>", "text/xml")
    assert found(service, web.url("/")) == [web.url("/rss.xml")]
    assert service.command("feeds", "find", "http://127.0.0.1:9/").returncode == 1


def test_a_page_of_links_is_not_followed_for_ever() -> None:
    page = b"<html><body>" + b"".join(b"<a href='/rss/%d'>x</a>" % number for number in range(5000)) + b"</body></html>"
    assert len(links.named(page, "https://a.example/")) == links.MOST
    assert links.named(b"", "https://a.example/") == ()
    assert links.named(b"<a href='javascript:rss'>x</a><a href='http://[rss'>x</a>", "https://a.example/") == ()


def test_a_first_watchlist_is_written_and_a_test_alert_sent(service: Service, web: Web, smtp_sink: SmtpSink) -> None:
    room = Newsroom(web, "site")
    web.page("/", HOME)
    service.variables["SMTP_URL"] = smtp_sink.url
    options = ["--name", "Binance", "--name", "Gleb: Kostarev", "--site", web.url("/"), "--mail", "desk@e.org"]
    done = service.command("init", "--yes", *options)
    assert done.returncode == 0, done.stderr
    assert [mail.recipients for mail in smtp_sink.mails] == [("desk@e.org",)]
    watchlist = load(service.folder / "watchlist.yaml", service.environ)
    assert [entity.name for entity in watchlist.entities] == ["Binance", "Gleb: Kostarev"]
    assert [feed.url for feed in watchlist.feeds] == [room.feed]
    assert watchlist.warnings == ()
    first = (service.folder / "watchlist.yaml").read_text().splitlines()[0]
    assert (service.folder / first.rpartition("=")[2]).exists()
    again = service.command("init", "--yes")
    assert again.returncode == 1
    assert "exists already" in again.stderr


def test_four_questions_and_their_defaults_make_a_watchlist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIREWATCH_WATCHLIST", str(tmp_path / "watchlist.yaml"))
    settings.cache_clear()
    done = CliRunner().invoke(cli, ["init"], input="Binance, Kraken\n\nscreen\n2m\n")
    settings.cache_clear()
    assert done.exit_code == 0, done.output
    watchlist = load(tmp_path / "watchlist.yaml", {})
    assert [entity.name for entity in watchlist.entities] == ["Binance", "Kraken"]
    assert len(watchlist.feeds) == 2
    assert watchlist.every.total_seconds() == 120


def test_a_watchlist_that_exists_is_kept_beside_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "watchlist.yaml"
    path.write_text("entities: [{name: Okex}]\n")
    monkeypatch.setenv("WIREWATCH_WATCHLIST", str(path))
    settings.cache_clear()
    refused = CliRunner().invoke(cli, ["init"], input="n\n")
    agreed = CliRunner().invoke(cli, ["init"], input="y\nBinance\n\nscreen\n2m\n")
    settings.cache_clear()
    assert refused.exit_code == 1
    assert agreed.exit_code == 0, agreed.output
    assert [entity.name for entity in load(path, {}).entities] == ["Binance"]
    assert [entity.name for entity in load(tmp_path / "watchlist.yaml.before", {}).entities] == ["Okex"]


def test_what_makes_no_watchlist_is_not_written(service: Service) -> None:
    done = service.command("init", "--yes", "--every", "5 minutes")
    assert done.returncode == 1
    assert "5m" in done.stderr
    assert not (service.folder / "watchlist.yaml").exists()
