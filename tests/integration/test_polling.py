from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from servers.web import Reply, Request, Web
from worker import http, sandbox, settings
from worker.feeds import fetch
from worker.feeds.fetch import Known, Outcome, PollResult, poll
from worker.feeds.schedule import Failure

FEED = (
    "<rss version='2.0'><channel><title>Wire</title>"
    "<item><title>Bank fined</title><link>/1</link></item></channel></rss>"
)


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Open loopback, which the guard otherwise refuses."""
    monkeypatch.setenv("WIREWATCH_ALLOW_NETS", "127.0.0.0/8")
    settings.settings.cache_clear()
    yield
    settings.settings.cache_clear()


def known(result: PollResult) -> Known:
    return Known(result.etag, result.last_modified, result.body_hash)


def test_a_feed_is_read_and_its_validators_come_back(web: Web) -> None:
    url = web.page("/rss", FEED, "text/xml", headers={"ETag": '"v1"', "Last-Modified": "Mon, 06 May 2024 12:00:00 GMT"})
    first = poll(url)
    assert (first.outcome, first.reason) == (Outcome.CHANGED, "1 entry")
    assert first.document
    assert first.document.entries[0].url == web.url("/1")
    second = poll(url, known(first))
    assert second.outcome is Outcome.UNCHANGED
    assert second.status == 304
    assert known(second) == known(first)
    asked = web.asked("/rss")[-1].headers
    assert asked["if-none-match"] == '"v1"'
    assert asked["if-modified-since"] == "Mon, 06 May 2024 12:00:00 GMT"


def test_the_same_bytes_are_not_parsed_again(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    url = web.page("/rss", FEED, "text/xml")
    first = poll(url)
    monkeypatch.setattr(sandbox, "run", None)
    second = poll(url, known(first))
    assert second.outcome is Outcome.UNCHANGED
    assert "byte for byte" in second.reason


def test_a_304_that_hides_news_is_found_out_by_asking_in_full(web: Web) -> None:
    def lie(request: Request) -> Reply:
        return Reply(status=304) if "if-none-match" in request.headers else Reply(FEED, content_type="text/xml")

    url = web.add("/rss", lie)
    old = Known(etag='"old"', body_hash="old")
    assert poll(url, old).outcome is Outcome.UNCHANGED
    assert poll(url, old, full=True).outcome is Outcome.CHANGED


def test_an_answer_that_a_proxy_changed_is_a_feed(web: Web) -> None:
    assert poll(web.page("/rss", FEED, "text/xml", status=203)).outcome is Outcome.CHANGED


@pytest.mark.parametrize(("status", "moved"), [(301, True), (308, True), (302, False), (307, False)])
def test_only_a_permanent_redirect_moves_the_feed(web: Web, status: int, moved: bool) -> None:
    web.page("/new", FEED, "text/xml")
    result = poll(web.redirect("/old", "/new", status))
    assert result.outcome is Outcome.CHANGED
    assert result.moved_to == (web.url("/new") if moved else None)


@pytest.mark.parametrize(
    ("status", "headers", "failure", "retry_after"),
    [
        (410, {}, Failure.GONE, None),
        (404, {}, Failure.MISSING, None),
        (403, {}, Failure.DENIED, None),
        (401, {}, Failure.DENIED, None),
        (500, {}, Failure.SERVER_ERROR, None),
        (503, {}, Failure.SERVER_ERROR, None),
        (429, {}, Failure.THROTTLED, None),
        (429, {"Retry-After": "120"}, Failure.THROTTLED, timedelta(seconds=120)),
        (503, {"Retry-After": "60"}, Failure.THROTTLED, timedelta(seconds=60)),
        (204, {}, Failure.MISSING, None),
    ],
)
def test_every_answer_has_its_failure_and_reason(
    web: Web, status: int, headers: dict[str, str], failure: Failure, retry_after: timedelta | None
) -> None:
    before = Known(etag='"v1"', body_hash="abc")
    result = poll(web.page("/rss", "", status=status, headers=headers), before)
    assert (result.outcome, result.failure, result.status) == (Outcome.FAILED, failure, status)
    assert str(status) in result.reason
    assert result.retry_after == retry_after
    assert known(result) == before


def test_retry_after_may_be_a_date(web: Web) -> None:
    later = datetime.now(UTC) + timedelta(minutes=10)
    result = poll(web.page("/rss", "", status=503, headers={"Retry-After": format_datetime(later, usegmt=True)}))
    assert result.retry_after
    assert timedelta(minutes=9) < result.retry_after <= timedelta(minutes=10)


def test_a_web_page_names_its_feeds(web: Web) -> None:
    page = "<!doctype html><html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head></html>"
    result = poll(web.page("/", page))
    assert result.failure is Failure.NOT_A_FEED
    assert web.url("/rss") in result.reason


def test_servers_that_misbehave_are_failures_with_a_reason(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "LIMITS", http.Limits(total=2.0, body=100_000))
    assert poll(web.add("/cut", Reply(hang_up=True))).failure is Failure.UNREACHABLE
    assert poll(web.page("/huge", b"x" * 200_000)).failure is Failure.NOT_A_FEED
    assert poll(web.redirect("/loop", "/loop")).failure is Failure.MISSING
    assert poll("http://10.0.0.1/rss").failure is Failure.UNSAFE
    assert poll("http://nosuchhost.invalid/rss").failure is Failure.UNREACHABLE
    assert all(poll(web.url(path)).reason for path in ("/cut", "/huge", "/loop"))


def test_a_feed_that_takes_too_long_to_parse_is_given_up(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PARSE_SECONDS", 0.0)
    result = poll(web.page("/rss", FEED))
    assert result.failure is Failure.NOT_A_FEED
    assert "the feed cannot be read: not done within 0 s" in result.reason


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "public, max-age=600"}, 600),
        ({"Cache-Control": "max-age=600, no-cache"}, None),
        ({"Expires": "Mon, 06 May 2024 12:00:00 GMT"}, None),
        ({"Expires": "0"}, None),
        ({}, None),
    ],
)
def test_the_server_may_say_how_long_an_answer_lasts(web: Web, headers: dict[str, str], seconds: int | None) -> None:
    result = poll(web.page("/rss", FEED, headers=headers))
    assert result.max_age == (timedelta(seconds=seconds) if seconds else None)
