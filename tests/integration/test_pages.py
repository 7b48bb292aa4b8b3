"""The second room on real databases: whose pages are read, how they are asked for, and what is on record meanwhile."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, select

from servers.web import Reply, Request, Web
from worker import extraction, hands, onward, settings
from worker.articles import fetch
from worker.articles.permission import RobotsTxt
from worker.articles.silence import Silence
from worker.db import reading, writing
from worker.hosts import party
from worker.models import Article
from worker.store import articles, leases
from worker.watchlist import Watchlist, load

TEXT = "The bank was fined four million on Monday. " * 9
PAGE = f"<html><body><article><h1>Fined</h1><p>{TEXT}</p></article></body></html>"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Open loopback, and forget what other tests' sites said and did."""
    monkeypatch.setenv("WIREWATCH_ALLOW_NETS", "127.0.0.0/8")
    monkeypatch.setattr(fetch, "robots_txt", RobotsTxt())
    monkeypatch.setattr(fetch, "silence", Silence())
    settings.settings.cache_clear()
    yield
    settings.settings.cache_clear()


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server at every loopback address that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("0.0.0.0", 0))  # noqa: S104
        listener.listen(500)
        yield listener.getsockname()[1]


def watch(folder: Path, **document: Any) -> Watchlist:
    path = folder / "watchlist.yaml"
    path.write_text(yaml.safe_dump({"defaults": {"host_gap": "0s"}, "entities": [{"name": "Binance"}], **document}))
    return load(path, {"COOKIE": "session=42"})


def put(engine: Engine, *links: str, feed_text: str = "") -> None:
    now = datetime.now(UTC)
    with writing(engine) as session:
        for link in links:
            row = Article(url=link, url_key=link, host=party(link), seen_at=now, due_at=now, feed_text=feed_text)
            session.add(row)


def read(engine: Engine, watchlist: Watchlist, *, tries: int = 1) -> dict[str, Article]:
    """Do everything that is due; give back all articles by their addresses."""
    work = extraction.Extraction(engine, lambda: watchlist, tries=tries)
    for _ in hands.rounds("extract", engine, work.ask, work.settle):
        pass
    with reading(engine) as session:
        return {row.url: row for row in session.scalars(select(Article))}


def test_a_page_is_asked_for_as_the_watchlist_says_of_its_host(engine: Engine, web: Web, tmp_path: Path) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    link = web.page("/a", PAGE)
    put(engine, link)
    hosts = {web.host: {"headers": {"Cookie": "${COOKIE}"}, "robots": False}}
    found = read(engine, watch(tmp_path, hosts=hosts))[link]
    assert found.text_from == "page"
    assert web.asked("/a")[0].headers["cookie"] == "session=42"
    assert web.asked("/robots.txt") == []


def test_a_redirect_brings_what_is_meant_for_its_host_and_obeys_its_robots(
    engine: Engine, web: Web, tmp_path: Path
) -> None:
    with Web() as other:
        other.page("/robots.txt", "User-agent: *\nDisallow: /private", "text/plain")
        links = [web.redirect(path, other.page(there, PAGE)) for path, there in (("/1", "/open"), ("/2", "/private"))]
        put(engine, *links)
        hosts = {other.host: {"headers": {"Cookie": "${COOKIE}"}}}
        found = read(engine, watch(tmp_path, hosts=hosts))
        assert [found[link].text_from for link in links] == ["page", ""]
        assert "robots.txt forbids" in found[links[1]].note
        assert other.asked("/open")[0].headers["cookie"] == "session=42"
        assert "cookie" not in web.asked("/1")[0].headers
        assert other.asked("/private") == []


def test_a_redirect_waits_for_its_host(
    engine: Engine, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onward, "PATIENCE", timedelta(seconds=0.3))
    with Web() as other:
        link = web.redirect("/1", other.page("/there", PAGE))
        put(engine, link)
        held = timedelta(seconds=60)
        now = datetime.now(UTC)
        with writing(engine) as session:
            leases.take_slot(session, party(other.url()), now, held)
        assert "is being asked for something else" in read(engine, watch(tmp_path), tries=2)[link].note
        assert other.requests == []
        with writing(engine) as session:
            leases.give_slots(session, [(party(other.url()), now + held, now)])
            session.scalars(select(Article)).one().due_at = now
        assert read(engine, watch(tmp_path), tries=2)[link].text_from == "page"
        with writing(engine) as session:
            assert leases.take_slot(session, party(other.url()), datetime.now(UTC), held)


def test_silent_servers_keep_no_other_page_waiting_and_each_says_why(
    engine: Engine, web: Web, silent: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 2.0)
    monkeypatch.setattr(extraction, "AT_ONCE", 4)
    monkeypatch.setattr(extraction, "SLOW", 0.1)
    links = [f"http://127.0.7.{1 + number}:{silent}/a" for number in range(30)]
    put(engine, *links, feed_text="What the feed says of it. " * 12)
    waiting: list[str] = []

    def look(_: Request) -> Reply:
        with reading(engine) as session:
            waiting.extend(row.url for row in session.scalars(select(Article)) if row.state == "pending")
        return Reply(PAGE)

    late = web.add("/late", look)
    put(engine, late)  # due after all of them
    found = read(engine, watch(tmp_path))
    assert found[late].text_from == "page"
    assert len(set(waiting)) > 1
    assert {found[link].text_from for link in links} == {"feed"}
    assert all("the feed's own text of 72 words was used" in found[link].note for link in links)


@pytest.mark.parametrize("says", ["robots.txt could not be had", "left alone for a moment"])
def test_a_host_that_is_silent_is_left_alone_and_its_articles_end_by_the_feeds_text(
    engine: Engine, silent: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 1.0)
    links = [f"http://127.0.7.1:{silent}/{number}" for number in range(20)]
    put(engine, *links, feed_text="What the feed says of it. " * 12)
    found = read(engine, watch(tmp_path, hosts={f"127.0.7.1:{silent}": {"robots": "robots" in says}}))
    assert {row.text_from for row in found.values()} == {"feed"}
    assert sum(says in row.note for row in found.values()) >= 17


def test_a_page_that_waits_for_its_turn_says_so(engine: Engine) -> None:
    put(engine, "http://a.example/1", "http://b.example/1")
    later = datetime.now(UTC) + articles.PATIENCE * 2
    with writing(engine) as session:
        (one,) = articles.claim_for_extraction(session, later, timedelta(seconds=9), 1)
        articles.tell_that_they_wait(session, later)
    with reading(engine) as session:
        notes = {row.id: row.note for row in session.scalars(select(Article))}
    assert "has been asked for" in notes.pop(one.id)
    assert "waits for its turn" in notes.popitem()[1]


def test_two_workers_never_claim_one_article_or_one_host_twice(engine: Engine) -> None:
    put(engine, *(f"http://{host}.example/{number}" for host in "abcdefgh" for number in range(5)))
    claimed: list[articles.DueArticle] = []
    lock = threading.Lock()

    def work() -> None:
        for _ in range(3):
            with writing(engine) as session:
                found = articles.claim_for_extraction(session, datetime.now(UTC), timedelta(minutes=1), 3)
            with lock:
                claimed.extend(found)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(row.host for row in claimed) == [f"{host}.example" for host in "abcdefgh"]
