"""Each alarm is provoked in running processes, told once, and told once when it is over. Only their times are short."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from servers.archive import notices, put_alert, watchlist
from servers.newsroom import Newsroom
from servers.service import ROOT, Service, until
from servers.smtp import SmtpSink
from servers.web import Reply, Web
from worker.db import make_engine, reading
from worker.models import Delivery

CONSENT = (
    "<!doctype html><html><head><title>Before you continue</title></head><body><article><p>"
    "We value your privacy. We and our 812 partners use cookies. Accept all cookies or manage your cookie settings "
    "to consent to the use of your data.</p></article></body></html>"
)
PLAIN = ["The council of Porto met on Monday and spoke about the price of bread, which rose by a tenth in a year."]


@dataclass
class Hasty(Service):
    """The service with alarms that count in seconds."""

    @property
    def environ(self) -> dict[str, str]:
        return {**super().environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}

    def _spawn(self, module: str, *arguments: str) -> None:
        super()._spawn("servers.hasty", module, *arguments)


@pytest.fixture
def service(tmp_path: Path, sqlite_url: str) -> Iterator[Hasty]:
    made = Hasty(tmp_path, sqlite_url)
    yield made
    made.__exit__(None, None, None)


@pytest.fixture
def apart(tmp_path: Path, postgresql_url: str, redis_url: str) -> Iterator[Hasty]:
    """Beat and worker as separate processes."""
    made = Hasty(tmp_path, postgresql_url, redis_url)
    yield made
    made.__exit__(None, None, None)


@pytest.fixture
def archive(request: pytest.FixtureRequest) -> Iterator[Engine]:
    made = "apart" if "apart" in request.fixturenames else "service"
    engine = make_engine(request.getfixturevalue(made).database_url)
    yield engine
    engine.dispose()


def told(engine: Engine, what: str) -> list[str]:
    """The notices that speak of something, in the titles or among several in one."""
    return [one.title for one in notices(engine) if what in f"{one.title}\n{one.body}"]


def provoked(engine: Engine, what: str) -> None:
    """Wait until the desk has been told, once, and not that it is over."""
    until(lambda: told(engine, what), 90)
    assert not over(engine, what)


def over(engine: Engine, what: str) -> list[str]:
    return [title for title in told(engine, what) if title.startswith("Over: ") or title.endswith("are over")]


def ended(engine: Engine, what: str) -> None:
    """Wait until the desk has been told that it is over; by then it was told twice in all."""
    until(lambda: over(engine, what), 90)
    assert len(told(engine, what)) == 2


def watch(service: Service, feed: str, **defaults: str) -> None:
    service.watch(
        defaults={"host_gap": "0s", "every": "1s", **defaults}, feeds=[{"url": feed}], entities=[{"name": "Binance"}]
    )


@pytest.mark.timeout(240)
def test_a_feed_that_fails(service: Hasty, archive: Engine, web: Web) -> None:
    room = Newsroom(web, "site")
    watch(service, room.feed)
    with service:
        until(lambda: len(web.asked("/site/feed.xml")) > 1)
        web.add("/site/feed.xml", Reply("fault", 500))
        provoked(archive, "site fails: answered 500")
        web.add("/site/feed.xml", room._feed)
        ended(archive, "site fails: answered 500")


@pytest.mark.timeout(240)
def test_a_feed_that_falls_silent(service: Hasty, archive: Engine, web: Web) -> None:
    """Days of five seconds: ten items or more on each of three, then none."""
    room = Newsroom(web, "site")
    watch(service, room.feed)
    with service:
        until(lambda: len(web.asked("/site/feed.xml")) > 1)
        for number in range(60):
            room.publish(f"{number}", f"Bread {number}", PLAIN)
            time.sleep(0.25)
        provoked(archive, "items a day and has brought none for a day")
        room.publish("more", "Bread again", PLAIN)
        ended(archive, "items a day and has brought none for a day")


@pytest.mark.timeout(240)
def test_a_feed_that_outruns_its_polls(service: Hasty, archive: Engine, web: Web) -> None:
    running, polls = True, 0

    def answer(_request: object) -> Reply:
        nonlocal polls
        polls += running
        items = "".join(f"<item><title>{polls} {n}</title><link>/{polls}/{n}</link></item>" for n in range(6))
        return Reply(f"<rss version='2.0'><channel>{items}</channel></rss>", content_type="text/xml")

    watch(service, web.add("/fast.xml", answer))
    with service:
        provoked(archive, "moves faster than it is polled")
        running = False
        ended(archive, "moves faster than it is polled")


@pytest.mark.timeout(240)
def test_pages_that_turn_into_consent_forms(service: Hasty, archive: Engine, web: Web) -> None:
    room = Newsroom(web, "site")
    watch(service, room.feed)
    number = 0
    with service:
        while not told(archive, "cannot be read: the page is a consent form"):
            number += 1
            assert number < 600
            room.announce(web.page(f"/site/{number}", CONSENT), f"Headline {number}")
            time.sleep(0.1)
        for more in range(number, number + 60):
            room.publish(f"{more}-plain", f"Bread {more}", PLAIN)
            time.sleep(0.1)
        ended(archive, "cannot be read: the page is a consent form")


@pytest.mark.timeout(240)
def test_articles_that_wait(service: Hasty, archive: Engine, web: Web) -> None:
    """Thirty pages at once of a site that may be asked once a second."""
    room = Newsroom(web, "site")
    for number in range(30):
        room.publish(f"{number}", f"Bread {number}", PLAIN)
    watch(service, room.feed, host_gap="1s", every="1m")
    with service:
        provoked(archive, "articles wait for more than 15 minutes")
        ended(archive, "articles wait for more than 15 minutes")


@pytest.mark.timeout(240)
def test_feeds_that_are_polled_late(service: Hasty, archive: Engine, web: Web) -> None:
    """Eight feeds of one host, each due every second, that may be asked every two seconds; then each every minute."""
    feeds = [{"url": Newsroom(web, f"site{number}").feed} for number in range(8)]
    service.watch(defaults={"host_gap": "2s", "every": "1s"}, feeds=feeds, entities=[{"name": "Binance"}])
    with service:
        provoked(archive, "polled more than 15 minutes late")
        service.watch(defaults={"host_gap": "0s", "every": "1m"}, feeds=feeds, entities=[{"name": "Binance"}])
        until(lambda: any("are over" in one.title or "Over: " in one.title for one in notices(archive)), 90)
    assert over(archive, "polled more than 15 minutes late")


@pytest.mark.timeout(240)
def test_beat_that_is_silent(apart: Hasty, archive: Engine, web: Web) -> None:
    watch(apart, Newsroom(web, "site").feed)
    with apart:
        until(lambda: web.asked("/site/feed.xml"))
        beat = apart.processes[1]
        beat.send_signal(signal.SIGSTOP)
        asked = len(web.asked("/site/feed.xml"))
        provoked(archive, "beat is silent")
        until(lambda: len(web.asked("/site/feed.xml")) > asked)  # the workers tick by themselves
        beat.send_signal(signal.SIGCONT)
        ended(archive, "beat is silent")


@pytest.mark.timeout(240)
def test_workers_with_different_watchlists(apart: Hasty, archive: Engine, web: Web, tmp_path: Path) -> None:
    watch(apart, Newsroom(web, "site").feed)
    with apart:
        until(lambda: web.asked("/site/feed.xml"))
        (tmp_path / "other").mkdir()
        other = Hasty(tmp_path / "other", apart.database_url, apart.redis_url)
        watch(other, Newsroom(web, "elsewhere").feed)
        try:
            other.join(workers=1, beats=0)
            provoked(archive, "workers read different watchlists")
            assert not web.asked("/elsewhere/feed.xml")  # it was not edited last
            watch(other, Newsroom(web, "third").feed)
            until(lambda: web.asked("/third/feed.xml"))
            watch(apart, Newsroom(web, "third").feed)
            ended(archive, "workers read different watchlists")
        finally:
            other.__exit__(None, None, None)


@pytest.mark.timeout(240)
def test_deliveries_that_wait_and_that_are_given_up(service: Hasty, archive: Engine, smtp_sink: SmtpSink) -> None:
    channels = {
        "mail": {"type": "email", "smtp": smtp_sink.url, "from": "w@example.org", "to": ["desk@example.org"]},
        "screen": {"type": "console"},
    }
    service.watch(channels=channels, feeds=[], entities=[{"name": "Binance"}])
    smtp_sink.stop()

    def sent() -> int:
        with reading(archive) as session:
            return session.scalar(select(func.count()).where(Delivery.state == "sent", Delivery.channel == "mail")) or 0

    with service:
        put_alert(archive, watchlist(**channels), 1, at=datetime.now(UTC))
        until(lambda: told(archive, "mail takes no alerts"))
        assert service.command("status").returncode == 0  # it has not waited for a quarter of an hour
        smtp_sink.start()
        until(lambda: told(archive, "mail takes alerts again"))
        assert sent()
        smtp_sink.script("DATA", "554 no such thing")
        put_alert(archive, watchlist(**channels), 2, at=datetime.now(UTC))
        until(lambda: told(archive, "mail (desk@example.org) refused an alert"))
        status = service.command("status")
        assert status.returncode == 1
        assert "1 delivery given up in a week" in status.stdout
