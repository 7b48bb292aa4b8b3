from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.feeds.parse import FeedError, parse, settle
from worker.types import Entry

URL = "https://news.example/feeds/rss.xml"
NOON = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


def rss(items: str, channel: str = "<title>Wire</title><link>https://news.example/</link>") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel>{channel}{items}</channel></rss>"
    )


def item(inner: str, link: str = "https://news.example/1") -> str:
    return f"<item><title>Bank fined</title><link>{link}</link>{inner}</item>"


def only(document: str | bytes, content_type: str = "") -> Entry:
    body = document.encode() if isinstance(document, str) else document
    (entry,) = parse(body, URL, content_type).entries
    return entry


FORMATS = {
    "RSS 0.91": '<rss version="0.91"><channel><title>Wire</title><item><title>Bank fined</title>'
    "<link>https://news.example/1</link></item></channel></rss>",
    "RSS 2.0": rss(item("<guid>1</guid><pubDate>Mon, 06 May 2024 12:00:00 GMT</pubDate>")),
    "RDF": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<channel rdf:about="https://news.example/"><title>Wire</title></channel><item rdf:about="https://news.example/1">'
    "<title>Bank fined</title><link>https://news.example/1</link></item></rdf:RDF>",
    "Atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Wire</title><entry>'
    '<title>Bank fined</title><link rel="alternate" type="text/html" href="https://news.example/1"/><id>1</id></entry></feed>',
    "Atom 1.0": '<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry><title>Bank fined</title>'
    '<link href="https://news.example/1"/><id>1</id><updated>2024-05-06T12:00:00Z</updated></entry></feed>',
    "JSON Feed 1.0": '{"version":"https://jsonfeed.org/version/1","title":"Wire","items":[{"id":1,"title":"Bank fined",'
    '"url":"https://news.example/1","author":{"name":"A B"}}]}',
    "JSON Feed 1.1": '\n{"version":"https://jsonfeed.org/version/1.1","title":"Wire","items":[{"id":"1",'
    '"title":"Bank fined","url":"/1","authors":[{"name":"A B"}],'
    '"date_published":"2024-05-06T14:00:00+02:00"}],"home_page_url":'
    '"https://news.example/"}',
    "news sitemap": '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/1</loc><news:news>'
    "<news:publication><news:name>Wire</news:name></news:publication><news:title>Bank fined</news:title>"
    "<news:publication_date>2024-05-06T12:00:00Z</news:publication_date></news:news></url></urlset>",
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_title_and_link(name: str) -> None:
    document = parse(FORMATS[name].encode(), URL)
    assert document.title == "Wire"
    assert [(entry.title, entry.url) for entry in document.entries] == [("Bank fined", "https://news.example/1")]
    assert document.entries[0].published in {None, NOON}


@pytest.mark.parametrize(
    "declared", ['xmlns:news="n" xmlns:image="i" xmlns:video="v"', ""], ids=["declared", "not declared"]
)
def test_the_pictures_of_a_sitemap_are_not_its_articles(declared: str) -> None:
    media = (
        "<image:image><image:loc>https://news.example/1.jpg</image:loc><image:title>A bank</image:title></image:image>"
        "<video:video><video:title>Film</video:title><video:publication_date>2020-01-01</video:publication_date>"
        "</video:video>"
    )
    news = (
        "<news:news><news:publication><news:name>Wire</news:name></news:publication><news:title>Bank fined</news:title>"
        "<news:publication_date>2024-05-06T12:00:00Z</news:publication_date></news:news>"
    )
    for parts in (news + media, media + news):
        entry = only(f"<urlset {declared}><url><loc>https://news.example/1</loc>{parts}</url></urlset>")
        assert (entry.url, entry.title, entry.published) == ("https://news.example/1", "Bank fined", NOON)


TITLES = [
    ("AT&amp;T buys", "AT&T buys"),
    ("AT&amp;amp;T buys", "AT&T buys"),
    ("AT&T buys", "AT&T buys"),
    ("Banks &amp;mdash; fined", "Banks — fined"),
    ("Banks &mdash; fined", "Banks — fined"),
    ("<![CDATA[<b>Bank</b> fined]]>", "Bank fined"),
    ("&lt;b&gt;Bank&lt;/b&gt; fined", "Bank fined"),
    ("&amp;lt;b&amp;gt;Bank&amp;lt;/b&amp;gt; fined", "Bank fined"),
    ("5 &lt; 6 and 7 &gt; 3", "5 < 6 and 7 > 3"),
    ("Bank\n   fined\u2028twice", "Bank fined twice"),
    ("Bank\u202e fined\x07", "Bank fined"),
    ("Bank &#xD800;&#0; fined", "Bank fined"),
]


@pytest.mark.parametrize(("written", "read"), TITLES)
def test_titles_come_out_as_one_line_without_markup(written: str, read: str) -> None:
    assert only(rss(f"<item><title>{written}</title><link>https://news.example/1</link></item>")).title == read


LINKS = [
    ("<link>/a/1</link>", "https://news.example/a/1"),
    ("<link>//cdn.example/1</link>", "https://cdn.example/1"),
    ("<link>\n https://news.example/1?a=1&amp;b=2 \n</link>", "https://news.example/1?a=1&b=2"),
    ("<link>https://news.example/1?id=1&amp;utm_source=rss</link>", "https://news.example/1?id=1"),
    ("<guid>https://news.example/9</guid>", "https://news.example/9"),
    ('<guid isPermaLink="false">https://news.example/8</guid>', "https://news.example/8"),
    ('<enclosure url="https://news.example/x.mp3" type="audio/mpeg"/>', "https://news.example/x.mp3"),
]


@pytest.mark.parametrize(("written", "read"), LINKS)
def test_links_come_out_absolute(written: str, read: str) -> None:
    assert only(rss(f"<item><title>t</title>{written}</item>")).url == read


def test_atom_links_are_read_against_xml_base() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.example/x/"><title>t</title><entry>'
        '<title>t</title><link href="1.html"/></entry></feed>'
    )
    assert only(feed).url == "https://other.example/x/1.html"


def test_entries_that_lead_nowhere_are_dropped_and_counted() -> None:
    feed = rss(
        item("", "javascript:alert(1)") + item("", "mailto:a@b.example") + "<item><title>t</title></item>" + item("")
    )
    document = parse(feed.encode(), URL)
    assert len(document.entries) == 1
    assert document.notes == ("2 entries have a link that is no web address", "1 entries have no link")


def test_the_full_text_for_yandex_is_the_body() -> None:
    body = "<yandex:full-text>The bank was fined on Monday. It will not appeal.</yandex:full-text>"
    for space in ('xmlns:yandex="http://news.yandex.ru"', ""):
        feed = rss(item(f"<description>Fined</description>{body}")).replace("<rss ", f"<rss {space} ", 1)
        assert only(feed).content == "The bank was fined on Monday. It will not appeal."


def test_a_json_feed_with_line_ends_in_its_texts_is_read() -> None:
    assert only('{"items": [{"url": "https://news.example/1", "title": "Bank\nfined"}]}').title == "Bank fined"


DATES = [
    ("<pubDate>Mon, 06 May 2024 14:00:00 +0200</pubDate>", NOON),
    ("<pubDate>Mon, 06 May 2024 12:00:00</pubDate>", NOON),
    ("<pubDate>Mon, 06 May 2024 08:00:00 EDT</pubDate>", NOON),
    ("<pubDate>Пн, 06 мая 2024 15:00:00 +0300</pubDate>", NOON),
    ("<pubDate>6 мая 2024 12:00</pubDate>", NOON),
    ("<dc:date>2024-05-06T12:00:00Z</dc:date>", NOON),
    ("<pubDate>Mon, 06 May 2024 15:00:00 MSK</pubDate>", NOON),
    ("<pubDate>Mon, 06 May 2024 14:00:00 CEST</pubDate>", NOON),
    ("<pubDate>06.05.2024 12:00</pubDate>", NOON),
    ("<pubDate>2024年5月6日 12:00:00</pubDate>", NOON),
    ("<pubDate>1714996800</pubDate>", NOON),
    ("<pubDate>1714996800123</pubDate>", NOON),
    ("<pubDate>31.02.2024</pubDate>", None),
    ("<pubDate>yesterday</pubDate>", None),
    ("<pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate>", None),
    ("<pubDate>Mon, 06 May 99999 12:00:00 GMT</pubDate>", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "read"), DATES)
def test_dates_come_out_in_utc_or_not_at_all(written: str, read: datetime | None) -> None:
    assert only(rss(item(written))).published == read


def test_an_update_stands_in_for_a_missing_date_of_publication() -> None:
    assert parse(FORMATS["Atom 1.0"].encode(), URL).entries[0].published == NOON


def test_a_date_in_the_future_is_brought_to_the_time_it_was_seen_or_dropped() -> None:
    assert settle(NOON, NOON + timedelta(days=1)) == NOON
    assert settle(NOON + timedelta(minutes=5), NOON) == NOON
    assert settle(NOON + timedelta(days=1), NOON) is None
    assert settle(None, NOON) is None


def test_summary_and_content_are_plain_text_with_a_line_for_each_paragraph() -> None:
    entry = only(
        rss(
            item(
                "<description>&lt;p&gt;Short &amp;amp; sweet.&lt;/p&gt;</description><content:encoded>"
                "<![CDATA[<p>One <a href='/x'>link</a>.</p><script>alert('x')</script><p>Two.</p><style>p{}</style>]]>"
                "</content:encoded><dc:creator>A B</dc:creator><source url='https://wire.example/'>Wire Agency</source>"
            )
        )
    )
    assert entry.summary == "Short & sweet."
    assert entry.content == "One link.\nTwo."
    assert (entry.author, entry.source) == ("A B", "Wire Agency")


def test_an_entry_without_a_title_is_called_by_its_first_words() -> None:
    assert (
        only(rss("<item><link>/1</link><description>Bank fined today.</description></item>")).title
        == "Bank fined today."
    )


CYRILLIC = "Банк оштрафован на миллион"
CHARSETS = [
    ("windows-1251", "windows-1251", ""),
    ("utf-8", "windows-1251", ""),  # the prolog lies
    ("windows-1251", "utf-8", "text/xml; charset=windows-1251"),
    ("koi8-r", "koi8-r", "application/rss+xml"),
    ("utf-8", "punycode", ""),
    ("utf-8", "x-no-such", ""),
    ("utf-16", "utf-16", ""),
    ("utf-16-le", "utf-8", ""),
    ("utf-16-be", "utf-8", ""),
    ("utf-8-sig", "utf-8", ""),
]


@pytest.mark.parametrize(("written", "declared", "header"), CHARSETS)
def test_letters_survive_a_wrong_charset_and_prolog(written: str, declared: str, header: str) -> None:
    feed = rss(f"<item><title>{CYRILLIC}</title><link>/1</link></item>").replace(
        'encoding="utf-8"', f'encoding="{declared}"'
    )
    assert only(feed.encode(written), header).title == CYRILLIC


BROKEN = {
    "blanks before the prolog": "\n\n  " + rss(item("")),
    "a warning before the prolog": "<br />\n<b>Warning</b>: x in <b>y.php</b> on line <b>1</b><br />\n" + rss(item("")),
    "no prolog": rss(item("")).partition("?>")[2],
    "cut off after the entry": rss(item("") + item("<description>abc").removesuffix("</item>"))[:-30],
    "a bare ampersand": rss(item("<description>Q & A</description>")),
    "an HTML entity": rss(item("<description>a&nbsp;b</description>")),
    "control characters": rss(item("<description>a\x0b\x00b</description>")),
    "markup that is not closed": rss(item("<description><p>a<br>b</description>")),
    "an undeclared prefix": rss(item("<media:x>y</media:x>")),
    "a document type": "<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://x.example/rss.dtd'>"
    + rss(item("")).partition("?>")[2],
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_feed_gives_what_can_be_had(name: str) -> None:
    entries = parse(BROKEN[name].encode(), URL).entries
    assert entries[0].title == "Bank fined"
    assert entries[0].url == "https://news.example/1"


NOT_FEEDS = [
    (b"", "empty"),
    (b"\x00" * 100, "empty"),
    (b"%PDF-1.7 ...", "PDF"),
    (b"hello world", "starts with 'hello world'"),
    (b'{"a": 1}', "no list of items"),
    (b'{"items": [', "cannot be read as JSON"),
    (b"[" * 100, "neither RSS"),
    (b'<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>',
     "its own feeds are: https://news.example/rss"),
    (b"<html><body>404</body></html>", "names no feed of its own"),
    (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>', "<!ENTITY"),
    (b"\xff\xfe" + '<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>'.encode("utf-16-le"), "<!ENTITY"),
    (b"<sitemapindex><sitemap/></sitemapindex>", "index of sitemaps"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "reason"), NOT_FEEDS)
def test_what_is_no_feed_is_refused_by_what_it_is(body: bytes, reason: str) -> None:
    with pytest.raises(FeedError, match=reason.replace("[", r"\[")):
        parse(body, URL)


def test_an_article_about_entities_is_no_bomb() -> None:
    assert (
        only(rss(item("<description><![CDATA[<!DOCTYPE a [<!ENTITY b 'c'>]>]]></description>"))).title == "Bank fined"
    )


@pytest.mark.parametrize(
    ("channel", "ttl"),
    [
        ("<title>t</title><ttl>15</ttl>", timedelta(minutes=15)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", timedelta(minutes=30)),
        ("<title>t</title><ttl>soon</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>", None),
    ],
)  # fmt: skip
def test_the_publisher_may_say_how_long_a_feed_lasts(channel: str, ttl: timedelta | None) -> None:
    assert parse(rss(item(""), channel).encode(), URL).ttl == ttl


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_long_feed_is_cut_at_its_old_end(newest_first: bool) -> None:
    days = [datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(1500)]
    if newest_first:
        days.reverse()
    items = "".join(item(f"<pubDate>{day:%a, %d %b %Y %H:%M:%S GMT}</pubDate>", f"/{day:%Y%m%d}") for day in days)
    entries = parse(rss(items).encode(), URL).entries
    assert len(entries) == 1000
    assert max(entry.published for entry in entries if entry.published) == max(days)


def test_the_same_entry_twice_is_one() -> None:
    document = parse(rss(item("<guid>1</guid>") * 2 + item("<guid>2</guid>")).encode(), URL)
    assert [entry.guid for entry in document.entries] == ["https://news.example/feeds/1"] or len(document.entries) == 2
    assert document.notes == ("1 entries are in the feed twice",)


@pytest.mark.parametrize(
    "body",
    [
        rss(f"<item><title>t</title><author>a@{'a.' * 50_000}!</author><link>/1</link></item>"),
        rss(
            "<item><title>t</title><link>/1</link><enclosure "
            + " ".join(f'a{i}="v"' for i in range(50_000))
            + "/></item>"
        ),
        rss(item("<x>" * 50_000 + "</x>" * 50_000)),
        rss(item("<description>" + "&lt;div&gt;" * 50_000 + "</description>")),
    ],
    ids=["dotted author", "attributes", "depth", "depth in HTML"],
)
@pytest.mark.timeout(20)
def test_feeds_made_to_be_slow_are_read(body: str) -> None:
    assert len(parse(body.encode(), URL).entries) == 1


BROKEN_ADDRESSES = [
    rss(item(""), "<title>t</title><link>//[</link>"),
    rss(item("<comments>http://[</comments><enclosure url='http://[::1'/>")),
    rss(item("")).replace("<rss ", "<rss xml:base='http://[x' "),
    '{"items": [{"url": "https://news.example/1", "title": "\\ud800Bank fined"}], "home_page_url": "//["}',
]


@pytest.mark.parametrize("body", BROKEN_ADDRESSES, ids=["home", "enclosure", "base", "JSON"])
def test_an_address_that_cannot_be_read_costs_only_itself(body: str) -> None:
    entry = only(body)
    assert entry.url == "https://news.example/1"
    assert entry.title.endswith("Bank fined")
    assert entry.title.encode()


def test_a_google_news_entry_keeps_its_publisher_and_no_other_headlines() -> None:
    entry = only(
        rss(
            "<item><title>Bank fined - Example Times</title>"
            "<link>https://news.google.com/rss/articles/CBMiAAAAAAAAAAAAAAAA</link>"
            "<description>&lt;ol&gt;&lt;li&gt;Bank fined&lt;/li&gt;&lt;li&gt;Other&lt;/li&gt;&lt;/ol&gt;</description>"
            "<source url='https://times.example'>Example Times</source></item>"
        )
    )
    assert (entry.title, entry.source, entry.summary) == ("Bank fined", "Example Times", "")


def test_a_link_through_a_feed_service_gives_way_to_the_publishers_own() -> None:
    feed = rss(
        item("<feedburner:origLink>https://news.example/own</feedburner:origLink>", "https://feeds.example/~r/1")
    )
    feed = feed.replace("<rss ", '<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" ')
    assert only(feed).url == "https://news.example/own"
