"""Each coverage alarm is provoked on real feeds and pages, told once, and told once when it is over."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from servers.archive import notices, put_alert, watchlist
from servers.newsroom import Newsroom
from servers.service import Service, until
from servers.web import Reply, Web
from worker import alarms
from worker.alerts.route import of_all
from worker.db import make_engine, reading, writing
from worker.models import Delivery, Entry, Feed, Heartbeat
from worker.store import coverage

DESK = of_all(watchlist(screen={"type": "console"}))
CONSENT = (
    "<!doctype html><html><head><title>Before you continue</title></head><body><article><p>"
    "We value your privacy. We and our 812 partners use cookies. Accept all cookies or manage your cookie settings "
    "to consent to the use of your data.</p></article></body></html>"
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def service(tmp_path: Path, sqlite_url: str) -> Iterator[Service]:
    made = Service(tmp_path, sqlite_url)
    yield made
    made.__exit__(None, None, None)


@pytest.fixture
def archive(service: Service) -> Iterator[Engine]:
    engine = make_engine(service.database_url)
    yield engine
    engine.dispose()


def hold(engine: Engine, now: datetime) -> list[str]:
    with reading(engine) as session:
        return [alarm.key.partition(":")[0] for alarm in alarms.holding(coverage.picture(session, now))]


def tell(engine: Engine, now: datetime, only: str = "") -> list[str]:
    """What the desk is told at a time, and four minutes later, of alarms of one kind."""
    before = len(notices(engine))
    for later in (now, now + timedelta(minutes=4)):
        with reading(engine) as session:
            holding = alarms.holding(coverage.picture(session, later))
        with writing(engine) as session:
            coverage.tell(session, [one for one in holding if one.key.startswith(only)], DESK, later)
    return [notice.title for notice in notices(engine)[before:]]


def test_a_feed_that_fails_is_told_once_and_once_when_it_is_back(service: Service, archive: Engine, web: Web) -> None:
    room = Newsroom(web, "site")
    room.publish("one", "Binance opens an office", ["Binance opened an office in Porto on Monday, its founder said."])
    service.watch(
        defaults={"host_gap": "0s", "every": "1s"}, feeds=[{"url": room.feed}], entities=[{"name": "Binance"}]
    )

    def failures() -> int:
        with reading(archive) as session:
            feed = session.get(Feed, 1)
            return -1 if feed is None or feed.first_polled_at is None else feed.failures

    with service:
        until(lambda: failures() == 0)
        web.add("/site/feed.xml", Reply("gone", 500))
        until(lambda: failures() >= alarms.FAILURES)
        assert service.command("status").returncode == 0
        later = datetime.now(UTC) + HOUR
        assert "failing" in hold(archive, later)
        assert tell(archive, later, "failing") == ["site fails: answered 500: the server has a fault"]
        assert tell(archive, later + HOUR, "failing") == []
        web.add("/site/feed.xml", room._feed)
        until(lambda: failures() == 0)
        over = tell(archive, datetime.now(UTC), "failing")
    assert over == ["Over: site fails: answered 500: the server has a fault"]


def test_pages_that_turn_into_consent_forms_are_told(service: Service, archive: Engine, web: Web) -> None:
    room = Newsroom(web, "site")
    for number in range(alarms.PAGES_LEAST):
        room.announce(web.page(f"/site/{number}", CONSENT), f"Headline {number}")
    service.watch(
        defaults={"host_gap": "0s", "every": "1s"}, feeds=[{"url": room.feed}], entities=[{"name": "Binance"}]
    )
    with service:
        until(lambda: "walled" in hold(archive, datetime.now(UTC)), 90)
        shown = service.command("status")
    assert shown.returncode == 1
    assert "the page is a consent form" in shown.stdout
    assert tell(archive, datetime.now(UTC), "walled") == [
        "the articles of site cannot be read: the page is a consent form"
    ]


def put_feed(engine: Engine, now: datetime, *days: tuple[int, int]) -> None:
    """A feed that is read well, with so many new entries so many days ago."""
    with writing(engine) as session:
        feed = Feed(url="https://one.example/rss", host="", name="One", every_seconds=300, next_poll_at=now)
        feed.first_polled_at, feed.last_success_at = now - 30 * DAY, now
        session.add(feed)
        session.flush()
        article = coverage.Article(url="u", url_key="u", host="", seen_at=now, due_at=now, state="judged")
        session.add(article)
        session.flush()
        for ago, count in days:
            for number in range(count):
                session.add(
                    Entry(
                        feed_id=feed.id,
                        guid_hash=f"{ago}.{number}",
                        article_id=article.id,
                        title="",
                        seen_at=now - ago * DAY - HOUR,
                    )
                )
        for name in ("tick", "alive:here"):
            session.add(Heartbeat(name=name, at=now))


def test_a_busy_feed_that_falls_silent_is_told_until_it_brings_something(engine: Engine) -> None:
    now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    put_feed(engine, now, *((day, 40) for day in range(1, 9)))
    assert tell(engine, now) == ["One used to bring 40 items a day and has brought none for a day"]
    with writing(engine) as session:
        session.execute(update(Entry).where(Entry.guid_hash == "1.7").values(seen_at=now))
    assert tell(engine, now + timedelta(minutes=5)) == [
        "Over: One used to bring 40 items a day and has brought none for a day"
    ]
    assert tell(engine, now + timedelta(minutes=10)) == []


def test_many_alarms_at_once_are_one_notice(engine: Engine) -> None:
    now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    put_feed(engine, now)
    with writing(engine) as session:
        for number in range(4):
            feed = Feed(url=f"https://{number}.example", host="", every_seconds=300, next_poll_at=now, failures=3)
            session.add(feed)
        for number in range(9):
            session.add(Feed(url=f"https://well{number}.example", host="", every_seconds=300, next_poll_at=now))
    [title] = tell(engine, now)
    assert title.startswith("4 things need a look: https://0.example fails")


def test_two_that_look_at_the_same_time_tell_once(engine: Engine) -> None:
    now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    put_feed(engine, now, *((day, 40) for day in range(1, 9)))
    with reading(engine) as session:
        holding = alarms.holding(coverage.picture(session, now))

    def look(at: datetime) -> None:
        with writing(engine) as session:
            coverage.tell(session, holding, DESK, at)

    for at in (now, now + HOUR):
        threads = [threading.Thread(target=look, args=(at,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(notices(engine)) == 1


def test_a_feed_that_moves_faster_than_it_is_polled_is_noticed(service: Service, archive: Engine, web: Web) -> None:
    feed = web.url("/fast.xml")
    polls = 0

    def answer(_request: object) -> Reply:
        nonlocal polls
        polls += 1
        items = "".join(f"<item><title>{polls} {n}</title><link>/{polls}/{n}</link></item>" for n in range(6))
        return Reply(f"<rss version='2.0'><channel>{items}</channel></rss>", content_type="text/xml")

    web.add("/fast.xml", answer)
    service.watch(defaults={"host_gap": "0s", "every": "1s"}, feeds=[{"url": feed}], entities=[{"name": "Binance"}])
    with service:
        until(lambda: "outran" in hold(archive, datetime.now(UTC)))


def test_a_delivery_that_waits_is_an_alarm_and_one_in_quiet_hours_is_none(engine: Engine) -> None:
    now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    put_feed(engine, now)
    put_alert(engine, watchlist(screen={"type": "console"}), 1, at=now - HOUR)
    assert hold(engine, now) == ["waiting"]
    for values, expected in (({"due_at": now + HOUR}, []), ({"error": "connection refused"}, ["waiting"])):
        with writing(engine) as session:
            session.execute(update(Delivery).values(**values))
        assert hold(engine, now) == expected
