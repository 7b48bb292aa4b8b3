"""Takes off what is not the article: datelines, agency credits, subscribe boxes, cookie notices, links elsewhere.

What is taken off is blanked out in place, so that offsets still point into the original text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from worker.stories import boards, lists, opening, site_lines, stamps
from worker.stories.text import KNOWN_LINES, Sentence, blanked, folded, normalise, sentences, without_rubbish

_AGENCY = opening.AGENCY
_MONTH = (
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
    r"|янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру|Mär|Mai|Okt|Dez)"
    r"[\w]*\.?"
)
_DATE = rf"(?:{_MONTH} \d{{1,2}}|\d{{1,2}}\.? {_MONTH})(?:,? \d{{4}}(?: года)?)?"
_DASH = r"[-\u2010-\u2015\u2212:]+"
_PLACE = r"[A-ZА-ЯЁІЇЄÄÖÜ][\w.'\u2019/ ,-]{1,45}?"
_TOWN = r"[A-ZА-ЯЁІЇЄ][A-ZА-ЯЁІЇЄ.'\u2019 -]{2,40}"
_SIGNED = r"[A-ZА-ЯЁІЇЄ][\w-]{1,20}(?: [A-ZА-ЯЁІЇЄ][\w-]{1,20}){0,2}"
_NOT_A_TURN = r"(?!(?:UPDATE|CORRECT|REFILE|RETRACT|WITHDR|KILL|ИСПРАВ|УТОЧН|ОБНОВ|ОПРОВЕР))"
_CREDIT = rf"[(/\[][^()\[\]\n]{{0,30}}\b{_AGENCY}\b[^()\[\]\n]{{0,30}}[)/\]]\.? ?"
_OPENS = '(?=[A-ZА-ЯЁІЇЄ"\u00ab\u201c\\d])'
_ENDS = rf"(?: {_OPENS}|(?=[ \t]*(?:\n|$)))"
_DATELINE = re.compile(
    rf"[ \t]*(?:date:? ?)?(?:\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?[ \t]+(?={_PLACE}))?{_NOT_A_TURN}(?:"
    # VILNIUS, April 22 (Reuters) – · 5 мая. /ТАСС/.
    rf"(?:{_PLACE}[,.]? ?(?:{_DATE})?[,.]? ?)?{_CREDIT}(?:{_DASH}|(?<=/\.)|(?<=/\. )|(?=[\"\u00ab\u201c]))"
    # МОСКВА, 5 мая — РИА Новости.
    rf"|(?:{_PLACE}[,.] ?)?{_DATE}[,.]? ?(?:{_DASH} ?)?[(/]?{_AGENCY}[)/]?\.?(?: ?{_DASH}| {_OPENS})"
    # PORT CLEMENT (Tribune News) —
    rf"|[A-ZА-ЯЁІЇЄ][A-ZА-ЯЁІЇЄ.'\u2019 ,/-]{{2,40}}(?:, [A-Z][a-z.]+)?,? ?(?:{_DATE})? ?\([^()\n]{{2,40}}\) ?{_DASH} ?"
    # СТЕПНОЕ, 11 сентября — ИА «Степной край». · 8 июля, Север-Информ. · МОСКВА, 24 февраля.
    rf"|(?:{_TOWN},? )?{_DATE}[,.]? ?(?:{_DASH} ?)?(?:ИА |АН |[A-ZА-ЯЁ]{{2,8}} )?[«\"“][^«»\"“”\n.]{{2,40}}[»\"”]\. "
    rf"|(?:(?:{_TOWN}|{_SIGNED}), )?{_DATE}(?:, {_SIGNED}| ?{_DASH} ?{_SIGNED})\.{_ENDS}"
    rf"|(?:{_TOWN}, )?{_DATE}\.? ?/[^/\n]{{2,30}}/\.?{_ENDS}"
    # Верхнекамск. 6 июня. ВОЛГА-АГЕНТСТВО —
    rf"|{_SIGNED}[.,] {_DATE}[.,] {_SIGNED} ?{_DASH} "
    rf"|{_TOWN}, {_DATE}\. {_OPENS}"
    # NEW YORK, Nov. 5 —
    rf"|[A-ZА-ЯЁІЇЄ][A-ZА-ЯЁІЇЄ.'\u2019 ,/-]{{2,40}}(?:, (?:[A-Z][a-z.]+ ?){{1,2}})?,? ?(?:{_DATE})?"
    r" ?[\u2012-\u2015-]{1,2} "
    # Moscow, March 3 -
    rf"|{_PLACE}[,.] {_DATE}\.? ?{_DASH} "
    rf"|{_AGENCY}\.? ?[\u2012-\u2015-]{{1,2}} "
    r")[ \t]*"
)
_METADATA = re.compile(r"[ \t]*(?:date:? ?)\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?[ \t]+", re.IGNORECASE)

# Inside a paragraph: a note in brackets about who reported, edited or may print.
_NOTES = re.compile(
    rf"[(\[](?:{lists.pattern('boilerplate-notes').pattern})[^()\[\]\n]{{0,300}}[)\]]\.?",
    re.IGNORECASE,
)

_STARTS = lists.pattern("boilerplate-starts")
_WITHIN = lists.lines("boilerplate-contains")
_CONTAINS = lists.Patterns([*_WITHIN, *(rf"^\W*(?:{row})\W*$" for row in lists.lines("boilerplate-lines"))])
_SAID = re.compile(
    r"\b(?:said|says?|(?<!be )told|tells|warn(?:s|ed)|according|announce[sd]|denie[sd]|quoted"
    r"|сообщ(?:ил\w*|ает|ают)|заявил\w*|заявля\w+|сказал\w*|предупредил\w*|пояснил\w*|по словам|по данным"
    r"|опроверг\w*|повідомил\w*|заявив)\b"
)
_OPENING = 400
"""Characters of a line that are looked at for what stands before its first sentence."""

_RESTS = 4
_CALLED = re.compile(
    r"\W*(?:read (?:also|more|next|on)|also read|see also|related|читайте (?:также|по теме|еще|ещё)|по теме"
    r"|материалы по теме|смотрите также|читайте також)\W*",
    re.IGNORECASE,
)
"""A call to read something else, which stands behind it."""

_STOPS = ".!?\u2026\"'\u00bb\u201d\u2019)\u3002\uff01\uff1f\uff0e\u0964"
_LONGEST = 320
"""A longer sentence is never taken for boilerplate by its words alone."""


def is_boilerplate(sentence: str) -> bool:
    """Whether ``sentence`` (or line), as written, is the site's and not the article's."""
    return len(sentence) <= _LONGEST and _is_boilerplate(sentence)


@lru_cache(maxsize=KNOWN_LINES)
def _is_boilerplate(sentence: str) -> bool:
    text = normalise(sentence).strip(" \t\r\n\"'([-*|>•·–—")
    if not text or _STARTS.match(text) is not None:
        return True
    found = _CONTAINS.found(text)
    return bool(found) and (min(found) < len(_WITHIN) or _SAID.search(text) is None)


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + "\n" * min(1, end - start) + " " * (end - start - 1) + text[end:]


def _opens(text: str, start: int, *, below: bool = False) -> int:
    """Return where what stands at ``start`` of ``text`` before its first sentence ends."""
    end = opening.ends(text, start, below=below)
    if end > start:
        return end
    found = _METADATA.match(text, start) or _DATELINE.match(text, start)
    return found.end() if found else start


@lru_cache(maxsize=KNOWN_LINES)
def _opens_below(line: str) -> int:
    """Return where what stands before the first sentence of a ``line`` below others ends."""
    return _opens(line, 0, below=True)


def _own(text: str) -> Iterator[Sentence]:
    """Yield the sentences that are not the site's; the headline behind "Read also." in one paragraph is its own."""
    called = -1  # where the call ends that stands right before
    for sentence in sentences(text):
        behind = called >= 0 and "\n" not in text[called : sentence.start]
        called = sentence.end if _CALLED.fullmatch(sentence.text) else -1
        if not is_boilerplate(sentence.text) and not (behind and sentence.text[-1:] not in _STOPS):
            yield sentence


def _is_of_page(line: str, title: str) -> bool:
    """Whether a line is the site's though it begins like a dateline: "Author: ...", "Today: High 72 ..."."""
    if not line or len(line) > _LONGEST:
        return False
    by = stamps.AUTHOR.match(line.casefold()) is not None and is_boilerplate(line)
    whole = min(_CONTAINS.found(normalise(line)), default=0) >= len(_WITHIN)
    return by or whole or boards.is_board(folded(line), title)


def body(text: str, title: str = "") -> list[Sentence]:
    """Return the sentences of ``text`` that are the article's own, with their offsets into ``text``.

    What speaks of prices, videos or subscriptions as ``title`` does is the article's.
    """
    text = without_rubbish(text)
    text = _NOTES.sub(lambda note: _blanked(note[0], 0, len(note[0])), text)
    starts = [0, *(match.end() for match in re.finditer(r"\n\s*", text[:1500]))]
    for start in starts[:8]:
        line_end = text.find("\n", start, start + _OPENING) + 1 or start + _OPENING
        line = text[start:line_end]
        end = start + _opens_below(line) if text[:start].strip() else _opens(text, start)
        if end > start and not _is_of_page(line.strip(), title):
            text = _blanked(text, start, end)
    text = blanked(text, site_lines.spans(text, title))
    kept = [*_own(text)]
    opens = next((at for at, sentence in enumerate(kept[:_RESTS]) if not stamps.is_rest(sentence.text)), 0)
    return kept[opens:]


def left_out(text: str, title: str = "") -> list[str]:
    """Return what ``body`` takes off ``text``, in order, a line each: what a judgement does not look at."""
    ends = 0
    between = []
    for sentence in body(text, title):
        between.append(text[ends : sentence.start])
        ends = sentence.end
    lines = "\n".join([*between, text[ends:]]).splitlines()
    return [" ".join(line.split()) for line in lines if any(map(str.isalnum, line))]
