"""Captions: paragraphs that say that they belong to a picture, or end with whose picture it is."""

from __future__ import annotations

import re

from ahocorasick_rs import AhoCorasick

from worker.stories import lists
from worker.stories.site_words import SITE, STAMPS
from worker.stories.stamps import WHEN, YEAR
from worker.stories.text import cased_words, listed
from worker.stories.vocabulary import OUTCOMES, SLIGHT_STEPS, facts, has_verb, turns

_TAIL = 160
_LITERALS = listed(
    "photo pic imag file credit foto © (c) chart graph still map карта supplied stock shutter alamy pixabay freepik "
    "изобр источник фото сним архив видео кадр скриншот иллюстр инфограф handout courtesy / | via caption grab view "
    "seen pictured ▲ bild getty reuters afp графика table source above below left right"
)
_LIKELY = AhoCorasick(list(_LITERALS), store_patterns=False)
"""A paragraph that has none of these is no caption."""

SPEECH = re.compile('"[^"]{24,}"')
SAID = re.compile(
    r"\b(?:said|says|told|according|added|сообщ\w+|заявил\w*|рассказал\w*|отметил\w*|пояснил\w*|уточнил\w*|добавил\w*"
    r"|по словам|по данным)\b"
)
_PICTURE = rf"(?:{lists.pattern('picture-words').pattern})"
_STOCK = rf"(?:{lists.pattern('picture-stocks').pattern})"
_WHOSE = rf"(?:{_STOCK}|{lists.pattern('picture-sources').pattern})"
_CREDIT = re.compile(
    rf"(?:^|[.!?)»”\"'|,;/(\[-] ?)(?:"
    rf"{_PICTURE}(?: (?:by|from|via|courtesy of|of))?(?: ?[:/©|-]| (?=by |via |courtesy))[^.!?\n]{{2,80}}"
    rf"|(?:photo|photograph|picture|image|video|illustration)s? (?:by|via|from|copyright|provided) [^.!?\n]{{2,80}}"
    rf"|{_WHOSE} ?[/|][^\n.!?]{{2,60}}|[^\W\d_][^\n.!?/|(]{{2,40}} ?[/|] ?{_WHOSE}(?:[^\n.!?]{{0,40}})"
    rf"|(?:photo |image )?(?:credits?|изображение): ?[^.!?\n]{{2,60}}|(?:источник|source): ?{_STOCK}|{_STOCK}"
    rf"|(?:©|\(c\)|copyright:?) ?[^\n.!?]{{2,60}}(?:\.(?:ru|com|org|net|de|fr))?|{_WHOSE} via {_WHOSE}"
    rf"|{lists.pattern('picture-archives').pattern}"
    r")[\])]?\.?[\s\"'»”]*$"
)
_SIGNED = re.compile(r"[(\[][A-ZА-Я][^()\[\]/\n]{2,40}/[A-ZА-Я][^()\[\]\n]{2,40}[)\]]\.?$")
_COUNT = re.compile(r"^\W*\d{1,3} ?(?:/|of|из|von|de|sur) ?\d{1,3}\b")
_WHICH = re.compile(r", (?:where|which|who|whose|whom|где|котор\w+|чей|чь\w) ")
"""Behind it stands what is told of what is shown."""

_COMPOUND = re.compile(r"[A-Z][a-z]+ (?!(?:at|in|on|of|for|by|from|to|near|over|against|after|as|and)\b)[a-z]")
_STOP = re.compile(r"[.!?] \S")

_STARTS = lists.pattern("caption-starts")
_WITHIN = lists.pattern("caption-inside")


def is_caption(line: str, lower: str) -> bool:
    """Whether a paragraph is the caption of a picture: it says so, or ends with whose picture it is."""
    if not _LIKELY.find_matches_as_indexes(lower):
        return False
    starts = _STARTS.match(lower)
    within = _WITHIN.search(lower)
    ends = _credit(line, lower)
    if not (starts or within or ends) or turns(lower).corrects or SPEECH.search(line):
        return False
    if (starts and not SAID.search(lower, starts.end())) or (within and ends):
        return True
    return _only_shows(line, lower, ends) and (ends is not None or lower.count(". ") == 0)


def is_credited(line: str, lower: str) -> bool:
    """Whether a paragraph ends with whose picture it is and tells nothing else: a caption, whatever it is about."""
    ends = _credit(line, lower)
    if ends is None or turns(lower).corrects or not _only_shows(line, lower, ends):
        return False
    words = _plain(_shown(line, ends))
    return not any(facts(word).step for word in words) and not has_verb(words)


def _credit(line: str, lower: str) -> re.Match[str] | None:
    return _CREDIT.search(lower, max(0, len(lower) - _TAIL)) or _SIGNED.search(line, max(0, len(line) - _TAIL))


def _only_shows(line: str, lower: str, ends: re.Match[str] | None) -> bool:
    """Whether no one says anything in a paragraph, and no figure and no step stands before its credit."""
    told = _shown(lower, ends) if ends else lower
    if SAID.search(lower) or any(map(str.isdigit, YEAR.sub("", WHEN.sub("", _COUNT.sub("", told))))):
        return False
    return not _strong(_plain(line), lower)


def _shown(line: str, ends: re.Match[str]) -> str:
    """Return what a paragraph says above its credit; where that is one thing with what hangs on it, the thing alone."""
    told = line[: ends.start()]
    which = _WHICH.search(told.casefold())
    if which is None or _STOP.search(told):
        return told
    named = told[: which.start()]
    return told if has_verb([word.casefold() for word in cased_words(named)]) else named


def _plain(line: str) -> list[str]:
    """Return the words of a paragraph in lower case, without the first when it is one that only names a thing.

    The plain form of a verb right before another word names what is called so: "Lift shafts in Vienna".
    """
    words = [word.casefold() for word in cased_words(line)]
    told = facts(words[0]) if _COMPOUND.match(line) else None
    return words[1:] if told and told.root == words[0] and told.step not in OUTCOMES else words


def _strong(words: list[str], lower: str) -> bool:
    """Whether words tell a step that is one of a matter, and not of a site's pages."""
    steps = {facts(word).step for word in words if word not in SITE and word not in STAMPS} - {""}
    return not SLIGHT_STEPS.issuperset(steps | turns(lower).steps)
