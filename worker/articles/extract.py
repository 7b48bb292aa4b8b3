"""From a page's bytes to its article: trafilatura for the text, the page's own statements for the rest.

``favor_precision`` had the best F1 of trafilatura's modes on news pages. What makes trafilatura or libxml2 quadratic
(tens of thousands of attributes on a tag, of paragraphs, megabytes of JSON-LD) is trimmed before they see it; what gets
through is for the sandbox to stop.
"""

from __future__ import annotations

import logging
import re

import trafilatura
from lxml import etree
from trafilatura.settings import Extractor

from worker import charset
from worker.articles import metadata, walls
from worker.markup import clean, line, without_crowded_tags
from worker.types import Page

MAX_BYTES = 5_000_000
MAX_TEXT = 200_000
MAX_ELEMENTS = 30_000
MAX_CHILDREN = 2_500
MAX_NODE_TEXT = 300_000
MAX_ATTRIBUTE = 4_000

_UNSEEN = ("script", "style", "template", "svg", "math", "iframe")

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it cannot read is on record with the article


def extract(html: bytes, url: str, content_type: str = "") -> Page:
    """The article on a page that was served at ``url``. Paragraphs of the text are separated by a line end.

    ``Page.text`` is empty where the page shows no article (a consent form, a check for robots, a script's shell), and
    ``Page.note`` says what it is; the note also tells that a page shows only the opening of its article. Never raises
    for what a page holds.
    """
    text = without_crowded_tags(clean(charset.decode(html[:MAX_BYTES], content_type)))
    if content_type.lower().startswith("text/plain"):
        return _plain(text)
    root = trafilatura.load_html(text) if "<" in text else None
    if root is None:
        return Page(text="", note="the page holds no HTML")
    about = metadata.read(root, url)
    _trim(root)
    body = _article(root, url, about.title)
    if len(body) < walls.MAX_WALL and len(about.body) > 2 * len(body):
        body = about.body
    note = walls.note(body, about.title, free=about.free, noindex=about.noindex)
    return Page(
        text="" if note and note.hides_article else body,
        title=about.title,
        byline=about.byline,
        published=about.published,
        canonical_url=about.canonical_url,
        site_name=about.site_name,
        language=about.language,
        refresh=about.refresh,
        note=note.text if note else "",
    )


def _plain(text: str) -> Page:
    """A text without mark-up, as some authorities publish: paragraphs stand between empty lines."""
    paragraphs = [" ".join(each.split()) for each in re.split(r"\n[ \t\r]*\n", text[:MAX_TEXT])]
    paragraphs = [each for each in paragraphs if each]
    return Page(text="\n".join(paragraphs), title=line(paragraphs[0] if paragraphs else "", metadata.MAX_TITLE))


def _article(root: etree._Element, url: str, title: str) -> str:
    options = Extractor(output_format="python", precision=True, comments=False, url=url)
    try:
        document = trafilatura.bare_extraction(root, options=options)
    except Exception:  # noqa: BLE001 - any of its many parts may fail on a strange page; the feed's text is then used
        return ""
    if document is None or isinstance(document, dict):
        return ""
    lines = [each for each in (" ".join(piece.split()) for piece in (document.text or "").split("\n")) if each]
    if lines and lines[0].casefold() == title.casefold():
        del lines[0]
    return "\n".join(lines)[:MAX_TEXT]


def _trim(root: etree._Element) -> None:
    """Take out what nobody reads, and cut what is longer than any article."""
    etree.strip_elements(root, *_UNSEEN, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    beyond = []
    for count, element in enumerate(root.iter()):
        if count >= MAX_ELEMENTS:
            beyond.append(element)
            continue
        if len(element) > MAX_CHILDREN:
            del element[MAX_CHILDREN:]
        if element.text and len(element.text) > MAX_NODE_TEXT:
            element.text = element.text[:MAX_NODE_TEXT]
        if element.tail and len(element.tail) > MAX_NODE_TEXT:
            element.tail = element.tail[:MAX_NODE_TEXT]
        for name, value in element.attrib.items():
            if len(value) > MAX_ATTRIBUTE:
                del element.attrib[name]
    for element in beyond:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
