"""Whether a name stands in a text as a name does: with its capital, and not as a part of something longer."""

from __future__ import annotations

import html
import re

from worker.entities.forms import Form

_REACH = 200  # characters read on either side
_TINY, _AROUND = 2, 20  # letters of a name that capitals make another, and where they are looked for
_ADDRESS = re.compile(
    r"(?:\w+://|www\.)\S+"
    r"|(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@.])(?:[\w-]+\.)+(?:[a-z]{2,}|[A-Z]{2,3}|рф|укр|бел)(?![\w])(?:[/?:]\S*)?"
    r"|(?<![\w.-])[\w.-]+\.[a-z]{2,}/\S+"
    r"|^[\"'(]?~?\.{0,2}(?:/[\w.-]+){2,}/?"
    r"|(?<!\w)(?:javascript|data|mailto|urn|tel|file):\S+"
)
_ADDRESS_MARK = re.compile("[.@/:]")
_SYLLABLE = re.compile("['’ʼ‘`](?!ll|re|ve)[a-z]{2}")  # Xi’an
_NUMBER = re.compile(r"\d[.,]\d")
_LETTERS = re.compile(r"[A-Z]\.[A-Z]")  # S.E.C.U. is not the S.E.C.
_HANGUL = re.compile("[\uac00-\ud7af]")
_KATAKANA = re.compile("[\u30a1-\u30ff]")
_LOOSE = re.compile("[\\w\\s\u00ad\u0300-\u036f\u200b-\u200f\u2010-\u2015\u2060\ufeff'’‘ʼ`´′«»“”„\"-]")


def has_marks(text: str, start: int, end: int, form: Form) -> bool:
    """Whether a hit has the form's own marks inside and no others: "AT&T" is not "AT T", nor is "Gleb, Kostarev" him.

    Spaces, hyphens and apostrophes are one another's variants.
    """
    hit = text[start:end]
    if form.marked_end and not text.startswith(form.marked_end, end):
        return False
    if len(form.text) <= _TINY and _SYLLABLE.match(text, end):
        return False
    if "&" in hit and ";" in hit:
        hit = html.unescape(html.unescape(hit))
    return hit.isalnum() or hit == form.text or _LOOSE.sub("", hit) == _LOOSE.sub("", form.text.partition("*")[0])


def has_capital(text: str, start: int, end: int, form: Form) -> bool:
    """Whether a hit is written as its form demands (see ``Form.capital``), or as a hash tag, or has no choice.

    A text without any capital says nothing about its words.
    """
    if not form.capital:
        return True
    hit = text[start:end]
    letters = [c for c in hit if c.isalpha()]
    if form.capital == "all":
        return all(c.isupper() for c in letters) and not _is_initial(text, start, end)
    if len(form.text) <= _TINY and hit.isupper() and not form.text.isupper():
        return text[max(0, start - _AROUND) : end + _AROUND].isupper()  # Xi is not XI
    if not letters or letters[0].isupper() or text[start - 1 : start] in {"#", "@"}:
        return True
    return text.islower()


def _is_initial(text: str, start: int, end: int) -> bool:
    """Whether a single letter is an initial, or a part of a word with a hyphen: X. Petrov, X-ray."""
    return end - start == 1 and (text[end : end + 1] in {".", "-", "‑", "’", "'"} or text[start - 1 : start] == "-")


def _goes_on(text: str, start: int, end: int, *, dotted: bool) -> bool:
    """Whether a number, or a row of letters with full stops, goes on over a mark: GPT-4.5 is not GPT-4."""
    around = (text[end - 1 : end + 2], text[max(0, start - 2) : start + 1])
    return any(_NUMBER.fullmatch(three) or (dotted and _LETTERS.fullmatch(three)) for three in around)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a hit is no part of a URL, a host name, an e-mail address or a number, nor of a longer word."""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if (not before or before.isspace()) and (not after or after.isspace()):
        return True
    if after in {".", ","} or before in {".", ","}:
        dotted = "." in text[start:end]
        if (dotted or text[end - 1].isdigit() or text[start].isdigit()) and _goes_on(text, start, end, dotted=dotted):
            return False
    if not (before + after).isascii():
        for script in (_HANGUL, _KATAKANA):
            if script.match(before) and script.match(text[start]):
                return False
        if _KATAKANA.match(after) and _KATAKANA.match(text[end - 1]):
            return False
    left = "" if before.isspace() else "".join(text[max(0, start - _REACH) : start].rsplit(None, 1)[-1:])
    right = "" if after.isspace() else "".join(text[end : end + _REACH].split(None, 1)[:1])
    if not _ADDRESS_MARK.search(left + right):
        return True
    first, last = len(left), len(left) + end - start
    token = left + text[start:end] + right
    return not any(
        m.start() <= first and last <= m.end() and m.span() != (first, last) for m in _ADDRESS.finditer(token)
    )
