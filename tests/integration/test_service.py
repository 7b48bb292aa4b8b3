"""The whole path with real processes and servers: from a feed on loopback to the mail and the Slack message."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from servers.newsroom import Newsroom
from servers.service import Service, until
from servers.slack import CHANNEL, TOKEN, Slack
from servers.smtp import SmtpSink
from servers.web import Web

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
ENTITIES = [
    {"name": "Binance", "kind": "company", "aliases": ["Бинанс"]},
    {"name": "Rosfinmonitoring", "kind": "agency", "aliases": ["Rosfin", "Росфинмониторинг"]},
    {
        "name": "Gleb Kostarev",
        "kind": "person",
        "aliases": ["Глеб Костарев", "Kostarev"],
        "near": ["Binance", "crypto"],
    },
]
FIRST = [
    (
        "Binance has closed the accounts of 312 customers in Latvia after a court in Riga ordered it to, the exchange "
        "said on Monday."
    ),
    (
        "The order names a network of shell companies that moved 18 million euros through the exchange between May and "
        "August, according to court papers."
    ),
    (
        "Binance said that it had co-operated with investigators from the first day and that all other customers could "
        "go on trading as before."
    ),
    (
        "The Latvian financial intelligence unit opened the inquiry last autumn after two banks had reported unusual "
        "transfers to the exchange."
    ),
    "A hearing at which the owners of the companies may object to the order is set for the end of the month.",
]
UPDATE = [
    (
        "A Riga judge on Wednesday sent two directors of the shell companies to prison for four years, the first "
        "sentences in the Binance case."
    ),
    "Prosecutors said that they would now ask Cyprus to hand over a third suspect, a former bank clerk.",
    *FIRST[1:4],
]


def why(service: Service, url: str) -> dict[str, Any]:
    """What ``wirewatch why`` says of an article; empty before it is on record."""
    done = service.command("why", url, "--json")
    found: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    return found


def channels(smtp_sink: SmtpSink, slack: Slack) -> dict[str, object]:
    return {
        "desk-mail": {"type": "email", "smtp": smtp_sink.url, "from": "w@example.org", "to": ["desk@example.org"]},
        "desk-slack": {"type": "slack", "token": TOKEN, "channel": CHANNEL, "api_url": slack.api_url},
    }


def paragraphs(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.mark.skipif(not SEEDS.is_dir() and not os.environ.get("CI"), reason=f"needs the two agency texts in {SEEDS}")
def test_two_carriers_of_one_report_are_one_alert_and_the_follow_up_goes_below_it(
    service: Service, smtp_sink: SmtpSink, slack: Slack
) -> None:
    texts = [paragraphs(path) for path in sorted(SEEDS.glob("*.txt"))]
    with Web() as one, Web() as other:
        first, second = Newsroom(one, "one"), Newsroom(other, "other")
        service.watch(
            channels=channels(smtp_sink, slack),
            defaults={"every": "1s", "host_gap": "0s"},
            feeds=[{"url": first.feed}, {"url": second.feed}],
            entities=ENTITIES,
        )
        report = first.publish("report", "How Binance built ties to an FSB-linked agency", texts[0])
        with service:
            until(lambda: smtp_sink.alerts and slack.alerts)
            reprint = second.publish("reprint", "Special Report: How crypto giant Binance built ties", texts[1])
            until(lambda: why(service, reprint).get("verdict"))
            lead = [
                (
                    "Russia's financial intelligence unit fined Binance 90 million roubles on Friday, a month after "
                    "the two fell out over client data."
                ),
                "Binance said that it would appeal against the fine in a Moscow court.",
            ]
            follow_up = first.publish("follow-up", "Rosfin fines Binance", [*lead, *texts[0][5:8]])
            until(lambda: len(smtp_sink.alerts) > 1 and len(slack.alerts) > 1)
            found = [why(service, url) for url in (report, reprint, follow_up)]
            assert service.stop() == [0] * (2 if service.redis_url else 1)

    assert [each["verdict"] for each in found] == ["new", "reprint", "update"]
    assert len({each["story"] for each in found}) == 1
    assert found[1]["of"] == report
    assert found[1]["deliveries"] == []
    assert {mention["entity"] for mention in found[0]["mentions"]} == {"Binance", "Rosfinmonitoring", "Gleb Kostarev"}
    assert found[2]["new_sentences"] == lead

    assert len(smtp_sink.alerts) == len(slack.alerts) == 2
    told, updated = (mail.message for mail in smtp_sink.alerts)
    text = told.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert all(entity["name"] in text for entity in ENTITIES)
    assert "Gleb Kostarev, consented to Rosfin" in text
    assert updated["In-Reply-To"] == told["Message-ID"]
    assert told["X-Wirewatch-Verdict"] == "new"
    assert updated["X-Wirewatch-Verdict"] == "update"
    assert updated["X-Wirewatch-Url"] == follow_up
    shown = updated.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "90 million roubles" in shown
    assert texts[0][6][:60] not in shown
    assert slack.alerts[1]["thread_ts"] == slack.alerts[0]["ts"]
    assert report in slack.alerts[0]["text"]


@pytest.mark.timeout(300)  # what was being sent when the process was killed waits for the end of its lease
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_stop_in_the_middle_loses_nothing_and_repeats_nothing(
    service: Service, smtp_sink: SmtpSink, number: signal.Signals
) -> None:
    with Web() as web:
        newsroom = Newsroom(web, "site")
        service.watch(
            channels={
                "mail": {"type": "email", "smtp": smtp_sink.url, "from": "w@example.org", "to": ["d@example.org"]}
            },
            defaults={"every": "1s", "host_gap": "0s"},
            feeds=[{"url": newsroom.feed}],
            entities=ENTITIES[:1],
        )
        urls = [
            newsroom.publish(
                f"{city}",
                f"Binance opens an office in {city}",
                [
                    f"Binance opened an office in {city} on Monday and hired {count} people there, its {role} said.",
                    f"The mayor of {city} cut the ribbon and thanked the {role} for {count} jobs in a hard year.",
                ],
            )
            for city, count, role in zip(
                ("Porto", "Lagos", "Quito", "Turin", "Osaka", "Perth", "Lyon", "Cusco"),
                (11, 24, 37, 48, 59, 63, 75, 86),
                ("counsel", "founder", "treasurer", "chairman", "auditor", "director", "manager", "secretary"),
                strict=True,
            )
        ]
        service.start()
        until(lambda: len(smtp_sink.alerts) >= 2)
        service.stop(number)
        held = len(smtp_sink.alerts)
        service.start()
        until(lambda: len({mail.message["X-Wirewatch-Url"] for mail in smtp_sink.alerts}) == len(urls), 220)
        until(lambda: json.loads(service.command("status", "--json").stdout)["deliveries"].get("sent") == len(urls))
        service.stop()
    told = [mail.message["X-Wirewatch-Url"] for mail in smtp_sink.alerts]
    assert set(told) == set(urls)
    in_flight = 4 if number == signal.SIGKILL else 0  # the stated window: what was being sent when the process died
    assert len(told) - len(urls) <= in_flight, held
    repeated = {url for url in told if told.count(url) > 1}
    for url in repeated:
        assert len({m.message["Message-ID"] for m in smtp_sink.alerts if m.message["X-Wirewatch-Url"] == url}) == 1


def test_a_stop_waits_for_a_mail_server_that_takes_its_time(service: Service, smtp_sink: SmtpSink) -> None:
    smtp_sink.slow = 12.0  # longer than anything else is waited for
    with Web() as web:
        newsroom = Newsroom(web, "site")
        service.watch(
            channels={
                "mail": {"type": "email", "smtp": smtp_sink.url, "from": "w@example.org", "to": ["d@example.org"]}
            },
            defaults={"every": "1s", "host_gap": "0s"},
            feeds=[{"url": newsroom.feed}],
            entities=ENTITIES[:1],
        )
        newsroom.publish("report", "Binance closes accounts", FIRST)
        service.start()
        until(lambda: smtp_sink.mails)
        service.stop()
    assert json.loads(service.command("status", "--json").stdout)["deliveries"] == {"sent": 1}
    assert len(smtp_sink.mails) == 1


def test_a_second_signal_ends_that_wait(tmp_path: Path, smtp_sink: SmtpSink) -> None:
    smtp_sink.slow = 30.0
    service = Service(tmp_path, f"sqlite:///{tmp_path / 'wirewatch.db'}")
    with Web() as web:
        newsroom = Newsroom(web, "site")
        mail = {"type": "email", "smtp": smtp_sink.url, "from": "w@example.org", "to": ["d@example.org"]}
        service.watch(
            channels={"mail": mail}, defaults={"every": "1s"}, feeds=[{"url": newsroom.feed}], entities=ENTITIES[:1]
        )
        newsroom.publish("report", "Binance closes accounts", FIRST)
        with service:
            until(lambda: smtp_sink.mails)
            service.processes[0].send_signal(signal.SIGTERM)
            until(lambda: "waiting for what servers say" in service.output)
            assert service.stop() == [0]
    assert json.loads(service.command("status", "--json").stdout)["deliveries"] == {"sending": 1}


def test_what_is_broken_is_told_and_the_rest_goes_on(service: Service, smtp_sink: SmtpSink, slack: Slack) -> None:
    with Web() as web:
        newsroom = Newsroom(web, "site")
        web.page("/html", "<!doctype html><title>Home</title><p>welcome")
        big = web.page("/big", iter([b"<html><body>"] + [b"<p>x</p>" * 125_000] * 50))
        newsroom.announce(big, "Binance in a page of fifty million bytes")
        service.watch(
            channels=channels(smtp_sink, slack),
            defaults={"every": "1s", "host_gap": "0s"},
            feeds=[{"url": web.url("/html")}, {"url": web.url("/gone")}, {"url": newsroom.feed}],
            entities=ENTITIES,
        )
        smtp_sink.stop()
        with service:
            told = newsroom.publish("told", "Binance closes accounts", FIRST)
            until(lambda: any(told in post["text"] for post in slack.alerts))
            until(lambda: any(row["error"] for row in why(service, told)["deliveries"]))
            status = json.loads(service.command("status", "--json").stdout)
            waiting = why(service, told)["deliveries"]
            smtp_sink.start()
            until(lambda: any(mail.message["X-Wirewatch-Url"] == told for mail in smtp_sink.alerts), 90)
            until(lambda: "larger than" in why(service, big).get("note", ""))
            update = newsroom.publish("update", "First sentences in the Binance case", UPDATE)
            until(lambda: any(mail.message["X-Wirewatch-Url"] == update for mail in smtp_sink.alerts))
    errors = {feed["url"]: feed["error"] for feed in status["feeds"]}
    assert "web page, not a feed" in errors[web.url("/html")]
    assert "404" in errors[web.url("/gone")]
    assert errors[newsroom.feed] == ""
    assert {row["channel"]: row["state"] for row in waiting} == {"desk-mail": "pending", "desk-slack": "sent"}
    assert [mail.message["X-Wirewatch-Url"] for mail in smtp_sink.alerts].count(told) == 1
