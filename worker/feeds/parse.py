"""From the bytes of a feed to a ``FeedDocument``: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed, news sitemaps.

```
bytes ─► text (charset) ─► bounded tree (xmltext) ─► feedparser ─► RawFeed ─► cleaned FeedDocument
                       └─► JSON Feed ───────────────────────────────┘
```
Takes what can be had: a wrong charset, a missing prolog, blanks before it, a truncated end, mark-up in titles. What it
drops it counts, in ``FeedDocument.notes``. Knows no clock: a date in the future comes out as the feed has it, and
``settle`` brings it to the time it was seen.
"""

from __future__ import annotations

import html
import io
import re
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
from lxml import etree

from worker.articles import googlenews, urls
from worker.dates import in_utc, unusual, when
from worker.feeds import jsonfeed, xmltext
from worker.feeds.raw import RawEntry, RawFeed
from worker.feeds.xmltext import MAX_ENTRIES, FeedError
from worker.markup import line, text_from_html
from worker.types import Entry, FeedDocument

__all__ = ["FeedError", "parse", "settle"]

MAX_TITLE = 500
MAX_SUMMARY = 10_000
MAX_CONTENT = 200_000
MAX_NAME = 200
MAX_GUID = 1000
MAX_LOOSE = 3_000_000  # characters; the loose parser is slow, and only broken feeds need it
FUTURE = timedelta(hours=1)  # clocks differ by minutes; beyond that a date is wrong

_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_ALTERNATE = re.compile(r"<link\b[^<>]{0,1000}>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"type\s*=\s*[\"']?application/(?:rss\+xml|atom\+xml|feed\+json|rdf\+xml)", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*(?:\"([^\"]{1,500})\"|'([^']{1,500})'|([^\s>\"']{1,500}))", re.IGNORECASE)
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)


def parse(body: bytes, url: str, content_type: str = "") -> FeedDocument:
    """Read a feed that was served at ``url``.

    Args:
        body: as served, with the transfer and content encodings undone.
        url: the address it came from at last; relative links without another base are read against it.
        content_type: the HTTP header, for its charset.

    Raises:
        FeedError: not a feed; the text says what it is.
    """
    text = xmltext.text_of(body, content_type)
    if not text:
        raise FeedError("the document is empty")
    if text.startswith("{"):
        feed = jsonfeed.read(text)
    else:
        xml = xmltext.root_of(text)
        if xml is None:
            raise FeedError(_what_it_is(body, text, url))
        feed = _from_xml(xmltext.newest(xml))
    return _cleaned(feed, url)


def settle(published: datetime | None, seen: datetime) -> datetime | None:
    """The date to work with: none later than when the entry was seen, since nothing is published after it was read.

    A date more than ``FUTURE`` ahead is a mistake (a zone left out, an event's date) and says nothing: None.
    """
    if published is None or published <= seen:
        return published
    return seen if published - seen <= FUTURE else None


def _from_xml(text: str) -> RawFeed:
    root, repaired = xmltext.tree_of(text)
    if root is None:
        raise FeedError("it starts like a feed and then holds no XML that can be read")
    kind = xmltext.local_name(root)
    if kind == "sitemapindex":
        raise FeedError("it is an index of sitemaps, not a feed; watch one of the news sitemaps that it lists")
    if kind == "urlset":
        return _from_sitemap(root)
    feed = _from_feedparser(xmltext.written(root))
    if repaired and len(feed.entries) < xmltext.count_items(text):
        loose = _from_feedparser(text[:MAX_LOOSE].encode("utf-8", "replace"))
        if len(loose.entries) > len(feed.entries):
            return loose
    return feed


def _from_sitemap(root: etree._Element) -> RawFeed:
    """A Google News sitemap: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap."""
    feed = RawFeed()
    for item in root:
        fields = _sitemap_fields(item)
        if "publication_date" not in fields and "title" not in fields:
            continue
        entry = RawEntry(
            link=fields.get("loc", ""),
            title=fields.get("title", ""),
            published=when(fields.get("publication_date", "")),
            updated=when(fields.get("lastmod", "")),
        )
        feed.title = feed.title or fields.get("name", "")
        feed.entries.append(entry)
    if not feed.entries:
        raise FeedError("it is a sitemap without news entries (news:news); watch the site's news sitemap or its feed")
    return feed


def _sitemap_fields(item: etree._Element) -> dict[str, str]:
    """What an entry of a sitemap says of its page and its news; its pictures have addresses and titles too."""
    news = [part for child in item if _bare_name(child) == "news" for part in child.iter()]
    return {_bare_name(element): (element.text or "").strip() for element in [*item, *news]}


def _bare_name(element: etree._Element) -> str:
    """The element's name, also where its prefix was never declared."""
    return xmltext.local_name(element).rpartition(":")[2]


def _from_feedparser(xml: bytes) -> RawFeed:
    # Always a stream: feedparser opens a str or bytes that looks like a path or an address.
    parsed = feedparser.parse(
        io.BytesIO(xml),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    return RawFeed(
        title=_string(parsed.feed, "title"),
        home=_string(parsed.feed, "link"),
        entries=[_raw_entry(item) for item in parsed.entries[:MAX_ENTRIES]],
        ttl=_ttl(parsed.feed),
    )


def _raw_entry(item: Any) -> RawEntry:  # noqa: ANN401 - feedparser's own dictionary
    bodies = [str(part.get("value") or "") for part in item.get("content") or ()]
    bodies.append(
        _string(item, "yandex_full-text") or _string(item, "full-text")
    )  # for Yandex News: all of the article
    source = item.get("source") or {}
    return RawEntry(
        guid=_string(item, "id"),
        link=_string(item, "feedburner_origlink") or _string(item, "link") or _enclosure(item),
        title=_string(item, "title"),
        published=_date(item, "published", "updated", "created"),
        updated=_date(item, "updated"),
        summary=_string(item, "summary"),
        content=max(bodies, key=len, default=""),
        author=_string(item, "author"),
        source=_string(source, "title") or _string(source, "value"),
    )


def _enclosure(item: Any) -> str:  # noqa: ANN401
    """A podcast's entry may have no link but its file."""
    for link in item.get("links") or ():
        if link.get("href") and link.get("rel") in {"enclosure", "related", "via", "self"}:
            return str(link["href"])
    return ""


def _date(item: Any, *names: str) -> datetime | None:  # noqa: ANN401
    for name in names:
        written = str(dict.get(item, name) or "")
        odd = unusual(written)  # of which feedparser takes a part for the whole
        if odd:
            return odd
        parsed = dict.get(item, f"{name}_parsed")  # feedparser's own get warns of its guesses
        if isinstance(parsed, time.struct_time):
            try:
                return in_utc(datetime(*parsed[:6], tzinfo=UTC))
            except ValueError:
                continue
        found = when(written)  # feedparser refuses dates without a zone
        if found:
            return found
    return None


def _ttl(feed: Any) -> timedelta | None:  # noqa: ANN401
    """``ttl`` counts minutes (RSS 2.0); else the period of mod_syndication, divided by its frequency."""
    minutes = re.fullmatch(r"\s*(\d{1,6})\s*", _string(feed, "ttl"))
    if minutes and int(minutes[1]):
        return timedelta(minutes=int(minutes[1]))
    period = _PERIODS.get(_string(feed, "sy_updateperiod").strip().lower())
    frequency = re.fullmatch(r"\s*(\d{1,4})\s*", _string(feed, "sy_updatefrequency") or "1")
    if period == _PERIODS["hourly"] and frequency and frequency[1] == "1":
        return None  # WordPress writes this into every feed, and nobody has chosen it
    if period and frequency and int(frequency[1]):
        return timedelta(seconds=period / int(frequency[1]))
    return None


def _string(mapping: Any, name: str) -> str:  # noqa: ANN401
    value = mapping.get(name)
    return value if isinstance(value, str) else ""


def _cleaned(feed: RawFeed, url: str) -> FeedDocument:
    dropped: Counter[str] = Counter()
    entries = []
    seen = set()
    base = _base(feed.home, url)
    for raw in feed.entries:
        entry = _entry(raw, base, dropped)
        if entry is None:
            continue
        same = (entry.guid, entry.url)
        if same in seen:
            dropped["entries are in the feed twice"] += 1
            continue
        seen.add(same)
        entries.append(entry)
    notes = tuple(f"{count} {reason}" for reason, count in sorted(dropped.items()))
    return FeedDocument(title=line(feed.title, MAX_TITLE), entries=tuple(entries), ttl=feed.ttl, notes=notes)


def _base(home: str, url: str) -> str:
    """What relative links are read against: the feed's own link where that is an address, else where it came from."""
    try:
        return urls.canonical(urls.join(url, home)) if home else url
    except urls.UrlError:
        return url


def _entry(raw: RawEntry, base: str, dropped: Counter[str]) -> Entry | None:
    link = html.unescape(raw.link.strip()) or (raw.guid.strip() if raw.guid.startswith(("http://", "https://")) else "")
    if not link:
        dropped["entries have no link"] += 1
        return None
    try:
        address = urls.canonical(urls.join(base, link))
    except urls.UrlError:
        dropped["entries have a link that is no web address"] += 1
        return None
    if googlenews.is_link(address):
        _without_others(raw)
    content = raw.plain_content or text_from_html(raw.content, MAX_CONTENT)
    summary = text_from_html(raw.summary, MAX_CONTENT if not content else MAX_SUMMARY)
    if len(summary) > len(content) and len(summary) > MAX_SUMMARY:
        content, summary = summary, summary[:MAX_SUMMARY]
    title = line(raw.title, MAX_TITLE) or _first_words(summary or content)
    return Entry(
        guid=line(raw.guid, MAX_GUID) or address,
        url=address,
        title=title,
        published=raw.published,
        summary=summary[:MAX_SUMMARY],
        content=content[:MAX_CONTENT],
        author=line(raw.author, MAX_NAME),
        source=line(raw.source, MAX_NAME),
        updated=raw.updated,
    )


def _without_others(raw: RawEntry) -> None:
    """A Google News entry ends its title with the publisher's name, and its summary is a list of other headlines."""
    if raw.source:
        raw.title = raw.title.removesuffix(f" - {raw.source}")
    raw.summary = raw.content = ""


def _first_words(text: str) -> str:
    """What stands for the title of an entry without one, as in feeds of short messages."""
    first = text.split("\n", 1)[0]
    return first if len(first) <= 120 else first[:120].rsplit(" ", 1)[0] + "…"  # noqa: PLR2004 - a headline's length


def _what_it_is(body: bytes, text: str, url: str) -> str:
    for mark, name in ((b"%PDF", "a PDF file"), (b"\x89PNG", "an image"), (b"\xff\xd8\xff", "an image"), (b"PK\x03\x04", "a ZIP file"), (b"\x1f\x8b", "a compressed file")):  # fmt: skip # noqa: E501
        if body.startswith(mark):
            return f"it is {name}, not a feed"
    if not _HTML.search(text, 0, 5000):
        return f"it is neither RSS, Atom, JSON Feed nor a news sitemap; it starts with {line(text[:80], 60)!r}"
    found = []
    for tag in _ALTERNATE.findall(text[:300_000]):
        href = _HREF.search(tag)
        if href and _FEED_TYPE.search(tag):
            with suppress(urls.UrlError):
                found.append(urls.join(url, html.unescape(href[1] or href[2] or href[3])))
    if found:
        return f"it is a web page, not a feed; its own feeds are: {' '.join(dict.fromkeys(found[:5]))}"
    return "it is a web page, not a feed, and it names no feed of its own"
