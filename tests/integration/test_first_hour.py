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
    web.page("/2026/one", "<title>An article that names none</title>")
    assert found(service, web.url("/2026/one")) == [room.feed]
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
    assert done.returncode == 2
    assert "5m" in done.stderr
    assert not (service.folder / "watchlist.yaml").exists()


def answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *options: str, said: str = "") -> tuple[int, str]:
    monkeypatch.setenv("WIREWATCH_WATCHLIST", str(tmp_path / "watchlist.yaml"))
    settings.cache_clear()
    done = CliRunner().invoke(cli, ["init", *options], input=said)
    settings.cache_clear()
    return done.exit_code, done.output


def test_an_answer_that_is_none_is_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = ", ,\nBinance, binance,Kraken\n\ndesk at example.org\ndesk@e.org, night@e.org\n5 minutes\n2m\n"
    code, output = answered(tmp_path, monkeypatch, said=said)
    assert code == 0, output
    assert output.count("Error: ") == 3
    watchlist = load(tmp_path / "watchlist.yaml", {"SMTP_URL": "smtp://127.0.0.1:1"})
    assert [entity.name for entity in watchlist.entities] == ["Binance", "Kraken"]
    assert list(watchlist.channels) == ["desk-mail"]  # and not the screen, which nobody may look at
    assert watchlist.channels["desk-mail"].to == ("desk@e.org", "night@e.org")  # type: ignore[union-attr]
    assert watchlist.every.total_seconds() == 120


@pytest.mark.parametrize("options", [["--mail", "desk"], ["--every", "0s"], ["--name", " "]])
def test_an_option_that_cannot_be_is_refused(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = answered(tmp_path, monkeypatch, "--yes", *options)
    assert code == 2
    assert "write" in output
    assert not (tmp_path / "watchlist.yaml").exists()


def test_what_a_name_or_site_holds_makes_no_broken_watchlist(service: Service, web: Web) -> None:
    room = Newsroom(web, "site")
    web.page("/", HOME)
    names = ["Acme, Inc", "${HOME}: #1", "Yes", "yes"]
    options = [word for name in names for word in ("--name", name)]
    done = service.command("init", "--yes", *options, "--site", web.url("/"), "--site", room.feed)
    assert done.returncode == 0, done.stderr
    watchlist = load(service.folder / "watchlist.yaml", {})
    assert [entity.name for entity in watchlist.entities] == names[:3]
    assert [feed.url for feed in watchlist.feeds] == [room.feed]


def test_mail_and_slack_may_both_be_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = answered(tmp_path, monkeypatch, "--yes", "--mail", "desk@e.org", "--slack")
    assert code == 0, output
    assert "SMTP_URL=" in output
    assert "SLACK_WEBHOOK_URL=" in output
    environ = {"SMTP_URL": "smtp://127.0.0.1:1", "SLACK_WEBHOOK_URL": "https://localhost/"}
    assert list(load(tmp_path / "watchlist.yaml", environ).channels) == ["desk-mail", "desk-slack"]


def test_a_folder_that_is_not_there_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = answered(tmp_path / "none", monkeypatch, said="Binance\n")
    assert code == 1
    assert "nothing can be written in" in output
