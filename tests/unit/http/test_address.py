"""How an address is read: one spelling, one meaning, and nothing secret in what is shown of it."""

from __future__ import annotations

import pytest

from worker.http import FetchError, Kind, redact
from worker.http.address import Target, follow, read, refused_port


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/feed",
        "//example.org/feed",
        "/feed",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_INFO",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:example.org",
        "http:/example.org",
        "http:///example.org",
        "http://",
        "http://:80/",
        "http://?x",
        " http://example.org/",
        "http://example.org/ ",
        "\u00a0http://example.org/",
        "http://example.org/\n",
        "http://exa\tmple.org/",
        "http://exa\r\nmple.org/",
        "http://example.org/a\r\nHost: inner",
        "http://example.org/\x00",
        "http://example.org/\x85",
        "http://example.org/\u2028",
        "http://example.org/\ud800",
        "http://example.org\\@127.0.0.1/",
        "http://127.0.0.1\\@example.org/",
        "http://example.org/a\\b",
        "http:\\\\example.org\\",
        "http://user@example.org/",
        "http://user:password@example.org/",
        "http://example.org@127.0.0.1/",
        "http://example.org:80@127.0.0.1/",
        "http://@127.0.0.1/",
        "http://a@b@127.0.0.1/",
        "http://exam ple.org/",
        "http://exam%70le.org/",
        "http://127.0.0.1%00.example.org/",
        "http://example..org/",
        "http://.example.org/",
        "http://example.org../",
        f"http://{'a' * 64}.org/",
        f"http://{'a.' * 130}org/",
        "http://example.org:0/",
        "http://example.org:65536/",
        "http://example.org:-1/",
        "http://example.org:80:80/",
        "http://example.org:8o/",
        "http://example.org:\u0668\u0660/",
        "http://example.org:800000/",
        "http://[::1/",
        "http://::1/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://[v1.x]/",
        "http://[::1]x/",
        "http://[1::2::3]/",
        # Numbers that some resolver takes for an IPv4 address.
        "http://2130706433/",
        "http://0/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0x7f.0.0.1/",
        "http://0X7F.0.0.1/",
        "http://0x/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://127.0.0.01/",
        "http://127.0.0.1./",
        "http://127.0.0.0.1/",
        "http://127.0.0.256/",
        "http://1.2.3.0x4/",
        "http://example.1/",
        "http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/",
        "http://\u2488\u2488\u2488/",
        "http://\uff11\uff12\uff17.0.0.1/",
        "http://127\u30020\u30020\u30021/",
        "http://127\uff0e0\uff0e0\uff0e1/",
        "http://127\uff610\uff610\uff611/",
        "http://\u00ad/",
        "http://exa\u2100mple.org/",
        "http://exa\uff0fmple.org/",
        "http://" + "a" * 9000,
    ],
)
def test_an_address_that_can_be_misread_is_refused(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        read(url)
    assert caught.value.kind is Kind.BAD_URL
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://example.org", Target("http", "example.org", 80, "/")),
        ("HTTPS://Example.ORG:443/a?b=c#d", Target("https", "example.org", 443, "/a?b=c")),
        ("http://example.org:8080?q", Target("http", "example.org", 8080, "/?q")),
        ("http://example.org:/", Target("http", "example.org", 80, "/")),
        ("http://example.org./x", Target("http", "example.org", 80, "/x")),
        ("http://under_score.example.org/", Target("http", "under_score.example.org", 80, "/")),
        ("http://bücher.example/ä ö", Target("http", "xn--bcher-kva.example", 80, "/%C3%A4%20%C3%B6")),
        ("http://новости.рф/лента", Target("http", "xn--b1amnebsh.xn--p1ai", 80, "/%D0%BB%D0%B5%D0%BD%D1%82%D0%B0")),
        ("http://faß.example/", Target("http", "xn--fa-hia.example", 80, "/")),
        ("http://8.8.4.4/", Target("http", "8.8.4.4", 80, "/")),
        ("http://[2606:4700::0:1111]:81/", Target("http", "2606:4700::1111", 81, "/")),
        ("http://[::FFFF:127.0.0.1]/", Target("http", "::ffff:7f00:1", 80, "/")),
        ("http://example.org/%41%zz?a=%20&b={c}", Target("http", "example.org", 80, "/%41%zz?a=%20&b=%7Bc%7D")),
        ("http://example.org/p@q:8/http://x", Target("http", "example.org", 80, "/p@q:8/http://x")),
        ("http://3com.example/", Target("http", "3com.example", 80, "/")),
    ],
)
def test_an_ordinary_address_is_read(url: str, expected: Target) -> None:
    target = read(url)
    assert (target.scheme, target.host, target.port, target.path) == (
        expected.scheme,
        expected.host,
        expected.port,
        expected.path,
    )
    assert read(target.url) == target


def test_user_and_password_pass_only_where_the_desk_wrote_them_and_are_not_in_the_url() -> None:
    target = read("https://desk:p%40ss@example.org/feed", credentials=True)
    assert target.userinfo == "desk:p%40ss"
    assert target.url == "https://example.org/feed"


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/x", "https://example.org/x"),
        ("x?y", "https://example.org/a/x?y"),
        ("../x", "https://example.org/x"),
        ("?z", "https://example.org/a/b?z"),
        ("//other.example/x", "https://other.example/x"),
        (" http://other.example ", "http://other.example/"),
        ("/t\u00c3\u00a9l\u00c3\u00a9", "https://example.org/t%C3%A9l%C3%A9"),
        ("/a b", "https://example.org/a%20b"),
    ],
)
def test_a_redirect_is_followed_from_where_it_stood(location: str, expected: str) -> None:
    assert follow(read("https://example.org/a/b?c"), location).url == expected


@pytest.mark.parametrize(
    "location",
    [
        "/\tx",
        "http://ok.example\\@127.0.0.1/",
        "//user@127.0.0.1/",
        "ftp://example.org/",
        "http://[::1",
        "http://2130706433/",
    ],
)
def test_a_redirect_is_read_as_strictly_as_any_address(location: str) -> None:
    with pytest.raises(FetchError) as caught:
        follow(read("https://example.org/"), location)
    assert caught.value.kind is Kind.BAD_URL


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hooks.slack.com/services/T0/B0/s3cr3t", "https://hooks.slack.com/…"),
        ("https://desk:s3cr3t@example.org:8443/?token=s3cr3t", "https://example.org:8443/…"),
        ("https://example.org?s3cr3t", "https://example.org/…"),
        ("https://example.org/#s3cr3t", "https://example.org/"),
        ("HTTP://example.org", "http://example.org/"),
        ("http://a:s3cr3t@x\r\n\x1b[31m/", "http://x???[31m/"),
        ("s3cr3t", "an address that cannot be read"),
        ("https:s3cr3t", "an address that cannot be read"),
    ],
)
def test_what_is_shown_of_an_address_holds_no_secret(url: str, shown: str) -> None:
    assert redact(url) == shown


@pytest.mark.parametrize("port", [22, 25, 465, 587, 3306, 5432, 6379, 6667, 11211, 27017])
def test_ports_of_other_services_are_refused(port: int) -> None:
    assert refused_port(port)


@pytest.mark.parametrize("port", [80, 443, 3000, 8000, 8080, 8443, 9000, 49152])
def test_ports_of_the_web_are_not_refused(port: int) -> None:
    assert not refused_port(port)
