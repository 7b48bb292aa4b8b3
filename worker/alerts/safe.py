"""What comes from outside, made harmless to show: texts without invisible marks, addresses that are what they seem."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from urllib.parse import quote, urlsplit, urlunsplit

COMBINING_MOST = 4  # more marks on one letter are a smear over the lines around it, not a language
URL_MOST = 2000

_INVISIBLE = dict.fromkeys(
    # letters and marks that show nothing: grapheme joiner, Hangul fillers, Braille blank, Khmer vowels, selectors
    [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0xFE00, 0xFE0F), *range(0xE0100, 0xE01F0)]
)


def clean(text: str) -> str:
    """Give ``text`` back as one line of what can be seen.

    Control characters and all kinds of line break become spaces; format characters (bidi overrides, zero-width marks,
    tags: Unicode category Cf), surrogates, private and unassigned code points go; white space is collapsed.
    """
    kept = []
    combining = 0
    for char in unicodedata.normalize("NFC", text).translate(_INVISIBLE):
        category = unicodedata.category(char)
        combining = combining + 1 if unicodedata.combining(char) else 0
        if category in {"Cc", "Zl", "Zp", "Zs"}:
            kept.append(" ")
        elif not category.startswith("C") and combining <= COMBINING_MOST:
            kept.append(char)
    return " ".join("".join(kept).split())


def link(url: str) -> str:
    """Give the address back if it can be shown as a link, else an empty string.

    Only http and https with a host. Credentials before the host, which make one site look like another, are taken off;
    characters that end an address in HTML, mail or Slack are percent-encoded, and so is all that is not ASCII.
    """
    try:
        parts = urlsplit(clean(url))
        host, port = parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        return ""
    if (
        parts.scheme not in {"http", "https"}
        or "\\" in url
        or not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*", host)
    ):
        return ""
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    rest = [quote(part, safe="/%!$&'()*+,;=:@?~[]") for part in (parts.path, parts.query, parts.fragment)]
    safe = urlunsplit((parts.scheme, netloc, *rest))
    return safe if len(safe) <= URL_MOST else ""


def host(url: str) -> str:
    """The host of an address, as its link really leads to.

    An international one is shown in its own letters only under an international top-level domain, whose registry keeps
    to one script; elsewhere in its ASCII form, since Cyrillic letters under ``.com`` are there to look like Latin ones.
    """
    name = (urlsplit(link(url)).hostname or "").removeprefix("www.")
    if name.rpartition(".")[2].startswith("xn--"):
        with suppress(UnicodeError):
            return clean(name.encode("ascii").decode("idna"))
    return name
