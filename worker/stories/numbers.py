"""Figures and dates in one spelling.

"$1.5 bn" and "1,5 миллиарда" are one figure, "Feb. 24" and "24 февраля" one date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite

from worker.stories import lists
from worker.stories.literals import any_of
from worker.stories.magnitudes import cut_magnitudes, tells_magnitude
from worker.stories.text import listed

_MULTIPLIERS = (
    (("trn", "tn", "trill", "трлн", "трилл", "триль"), 1e12),
    (("bn", "bln", "bill", "mrd", "milliard", "mil millones", "млрд", "миллиард", "мільярд"), 1e9),
    (("m", "млн", "миллион", "мільйон"), 1e6),
    (("lakh crore", "лакх крор"), 1e12),
    (("crore", "крор"), 1e7),
    (("lakh", "лакх"), 1e5),
    (("k", "thou", "tau", "тыс", "тис"), 1e3),
)
_WORD_VALUES = {word: float(value) for value, members in lists.table("number-words").items() for word in members}
_MONTH_STARTS = (
    ("jan", "янв", "січ", "ene"),
    ("feb", "фев", "лют", "fév", "fev"),
    ("mar", "мар", "бер", "mär", "maerz"),
    ("apr", "апр", "кві", "avr", "abr"),
    ("may", "мая", "май", "тра", "mai"),
    ("jun", "июн", "чер", "juin"),
    ("jul", "июл", "лип", "juil"),
    ("aug", "авг", "сер", "aoû", "ago"),
    ("sep", "сен", "вер"),
    ("oct", "окт", "жов", "okt"),
    ("nov", "ноя", "лис"),
    ("dec", "дек", "гру", "dez", "déc", "dic"),
)
_MONTH_NUMBER = {start: month for month, starts in enumerate(_MONTH_STARTS, 1) for start in starts}


_MONTH = rf"(?:{any_of(lists.lines('months'))})\b\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH_DIGITS = r"(?:0?[1-9]|1[0-2])"
_UNIT = (
    r"(?P<letter>[mk])\b"
    r"|[ -]?(?P<unit>(?:trn|tn|bn|bln|mn|mln|mio|mrd|млн|млрд|трлн|тыс|тис)\b|(?:trillion|billion|milliard|thousand"
    r"|tausend|lakh crore|лакх крор|lakh|crore|лакх|крор"
    r"|mil millones|million|millón|millones|триллион|трильйон|миллиард|мільярд|миллион|мільйон|тысяч|тисяч)"
    r"\w{0,3}\b)"
)
_NUMBER_WORD = any_of(sorted(_WORD_VALUES, key=len, reverse=True))
_SPELLED = re.compile(rf"(?<![^\W\d_])(?:{_MONTH}|(?:{_NUMBER_WORD})\b)")
_DOTS = r"\d{1,3}(?:(?:\.\d{3}){2,}|\.000)"
"""A number with dots between its thousands, which one dot alone may not be: 44.000, 2.450.310."""

# What a figure may begin with is looked at first: at most places there is none, and the rest is dear.
_BEGINS = "".join(sorted({word[0] for word in (*_WORD_VALUES, *lists.lines("months"))}))
_FIGURE = re.compile(
    rf"(?:(?=\d)|(?<![^\W\d_])(?=[{_BEGINS}]))(?:"
    rf"(?P<month1>{_MONTH})\s+(?P<day1>{_DAY})(?:st|nd|rd|th)?(?![\d.,]*\d)|(?=\d)(?:"
    rf"(?<![\d.,])(?P<day2>{_DAY})(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?(?P<month2>{_MONTH})"
    rf"|(?<![\d.,])(?P<iso>\d{{4}}-(?=\d\d-){_MONTH_DIGITS}-(?=\d\d){_DAY})(?!\d)"
    rf"|(?<![\d.,])(?P<dmy>{_DAY}\.{_MONTH_DIGITS}\.\d{{4}})(?!\d)"
    r"|(?<!\d)(?P<clock>(?:(?<=\bв )|(?<=\bк )|(?<=\bс )|(?<=\bдо ))\d{1,2}\.\d\d(?![\d%]| ?(?:проц|руб|долл|евро|м|т))"
    r"|\d{1,2}:\d\d|\d{1,2}(?:\.\d\d)?\s?[ap]\.?m\b|\d{1,2}\.\d\d(?= (?:utc|gmt|bst|cet|cest|est|edt|msk|local)\b)))"
    r"|(?<![\d])(?:(?P<number>\d{1,2}(?:,\d\d)+,\d{3}(?!\d)|\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?(?![\d])"
    rf"|{_DOTS}(?![\d])|\d+(?:[.,]\d+)?)|\b(?P<word>"
    + _NUMBER_WORD
    + r")\b)(?:(?P<ordinal>-?(?:st|nd|rd|th|го|й|я|е|м|му|ю|х|ти))\b)?"
    rf"(?:{_UNIT})?(?P<points>[ -]?(?:basis[ -]points?|bps?|б\.? ?п\.|базисн\w+ пункт\w*)(?!\w))?)",
)
_FRACTIONS = (
    (re.compile(r"\b(?:a )?quarter (?:of a )?(?:percentage )?point|\bчетверт\w+ (?:процентного )?пункта"), "0.25"),
    (re.compile(r"\bhalf (?:of )?a? ?(?:percentage )?point|\b(?:пол(?:овину)?[ -]?(?:процентного )?пункта)"), "0.5"),
)
_NO_POINTS = r"(?! an? (?:percentage )?point)"
_SHARES = (
    (r"\b(?:a|one)[ -]third of\b|(?<!в )\bтрет[ьи]\b", "33.3"),
    (rf"(?<!than )\bhalf (?:of{_NO_POINTS}|the|its|his|her|their|this|that)\b", "50"),
    (r"(?<!перв.. )(?<!втор.. )(?<!более )(?<!менее )(?<!больше )(?<!меньше )\bполовин[аыуе]\b", "50"),
    (rf"\b(?:a|one)[ -]quarter of\b{_NO_POINTS}", "25"),
    (r"\btwo[ -]thirds\b|\bдв(?:е|ух) трет", "66.7"),
    (r"\bthree[ -]quarters\b|\bтри четверти\b", "75"),
)
"""Shares in words, as percentages."""

_PERCENT_OF = tuple((re.compile(pattern), value) for pattern, value in _SHARES)
_SHARE_WORDS = ("half", "third", "quarter", "половин", "трет[ьи]", "четверт")
_SHARE = re.compile(any_of(_SHARE_WORDS, at_start=True))
_IN_WORDS = re.compile(any_of((*_SHARE_WORDS, "полу?(?:мил|тыс)"), at_start=True))
# "from 11 to 3.5 thousand": the unit holds for both.
_RANGE = re.compile(
    r"\d(?<![\d.,]\d)\d{0,2}(?:[.,]\d{1,2})?(?= ?(?:-|to|and|or|до|и|или|bis) ?\d{1,3}(?:[.,]\d{1,2})? "
    r"(?P<unit>million|billion|thousand|trillion|млн|млрд|тыс|миллион|миллиард|тысяч))"
)
# What stands right before the number of a road, an aircraft or a virus: its letters, with or without a hyphen.
_NAME = re.compile(r"(?<![^\W_])([^\W\d_]{1,5})-?$")
_NO_NAMES = listed(
    "mid pre post non top sub over no nr под по до за топ на usd eur gbp sek nok dkk chf rub uah kzt byn aed sar "
    "pln czk huf try jpy cny rmb krw inr rs rm ksh sh tsh tk kr lv ft sgd hkd aud cad nzd mxn brl zar ngn"
)
_LONGEST_NAME = 7
_SMALL = 1e-4
_DIGIT = re.compile(r"\d")
_LIKE_A_YEAR = re.compile(r"(?:19|20)\d\d")
_GROUPING = re.compile(r"[ ,](?=\d{3}(?:\D|$))|,(?=\d\d,)")
_DOTTED = re.compile(_DOTS)
_EXACTLY = re.compile(r" ?(?:%|per ?cent|проц|sec|сек|point|пункт)")
"""Behind a number with a decimal point."""

_DAYS = re.compile(
    rf"\b(?P<days>{_DAY}(?:, {_DAY}){{0,9}}),?(?P<joins> (?:and|or|to|и|или|по|і|та|und|et|y) |-)(?P<last>{_DAY})(?!\d)"
)
_MONTH_AFTER = re.compile(rf" (?:de )?(?P<month>(?!(?:may|march)\b(?!\W*$|[,.;:)\]]| \d{{4}})){_MONTH})")
"""No month where "may" or "march" may be a verb."""

_MONTH_BEFORE = re.compile(rf"(?<![^\W\d_])(?P<month>{_MONTH}) $")
_ENDS = re.compile(r"\W*$|[,.;:)\]]| (?:in|at|on|from|but|after|before)\b")
_LONGEST_MONTH = 12


def _date(month: str, day: str) -> str:
    return f"{_MONTH_NUMBER.get(month[:3], 0)}-{int(day)}"


def figures(text: str, *, spelled: bool = True) -> dict[str, str]:
    """Return the figures of normalised ``text``: canonical value → as written; ``spelled``: in words too.

    A date without its year is ``month-day``, a number that belongs to a name the two together ("m-5", "covid-19"),
    a magnitude in words "scale-hundreds", everything else the value to nine digits ("1.5e+09"). Times of day are left
    out: copies give them in their own zones. "One" and "first" are no figures: they are too common.
    """
    plain = _in_digits(text, spelled=spelled)
    plain, found = cut_magnitudes(plain) if spelled else (plain, {})
    matches = _FIGURE.finditer(plain) if spelled else _from_digits(plain)
    found.update(filter(None, [_figure(match, plain) for match in matches]))
    shares = _PERCENT_OF if spelled and _SHARE.search(plain) else ()
    for fraction, value in (*shares, *_FRACTIONS) if shares or "point" in plain or "пункт" in plain else ():
        written_out = fraction.search(plain)
        if written_out:
            found[value] = written_out[0]
    return found


def _from_digits(text: str) -> Iterator[re.Match[str]]:
    """Yield the figures that begin with a digit: most texts have no other, and few places to look at."""
    at = 0
    while digit := _DIGIT.search(text, at):
        found = _FIGURE.match(text, digit.start())
        at = found.end() if found else digit.end()
        if found:
            yield found


def _in_digits(text: str, *, spelled: bool) -> str:
    """Return ``text`` with numbers of several words in digits, and without times of day in words."""
    if spelled and ("half" in text or "половин" in text):
        text = _AND_A_HALF.sub(_and_a_half, text)
    if spelled and ("half a" in text or "пол" in text):
        text = _HALF_A.sub("0.5 ", text)
    if "коп" in text or "cent" in text:
        text = _SMALL_CHANGE.sub(_with_change, text)
    if _HOUR.search(text):
        text = _O_CLOCK.sub(" ", text)
    if spelled:  # a month is written out too
        text = _TENS.sub(_together, _DAYS.sub(_each_with_its_month, text))
    return _RANGE.sub(r"\g<0> \g<unit>", text)


def _each_with_its_month(match: re.Match[str]) -> str:
    """Return the days of one month as dates ("16 and 17 June", "June 16, 17 and 18")."""
    text = match.string
    after = _MONTH_AFTER.match(text, match.end())
    if after:
        days = match["days"].replace(",", f" {after['month']},")
        return f"{days} {after['month']}{match['joins']}{match['last']}"
    before = _MONTH_BEFORE.search(text, max(0, match.start() - _LONGEST_MONTH), match.start())
    # "On June 16 and 17 men" has one date, and so may "on June 5, 12 and 15 in both towns died".
    if before and _ENDS.match(text, match.end()) and _follow(match):
        days = match["days"].replace(", ", f", {before['month']} ")
        return f"{days}{match['joins']}{before['month']} {match['last']}"
    return match[0]


def _follow(match: re.Match[str]) -> bool:
    """Whether the days of a list follow one another; of two days it is not asked."""
    days = [int(day) for day in (*match["days"].split(", "), match["last"])]
    return len(days) == 2 or days == [*range(days[0], days[0] + len(days))]  # noqa: PLR2004


def _figure(match: re.Match[str], text: str) -> tuple[str, str] | None:
    """Return the value of what ``_FIGURE`` found in ``text``, and how it is written; None where it is no figure."""
    written = match[0].strip()
    number = match["number"]
    named = _NAME.search(text, max(0, match.start() - _LONGEST_NAME), match.start()) if number else None
    if match["clock"]:
        return None
    if named and _may_name(match) and named[1] not in _NO_NAMES:
        return f"{named[1]}-{number}", f"{named[1]}-{written}"
    if number or match["word"]:
        value = _value(match) / (100 if match["points"] else 1)
        return (_canonical(value), written) if isfinite(value) else None
    if match["iso"]:
        _, month, day = match["iso"].split("-")
        return f"{int(month)}-{int(day)}", written
    if match["dmy"]:
        day, month, _ = match["dmy"].split(".")
        return f"{int(month)}-{int(day)}", written
    return _date(match["month1"] or match["month2"], match["day1"] or match["day2"]), written


def _may_name(match: re.Match[str]) -> bool:
    """Whether a number may belong to a name, as in "M-5": no sum is written with a unit or thousands set apart."""
    return not (match["unit"] or match["letter"] or _GROUPING.search(match["number"]))


def _canonical(value: float) -> str:
    """Return ``value`` to nine digits, or places when it is small: with "1e-05" it would be taken for a date."""
    return f"{value:.9g}" if value >= _SMALL or not value else f"{value:.9f}".rstrip("0").rstrip(".")


_METRES = re.compile(r"\dm$")


def as_metres(value: str, written: str) -> str:
    """Return figure ``value`` as what it is if its "m" stands for metres and not for millions ("400m"), else ""."""
    return f"{float(value) / 1e6:.9g}" if _METRES.search(written) else ""


def may_tell_share(word: str) -> bool:
    """Whether ``word``, in lower case, may be part of a share, half a number or a magnitude ("треть", "tens" of)."""
    return _IN_WORDS.search(word) is not None or tells_magnitude(f"{word} of")


def is_spelled(word: str) -> bool:
    """Whether a figure may begin with ``word``, in lower case, that is in letters: "пять", "May" 5, "треть"."""
    return _SPELLED.search(word) is not None or may_tell_share(word)


def is_number(word: str = "") -> bool:
    """Whether ``word``, in lower case, is a number in digits or in letters."""
    return word[:1].isdigit() or word in _WORD_VALUES


def is_year(value: str) -> bool:
    """Whether a figure in its canonical form looks like a year."""
    return _LIKE_A_YEAR.fullmatch(value) is not None


_NUMERAL = "|".join(sorted((word for word, value in _WORD_VALUES.items() if value < 10), key=len, reverse=True))  # noqa: PLR2004
_SHORT = 4
_ONE = listed("one один одна одно одного одной одну")
_AND_A_HALF = re.compile(r"\b(?P<whole>\w+)[ -](?:с половиной|and[ -]a[ -]half)\b")
_HALF_A = re.compile(r"\b(?:half an? |пол(?:у|овин[аыеу] )?)(?=(?:million|billion|trillion|миллион|миллиард|тысяч))")
_HOUR = re.compile("o'clock|in the (?:morn|after|even)|утра|вечера|ночи|час(?:ам?|у|ов)")
_O_CLOCK = re.compile(
    r"\b\w+ (?:o'clock|in the (?:morning|afternoon|evening))\b"
    r"|\b(?:в|к|до|с|около|после|примерно) \w+ (?:час\w* )?(?:утра|вечера|ночи)\b|\b\w+ часа дня\b"
    r"|\b(?:в|к|с) (?!24)(?:1?\d|2[0-4]) час(?:ам|у|ов|а)\b(?! (?:обязат|исправ|принуд|работ))"
)
_TENS = re.compile(
    "("
    + any_of((word for word, value in _WORD_VALUES.items() if 20 <= value < 100), at_start=True)  # noqa: PLR2004
    + rf")[ -]({_NUMERAL}|(?P<one>one|first|один|одн\w+|перв\w+)|(?P<two>second|втор\w+))\b"
)


_SMALL_CHANGE = re.compile(
    r"(?<![\d.,])(?P<whole>\d{1,6}) (?:рубл\w{1,3}|руб\.?|грив\w{2,3}|грн\.?|dollars?|euros?) (?:and )?"
    r"(?P<change>\d{1,2}) (?:копе\w{2,3}|коп\.?|cents?\b)"
)
"""A sum in two units: 64 roubles 12 kopecks."""


def _with_change(match: re.Match[str]) -> str:
    return f"{match['whole']}.{match['change']:0>2}"


def _and_a_half(match: re.Match[str]) -> str:
    whole = match["whole"]
    if whole in _ONE:
        return "1.5"
    number = _WORD_VALUES.get(whole, int(whole) if whole.isdecimal() and len(whole) <= _SHORT else None)
    return match[0] if number is None else f"{number + 0.5:g}"


def _together(match: re.Match[str]) -> str:
    """Return a number of two words in digits ("twenty-two", "двадцать второй")."""
    unit = 1 if match["one"] else 2 if match["two"] else _WORD_VALUES[match[2]]
    return f"{_WORD_VALUES[match[1]] + unit:g}"


def _value(match: re.Match[str]) -> float:
    if match["word"]:
        value = _WORD_VALUES[match["word"]]
    else:
        number = _GROUPING.sub("", match["number"])
        if _DOTTED.fullmatch(number) and not _EXACTLY.match(match.string, match.end("number")):
            number = number.replace(".", "")
        value = float(number.replace(",", ".")[:300])
    unit = match["letter"] or match["unit"]
    return value * next(factor for starts, factor in _MULTIPLIERS if unit.startswith(starts)) if unit else value
