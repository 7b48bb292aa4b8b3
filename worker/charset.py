"""Which characters the bytes of a feed or of a page stand for.

Servers, prologs and meta tags lie often. Text that is valid UTF-8 beyond ASCII is UTF-8 whatever they say: in any other
encoding that is next to impossible by chance. Then what is declared is believed, from the outside inwards (RFC 7303,
the HTML Standard), and at last the bytes are looked at.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A document begins with "<" or "{", or with a blank before it.
_BARE_UTF16 = re.compile(rb"(?P<le>[<{ \r\n\t]\0[^\0]\0)|(?P<be>\0[<{ \r\n\t]\0[^\0])")
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_IN_BODY = re.compile(
    rb"""<\?xml[^<>]{0,200}?\sencoding\s*=\s*["']([\w.:-]{2,40})|<meta[^<>]{0,400}?charset\s*=\s*["']?([\w.:-]{2,40})""",
    re.IGNORECASE,
)
# Python knows codecs that are no character sets (zlib, punycode, idna, unicode_escape) and fail in their own ways.
_KNOWN = re.compile(
    r"utf_?8(_sig)?|utf_?(16|32)(_?[lb]e)?|us_ascii|ascii|latin_?1|l1|iso_?8859_?\d{1,2}|windows_?\d{3,4}|cp_?\d{3,4}|"
    r"koi8_[rut]|mac_?(roman|cyrillic)|gbk?|gb_?2312|gb_?18030|big5(_?hkscs)?|hz|shift_?jisx?(_?2004)?|s_?jis|x_sjis|"
    r"euc_?(jp|kr|jis_2004)|iso_?2022_(jp|kr)(_\w+)?|ks_c_5601.*|tis_?620|x_gbk|x_mac_cyrillic"
)
_ALIASES = {"x_sjis": "cp932", "shift_jis": "cp932", "x_gbk": "gb18030", "gb2312": "gb18030", "gbk": "gb18030",
            "x_mac_cyrillic": "mac_cyrillic", "tis_620": "cp874"}  # fmt: skip
_SAMPLE = 20_000
_RUN = re.compile(rb"[\xa3\xa8\xb3\xb8\xc0-\xff]{3,}")
_HIGH = re.compile(rb"[\xa1-\xff]")
_FREQUENT = {"cp1251": "оеаинт".encode("cp1251"), "koi8_r": "оеаинт".encode("koi8_r")}


def decode(body: bytes, content_type: str = "") -> str:
    """The body's text. Bytes that mean nothing become U+FFFD; never raises."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    wide = _BARE_UTF16.match(body)
    if wide:
        return body.decode("utf-16-le" if wide["le"] else "utf-16-be", "replace")
    declared = [name for name in (_of_header(content_type), _of_body(body)) if name]
    if b"\x1b" not in body or not any(name.startswith("iso_2022") for name in declared):
        text = _utf8(body)
        if text is not None:
            return text
    for name in declared:
        try:
            return body.decode(name)
        except (UnicodeError, LookupError):
            continue
    return body.decode(_guess(body, declared), "replace")


def _utf8(body: bytes) -> str | None:
    """The body as UTF-8 when it is that but for a few broken bytes: a cut end, a field pasted from elsewhere."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond_ascii = sum(1 for character in text[: 10 * _SAMPLE] if character > "\x7f") or 1
    return text if broken <= 1 or broken * 20 < beyond_ascii else None


def _of_header(content_type: str) -> str | None:
    found = _IN_HEADER.search(content_type[:500])
    return _codec(found[1]) if found else None


def _of_body(body: bytes) -> str | None:
    found = _IN_BODY.search(body, 0, 4096)
    return _codec((found[1] or found[2]).decode("ascii", "replace")) if found else None


def _codec(name: str) -> str | None:
    name = re.sub(r"[-.:]", "_", name.lower())
    if not _KNOWN.fullmatch(name):
        return None
    name = _ALIASES.get(name, name)
    try:
        name = codecs.lookup(name).name.replace("-", "_")
    except LookupError:
        return None
    return "cp1252" if name in {"iso8859_1", "ascii"} else name  # as browsers do; ISO's own high controls are no text


def _cyrillic(body: bytes) -> str | None:
    """Windows-1251 or KOI8-R, where nearly all that is not ASCII is in words of theirs and the frequent letters are so.

    The six most frequent letters are two of five in Russian; in Greek, Hebrew or Chinese the same bytes are rarer. A
    guess by language needs far more text than a feed of headlines has.
    """
    words = b"".join(_RUN.findall(body))
    if len(words) < 12 or len(words) < 0.85 * len(_HIGH.findall(body)):  # noqa: PLR2004 - two words
        return None
    shares = {name: sum(words.count(letter) for letter in letters) / len(words) for name, letters in _FREQUENT.items()}
    name, share = max(shares.items(), key=lambda each: each[1])
    return name if share > 1 / 3 else None


def _guess(body: bytes, declared: list[str]) -> str:
    """What was declared, though some bytes do not fit; else what the bytes look like; else windows-1252."""
    usable = [name for name in declared if not name.startswith("utf")]
    if usable:
        return usable[0]
    cyrillic = _cyrillic(body[: 10 * _SAMPLE])
    if cyrillic:
        return cyrillic
    best = from_bytes(body[:_SAMPLE]).best()
    name = _codec(best.encoding) if best else None
    return name or "cp1252"
