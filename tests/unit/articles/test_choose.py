from __future__ import annotations

import pytest

from worker.articles.choose import choose
from worker.articles.robots import permits, says_nothing
from worker.types import Page

LONG, SHORT, FEED, SUMMARY = "word " * 100, "word " * 20, "feed " * 120, "sum " * 15


@pytest.mark.parametrize(
    ("page", "problem", "feed", "text_from", "reason"),
    [
        (Page(LONG), "", FEED, "page", "the page's text of 100 words was used"),
        (Page(SHORT), "", SUMMARY, "page", "the page's text of 20 words"),
        (Page(SHORT), "", FEED, "feed", "the page holds only 20 words; the feed's own text of 120 words was used"),
        (Page(SHORT), "", "word " * 25, "page", "the page is short; its 20 words were used"),
        (Page(SHORT, note="only the opening"), "", FEED, "feed", "only the opening; the feed's own text of 120"),
        (Page(LONG, note="only the opening"), "", FEED, "page", "only the opening; its 100 words were used"),
        (Page("", note="a consent form"), "", FEED, "feed", "a consent form; the feed's own text of 120 words"),
        (None, "the page answered 403", FEED, "feed", "answered 403; the feed's own text of 120 words was used"),
        (None, "the page answered 403", SUMMARY, "feed", "the feed's own summary of 15 words was used"),
        (None, "the page answered 403", "", "", "carries no text either, so only the title is known"),
    ],
)
def test_the_text_comes_with_where_it_is_from_and_why(
    page: Page | None, problem: str, feed: str, text_from: str, reason: str
) -> None:
    chosen = choose(page, problem, feed)
    assert chosen.text_from == text_from
    assert reason in chosen.reason
    assert chosen.text == {"page": page.text if page else "", "feed": feed, "": ""}[text_from]


ROBOTS = b"User-agent: *\nDisallow: /private/\nAllow: /private/open\n\nUser-agent: wirewatch\nDisallow: /no-readers/\n"


@pytest.mark.parametrize(
    ("body", "path", "permitted"),
    [
        (ROBOTS, "/news/1", True),
        (ROBOTS, "/no-readers/1", False),
        (b"User-agent: *\nDisallow: /", "/news/1", False),
        (b"User-agent: *\nDisallow:", "/news/1", True),
        (b"", "/news/1", True),
        (b"\xff\xfe\x00 rubbish \x00", "/news/1", True),
    ],
)
def test_robots_txt_is_obeyed(body: bytes, path: str, permitted: bool) -> None:
    assert permits(body, f"https://news.example{path}") is permitted


def test_a_file_that_forbids_nothing_need_not_be_read() -> None:
    assert says_nothing(b"Sitemap: https://news.example/s.xml")
    assert not says_nothing(ROBOTS)
