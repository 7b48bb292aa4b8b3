"""Feeds that move, end, change their pace or ask for a key, polled on real databases."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, select

from servers.web import Reply, Request, Web
from worker import edits, extraction, hands, judging, polling, settings
from worker.db import make_engine, reading, writing
from worker.entities.match import Matcher
from worker.feeds.fetch import PollResult
from worker.models import Alert, Article, Entry, Feed
from worker.store import archive, articles, feeds
from worker.store.feeds import DueFeed
from worker.types import Judgement, Verdict
from worker.watchlist import Watchlist, load


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Open loopback, which the guard otherwise refuses."""
    monkeypatch.setenv("WIREWATCH_ALLOW_NETS", "127.0.0.0/8")
    settings.settings.cache_clear()
    yield
    settings.settings.cache_clear()


def rss(*names: str) -> str:
    items = "".join(f"<item><title>{name}</title><link>/{name}</link></item>" for name in names)
    return f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>"


def watch(folder: Path, engine: Engine, **document: Any) -> Watchlist:
    path = folder / "watchlist.yaml"
    path.write_text(yaml.safe_dump({"defaults": {"host_gap": "0s"}, **document}))
    watchlist = load(path, {"KEY": "anna:geheim", "COOKIE": "session=42"})
    with writing(engine) as session:
        feeds.sync(session, edits.wanted(watchlist), datetime.now(UTC))
    return watchlist


def poll(engine: Engine, watchlist: Watchlist) -> dict[str, Feed]:
    """Poll every feed once; give back their rows."""
    with writing(engine) as session:
        feeds.make_all_due(session, datetime.now(UTC))
    ask, settle = partial(polling.ask, engine, lambda: watchlist), partial(polling.settle, lambda: watchlist)
    for _ in hands.rounds("poll", engine, ask, settle):
        pass
    with reading(engine) as session:
        return {feed.url: feed for feed in session.scalars(select(Feed))}


def test_a_feed_that_moved_is_read_there_and_asked_for_anew_when_it_is_not_there(
    engine: Engine, web: Web, tmp_path: Path
) -> None:
    old, new = web.redirect("/old", "/new", 301), web.page("/new", rss("a"), "text/xml")
    watchlist = watch(tmp_path, engine, feeds=[{"url": old}])
    assert poll(engine, watchlist)[old].moved_to == new
    assert poll(engine, watchlist)[old].moved_to == new
    assert len(web.asked("/old")) == 1
    web.remove("/new")
    web.page("/old", rss("a", "b"), "text/xml")
    assert poll(engine, watchlist)[old].moved_to is None
    assert poll(engine, watchlist)[old].failures == 0
    with reading(engine) as session:
        assert len(session.scalars(select(Article)).all()) == 2


def test_a_feed_that_ended_is_told_once_and_looked_at_once_a_day(engine: Engine, web: Web, tmp_path: Path) -> None:
    url = web.page("/rss", "", status=410)
    watchlist = watch(tmp_path, engine, feeds=[{"url": url}])
    for _ in range(3):
        feed = poll(engine, watchlist)[url]
    assert feed.failure == "gone"
    assert timedelta(hours=20) < feed.next_poll_at - datetime.now(UTC) <= timedelta(days=1)
    with reading(engine) as session:
        assert [url in alert.body for alert in session.scalars(select(Alert))] == [True]


def test_the_archive_of_a_feed_that_came_empty_at_first_is_no_news(engine: Engine, web: Web, tmp_path: Path) -> None:
    url = web.page("/feed", rss(), "text/xml")
    watchlist = watch(tmp_path, engine, feeds=[{"url": url}])
    poll(engine, watchlist)
    lately, long_ago = (f"{datetime.now(UTC) - timedelta(days=days):%a, %d %b %Y %H:%M:%S} GMT" for days in (0.5, 10))
    dated = rss("a", "b").replace("/b</link>", f"/b</link><pubDate>{lately}</pubDate>")
    web.page("/feed", dated.replace("/a</link>", f"/a</link><pubDate>{long_ago}</pubDate>"), "text/xml")
    poll(engine, watchlist)
    with reading(engine) as session:
        states = {article.title: article.state for article in session.scalars(select(Article))}
    assert states == {"a": "skipped", "b": "pending"}


def test_the_first_articles_of_a_feed_too_have_its_own_title_as_their_source(
    engine: Engine, web: Web, tmp_path: Path
) -> None:
    url = web.page("/rss", rss("a"), "text/xml")
    watchlist = watch(tmp_path, engine, feeds=[{"url": url}])
    poll(engine, watchlist)
    web.page("/rss", rss("b", "a"), "text/xml")
    poll(engine, watchlist)
    with reading(engine) as session:
        assert [article.source for article in session.scalars(select(Article))] == ["Wire", "Wire"]


def test_a_feed_whose_entries_are_all_new_may_have_lost_some(engine: Engine, web: Web, tmp_path: Path) -> None:
    shown = [f"n{number}" for number in range(6)]
    url = web.add("/rss", lambda _: Reply(rss(*shown), content_type="text/xml"))
    watchlist = watch(tmp_path, engine, feeds=[{"url": url}])
    assert poll(engine, watchlist)[url].outran_at is None
    shown[:2] = ["x1", "x2"]
    assert poll(engine, watchlist)[url].outran_at is None
    shown[:] = [f"m{number}" for number in range(6)]
    assert poll(engine, watchlist)[url].outran_at is not None


def test_a_server_whose_304_hides_news_is_found_out(
    engine: Engine, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = ["a"]

    def lie(request: Request) -> Reply:
        if "if-none-match" in request.headers:
            return Reply(status=304)
        return Reply(rss(*shown), headers={"ETag": '"stuck"'}, content_type="text/xml")

    url = web.add("/rss", lie)
    watchlist = watch(tmp_path, engine, feeds=[{"url": url}])
    poll(engine, watchlist)
    shown.insert(0, "b")
    for draw in (0.5, 0.0):
        monkeypatch.setattr(polling.random, "random", lambda draw=draw: draw)
        poll(engine, watchlist)
    with reading(engine) as session:
        assert {article.title for article in session.scalars(select(Article))} == {"a", "b"}


def test_a_feed_is_polled_as_often_as_it_pays(engine: Engine, web: Web, tmp_path: Path) -> None:
    shown = ["a"]
    url = web.add("/rss", lambda _: Reply(rss(*shown), content_type="text/xml"))
    watchlist = watch(tmp_path, engine, feeds=[{"url": url, "every": "5m..6h"}])
    poll(engine, watchlist)
    with writing(engine) as session:  # a feed whose last entry came eight hours ago
        session.scalars(select(Feed)).one().last_new_at = datetime.now(UTC) - timedelta(hours=8)
    shown.insert(0, "b")
    slow = poll(engine, watchlist)[url]
    assert timedelta(hours=1, minutes=55) < slow.next_poll_at - datetime.now(UTC) <= timedelta(hours=2)
    for number in range(20):
        shown.insert(0, f"c{number}")
        quick = poll(engine, watchlist)[url]
    assert quick.next_poll_at - datetime.now(UTC) <= timedelta(minutes=5)


def test_a_hosts_headers_and_a_feeds_key_are_sent_there_and_nowhere_else(
    engine: Engine, web: Web, tmp_path: Path
) -> None:
    with Web() as other:
        there = other.page("/there", rss("a"), "text/xml")
        urls = [web.page("/rss", rss("b"), "text/xml"), web.redirect("/away", there, 302)]
        watch_hosts = {web.host: {"headers": {"Cookie": "${COOKIE}"}, "robots": False}}
        specs = [{"url": url, "credentials": "${KEY}"} for url in urls]
        found = poll(engine, watch(tmp_path, engine, feeds=specs, hosts=watch_hosts))
        assert [found[url].last_error for url in urls] == ["", ""]
        for path in ("/rss", "/away"):
            (asked,) = web.asked(path)
            assert asked.headers["cookie"] == "session=42"
            assert asked.headers["authorization"] == "Basic YW5uYTpnZWhlaW0="
        (elsewhere,) = other.asked("/there")
    assert not {"cookie", "authorization"} & elsewhere.headers.keys()


CITY = (
    "Binance opened an office in Porto on Monday and hired eleven people there, its counsel said. The mayor of the "
    "city cut the ribbon and thanked the company for jobs in a hard year. The exchange has offices in nine lands of "
    "the Union and wants three more before the summer, according to a paper that it gave to its shareholders last week."
)
RAID = (
    "Police searched the new office of Binance in Porto on Tuesday and took two managers with them, prosecutors said. "
    "They are accused of having hidden 40 million euros from the tax office. "
)


def finish(engine: Engine, watchlist: Watchlist) -> list[Judgement | None]:
    """Read and judge what waits for it."""
    matcher, verdicts = Matcher(watchlist.entities), []
    work = extraction.Extraction(engine, lambda: watchlist, tries=1)
    for _ in hands.rounds("extract", engine, work.ask, work.settle):
        pass
    while True:
        with writing(engine) as session:
            row = articles.claim_for_judgement(session, datetime.now(UTC))
        if row is None:
            return verdicts
        with writing(engine) as session:
            verdicts.append(judging.settle(session, row, watchlist, matcher, datetime.now(UTC)))


def test_a_rewritten_article_is_judged_again_and_one_that_begins_as_before_is_not(
    engine: Engine, web: Web, tmp_path: Path
) -> None:
    page, says = [CITY], ["an office"]

    def feed(_: Request) -> Reply:
        item = f"<item><title>Binance in Porto</title><link>/a</link><description>{says[0]}</description></item>"
        return Reply(f"<rss version='2.0'><channel>{item}</channel></rss>", content_type="text/xml")

    url = web.add("/rss", feed)
    web.add("/a", lambda _: Reply(f"<html><body><article><p>{page[0]}</p></article></body></html>"))
    watchlist = watch(tmp_path, engine, feeds=[{"url": url}], entities=[{"name": "Binance", "kind": "company"}])

    def round_of(words: str) -> list[Judgement | None]:
        says[0] = words
        poll(engine, watchlist)
        return finish(engine, watchlist)

    (first,) = round_of("an office")
    assert first
    assert first.verdict is Verdict.NEW
    assert round_of("an office with a view") == []
    page[0] = RAID + CITY
    (second,) = round_of("a raid on the office")
    assert second
    assert (second.verdict, second.story) == (Verdict.UPDATE, first.story)
    assert "40 million euros" in " ".join(second.new_sentences)
    assert round_of("a raid on the office, again") == []
    with reading(engine) as session:
        notes = [row.note for row in session.scalars(select(Article).order_by(Article.id)) if row.state == "skipped"]
    assert notes == ["read again, and it begins as before"] * 2


def atom(link: str, guid: str, updated: str, title: str = "Binance in Porto") -> str:
    entry = (
        f"<entry><id>{guid}</id><title>{title}</title><link href='{link}'/><published>2020-01-01T00:00:00Z</published>"
        f"<updated>{updated}</updated><summary>An office</summary></entry>"
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Wire</title>{entry}</feed>"


@pytest.mark.parametrize("guids", [("tag:1", "tag:1"), ("tag:1", "tag:2")], ids=["the same guid", "another guid"])
def test_a_page_is_read_again_when_its_entry_says_that_it_was_updated(
    engine: Engine, web: Web, tmp_path: Path, guids: tuple[str, str]
) -> None:
    page = [CITY]
    url = web.page("/atom", atom("/a", guids[0], "2026-03-02T09:00:00Z"), "application/atom+xml")
    web.add("/a", lambda _: Reply(f"<html><body><article><p>{page[0]}</p></article></body></html>"))
    entities = [{"name": "Binance", "kind": "company"}]
    watchlist = watch(
        tmp_path, engine, defaults={"host_gap": "0s", "since": "3650d"}, feeds=[{"url": url}], entities=entities
    )
    poll(engine, watchlist)
    (first,) = finish(engine, watchlist)
    page[0] = RAID + CITY
    web.page("/atom", atom("/a", guids[1], "2026-03-02T11:00:00Z"), "application/atom+xml")
    poll(engine, watchlist)
    (second,) = finish(engine, watchlist)
    assert first
    assert second
    assert (second.verdict, second.story) == (Verdict.UPDATE, first.story)
    web.page("/atom", atom("/a", guids[1], "2026-03-02T11:00:10Z"), "application/atom+xml")
    poll(engine, watchlist)
    assert finish(engine, watchlist) == []
    with reading(engine) as session:
        assert len(session.scalars(select(Entry)).all()) == 1
        trace = archive.find(session, web.url("/a"))
    assert trace
    assert [one.judgement.verdict for one in trace.again if one.judgement] == ["update"]


def test_a_feed_that_gives_every_entry_a_new_guid_and_date_makes_no_new_articles_and_no_requests(
    engine: Engine, web: Web, tmp_path: Path
) -> None:
    hour = [9]

    def feed(_: Request) -> Reply:
        items = "".join(
            f"<item><guid isPermaLink='false'>{hour[0]}-{number}</guid><title>{number}</title><link>/{number}</link>"
            f"<pubDate>Mon, 02 Mar 2026 {hour[0]:02d}:00:00 GMT</pubDate></item>"
            for number in range(8)
        )
        return Reply(f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>", content_type="text/xml")

    url = web.add("/rss", feed)
    defaults = {"host_gap": "0s", "since": "3650d"}
    watchlist = watch(tmp_path, engine, defaults=defaults, feeds=[{"url": url}])
    for _ in range(3):
        found = poll(engine, watchlist)
        finish(engine, watchlist)
        hour[0] += 1
    assert found[url].outran_at is None
    assert found[url].entries == 8
    with reading(engine) as session:
        assert len(session.scalars(select(Article)).all()) == len(session.scalars(select(Entry)).all()) == 8
    assert [len(web.asked(f"/{number}")) for number in range(8)] == [1] * 8


def test_one_link_under_two_guids_is_one_article(engine: Engine, web: Web, tmp_path: Path) -> None:
    items = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>A &lt;b&gt;raid&lt;/b&gt;</title>"
        f"<link>{link}</link></item>"
        for guid, link in enumerate(("/a?utm_source=rss", "/a", "/a#top", "/amp/a"))
    )
    url = web.page("/rss", f"<rss version='2.0'><channel>{items}</channel></rss>", "text/xml")
    watchlist = watch(tmp_path, engine, feeds=[{"url": url}])
    for _ in range(2):
        poll(engine, watchlist)
        finish(engine, watchlist)
    with reading(engine) as session:
        assert [article.title for article in session.scalars(select(Article))] == ["A raid"]
    assert len(web.asked("/a")) == 1


def test_entries_that_share_a_link_and_say_different_things_are_each_judged(
    engine: Engine, web: Web, tmp_path: Path
) -> None:
    entries = [
        ("Harbour office opens", "The harbour office of Binance opened in Riga on Monday."),
        ("Prosecutors charge Binance", "Prosecutors charged Binance with laundering 40 million euros on Tuesday."),
        ("Court fines Binance", "A court in Tallinn fined Binance 7 million euros on Friday for late reports."),
    ]
    carried: list[tuple[str, str]] = []

    def feed(_: Request) -> Reply:
        items = "".join(
            f"<item><guid isPermaLink='false'>{number}</guid><title>{title}</title><link>/press#{number}</link>"
            f"<description>{text}</description></item>"
            for number, (title, text) in reversed([*enumerate(carried)])
        )
        return Reply(f"<rss version='2.0'><channel>{items}</channel></rss>", content_type="text/xml")

    page = "".join(
        f"<p>{text} " + "More is to be found in the archive of this office. " * 9 + "</p>" for _, text in entries
    )
    web.page("/press", f"<html><body><article>{page}</article></body></html>")
    watchlist = watch(tmp_path, engine, feeds=[{"url": web.add("/rss", feed)}], entities=[{"name": "Binance"}])
    for count in (1, 3, 3):
        carried[:] = entries[:count]
        poll(engine, watchlist)
        finish(engine, watchlist)
    with reading(engine) as session:
        found = session.scalars(select(Article).order_by(Article.id)).all()
        assert sorted(article.title for article in found) == sorted(title for title, _ in entries)
        assert {article.text for article in found[1:]} == {text for _, text in entries[1:]}
        assert all("same link" in article.note for article in found[1:])
        trace = archive.find(session, web.url("/press"))
        assert trace
        assert len(trace.again) == 2
        assert {one.judgement is not None for one in trace.again} == {True}
    assert len(web.asked("/press")) == 1


def test_several_workers_ask_a_host_one_at_a_time_and_no_feed_twice(database_url: str, tmp_path: Path) -> None:
    """Each worker is an engine of its own; a request is a moment in which the host is noted as busy."""
    engines = [make_engine(database_url) for _ in range(4)]
    urls = [f"http://127.0.0.{1 + number % 5}:9/{number}" for number in range(60)]
    watchlist = watch(
        tmp_path, engines[0], defaults={"host_gap": "0s", "every": "1h"}, feeds=[{"url": u} for u in urls]
    )
    busy: Counter[str] = Counter()
    most: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    lock = threading.Lock()

    def ask(feed: DueFeed) -> PollResult:
        with lock:
            busy[feed.host] += 1
            most[feed.host] = max(most[feed.host], busy[feed.host])
            asked[feed.url] += 1
        time.sleep(0.005)
        with lock:
            busy[feed.host] -= 1
        return PollResult(polling.fetch.Outcome.UNCHANGED, "the same")

    def work(engine: Engine) -> None:
        crew = hands.Rounds(ask)
        done: list[hands.Done[DueFeed, PollResult]] = []
        while sum(asked.values()) < len(urls) or crew.under_way():
            with writing(engine) as session:
                settled = polling.settle(lambda: watchlist, session, done, crew.under_way())
            crew.give(settled.claimed)
            done = crew.gather(0.05)
        with writing(engine) as session:
            polling.record(session, done, watchlist)
        crew.end()

    workers = [threading.Thread(target=work, args=(engine,)) for engine in engines]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert set(most.values()) == {1}
    assert asked == Counter(urls)
