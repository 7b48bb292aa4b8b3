"""From the bytes of a feed to XML that is safe and cheap to parse.

feedparser is lenient, but some inputs of under a megabyte keep it busy for minutes or end the process: entity chains,
thousands of attributes, nested ``xml:base``, a dotted author. This module reads the bytes with libxml2, whose limits
hold, bounds every part of the tree, and writes it out again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import islice

from lxml import etree

from worker import charset
from worker.articles import urls
from worker.markup import without_crowded_tags

MAX_ENTRIES = 1000
MAX_TEXT = 400_000  # characters in one element
MAX_SHORT_TEXT = 300  # characters in an element that holds a name or a date
MAX_ATTRIBUTES = 40
MAX_ATTRIBUTE = 8_000
MAX_ELEMENTS = 200_000

_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_SHORT = frozenset(
    """author creator name email managingeditor webmaster contributor publisher pubdate date published updated modified
    issued created expirationdate lastbuilddate ttl updateperiod updatefrequency language""".split()
)
_ROOT = re.compile(r"<(?:[\w.-]{1,30}:)?(?:rss|rdf|feed|channel|urlset|sitemapindex)(?=[\s>/])", re.IGNORECASE)
_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_ITEM = re.compile(r"<(?:[\w.-]{1,30}:)?(?:item|entry|url)(?=[\s>])", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:[\w.-]{1,30}:)?(?:item|entry|url)\s*>", re.IGNORECASE)
_DATE = re.compile(r"<(?:pubDate|published|updated|dc:date|lastmod)[^<>]{0,200}>\s*(?:<!\[CDATA\[)?([^<]{4,80})")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BAD_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef])|0*(?:[0-8]|1[124-9]|2\d|3[01]));", re.IGNORECASE
)
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,8};|#[xX][0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)")


class FeedError(Exception):
    """A document that is no feed, or one that cannot be read; the text says what it is and what to do."""


def text_of(body: bytes, content_type: str) -> str:
    """The document as text that XML allows, without what stands before its first tag or brace."""
    text = _NOT_XML.sub("", charset.decode(body, content_type))
    return text.strip("\ufeff \t\r\n\x85\xa0\u200b\u2028")


def root_of(text: str) -> str | None:
    """From the feed's first tag on, the document type cut off; None when there is no feed in the text.

    Raises:
        FeedError: the document type declares entities of its own.
    """
    start = text.find("<!DOCTYPE")
    first = _ROOT.search(text, 0, 200_000)
    if start >= 0 and (first is None or start < first.start()):
        end = _doctype_end(text, start)
        if re.search(r"<!ENTITY\s+[^%\s]", text[start:end]):
            raise FeedError(
                "it declares entities of its own (<!ENTITY ...>), which no news feed needs and which can be made to "
                "exhaust a reader; ask the publisher for a plain feed"
            )
        first = _ROOT.search(text, end, end + 200_000)
    if first is None or _PAGE.search(text, 0, first.start()):
        return None
    return without_crowded_tags(text[first.start() :])


def _doctype_end(text: str, start: int) -> int:
    close = text.find(">", start)
    bracket = text.find("[", start)
    if 0 <= bracket < close:
        found = re.compile(r"\]\s{0,100}>").search(text, bracket)
        return found.end() if found else len(text)
    return close + 1 if close >= 0 else len(text)


def newest(text: str) -> str:
    """At most MAX_ENTRIES entries of a feed's text, from the end where the newest stand (the start, by custom)."""
    starts = [found.start() for found in islice(_ITEM.finditer(text), 500_000)]
    if len(starts) <= MAX_ENTRIES:
        return text
    closing = list(islice(_ITEM_END.finditer(text), 500_000))
    tail = text[closing[-1].end() :] if closing else ""
    if _oldest_first(text, starts):
        return text[: starts[0]] + text[starts[-MAX_ENTRIES] :]
    return text[: starts[MAX_ENTRIES]] + tail[:100_000]


def _oldest_first(text: str, starts: list[int]) -> bool:
    """Whether the dates run upwards. ISO dates sort as text; for RFC 822 ones the year and month decide."""
    first = _DATE.search(text, starts[0], starts[1])
    last = _DATE.search(text, starts[-1])
    return bool(first and last and _sortable(first[1]) < _sortable(last[1]))


_MONTHS = {m: i for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


def _sortable(date: str) -> str:
    found = re.search(r"(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4}) ?([\d:]*)", date)
    if not found:
        return date
    return f"{found[3]}-{_MONTHS.get(found[2].lower(), 0):02d}-{int(found[1]):02d} {found[4]}"


def tree_of(text: str) -> tuple[etree._Element | None, bool]:
    """The feed's tree with every part bounded, and whether it had to be repaired.

    None when libxml2 finds no element at all, even when it may guess.
    """
    root = _read(text, recover=False)
    repaired = root is None
    if root is None:
        text = _NAMED.sub(lambda found: html.unescape(f"&{found[1]}"), _BAD_REFERENCE.sub("", text))
        text = _BARE_AMPERSAND.sub("&amp;", text)
        root = _read(text, recover=True)
    if root is not None:
        _bound(root)
    return root, repaired


def _read(text: str, *, recover: bool) -> etree._Element | None:
    parser = etree.XMLParser(
        encoding="utf-8", recover=recover, resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True, huge_tree=False,
    )  # fmt: skip
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _bound(root: etree._Element) -> None:
    for count, element in enumerate(root.iter()):
        if count > MAX_ELEMENTS:
            raise FeedError(f"it has more than {MAX_ELEMENTS} elements")
        if element.attrib:
            _bound_attributes(element)
        if element.text and len(element.text) > MAX_SHORT_TEXT:
            short = local_name(element) in _SHORT
            element.text = element.text[: MAX_SHORT_TEXT if short else MAX_TEXT]
        if element.tail and len(element.tail) > MAX_TEXT:
            element.tail = element.tail[:MAX_TEXT]


def _bound_attributes(element: etree._Element) -> None:
    if len(element.attrib) > MAX_ATTRIBUTES:
        kept = dict(islice(element.attrib.items(), MAX_ATTRIBUTES))
        element.attrib.clear()
        element.attrib.update(kept)
    for name, value in element.attrib.items():
        if len(value) > MAX_ATTRIBUTE or (name == _BASE and not _is_base(str(value))):
            del element.attrib[name]


def _is_base(value: str) -> bool:
    """Whether links can be read against it; feedparser loses every link under a base that it cannot read."""
    try:
        urls.join("http://base.example/", value)
    except urls.UrlError:
        return False
    return True


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace, in lower case."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def written(root: etree._Element) -> bytes:
    """The tree as UTF-8."""
    return bytes(etree.tostring(root, encoding="utf-8"))


def count_items(text: str) -> int:
    """How many entries the text opens, outside CDATA sections and comments."""
    return len(_ITEM.findall(_outside(text)))


def _outside(text: str) -> str:
    return "".join(_pieces_outside(text))


def _pieces_outside(text: str) -> Iterable[str]:
    at = 0
    for opening in re.finditer(r"<!\[CDATA\[|<!--", text):
        if opening.start() < at:
            continue
        yield text[at : opening.start()]
        close = "]]>" if opening[0].startswith("<![") else "-->"
        end = text.find(close, opening.end())
        if end < 0:
            return
        at = end + len(close)
    yield text[at:]
