"""The commands as a person types them, each in a process of its own."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from servers.newsroom import Newsroom
from servers.service import Service, until
from servers.smtp import SmtpSink
from servers.web import Web
from worker.cli import COMMANDS, cli

REPORT = [
    "Binance has closed the accounts of 312 customers in Latvia after a court in Riga ordered it to, it said.",
    "The order names a network of shell companies that moved 18 million euros through the exchange since May.",
    "Binance said that it had co-operated with investigators from the first day.",
]
WATCHLIST = """\
channels:
  mail: {type: email, smtp: "smtp://127.0.0.1:9", from: w@example.org, to: [d@example.org]}
feeds:
  - url: https://news.example/feed.xml
entities:
  - name: Binance
    notify: [mail]
"""


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path, f"sqlite:///{tmp_path / 'wirewatch.db'}")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches_by_an_example(name: str) -> None:
    done = CliRunner().invoke(cli, [name, "--help"])
    assert done.exit_code == 0
    example = done.output.partition("Example")[2].partition("Options:")[0].splitlines()
    assert any(line.startswith(f"    wirewatch {name}") for line in example)
    assert "\\b" not in done.output


@pytest.mark.parametrize(
    ("right", "wrong", "place", "words"),
    [
        ("notify:", "notfy:", ":7:5", "notify"),
        ("smtp://127.0.0.1:9", "${NO_SUCH_VARIABLE}", ":2:", "NO_SUCH_VARIABLE"),
        ("  - name: Binance", "  - name: Binance\n  - name: Binance", ":7:", "Binance"),
        ("[mail]", "[maill]", ":7:", "mail"),
        ("  - name: Binance", "\t- name: Binance", ":6:", "tab"),
        ("https://news.example/feed.xml", "https://news.example/feed.xml\n    every: 5 minutes", ":5:", "5m"),
    ],
)
def test_a_wrong_watchlist_is_refused_with_its_place(
    service: Service, right: str, wrong: str, place: str, words: str
) -> None:
    assert right in WATCHLIST
    (service.folder / "watchlist.yaml").write_text(WATCHLIST.replace(right, wrong))
    checked = service.command("check")
    assert checked.returncode == 1
    assert f"watchlist.yaml{place}" in checked.stdout
    done = service.command("run")
    assert done.returncode == 2
    assert f"watchlist.yaml{place}" in done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_single_run_delivers_and_its_trial_keeps_nothing(service: Service, smtp_sink: SmtpSink) -> None:
    with Web() as web:
        newsroom = Newsroom(web, "site")
        url = newsroom.publish("report", "Binance closes accounts", REPORT)
        service.watch(
            channels={"mail": {"type": "email", "smtp": smtp_sink.url, "from": "w@e.org", "to": ["d@e.org"]}},
            defaults={"host_gap": "0s"},
            feeds=[{"url": newsroom.feed}],
            entities=[{"name": "Binance", "kind": "company"}],
        )
        trial = service.command("once", "--dry-run")
        assert trial.returncode == 0
        assert "Binance closes accounts" in trial.stdout
        assert not smtp_sink.mails
        with sqlite3.connect(service.folder / "wirewatch.db") as database:
            assert database.execute("SELECT count(*) FROM article").fetchone() == (0,)

        for read in (1, 1):
            done = service.command("once", "--json")
            assert done.returncode == 0
            assert json.loads(done.stdout)["read"] == read
        assert [mail.message["X-Wirewatch-Url"] for mail in smtp_sink.alerts] == [url]

    [story] = json.loads(service.command("stories", "--json").stdout)
    assert story["title"] == "Binance closes accounts"
    told = json.loads(service.command("story", str(story["id"]), "--json").stdout)
    assert [(article["url"], article["verdict"]) for article in told["articles"]] == [(url, "new")]
    trace = json.loads(service.command("why", url, "--json").stdout)
    assert REPORT[0] in [mention["sentence"] for mention in trace["mentions"]]
    assert [(row["recipient"], row["state"]) for row in trace["deliveries"]] == [("d@e.org", "sent")]
    for words in (["stories"], ["story", str(story["id"])], ["why", url], ["why", "--beside", url], ["status"]):
        shown = service.command(*words)
        assert "Binance closes accounts" in shown.stdout or words == ["status"]
        assert "Traceback" not in shown.stderr


def test_questions_about_what_is_not_there_get_an_answer_in_words(service: Service) -> None:
    service.watch(feeds=[], entities=[{"name": "Binance"}])
    assert service.command("migrate").returncode == 0
    for words in (["why", "https://nobody.example/knows"], ["story", "7"], ["send-test", "nowhere"]):
        done = service.command(*words)
        assert done.returncode != 0
        assert "Error" in done.stderr
        assert "Traceback" not in done.stderr
    status = service.command("status")
    assert status.returncode == 1
    assert "needs a person" in status.stdout


def test_check_tries_everything_and_fails_for_what_is_wrong(service: Service, smtp_sink: SmtpSink) -> None:
    with Web() as web:
        newsroom = Newsroom(web, "site")
        channels = {"mail": {"type": "email", "smtp": smtp_sink.url, "from": "w@e.org", "to": ["d@e.org"]}}
        service.watch(channels=channels, feeds=[{"url": newsroom.feed}], entities=[{"name": "Binance"}])
        assert service.command("check").returncode == 0
        web.page("/page", "<!doctype html><title>Home</title>")
        feeds = [{"url": newsroom.feed}, {"url": web.url("/page")}, {"url": web.url("/gone")}]
        service.watch(channels=channels, feeds=feeds, entities=[{"name": "Binance"}])
        done = service.command("check", "--json")
    assert done.returncode == 1
    says = {line["name"]: (line["ok"], line["says"]) for line in json.loads(done.stdout)}
    assert says["mail"][0]
    assert says[newsroom.feed][0]
    assert "not a feed" in says[web.url("/page")][1]
    assert "404" in says[web.url("/gone")][1]
    assert all(line["do"] for line in json.loads(done.stdout) if not line["ok"])
    assert not smtp_sink.mails


def test_send_test_sends_a_sample(service: Service, smtp_sink: SmtpSink) -> None:
    channels = {"mail": {"type": "email", "smtp": smtp_sink.url, "from": "w@e.org", "to": ["a@e.org", "b@e.org"]}}
    service.watch(channels=channels)  # a desk tries its channels before it knows whom to watch
    assert service.command("send-test", "mail").returncode == 0
    assert [mail.recipients for mail in smtp_sink.mails] == [("a@e.org",), ("b@e.org",)]
    smtp_sink.stop()
    done = service.command("send-test", "mail")
    smtp_sink.start()
    assert done.returncode == 1
    assert "failed" in done.stdout


@pytest.mark.parametrize(
    "url", ["postgres//user:s3cret@host/db", "mysql://u:s3cret@host/db", "postgresql://u:s3cret@h:x/db"]
)
def test_an_address_that_is_no_database_is_refused_in_words(service: Service, url: str) -> None:
    service.watch(feeds=[], entities=[{"name": "Binance"}])
    service.database_url = url
    done = service.command("status")
    assert done.returncode == 2
    assert "DATABASE_URL" in done.stderr
    assert "s3cret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_service_on_the_same_file_is_refused(service: Service) -> None:
    service.watch(feeds=[], entities=[{"name": "Binance"}])
    with service:
        until(lambda: "running" in service.output)
        second = service.command("run")
        assert second.returncode == 2
        assert "another wirewatch" in second.stderr
        assert service.stop() == [0]
