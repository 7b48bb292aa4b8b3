"""Plain text out of mark-up that somebody else wrote. Everything here is linear in its input."""

from __future__ import annotations

import html
import re

from lxml import etree

_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|div|em|font|h[1-6]|i|img|mark|nobr|p|q|s|small|span|strike|strong|sub|sup|tt|u|wbr)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLANKS = re.compile(r"[ \t\r\f\v\xa0\u2000-\u200a\u202f\u205f\u3000]+")
_BLOCKS = frozenset(
    """address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section summary table tbody td tfoot th thead title tr
    ul""".split()
)
_SILENT = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "head"})

_LONG_TAG = re.compile(r"<([a-zA-Z][\w:.-]{0,60})\s[^<>]{10000,}>")
_ATTRIBUTE = re.compile(r"\s[^\s=\"'<>/]{1,100}(?=[\s=])")
MANY_ATTRIBUTES = 500


def without_crowded_tags(text: str) -> str:
    """Tags with hundreds of attributes lose them all: libxml2 compares each with each before anyone can count."""
    return _LONG_TAG.sub(_uncrowded, text)


def _uncrowded(tag: re.Match[str]) -> str:
    if len(_ATTRIBUTE.findall(tag[0])) <= MANY_ATTRIBUTES:
        return tag[0]
    return f"<{tag[1]}/>" if tag[0].endswith("/>") else f"<{tag[1]}>"


def clean(text: str) -> str:
    """Without NULs, control and direction characters, byte order marks and lone surrogates. Line ends stay."""
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def line(text: str, most: int) -> str:
    """One line of plain text out of a title or a name: mark-up and entities off, also when escaped twice or thrice.

    A "<" that begins no known tag stays: "5 < 6" and "How <main> works" are titles too.
    """
    text = text[: 8 * most]
    for _ in range(3):
        plain = _TAG.sub(lambda tag: " " if tag[0][1:3].lower() in {"br", "p>", "di"} else "", text)
        plain = html.unescape(plain) if _ENTITY.search(plain) else plain
        if plain == text:
            break
        text = plain
    text = " ".join(clean(text).split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def text_from_html(markup: str, most: int) -> str:
    """The text of an HTML fragment, a line for each block; scripts and styles left out; at most ``most`` characters."""
    if "<" not in markup:
        return _lines(html.unescape(markup), most)
    markup = clean(markup[: 6 * most])
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(f"<div>{markup}</div>".encode(), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return _lines(html.unescape(_TAG.sub(" ", markup)), most)
    pieces: list[str] = []
    silent = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if silent is None and name in _SILENT:
                silent = element
            if silent is None:
                pieces.append(
                    ("\n" if name in _BLOCKS else "") + _BLANKS.sub(" ", (element.text or "").replace("\n", " "))
                )
        else:
            if silent is element:
                silent = None
            if silent is None:
                pieces.append(
                    ("\n" if name in _BLOCKS else "") + _BLANKS.sub(" ", (element.tail or "").replace("\n", " "))
                )
    return _lines("".join(pieces), most)


def _lines(text: str, most: int) -> str:
    lines = (_BLANKS.sub(" ", line).strip() for line in clean(text).split("\n"))
    return "\n".join(filter(None, lines))[:most]
