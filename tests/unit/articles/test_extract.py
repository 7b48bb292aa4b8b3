from __future__ import annotations

from datetime import UTC, datetime

import pytest

from worker.articles.extract import extract

URL = "https://news.example/2024/05/bank?utm_source=rss"
PARAGRAPHS = [
    "The central bank fined Example Bank four million on Monday for failing to report large transfers in time.",
    "Two officials said the inquiry had begun in March, after a complaint by a former employee of the bank.",
    "Example Bank said that it would not appeal, and that it had already changed how it watches transfers.",
    "Shares of the bank fell by three per cent in early trading, while its competitors were little changed.",
]
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
MENU = "<nav><ul>" + "<li><a href='/x'>Section</a></li>" * 20 + "</ul></nav>"


def page(head: str = "", body: str = BODY, lang: str = "en-GB") -> bytes:
    return (
        f"<!doctype html><html lang='{lang}'><head><meta charset='utf-8'><title>Bank fined | Wire</title>{head}</head>"
        f"<body>{MENU}<article><h1>Bank fined</h1>{body}</article><footer>© Wire</footer></body></html>"
    ).encode()


def json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def test_the_text_is_the_article_with_a_line_for_each_paragraph() -> None:
    found = extract(page(), URL)
    assert [line for line in found.text.split("\n") if line != "Bank fined"] == PARAGRAPHS
    assert found.title == "Bank fined"
    assert found.language == "en"
    assert found.note == ""


def test_json_ld_gives_title_author_time_and_site() -> None:
    found = extract(
        page(
            json_ld(
                '{"@context":"https://schema.org","@graph":[{"@type":"WebPage","datePublished":"2020-01-01T00:00:00Z"},'
                '{"@type":"NewsArticle","headline":"Bank &amp; fine","datePublished":"2024-05-06T14:00:00+02:00",'
                '"author":[{"@type":"Person","name":"Ann Bee"},{"name":"Cee Dee"}],"publisher":{"name":"Wire News"}}]}'
            )
        ),
        URL,
    )
    assert (found.title, found.byline, found.site_name) == ("Bank & fine", "Ann Bee, Cee Dee", "Wire News")
    assert found.published == datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("mark", ["\\n", "</p><p>"])
def test_a_page_that_scripts_put_together_is_read_from_its_json_ld(mark: str) -> None:
    text = f"<p>{mark.join(PARAGRAPHS)}</p>" if "<" in mark else mark.join(PARAGRAPHS)
    article = json_ld(f'{{"@type":"NewsArticle","headline":"Bank fined","articleBody":"{text}"}}')
    shell = "<div id='app'></div><noscript>You need to enable JavaScript to run this app.</noscript>"
    found = extract(page(article, shell), URL)
    assert found.text.split("\n") == PARAGRAPHS
    assert found.note == ""
    assert "praised" not in extract(page(article.replace("fined", "praised")), URL).text


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta property="article:published_time" content="2024-05-06T12:00:00Z">',
         datetime(2024, 5, 6, 12, tzinfo=UTC)),
        ('<meta name="date" content="2024-05-06">', datetime(2024, 5, 6, 23, 59, 59, tzinfo=UTC)),
        (json_ld('{"@type":"NewsArticle","headline":"x","datePublished":"2024-05-06"}')
         + '<meta property="article:published_time" content="2024-05-06T09:30:00Z">',
         datetime(2024, 5, 6, 9, 30, tzinfo=UTC)),
        ('<meta name="date" content="soon">', None),
        (json_ld("{broken"), None),
        (json_ld("[" * 50_000), None),
    ],
)  # fmt: skip
def test_the_time_of_publication_is_the_pages_own(head: str, published: datetime | None) -> None:
    assert extract(page(head), URL).published == published


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ('<link rel="canonical" href="/2024/05/bank?utm_medium=x">', "https://news.example/2024/05/bank"),
        ('<meta property="og:url" content="https://news.example/b">', "https://news.example/b"),
        ('<link rel="canonical" href="https://news.example/">', ""),  # a template that names the front page everywhere
        ('<link rel="canonical" href="https://news.example/2024/">', ""),  # or the section
        ('<link rel="canonical" href="javascript:x">', ""),
        ("", ""),
    ],
)
def test_the_canonical_address_is_read_and_checked(head: str, canonical: str) -> None:
    assert extract(page(head), URL).canonical_url == canonical


def test_a_signpost_names_where_it_leads() -> None:
    assert (
        extract(page("<meta http-equiv='refresh' content=\"0; url='/there'\">"), URL).refresh
        == "https://news.example/there"
    )
    assert extract(page("<meta http-equiv='refresh' content='300'>"), URL).refresh == ""


CYRILLIC = "Центральный банк оштрафовал банк на четыре миллиона за задержку отчётов о крупных переводах клиентов."


@pytest.mark.parametrize(
    ("written", "declared", "header"),
    [("windows-1251", "utf-8", "text/html; charset=windows-1251"), ("windows-1251", "windows-1251", "text/html"),
     ("utf-8", "windows-1251", "text/html"), ("koi8-r", "koi8-r", "")],
)  # fmt: skip
def test_letters_survive_whatever_the_page_declares(written: str, declared: str, header: str) -> None:
    body = page(body=f"<p>{CYRILLIC}</p>" * 4, lang="ru").decode().replace("charset='utf-8'", f"charset='{declared}'")
    found = extract(body.replace("©", "").encode(written), URL, header)
    assert CYRILLIC in found.text
    assert found.language == "ru"


@pytest.mark.parametrize(
    ("body", "note"),
    [
        (b"", "no HTML"),
        (b"%PDF-1.7", "no HTML"),
        (b"<html><head><title>Just a moment...</title></head><body><p>Enable cookies.</p></body></html>", "robots"),
        (page(body="<p>We value your privacy. We and our 842 partners store and access information on a device.</p>"
              "<p>Accept all cookies or manage your cookie preferences at any time.</p>"), "consent"),
        (page(body="<p>We and our 57 partners store and/or access information on a device, Meridian Lines too.</p>"
              "<p>You can accept or manage your choices below, and object where legitimate interest is used.</p>"
              "<p>Accept all</p><p>Reject all</p>"), "consent"),
        (page(body="<div id='app'></div>"), "no article"),
    ],
)  # fmt: skip
def test_a_page_without_an_article_says_what_it_is(body: bytes, note: str) -> None:
    found = extract(body, URL)
    assert note in found.note
    assert found.text == "" or note == "no article"


def test_an_opening_before_a_paywall_is_kept_and_said_to_be_one() -> None:
    found = extract(
        page(body=BODY + "<p>To continue reading this article, subscribe now. Already a subscriber? Log in.</p>"), URL
    )
    assert PARAGRAPHS[0] in found.text
    assert "only the opening" in found.note
    locked = extract(page(json_ld('{"@type":"NewsArticle","headline":"x","isAccessibleForFree":"False"}')), URL)
    assert "only the opening" in locked.note


def test_a_long_article_about_cookies_is_an_article() -> None:
    body = "".join(f"<p>{paragraph} This site uses cookies, the court said.</p>" for paragraph in PARAGRAPHS * 5)
    assert extract(page(body=body), URL).note == ""


@pytest.mark.parametrize(
    "body",
    [
        page("<meta " + " ".join(f"a{i}=v" for i in range(50_000)) + ">"),
        page(body=BODY + "<p>short text</p>" * 100_000),
        page(body=BODY + "<div>" * 100_000),
        page(body=BODY + "<table>" + "<tr><td>a</td></tr>" * 100_000 + "</table>"),
        page(json_ld('{"articleBody":"' + "x y " * 1_000_000 + '"}')),
    ],
    ids=["attributes", "paragraphs", "depth", "rows", "JSON-LD"],
)
@pytest.mark.timeout(30)
def test_pages_made_to_be_slow_are_read(body: bytes) -> None:
    assert PARAGRAPHS[0] in extract(body, URL).text


def test_a_plain_text_is_taken_as_it_is() -> None:
    found = extract(
        b"STATEMENT\n\nThe bank was\nfined today.\n\n  It will < not > appeal.\n", URL, "text/plain; charset=utf-8"
    )
    assert found.text == "STATEMENT\nThe bank was fined today.\nIt will < not > appeal."
    assert found.title == "STATEMENT"
