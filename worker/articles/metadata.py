"""What a page says of itself: JSON-LD (schema.org), Open Graph and plain meta tags. Every loop here is bounded."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import islice
from typing import Any

from lxml import etree

from worker.articles import urls
from worker.dates import in_utc, when
from worker.markup import line, text_from_html

MAX_JSON = 400_000  # characters of JSON-LD that are read on a page
MAX_NODES = 2_000
MAX_META = 300
MAX_TITLE = 500
MAX_NAME = 200
MAX_BODY = 200_000

_ARTICLE = re.compile(r"article|newsarticle|report|posting|liveblog|review", re.IGNORECASE)
_TAG = re.compile(r"</?(?:p|br|div|h\d|li)\b[^<>]{0,500}>", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_IN_URL = re.compile(r"/(20\d{2})[/-](0[1-9]|1[0-2])[/-](0[1-9]|[12]\d|3[01])(?=[/-])")
_BY = re.compile(r"^(?:by|von|par|автор:?)\s+(?=\w)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|@|^www\.", re.IGNORECASE)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")
_SITE_IN_TITLE = re.compile(r"\s+[|–—•·»]\s+|\s+-\s+")
_TITLES = ("og:title", "twitter:title", "title", "dc.title", "headline", "parsely-title", "sailthru.title")
_BYLINES = (
    "author",
    "article:author",
    "dc.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "byline",
    "citation_author",
)
_DATES = (
    "article:published_time", "og:article:published_time", "datepublished", "article:published",
    "article.published", "published_time",
    "pubdate", "publishdate", "publish-date", "date.published", "parsely-pub-date", "sailthru.date", "dc.date.issued",
    "dcterms.created", "dc.date", "dcterms.date", "cxenseparse:recs:publishtime", "citation_online_date", "date",
)  # fmt: skip
_SITES = ("og:site_name", "application-name", "twitter:site")
_REFRESH = re.compile(r"\s*(\d{1,3})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'\s][^\"']{0,2000})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """Empty strings and None where the page does not say. ``free`` is False and ``noindex`` True where it says so.

    ``body`` is the article's text as JSON-LD has it, a line for each paragraph.
    """

    title: str = ""
    byline: str = ""
    published: datetime | None = None
    canonical_url: str = ""
    site_name: str = ""
    language: str = ""
    refresh: str = ""
    free: bool = True
    noindex: bool = False
    body: str = ""


def read(root: etree._Element, url: str) -> Metadata:
    """The metadata of a page's tree that was served at ``url``."""
    meta = _meta(root)
    nodes = list(islice(_nodes(root), MAX_NODES))
    article = next((node for node in nodes if _ARTICLE.search(_kind(node)) and "headline" in node), None)
    article = article or next((node for node in nodes if "datePublished" in node), {})
    return Metadata(
        title=line(_string(article.get("headline")) or _first(meta, _TITLES) or _title(root), MAX_TITLE),
        byline=_byline(root, meta, article),
        published=_published(root, meta, article, url),
        canonical_url=_canonical(root, meta, url),
        site_name=_site_name(meta, article),
        language=_language(root, meta),
        refresh=_refresh(root, url),
        noindex="noindex" in meta.get("robots", "").lower(),
        body=_body(article),
        free=str(article.get("isAccessibleForFree", True)).lower() not in {"false", "0", "no"},
    )


def _meta(root: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in islice(root.iter("meta"), MAX_META):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.lower()[:100], content[:2000])
    return found


def _first(meta: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((meta[name] for name in names if name in meta), "")


def _nodes(root: etree._Element) -> Iterator[Mapping[str, Any]]:
    """Every object of the page's JSON-LD, outer ones first."""
    left = MAX_JSON
    for element in islice(root.iter("script"), 1000):
        text = element.text or ""
        if "ld+json" not in (element.get("type") or "") or len(text) > left:
            continue
        left -= len(text)
        try:
            queue = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        for value in queue:  # grows while it is walked: breadth first, without recursion
            if isinstance(value, Mapping):
                yield value
                queue.extend(child for child in value.values() if isinstance(child, dict | list))
            elif isinstance(value, list):
                queue.extend(value[:100])
            if len(queue) > 5 * MAX_NODES:
                break


def _kind(node: Mapping[str, Any]) -> str:
    kind = node.get("@type")
    return " ".join(map(str, kind[:5])) if isinstance(kind, list) else str(kind or "")


def _string(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return html.unescape(value) if isinstance(value, str) else ""


def _name(value: object) -> str:
    if isinstance(value, Mapping):
        return _string(value.get("name"))
    return _string(value)


def _body(article: Mapping[str, Any]) -> str:
    """Pages that are put together by scripts often have their whole text here, and nowhere else."""
    text = _string(article.get("articleBody"))
    return text_from_html(text if _TAG.search(text) else html.escape(text), MAX_BODY)


def _site_name(meta: Mapping[str, str], article: Mapping[str, Any]) -> str:
    names = [*(meta.get(name, "") for name in _SITES), _name(article.get("publisher"))]
    return line(next((name.lstrip("@") for name in names if name and not _ADDRESS.search(name[1:])), ""), MAX_NAME)


def _byline(root: etree._Element, meta: Mapping[str, str], article: Mapping[str, Any]) -> str:
    authors = article.get("author")
    names = [_name(author) for author in (authors[:10] if isinstance(authors, list) else [authors])]
    names = [name for name in names if name and not _ADDRESS.search(name)]
    if not names:
        names = [meta[name] for name in _BYLINES if name in meta and not _ADDRESS.search(meta[name])][:1]
    if not names:
        names = [text for text in (_text(element) for element in _author_elements(root)) if text][:3]
    return line(", ".join(dict.fromkeys(_BY.sub("", name.strip()) for name in names)), MAX_NAME)


_AUTHOR_ELEMENTS = etree.XPath(
    "//*[@rel='author' or @itemprop='author' or @itemprop='creator' or contains(@class,'byline')"
    " or contains(@class,'author-name') or contains(@class,'author__name') or @class='author']"
)


def _author_elements(root: etree._Element) -> list[etree._Element]:
    found = _AUTHOR_ELEMENTS(root)
    return [element for element in found[:5] if isinstance(element, etree._Element)] if isinstance(found, list) else []  # noqa: SLF001


def _text(element: etree._Element) -> str:
    text = line(" ".join(islice(map(str, element.itertext()), 50)), MAX_NAME + 1)
    return text if len(text) <= MAX_NAME // 2 else ""


def _time_elements(root: etree._Element) -> list[etree._Element]:
    """The times that stand in an article or say that they are its own: others are those of a sidebar."""
    marked = [each for each in islice(root.iter("time"), 50) if each.get("pubdate") or each.get("itemprop")]
    inside = [each for article in islice(root.iter("article"), 1) for each in islice(article.iter("time"), 1)]
    return [each for each in marked if (each.get("itemprop") or "datePublished") == "datePublished"][:1] + inside


def _published(root: etree._Element, meta: Mapping[str, str], article: Mapping[str, Any], url: str) -> datetime | None:
    """The time of publication. A day without a time stands for its last second: the latest that it can mean."""
    candidates = [_string(article.get("datePublished"))]
    candidates += [meta[name] for name in _DATES if name in meta]
    candidates += [element.get("datetime") or "" for element in _time_elements(root)]
    candidates += ["-".join(found.groups()) for found in [_DAY_IN_URL.search(url)] if found]
    days = []
    for text in candidates:
        date = when(text)
        if date is None:
            continue
        if not _DAY.fullmatch(text.strip()):
            return date
        days.append(date)
    return in_utc(datetime.combine(days[0], time(23, 59, 59), UTC)) if days else None


def _canonical(root: etree._Element, meta: Mapping[str, str], url: str) -> str:
    """The address that the page calls its own; not the front page or a section, which broken templates name."""
    links = islice(root.iter("link"), 500)
    hrefs = [link.get("href") or "" for link in links if (link.get("rel") or "").lower().strip() == "canonical"]
    for href in [*hrefs[:3], meta.get("og:url", "")]:
        if not href.strip():
            continue
        try:
            found = urls.canonical(urls.join(url, href))
            if not _is_section(urls.key(found), urls.key(url)):
                return found
        except urls.UrlError:
            continue
    return ""


def _is_section(named: str, page: str) -> bool:
    """Whether the named key is a folder that the page lies in, and is not called like an article."""
    if "/" not in named:
        return "/" in page
    last = named.rpartition("/")[2]
    return page.startswith(f"{named}/") and not re.search(r"\d{5}", last) and last.count("-") < 2  # noqa: PLR2004


def _language(root: etree._Element, meta: Mapping[str, str]) -> str:
    stated = root.get("lang") or meta.get("content-language") or meta.get("og:locale") or meta.get("inlanguage") or ""
    found = _LANGUAGE.match(stated.strip())
    return found[1].lower() if found else ""


def _refresh(root: etree._Element, url: str) -> str:
    """Where a page that is only a signpost sends the reader within ten seconds."""
    for element in islice(root.iter("meta"), MAX_META):
        if (element.get("http-equiv") or "").lower() == "refresh":
            found = _REFRESH.match((element.get("content") or "")[:3000])
            if found and int(found[1]) <= 10:  # noqa: PLR2004 - a later one reloads the page
                try:
                    return urls.canonical(urls.join(url, found[2]))
                except urls.UrlError:
                    return ""
    return ""


def _title(root: etree._Element) -> str:
    headings = list(islice(root.iter("h1"), 2))
    if len(headings) == 1:
        text = " ".join("".join(islice(map(str, headings[0].itertext()), 100)).split())
        if text:
            return text
    title = next(root.iter("title"), None)
    text = (title.text or "").strip() if title is not None else ""
    return max(_SITE_IN_TITLE.split(text[:MAX_TITLE]), key=len)
