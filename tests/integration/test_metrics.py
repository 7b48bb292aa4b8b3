"""What the service shows to the outside, and the id by which its log lines belong together."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from servers.newsroom import Newsroom
from servers.service import Service, until
from servers.smtp import SmtpSink
from servers.web import Reply, Web
from worker import metrics
from worker.db import make_engine
from worker.settings import SettingsError, read

DOCS = Path(__file__).parents[2] / "docs"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def scrape(port: int) -> dict[tuple[str, ...], float]:
    body = urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
    return {
        (sample.name.removeprefix("wirewatch_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
    }


def test_a_scrape_tells_what_was_polled_judged_and_delivered_and_logs_follow_an_item(
    tmp_path: Path, web: Web, smtp_sink: SmtpSink
) -> None:
    port = free_port()
    variables = {"WIREWATCH_METRICS": f"127.0.0.1:{port}", "WIREWATCH_LOG": "json"}
    service = Service(tmp_path, f"sqlite:///{tmp_path / 'wirewatch.db'}", variables=variables)
    room = Newsroom(web, "site")
    room.publish("one", "Binance opens an office", ["Binance opened an office in Porto on Monday, its founder said."])
    room.publish("two", "Weather", ["It will rain in Porto on Tuesday, the weather service said on Monday evening."])
    web.add("/bad.xml", Reply("no", 404))
    service.watch(
        channels={"mail": {"type": "email", "smtp": smtp_sink.url, "from": "w@e.org", "to": ["d@e.org"]}},
        defaults={"host_gap": "0s", "every": "1s"},
        feeds=[{"url": room.feed}, {"url": web.url("/bad.xml")}],
        entities=[{"name": "Binance"}],
    )
    with service:
        until(lambda: "running" in service.output and '"metrics"' in service.output)
        until(lambda: scrape(port).get(("publication_to_delivery_seconds_count",)) == 1)
        until(lambda: scrape(port).get(("articles", "judged")) == 2)
        found = scrape(port)
        assert urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10).read() == b"ok\n"
        with pytest.raises(HTTPError):
            urlopen(f"http://127.0.0.1:{port}/elsewhere", timeout=10)
        assert service.stop() == [0]
    assert found["entries_total",] == 2
    assert found["polls_total", "ok"] >= 1
    assert found["polls_total", "failed"] >= 1
    assert found["verdicts_total", "new"] == found["alerts_total", "new"] == 1
    assert found["feeds_failing", "missing"] == 1
    assert found["publication_to_delivery_seconds_count",] == 1
    assert found["queue", "deliver"] == 0
    assert found["deliveries_total", "mail", "sent"] == 1
    assert found["deliveries_total", "mail", "dead"] == 0  # there before the first one, or its increase is not seen

    for path in (DOCS / "monitoring.md", *(DOCS / "monitoring").iterdir()):
        named = set(re.findall(r"\bwirewatch_([a-z_]+)\b", path.read_text())) - {"publication_to_delivery_seconds"}
        assert named
        assert named <= {key[0] for key in found}, path

    lines = [json.loads(line) for line in service.output.splitlines() if line.startswith("{")]
    mine = [line["event"] for line in lines if line.get("article") == lines_article(lines)]
    assert mine == ["article seen", "article read", "article judged", "delivery"]


def lines_article(lines: list[dict[str, object]]) -> object:
    return next(line["article"] for line in lines if line["event"] == "article judged")


def test_a_service_that_never_ticked_is_unhealthy(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    server = metrics.serve(engine, "127.0.0.1", 0)
    port = server.server_address[1]
    with pytest.raises(HTTPError) as unwell:
        urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10)
    assert unwell.value.code == 503
    assert b"never happened" in unwell.value.read()
    assert scrape(int(port))["alarms", "service"] == 1
    server.shutdown()
    server.server_close()
    engine.dispose()


def test_without_a_database_a_scrape_fails(sqlite_url: str) -> None:
    """An empty answer is a good scrape to Prometheus: `up` would stay 1, and no rule would fire."""
    engine = make_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE feed")
    server = metrics.serve(engine, "127.0.0.1", 0)
    with pytest.raises(HTTPError) as unwell:
        urlopen(f"http://127.0.0.1:{server.server_address[1]}/metrics", timeout=10)
    assert unwell.value.code == 503
    server.shutdown()
    server.server_close()
    engine.dispose()


def test_both_sides_of_a_quotient_have_the_same_labels() -> None:
    """What `sum` gives has no labels, and meets nothing among series that have some: the rule would never fire."""
    rules = yaml.safe_load((DOCS / "monitoring" / "alerts.yml").read_text())["groups"][0]["rules"]
    quotients = [rule["expr"] for rule in rules if " / " in rule["expr"]]
    assert quotients
    for expression in quotients:
        left, right = expression.split(" / ")
        assert left.startswith("sum(") == right.startswith("sum("), expression


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1:9464", ("127.0.0.1", 9464)), (":9464", ("127.0.0.1", 9464)), ("[::1]:80", ("::1", 80)), ("", None)],
)
def test_the_address_is_read(text: str, address: tuple[str, int] | None) -> None:
    assert read({"WIREWATCH_METRICS": text}).metrics == address


@pytest.mark.parametrize("text", ["9464x", "localhost", "127.0.0.1:99999", "yes"])
def test_an_address_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(text)):
        read({"WIREWATCH_METRICS": text})
