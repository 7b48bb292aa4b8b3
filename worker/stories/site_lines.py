"""Lines of their own that a site puts into a report: stamps and bylines, captions, buttons, words to its readers.

Every test begins with what costs nothing, since it is put to every paragraph of every article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from worker.stories.boards import is_board
from worker.stories.captions import is_caption, is_credited
from worker.stories.stamps import (
    LABEL,
    is_in_pieces,
    is_label,
    is_masthead,
    is_menu,
    is_numbered,
    is_stamp,
    may_be_stamp,
)
from worker.stories.text import blanked, cased_words, folded, normalise
from worker.stories.to_readers import speaks_to_reader
from worker.stories.vocabulary import OUTCOMES, facts

_LONGEST = 420
_ROOT = 6
_SAME_SUBJECT = 2
"""Words with one root that a title and the report's own line share; a line of the site shares one by chance."""

_PARAGRAPHS = 4
"""A text of fewer paragraphs may be one whose news stands in a caption."""

KEPT_PARAGRAPHS = 2048
"""Paragraphs of which it is kept whether they may be the site's: half of what comes in was published before."""

_LINE = re.compile(r"\S[^\n]*")
_BARS = re.compile(r" ?[|\u2022\u00b7] ")
_LABELLED = re.compile(r"(?:^|(?<=[.!?] ))[^:.!?]{1,24}: ")
_OLD_PICTURE = re.compile(r"\W*(?:file|archive|архив)")
_HEADLINES = 3  # in one line, which bars part
_HEADLINE_WORDS = 3


def spans(text: str, title: str = "") -> Iterator[tuple[int, int]]:
    """Yield where lines of the site stand in ``text``, the report with this ``title``: start and end of each."""
    found = [*_of_site(text, title)]
    steps = _steps(text, found) if any(outcomes for _, _, outcomes in found) else frozenset[str]()
    return ((start, end) for start, end, outcomes in found if outcomes <= steps)


def _of_site(text: str, title: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Yield where what may be a line of the site starts and ends, with the outcomes that it shows as a caption."""
    subject = _subject(title)
    paragraphs = list(_paragraphs(text))
    many = len(paragraphs) >= _PARAGRAPHS
    told = False
    for start, end in paragraphs:
        if end - start > _LONGEST:
            told = True
            continue
        written = text[start:end]
        of_site, tells = _kind(written, many=many, head=not told and many)
        line = folded(written) if of_site else ""
        of_site = of_site and (len(subject & _subject(line)) < _SAME_SUBJECT or is_credited(line, line.casefold()))
        if of_site or (many and written[-1] not in ".!?" and is_board(folded(written), title)):
            yield start, end, _shown(line) if of_site else frozenset()
        else:
            told = told or tells


@lru_cache(maxsize=KEPT_PARAGRAPHS)
def _shown(line: str) -> frozenset[str]:
    """Return the outcomes that a caption, ``folded``, shows: "after she was freed"; an old picture shows none."""
    lower = line.casefold()
    steps = {facts(word).step for word in cased_words(_LABELLED.sub("", lower))} & OUTCOMES
    if not steps or _OLD_PICTURE.match(lower) or not is_caption(line, lower):  # as of most
        return frozenset()
    return frozenset(steps)


def _steps(text: str, without: Iterable[tuple[int, int, object]]) -> frozenset[str]:
    """Return the steps that the words of a text tell ``without`` some of its lines."""
    rest = normalise(blanked(text, ((start, end) for start, end, _ in without)))
    return frozenset([facts(word).step for word in cased_words(rest)])


@lru_cache(maxsize=KEPT_PARAGRAPHS)
def _kind(written: str, *, many: bool, head: bool) -> tuple[bool, bool]:
    """Return whether a paragraph may be the site's, whatever the report is about, and whether it tells something."""
    line = folded(written)
    return is_site_line(line, many=many, head=head), line[-1:] in ".!?\"')" and len(written) > LABEL


def _subject(text: str) -> set[str]:
    """Return what the longer words of ``text`` begin with."""
    return {word[:_ROOT].casefold() for word in cased_words(text) if len(word) >= _ROOT}


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines of ``text`` that are not parts of a paragraph whose lines are broken at a width."""
    found = [(match.start(), match.start() + len(match[0].rstrip())) for match in _LINE.finditer(text)]
    for number, (start, end) in enumerate(found):
        after = text[found[number + 1][0]] if number + 1 < len(found) else ""
        if after.islower() and "\n" not in text[end : found[number + 1][0]].strip(" \t\r").replace("\n", "", 1):
            continue
        if text[start].islower() and number and text[found[number - 1][1] - 1] not in '.!?:»”"':
            continue
        yield start, end


def is_site_line(line: str, *, many: bool = True, head: bool = False) -> bool:
    """Whether a line of its own, ``folded``, is the site's.

    ``many``: the text has other paragraphs; ``head``: it stands above the first sentence of the report.
    """
    if not line:  # nothing but characters without width
        return True
    size = len(line)
    lower = line.casefold()
    if len(lower) != size:
        return False
    if is_menu(line, lower) or (may_be_stamp(line) and is_stamp(line, lower, head=head)):
        return True
    if many and (is_caption(line, lower) or is_in_pieces(line, lower) or is_numbered(line, lower)):
        return True
    if many and (is_masthead(line, lower) if head else _has_headlines(line)):
        return True
    return speaks_to_reader(line, lower) or (size <= LABEL and many and is_label(line, lower))


def _has_headlines(line: str) -> bool:
    """Whether bars part a line into headlines: none of them ends with a stop, as a sentence of the report would."""
    if "|" not in line and "\u2022" not in line and "\u00b7" not in line:
        return False
    pieces = _BARS.split(line)
    return len(pieces) >= _HEADLINES and all(
        piece[-1:] not in (".", ":", ";", ",") and len(cased_words(piece)) >= _HEADLINE_WORDS for piece in pieces
    )
