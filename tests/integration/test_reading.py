from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from servers.web import Answer, Reply, Request, Web
from worker import settings
from worker.articles import fetch, permission
from worker.articles.fetch import ArticleResult, RobotsTxt, read
from worker.hosts import Terms

PARAGRAPH = "The central bank fined Example Bank four million on Monday for failing to report large transfers in time."
PAGE = (
    "<!doctype html><html lang='en'><head><title>Bank fined</title></head><body><article><h1>Bank fined</h1>"
    + "".join(f"<p>{number}. {PARAGRAPH}</p>" for number in range(6))
    + "</article></body></html>"
)
FEED_TEXT = "The feed says it in its own words. " * 20


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Open loopback, which the guard otherwise refuses, and forget what other tests' sites said of robots."""
    monkeypatch.setenv("WIREWATCH_ALLOW_NETS", "127.0.0.0/8")
    monkeypatch.setattr(fetch, "robots_txt", RobotsTxt())
    settings.settings.cache_clear()
    yield
    settings.settings.cache_clear()


def fell_back(result: ArticleResult, because: str) -> bool:
    """Whether the feed's text was used, and the record says why."""
    return (result.text, result.text_from) == (FEED_TEXT, "feed") and because in result.reason


def test_a_page_gives_its_text(web: Web) -> None:
    result = read(web.page("/a", PAGE), FEED_TEXT)
    assert result.text_from == "page"
    assert result.text.startswith("0. The central bank")
    assert result.page
    assert (result.page.title, result.page.language) == ("Bank fined", "en")


@pytest.mark.parametrize(
    ("reply", "because", "transient"),
    [
        (Reply(PAGE, 403), "the page answered 403; the feed's own text of 160 words was used", False),
        (Reply(PAGE, 404), "the page answered 404", False),
        (Reply(PAGE, 500), "the page answered 500", True),
        (Reply(PAGE, 429), "the page answered 429", True),
        (Reply(b"%PDF-1.7", content_type="application/pdf"), "the link leads to application/pdf, not to a page", False),
        (Reply(b""), "the page is empty", False),
        (Reply(hang_up=True), "the page could not be fetched", True),
        (Reply(b"x" * 6_000_000), "larger than", False),
        (Reply(status=302, headers={"Location": "/"}), "front page", False),
        (Reply(status=302, headers={"Location": "http://169.254.169.254/latest"}), "could not be fetched", False),
    ],
)  # fmt: skip
def test_where_the_page_cannot_be_had_the_feeds_text_is_used(
    web: Web, reply: Reply, because: str, transient: bool
) -> None:
    web.page("/", PAGE)
    result = read(web.add("/a", reply), FEED_TEXT)
    assert fell_back(result, because), result.reason
    assert result.transient is transient


@pytest.mark.parametrize(
    "words", ["", "<h1>Redirecting</h1><p>If nothing happens, <a href='/there'>read the article here</a>.</p>"]
)
def test_a_signpost_is_followed_once(web: Web, words: str) -> None:
    web.page("/there", PAGE)
    signpost = web.page(
        "/a", f"<html><head><meta http-equiv='refresh' content='0; url=/there'></head><body>{words}</body></html>"
    )
    result = read(signpost, FEED_TEXT)
    assert (result.url, result.text_from) == (web.url("/there"), "page")
    loop = web.page("/b", f"<html><head><meta http-equiv='refresh' content='0; url={web.url('/c')}'></head></html>")
    web.page("/c", f"<html><head><meta http-equiv='refresh' content='0; url={web.url('/b')}'></head></html>")
    assert fell_back(read(loop, FEED_TEXT), "no article was found")
    assert len(web.asked("/b")) == len(web.asked("/c")) == 1


def test_a_short_article_is_kept_where_its_refresh_leads_to_nothing_better(web: Web) -> None:
    short = (
        f"<html><head><meta http-equiv='refresh' content='5; url=/gone'></head><body><p>{PARAGRAPH}</p></body></html>"
    )
    result = read(web.page("/a", short), "Bank fined")
    assert (result.text, result.text_from) == (PARAGRAPH, "page")
    assert len(web.asked("/gone")) == 1


def test_an_answer_that_a_proxy_changed_is_a_page(web: Web) -> None:
    assert read(web.page("/a", PAGE, status=203), FEED_TEXT).text_from == "page"


def test_robots_txt_is_asked_once_and_obeyed(web: Web) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /private/", "text/plain")
    web.page("/private/a", PAGE)
    assert fell_back(read(web.url("/private/a"), FEED_TEXT), "robots.txt forbids")
    assert web.asked("/private/a") == []
    assert read(web.page("/a", PAGE), FEED_TEXT).text_from == "page"
    assert len(web.asked("/robots.txt")) == 1
    assert (
        read(web.url("/private/a"), FEED_TEXT, terms=lambda _: Terms(timedelta(), {}, robots=False)).text_from == "page"
    )


def test_robots_txt_and_the_page_are_kept_apart(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(fetch.time, "sleep", slept.append)
    web.page("/a", PAGE)
    for _ in range(2):
        read(web.url("/a"), terms=lambda _: Terms(timedelta(seconds=2), {}, robots=True))
    assert slept == [2.0]  # robots.txt was asked for once


def slow(_: Request) -> Reply:
    time.sleep(1.5)
    return Reply("User-agent: *\nAllow: /", content_type="text/plain")


UNREACHABLE = {
    "answered 503": Reply("oops", 503),
    "no full answer within 0.5 s": slow,
    "could not be had": Reply(hang_up=True),
}


@pytest.mark.parametrize(("said", "answer"), UNREACHABLE.items(), ids=UNREACHABLE)
def test_a_robots_txt_that_cannot_be_had_forbids_for_the_time_being(
    web: Web, monkeypatch: pytest.MonkeyPatch, said: str, answer: Answer
) -> None:
    monkeypatch.setattr(permission, "_SECONDS", 0.5)
    web.add("/robots.txt", answer)
    result = read(web.page("/a", PAGE), FEED_TEXT)
    assert fell_back(result, said)
    assert "forbids fetching for the time being" in result.problem
    assert result.transient
    asked = len(web.asked("/robots.txt"))
    assert fell_back(read(web.url("/a"), FEED_TEXT), said)
    assert (len(web.asked("/robots.txt")), web.asked("/a")) == (asked, [])


@pytest.mark.parametrize("answer", UNREACHABLE.values(), ids=UNREACHABLE)
def test_while_a_robots_txt_cannot_be_had_its_last_copy_counts(
    web: Web, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    monkeypatch.setattr(permission, "_SECONDS", 0.5)
    monkeypatch.setattr(fetch, "robots_txt", RobotsTxt(keep=0, keep_failure=0))
    web.add("/robots.txt", answer)
    assert fell_back(read(web.page("/a", PAGE), FEED_TEXT), "forbids fetching for the time being")
    web.page("/robots.txt", "User-agent: *\nDisallow: /private/", "text/plain")
    assert read(web.url("/a"), FEED_TEXT).text_from == "page"
    web.add("/robots.txt", answer)
    assert read(web.url("/a"), FEED_TEXT).text_from == "page"
    assert fell_back(read(web.page("/private/a", PAGE), FEED_TEXT), "robots.txt forbids fetching the page")
    web.page("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    assert fell_back(read(web.url("/a"), FEED_TEXT), "robots.txt forbids fetching the page")


def test_google_news_links_lead_to_the_publisher_or_are_kept(web: Web) -> None:
    target = web.page("/a", PAGE)
    token = base64.urlsafe_b64encode(b'\x08\x13"' + bytes([len(target)]) + target.encode() + b"\xd2\x01\x00").decode()
    assert read(f"https://news.google.com/rss/articles/{token.rstrip('=')}?oc=5").url == target
    hidden = base64.urlsafe_b64encode(b'\x08\x13"\x98\x01AU_yqLM' * 5).decode().rstrip("=")
    assert fell_back(read(f"https://news.google.com/rss/articles/{hidden}", FEED_TEXT), "Google News does not say")


def test_a_cookie_of_the_desk_stays_with_its_host(web: Web) -> None:
    web.page("/there", PAGE)
    terms = Terms(timedelta(), {"Cookie": "session=secret"}, robots=True)
    read(web.redirect("/a", f"http://localhost:{web.host.split(':')[1]}/there"), terms=lambda _: terms)
    assert web.asked("/a")[0].headers["cookie"] == "session=secret"
    assert all("cookie" not in request.headers for request in web.asked("/there"))
