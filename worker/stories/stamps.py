"""Stamps, bylines and buttons: short lines that have names, dates, counts and the words of a page, and tell nothing."""

from __future__ import annotations

import re

from worker.stories import lists
from worker.stories.opening import DATE, MONTH, TIME
from worker.stories.site_words import CALLS, MENU, SITE, STAMPS, is_small
from worker.stories.text import blanked, cased_words, folded, listed
from worker.stories.vocabulary import MERE_STEPS, SLIGHT_STEPS, facts, has_verb, is_plain_verb, is_verb, turns

LABEL = 60
"""Characters of the longest button, or name of a section."""

_STAMP = 200
_REST = 80
_LABEL_WORDS = 4
_NUMBERS = 3
_BARE_LABEL = 2
_NAMES = 8
_BARE_NAMES = 4

_MASTHEAD = 100
_MENU = 120
_PIECE_WORDS = 5
_NUMBERED = re.compile(r"\d{1,2}[.)] (?=[A-Z\u0410-\u042f\u0401])")
_ABBREVIATED = 4  # letters of a short form, after the full stop of which a line goes on
_MENU_WORDS = 14
_FIRST = re.compile(r"[^\W\d_]+")
_MARKED = re.compile(r"[%$\u20ac\u00a3\u20bd\u2014\u2013-]")
_SUM = re.compile(r"[%$\u20ac\u00a3\u20bd]")
_PARTED = re.compile(r"[?/|\u00b7\u2022]")
_STATES = listed("out off down up dead hurt lost gone shut")
"""After anything but a call one of these tells how it stands: "Mayor out", "Site down"."""

_BEFELL = listed("was were been")
"""Between other words it tells what befell one: "The signalman was released"."""

YEAR = re.compile(r"\b\d{4}\b(?! ?%)")
WHEN = re.compile(f"(?:{DATE})|(?:{TIME})")
_DATED = re.compile(DATE)
_MEDIUM = re.compile(rf"(?<!\w)(?:{lists.pattern('dateline-marks').pattern}|вестник|newspaper|chronicle)(?!\w)")
_HANDLE = re.compile(
    r"(?<![\w.])@\w{2,30}|(?:https?://|www\.|pic\.twitter\.com|t\.me/|vk\.com/)\S{1,200}|#\w{2,40}"
    r"|(?<![\w/])[^\W\d_][\w-]{2,20}/[\w-]{2,12}\b(?!/)|\b[\w-]{2,40}\.(?:ru|com|org|net|info|рф|ua|by|kz|tv|news|co\.uk)\b"
)
_COUNTED = lists.pattern("counts")
AUTHOR = lists.pattern("authors")
"""How a byline begins."""
_MONTHS = lists.words("month-names")
_MONTH = re.compile(MONTH)
_QUOTED = re.compile(
    '["\u00ab\u201c\u201e][A-Z\u0410-\u042f\u0401][^"\u00ab\u00bb\u201c\u201d\u201e,;!?]+["\u00bb\u201c\u201d]'
)
_QUOTES = re.compile('["\u00ab\u00bb\u201c\u201d\u201e]')


def may_be_stamp(line: str) -> bool:
    """Whether a line may be a stamp: its words are capitalised, numbers, dates and those of stamps."""
    return len(line) <= _STAMP and all(
        not word[0].islower() or _of_stamp(word.strip(".,:;|()").casefold()) for word in line.split()
    )


def _of_stamp(word: str) -> bool:
    if not word.isalpha() or is_small(word) or word in _MONTHS or facts(word).weekday >= 0:
        return True
    return _MONTH.fullmatch(word) is not None


def _without(pattern: re.Pattern[str], line: str, lower: str) -> tuple[str, str, int]:
    """Return ``line`` and ``lower`` with what ``pattern`` finds in ``lower`` blanked, and how often it does."""
    found = [match.span() for match in pattern.finditer(lower)]
    return blanked(line, found), blanked(lower, found), len(found)


def is_stamp(line: str, lower: str, *, head: bool) -> bool:
    """Whether a line has only names, dates, times, counts and the words of a byline or a stamp."""
    if not any(map(str.isalpha, line)):  # eyes and thumbs beside their counts
        return not line.isascii() and not _MARKED.search(line)
    line, lower, handles = _without(_HANDLE, line, lower)
    line, lower, whens = _without(WHEN, line, lower)
    line, lower, counts = _without(_COUNTED, line, lower)
    line, lower, _ = _without(YEAR, line, lower)
    words = cased_words(line)
    plain = [word.casefold() for word in words]
    if any(map(str.isdigit, lower)):
        numbers = sum(word[0].isdigit() for word in words)
        plain = [word for word in plain if not word[0].isdigit()]
        return numbers <= _NUMBERS and 0 < len(plain) < _LABEL_WORDS * numbers and all(is_small(word) for word in plain)
    short = len(line) <= LABEL
    small = sum(word in STAMPS or (short and is_small(word)) for word in plain)
    names = [
        word
        for word, low in zip(words, plain, strict=True)
        if low not in STAMPS and low not in _MONTHS and not (short and is_small(low)) and facts(low).weekday < 0
    ]
    if len(names) > _NAMES or not all(word[0].isupper() for word in names):
        return False
    if (
        turns(lower).steps
        or any(facts(word.casefold()).step for word in names)
        or any(facts(word).negates for word in plain)
    ):
        return False
    if handles or whens or counts:
        return bool(small) or len(names) <= (_BARE_NAMES if whens or handles else 0)
    ended = line.rstrip().endswith((".", "!", "?"))
    by = AUTHOR.match(lower) is not None and bool(names) and (head or not ended)
    return (
        by
        or (small > 0 and not names and len(words) <= _LABEL_WORDS)
        or (head and names != [] and small > 0 and not ended)
    )


def is_masthead(line: str, lower: str) -> bool:
    """Whether a line above a report names the medium and ends with date and time ("Volga Post. 5 May, 13:05")."""
    if not line[-1:].isdigit() or len(line) > _MASTHEAD:
        return False
    whens = [*WHEN.finditer(lower)]
    if not whens or whens[-1].end() != len(line) or not any(_DATED.fullmatch(when[0]) for when in whens[:-1]):
        return False
    words = cased_words(blanked(lower, [when.span() for when in whens]))
    if _MEDIUM.search(lower) is None or any(facts(word).number for word in words):
        return False
    return not (_acts(words) or turns(lower).steps or has_verb(words))


def is_rest(sentence: str) -> bool:
    """Whether a sentence that opens a text is the rest of a dateline: names, dates and small words, and no verb."""
    if len(sentence) > _REST or turns(sentence.casefold()).corrects:
        return False
    line = folded(sentence).rstrip(" .!:")
    lower = line.casefold()
    if len(lower) != len(line):
        return False
    if is_stamp(line, lower, head=True):
        return True
    words = cased_words(line)
    plain = [word.casefold() for word in words]
    named = _QUOTED.fullmatch(line) is not None  # as a medium is, whatever its words
    return (
        0 < len(words) <= _BARE_NAMES
        and not any(map(str.isdigit, line))
        and (named or all(word[0].isupper() or low in STAMPS for word, low in zip(words, plain, strict=True)))
        and not any(facts(word).step or facts(word).negates or (is_plain_verb(word) and not named) for word in plain)
        and not has_verb(plain)
        and not turns(lower).steps
    )


def is_menu(line: str, lower: str) -> bool:
    """Whether a line has only what buttons are called, and where signs part them also the words of a site."""
    first = _FIRST.match(lower) if len(line) <= _MENU and line[-1] != "." else None
    if not first or not (first[0] in MENU or first[0] in SITE):
        return False
    words = cased_words(lower)
    of_menu = sum(word in MENU for word in words)
    if not 1 < len(words) <= _MENU_WORDS or of_menu * 2 < len(words):
        return False
    return of_menu == len(words) or (
        _PARTED.search(line) is not None and all(word in MENU or word in SITE or word in STAMPS for word in words)
    )


def is_numbered(line: str, lower: str) -> bool:
    """Whether a line without an end is a headline of a numbered list, with no step and no figure of its own."""
    found = _NUMBERED.match(line) if line[-1:].isalnum() else None
    if not found:
        return False
    words = cased_words(lower[found.end() :])
    return not any(word[0].isdigit() for word in words) and not _acts(words, slight=True) and not turns(lower).steps


def is_in_pieces(line: str, lower: str) -> bool:
    """Whether a line without an end is of short pieces that tell nothing: "Running News. Athletes. Gear. Shop".

    One of them at least is what a site says of itself or its pages.
    """
    if len(line) > _MENU or not line[-1:].isalnum() or ". " not in line or _SUM.search(line):
        return False
    pieces = [(piece, piece.casefold()) for piece in line.split(". ")]
    if not any(_is_of_site(piece, low) for piece, low in pieces) or turns(lower).steps:
        return False
    return all(len(piece) > _ABBREVIATED and (_is_of_site(piece, low) or _tells_nothing(low)) for piece, low in pieces)


def _is_of_site(piece: str, lower: str) -> bool:
    """Whether a piece of a line is a stamp, or has a word of a site's menu, of a medium or of its pages."""
    words = cased_words(lower)
    if any(word in STAMPS for word in words) and is_stamp(piece, lower, head=True):
        return True
    return len(words) <= _PIECE_WORDS and any(word in MENU or word in SITE for word in words) and not _acts(words)


def _tells_nothing(lower: str) -> bool:
    """Whether a piece of a line is a few words without a verb and a number, and "plans" or "records" at most."""
    words = cased_words(WHEN.sub(" ", lower))  # of a date nothing is left
    bare = len(words) <= _BARE_LABEL
    if len(words) > _PIECE_WORDS or any(facts(word).number and not word[0].isdigit() for word in words):
        return False
    return not _acts(words, slight=bare) and (bare or not has_verb(words))


def _acts(words: list[str], *, slight: bool = False) -> bool:
    """Whether words tell a step or a negation; with ``slight`` only one that weighs."""
    steps = {facts(word).step for word in words} - {""}
    return not (SLIGHT_STEPS if slight else MERE_STEPS).issuperset(steps) or any(facts(word).negates for word in words)


def is_label(line: str, lower: str) -> bool:
    """Whether a line of a few words is a button, the name of a section or of a kind of text: it tells nothing."""
    words = cased_words(line)
    plain = [word.casefold() for word in words]
    if not 0 < len(words) <= _LABEL_WORDS or any(map(str.isdigit, line)) or _QUOTES.search(line):
        return False
    known = [facts(word) for word in plain]
    if any(fact.negates for fact in known) or turns(lower).steps or line[-1:] in "?!;,":
        return False
    site = sum(map(is_small, plain))
    steps = {fact.step for word, fact in zip(plain, known, strict=True) if not is_small(word)} - {""}
    if steps - (SLIGHT_STEPS if len(words) <= _BARE_LABEL and line[-1:].isalpha() else MERE_STEPS):
        return False
    if (plain[0] not in CALLS and not _STATES.isdisjoint(plain[1:])) or not _BEFELL.isdisjoint(plain[1:-1]):
        return False
    acts = any(
        not is_small(word) and (is_plain_verb(word) or is_verb(word, before))
        for before, word in zip(("", *plain), plain, strict=False)
    )
    if acts or (site and site * 2 >= len(words)):
        return not acts
    names = sum(word[0].isupper() for word in words[1:])
    return len(words) <= _BARE_LABEL and not names and words[0] != words[0].upper()
