"""Paragraphs in which a site speaks to its readers: of its newsletters, players, cookies, polls and prices."""

from __future__ import annotations

import re

from worker.stories import lists
from worker.stories.captions import SAID, SPEECH
from worker.stories.site_words import CALLS, OWN, READERS, SITE, TO_READER
from worker.stories.text import cased_words, listed
from worker.stories.vocabulary import facts, turns

_POINTS = 2.4
_TOLD = 2.8
"""What a paragraph must have that only tells of the site, and bids nothing."""

_SHORT = 10
_OFFER = 12
_OFFER_LENGTH = 80
_LINE_LENGTH = 160
_TWO = 2
_THIS = re.compile(
    r"\bthis (?:\w+ )?(?:video|article|story|content|page|site|website|post|audio|podcast|image|photo|author|reporter"
    r"|newsletter|poll|game|player|clip|chart|gallery|map|text|column|interview|feature)s?\b"
    r"|\b(?:эт(?:от|а|о|у|и|ой|ого|ому|ом|их|им)|данн\w+) (?:\w+ )?(?:видео|стать[яюией]+|материал\w{0,2}"
    r"|текст\w{0,2}|колонк\w|заметк\w|публикаци\w|контент|страниц\w|сайт|пост|ролик)"
)
_OURS = re.compile(r"\b(?:our|your|us|we|we're|наш\w{0,3}|ваш\w{0,3}|нам|нас|мы)\b|(?:^|[.!?] )(?:you|вы)\b")
_PICTURES = ("video", "image", "photo", "видео", "ролик")
_PARTS = re.compile(r"(?<=[.!?|]) +")
_ADDRESS = (
    CALLS | TO_READER | listed("this этот эта это эту эти этой этого этом данный данная данное please пожалуйста")
)
_LETTERS = re.compile(r"[^\W\d_]+")
_FIRSTS = re.compile(r"(?:^[^\w]{0,4}|[.!?:|] )([^\W\d_]++)(?!-)")
_PRICE = lists.Patterns(lists.lines("offers"))
_CONTACT = re.compile(
    r"\+?\(?\d{1,4}\)?[ -]\(?\d{2,4}\)?[ -]\d{2,4}(?:[ -]\d{2,4}){0,3}|[\w.-]{1,40}@[\w.-]{2,40}|(?<!\w)@\w{3,30}|(?:https?://|www\.|t\.me/)\S"
)
_ENDS = (". реклама", ". advertisement", ". sponsored", " 18+ реклама", ". на правах рекламы")
_BARGAIN = re.compile(r"(?:only|just|from|now|всего|от|за|лишь|первый|limited)\b|[$\u00a3\u20ac]")
_SCORE = re.compile(r"\b\d{1,3}(?:-| to | against | против )\d{1,3}\b")
_FOOTNOTE = re.compile(r"\*+ ?[^\n]{0,200}(?:признан|запрещ|внес[её]н|иноагент|экстремист|нежелательн)")
_MARKED = re.compile(r"(?:реклама|advertisement|sponsored|на правах рекламы)[.:]|(?:poll|опрос|quiz): [^.]{10,200}\?")
_CALL_US = re.compile(
    r"(?:^|[.!?|] )(?:реклама|(?:по вопросам|отдел|служба) рекламы|редакция|advertis(?:ing|ements?)|newsroom)[:,]? ?"
    r"(?:(?:тел|phone|tel)[^\s\d]{0,8} ?|(?=\+))\+?[\d() -]{7,24}\W*$"
)
"""How to reach a site's people, with which a line about itself ends."""


def _is_marked(lower: str) -> bool:
    """Whether a line says itself that it is an advertisement, an offer, a poll or a footnote."""
    marked = bool(_FOOTNOTE.match(lower) or _MARKED.match(lower)) or lower.rstrip(".").endswith(_ENDS)
    contact = len(lower) <= _LINE_LENGTH and _CALL_US.search(lower) is not None
    contact = contact and not any(facts(word).step for word in cased_words(lower))
    return ((marked or contact) and SAID.search(lower) is None) or (
        len(lower) <= _OFFER_LENGTH and bool(_BARGAIN.match(lower) and _PRICE.any(lower))
    )


def speaks_to_reader(line: str, lower: str) -> bool:
    """Whether a paragraph speaks of the site to its reader, in no quotation."""
    if _is_marked(lower):
        return True
    priced = _PRICE.any(lower)
    spoken = _ADDRESS.intersection(_LETTERS.findall(lower))
    if not (priced or spoken) or SPEECH.search(line):
        return False
    firsts = _FIRSTS.findall(lower)
    calls = min(2, sum(call in CALLS for call in firsts) + (", please " in lower))
    this = _THIS.search(lower)
    if not (calls or this or priced) and TO_READER.isdisjoint(spoken):  # as of most
        return False
    words = cased_words(line)
    plain = [word.casefold() for word in words]
    you = (not OWN.isdisjoint(plain)) + (not READERS.isdisjoint(plain))
    if not (calls or you or this or priced) or _SCORE.search(lower) or SAID.search(lower) or not _is_all_so(lower):
        return False
    site = {word for word in plain if word in SITE}
    if not (site or calls or priced or _CONTACT.search(lower)) or (turns(lower).corrects and not calls):
        return False
    carrying = {word for word in plain if facts(word).stem and not word[0].isdigit()}
    names = sum(word[0].isupper() and word.casefold() not in SITE for word in words) - len(firsts)
    price = priced and bool(calls or you or len(words) <= _OFFER)
    short = len(words) <= _SHORT
    points = (
        1.5 * price
        + (_CONTACT.search(lower) is not None)
        + short * (bool(price and site) + 0.5 * bool(calls and you))
        + 4 * len(site) / max(1, len(carrying))
        + calls
        + you
    )
    if this:
        points += 2 if this.start() == 0 and not this[0].endswith(_PICTURES) else 1
    least = _POINTS if calls or this or price else _TOLD
    ours = least != _TOLD or _OURS.search(lower) is not None
    return ours and points >= least and names <= max(4, len(carrying) // 2)


def _is_all_so(lower: str) -> bool:
    """Whether every sentence of a paragraph that has more than one speaks of the site or to its reader."""
    parts = [part for part in _PARTS.split(lower) if part.strip(" .!?|")]
    return len(parts) < _TWO or all(map(_addressed, parts))


def _addressed(part: str) -> bool:
    words = cased_words(part)
    return (
        not words or part.endswith("?") or words[0] in CALLS or any(word in TO_READER or word in SITE for word in words)
    )
