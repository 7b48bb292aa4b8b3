from __future__ import annotations

import base64

import pytest

from worker.articles import googlenews
from worker.articles.urls import UrlError, canonical, key, site

CANONICAL = [
    ("HTTPS://News.Example.COM/Story", "https://news.example.com/Story"),
    ("http://example.com", "http://example.com/"),
    ("http://example.com:80/a", "http://example.com/a"),
    ("https://example.com:443/a", "https://example.com/a"),
    ("https://example.com:8443/a", "https://example.com:8443/a"),
    ("https://example.com./a", "https://example.com/a"),
    ("https://user:secret@example.com/a", "https://example.com/a"),
    ("feed://example.com/rss", "http://example.com/rss"),
    ("  https://example.com/a\n", "https://example.com/a"),
    ("https://example.com/a\n/b", "https://example.com/a/b"),
    ("https://example.com/a#comments", "https://example.com/a"),
    ("https://example.com/#!/story/7", "https://example.com/#!/story/7"),
    ("https://example.com/a/../b/./c", "https://example.com/b/c"),
    ("https://example.com/../../a", "https://example.com/a"),
    ("https://example.com/a/..", "https://example.com/"),
    ("https://example.com//a///b", "https://example.com/a/b"),
    ("https://example.com/a/", "https://example.com/a/"),
    ("https://example.com/%7euser/%e4%b8%ad", "https://example.com/~user/%E4%B8%AD"),
    ("https://example.com/a%2Fb", "https://example.com/a%2Fb"),
    ("https://example.com/новости/1", "https://example.com/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1"),
    ("https://example.com/100%", "https://example.com/100%25"),
    ("https://example.com/a b", "https://example.com/a%20b"),
    ("https://ПРЕЗИДЕНТ.рф/a", "https://xn--d1abbgf6aiiy.xn--p1ai/a"),
    ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    ("https://example.com/a?", "https://example.com/a"),
    ("https://example.com/a?id=7", "https://example.com/a?id=7"),
    ("https://example.com/?p=123", "https://example.com/?p=123"),
    ("https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"),
    ("https://example.com/a?id=7&utm_source=rss&utm_medium=feed", "https://example.com/a?id=7"),
    ("https://example.com/a?UTM_Source=x", "https://example.com/a"),
    ("https://example.com/a?id=7&amp;utm_source=rss", "https://example.com/a?id=7"),
    ("https://example.com/a;jsessionid=0A1B.node1?id=7&PHPSESSID=9f", "https://example.com/a?id=7"),
    ("https://example.com/a?id=7&_=1716976800123", "https://example.com/a?id=7"),
    ("https://example.com/a;v=2?_=7", "https://example.com/a;v=2?_=7"),
    ("https://example.com/a?fbclid=x&gclid=y&yclid=z&ysclid=q", "https://example.com/a"),
    ("https://example.com/a?ref=homepage", "https://example.com/a"),
    ("https://example.com/a?ref=2024-117", "https://example.com/a?ref=2024-117"),
    ("https://example.com/a?mod=article&id=5", "https://example.com/a?mod=article&id=5"),
    ("https://example.com/a?CMP=rss", "https://example.com/a"),
    ("https://example.com/a?at_medium=RSS&at_campaign=KARANGA", "https://example.com/a"),
    ("https://example.com/a?mc_cid=1&mc_eid=2", "https://example.com/a"),
    ("https://example.com/a?source=rss", "https://example.com/a"),
    ("https://example.com/a?source=budget-2024", "https://example.com/a?source=budget-2024"),
    ("https://example.com/a?from=rss", "https://example.com/a"),
    ("https://example.com/a?cid=99&uid=5", "https://example.com/a?cid=99&uid=5"),
    ("https://example.com/a?utm_source=rss#top", "https://example.com/a"),
    (
        "https://web.example.org/web/2024/https://example.com//a",
        "https://web.example.org/web/2024/https://example.com//a",
    ),
    ("http://[2606:4700::1111]/a", "http://[2606:4700::1111]/a"),
]

SAME = [
    ("http://example.com/a", "https://example.com/a"),
    ("https://www.example.com/a", "https://example.com/a"),
    ("https://m.example.com/a", "https://www.example.com/a"),
    ("https://amp.example.com/a", "https://example.com/a"),
    ("https://mobile.example.com/a", "https://example.com/a"),
    ("https://en.m.wikipedia.org/wiki/A", "https://en.wikipedia.org/wiki/A"),
    ("https://example.com/a/", "https://example.com/a"),
    ("https://example.com/index.html", "https://example.com/"),
    ("https://example.com/news/index.php", "https://example.com/news/"),
    ("https://example.com/a/amp", "https://example.com/a"),
    ("https://example.com/a/amp/", "https://example.com/a/"),
    ("https://example.com/amp/a", "https://example.com/a"),
    ("https://example.com/a.amp", "https://example.com/a"),
    ("https://example.com/a.amp.html", "https://example.com/a.html"),
    ("https://example.com/a?amp", "https://example.com/a"),
    ("https://example.com/a?amp=1", "https://example.com/a"),
    ("https://example.com/a?outputType=amp", "https://example.com/a"),
    ("https://example.com/a?print=1", "https://example.com/a"),
    ("https://example.com/a/print/", "https://example.com/a"),
    ("https://example.com/a?b=2&a=1", "https://example.com/a?a=1&b=2"),
    ("https://example.com/a?utm_source=x&id=7", "https://www.example.com/a?id=7"),
    ("https://example-com.cdn.ampproject.org/c/s/example.com/a", "https://example.com/a"),
    ("https://www.google.com/amp/s/www.example.com/a/amp/", "https://example.com/a"),
    ("https://example.com/a#comments", "https://example.com/a"),
]

DIFFERENT = [
    ("https://example.com/a", "https://example.com/A"),
    ("https://example.com/a?id=1", "https://example.com/a?id=2"),
    ("https://example.com/?p=1", "https://example.com/?p=2"),
    ("https://example.com/a", "https://example.org/a"),
    ("https://example.com/a", "https://example.com/b"),
    ("https://news.example.com/a", "https://example.com/a"),
    ("https://example.com/a?page=2", "https://example.com/a"),
    ("https://example.com:8443/a", "https://example.com/a"),
    ("https://example.com/champ", "https://example.com/ch"),
    ("https://example.com/#!/story/7", "https://example.com/#!/story/8"),
    ("https://m.com/a", "https://com/a"),
]

REFUSED = [
    "", "example.com/a", "/a", "javascript:alert(1)", "mailto:desk@example.com", "ftp://example.com/a",
    "data:text/html,x",
    "http://", "http:///a", "https://exa mple.com/", "https://example.com:99999/", "http://[::1", "https://a\\@b.example/",
    "https://example.com/\x00", "https://-bad.example/", "https://exam\u2488ple..com/",
    "https://example.com/" + "a" * 5000,
]  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), CANONICAL)
def test_canonical_writes_equal_addresses_one_way(written: str, expected: str) -> None:
    assert canonical(written) == expected


@pytest.mark.parametrize("url", [expected for _, expected in CANONICAL])
def test_canonical_of_a_canonical_address_is_itself(url: str) -> None:
    assert canonical(url) == url


@pytest.mark.parametrize(("one", "other"), SAME)
def test_twins_of_an_article_share_their_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_articles_differ_in_their_key(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize("url", REFUSED)
def test_what_leads_to_no_article_is_refused_with_a_reason(url: str) -> None:
    with pytest.raises(UrlError, match=r"\w+ \w+"):
        canonical(url)


def test_site_is_the_host_as_readers_know_it() -> None:
    assert site("https://www.m.example.com/a") == "example.com"
    assert site("nonsense") == ""


def google_news_link(*addresses: str) -> str:
    """A link as Google News wrote them until 2024: a protocol buffer with the address in field 4."""
    message = b"\x08\x13"
    for number, address in enumerate(addresses):
        length = len(address)
        size = bytes([length]) if length < 128 else bytes([length & 0x7F | 0x80, length >> 7])
        message += (b"\x22" if number == 0 else b"\xd2\x01") + size + address.encode()
    token = base64.urlsafe_b64encode(message).decode().rstrip("=")
    return f"https://news.google.com/rss/articles/{token}?oc=5"


@pytest.mark.parametrize("path", ["a", "politics/" + "long-" * 40 + "story"])
def test_old_google_news_links_are_opened_to_the_publisher(path: str) -> None:
    link = google_news_link(f"https://www.example.com/{path}", f"https://amp.example.com/{path}")
    assert googlenews.target(link) == f"https://www.example.com/{path}"
    assert key(link) == f"example.com/{path}"


def test_new_google_news_links_are_known_and_kept() -> None:
    token = base64.urlsafe_b64encode(b'\x08\x13"\x98\x01AU_yqLMxyzabcdefgh' * 3).decode().rstrip("=")
    link = f"https://news.google.com/rss/articles/{token}?oc=5"
    assert googlenews.is_link(link)
    assert googlenews.target(link) is None
    assert key(link).startswith("news.google.com/rss/articles/")
    assert not googlenews.is_link("https://example.com/articles/abcdefghijklmnopqrstuvwxyz")
