"""Links of Google News feeds, which lead to a page of Google's instead of the publisher's.

Until 2024 the publisher's address stood in the link itself: base64 of a small protocol buffer. Newer links hold only a
token that Google's own scripts resolve; they cannot be opened without calling an undocumented service, so they are
kept as they are, and the entry's title and source are what is known of the article.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import urlsplit

_PATH = re.compile(r"/(?:rss/|__i/rss/rd/)?(?:articles|read)/(?P<token>[A-Za-z0-9_-]{16,4096})")
_ADDRESS = re.compile(rb"https?://[\x21-\x7e]+")


def is_link(url: str) -> bool:
    """Whether this is a Google News link to one article."""
    return _token(url) is not None


def target(url: str) -> str | None:
    """The publisher's address that the link carries in itself; None where it carries none or is no such link."""
    token = _token(url)
    if token is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    return _first_address(raw)


def _token(url: str) -> str | None:
    if "news.google." not in url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    found = _PATH.fullmatch(parts.path)
    return found["token"] if found and parts.hostname == "news.google.com" else None


def _first_address(raw: bytes) -> str | None:
    """Field 4 of the message is the address, with its length before it; an AMP address may follow as another field."""
    found = _ADDRESS.search(raw)
    if not found:
        return None
    length = _varint_before(raw, found.start())
    address = found[0][:length] if length else found[0]
    return address.decode("ascii")


def _varint_before(raw: bytes, end: int) -> int:
    """The length that stands before a string of the message: one byte, or two of which the first has its high bit."""
    if end >= 2 and raw[end - 2] & 0x80:  # noqa: PLR2004
        return (raw[end - 2] & 0x7F) | raw[end - 1] << 7
    return raw[end - 1] if end else 0
