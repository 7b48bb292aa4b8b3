"""What a sentence says that the story has not said: nothing, another wording, another figure, or something new."""

from __future__ import annotations

import re
from itertools import pairwise

from worker.stories.align import Known, Match, done
from worker.stories.changes import ALIKE, SAME, changed, opposite
from worker.stories.finding import FEW, Change, Finding, Kind, Status
from worker.stories.numbers import as_metres
from worker.stories.prepared import LINE_SHINGLE, Line, shingles
from worker.stories.text import listed, words
from worker.stories.vocabulary import facts, is_given_name, is_verb, verb_root

_LOOSER = 0.05
"""How much less alike the known sentence may be that says the same when a closer one does not."""

_SAME_FIGURES = 0.3  # of its words, where two figures and more show that it is the same sentence
_NEW_CLAUSE = 0.3  # of its words, which make a clause of its own
_NEW_WORDS = 4  # that make no clause yet
_GRAMS_KNOWN = 0.8  # of its phrases, which stand in the story, so that it is made of known ones
_MAIN_CLAUSE = 4  # words that a first clause has at least
_SUBORDINATE = listed(
    "who whom whose which where when while after before following because since although amid as "
    "который которая которое которые которого которому которым котором которую которой которых которыми которыми "
    "после когда где поскольку потому пока чей чья чье чьи якого який яка яке які після коли де"
)
"""Words after which a sentence tells what is around its news."""

_BRACKETS = re.compile(r"\([^()]{1,40}\)")
_CONVERTED = re.compile(
    r"\((?:about|around|some|roughly|or|approx\.?|около|примерно|порядка|почти)? ?(?:[$€£₽¥₸₴]|\d[^()]{0,20}"
    r"(?:[$€£₽¥₸₴]|dollar|euro|pound|rouble|ruble|yuan|долл|евро|рубл|тенге|гривен))",
    re.IGNORECASE,
)
"""A sum in another currency, put in brackets behind the first."""

_POINTS = re.compile("point|bps?$|пункт")
"""Of a cut to 4.00% from 4.25% a copy may tell that it was one of 25 basis points."""


def find(new: Line, known: Known, *, first: bool = False, planned: bool = False, edited: bool = False) -> Finding:
    """Return what ``new`` is to the story that ``known`` holds; the flags are as in ``Finding``."""
    number = known.keys.get(new.key)
    if number is not None:
        found, article = known.lines[number]
        return Finding(new, Status.KNOWN, grams=1.0, of=Match(found, article, 1.0, 1.0))
    unseen = {stem for stem in new.stems - known.stems if not known.names(stem)}
    share = len(unseen) / max(1, len(new.stems))
    values = frozenset(
        value
        for value, written in new.figures.items()
        if value not in known.days
        and not (_POINTS.search(written) and value in known.differences)
        and as_metres(value, written) not in known.figures
    )
    grams = new.grams
    converted = len(new.figures) > 1 and _CONVERTED.search(new.text) is not None
    in_brackets = "\n".join(_BRACKETS.findall(new.text.casefold())) if converted else ""
    finding = Finding(
        line=new,
        status=Status.NEW,
        first=first,
        planned=planned,
        edited=edited,
        figures=tuple(
            new.figures[value] for value in sorted(values - known.figures) if new.figures[value] not in in_brackets
        ),
        values=values,
        parties=_strangers(new, known),
        # In the first sentence it counts that the story's news was this step, done, and not its background or a plan.
        steps=tuple(sorted(_news(new, known) if first else new.steps - known.steps)),
        quote=_new_quote(new, known),
        verbs=_verbs(new, unseen, known, first=first),
        weekdays=new.weekdays and new.weekdays - known.weekdays,
        unseen=share,
        tail=_tail(new, unseen) if first else "",
        grams=len(known.grams & grams) / max(1, len(grams)),
    )
    plain = not finding.figures and len(unseen) < _NEW_WORDS
    status, of, change = _status(finding, known.matches(new), plain=plain)
    if new.corrects and status is Status.REWORDED and not known.corrected(values):
        status, change = Status.CHANGED, Change(Kind.CORRECTION, "a correction")
    return finding._replace(status=status, of=of, change=change)


def _news(new: Line, known: Known) -> frozenset[str]:
    """Return the steps of a first sentence that were no news of the story: done, or planned and not even that."""
    told = done(new)
    planned = new.steps - told - known.news(planned=True) if new.modal else frozenset[str]()
    return (told - known.news(planned=False)) | planned


def _tail(new: Line, unseen: set[str]) -> str:
    """Return the end of a sentence that consists of words which the story has nowhere, two of them at least, or ""."""
    start, found = len(new.words), 0
    for at in range(len(new.words) - 1, -1, -1):
        stem = facts(new.words[at]).stem
        if stem in unseen:
            start, found = at, found + 1
        elif stem:
            break
    return " ".join(new.words[start:]) if found > 1 else ""


def _strangers(new: Line, known: Known) -> tuple[str, ...]:
    """Return the parties that the story has not named, as written; not the given name that stands before a known one.

    A given name of other letters but the same initial is a form of it (Льва, Лев); with another it is another person.
    """
    strange = {party for party in new.parties if not known.names(party)}
    if not strange:
        return ()
    known_short = known.shortens(new)
    cited = " ".join(found[found.lastindex or 0] for found in _CITED.finditer(new.text))
    return tuple(
        written
        for (party, written), (after, next_) in pairwise((*new.parties.items(), ("", "")))
        if party in strange
        and written.casefold() not in known_short
        and not known.spells(party)
        and written not in cited
        and f"({written})" not in new.text  # short for what stands before it
        and not known.abbreviates(written)
        and not (
            after
            and f"{written} {next_}" in new.text
            and (known.follows(written[0], after) or _given(written, after, known))
        )
    )


def _given(written: str, after: str, known: Known) -> bool:
    """Whether ``written`` is the given name of somebody of whom the story has the surname alone."""
    return is_given_name(written.casefold()) and after in known.stems and not known.preceded(after)


_CITED = re.compile(
    r"\b(?i:(?:сообща|передава|повідомля)(?:ет|ют|ли|л|ла|є|ють)|переда(?:ет|ёт|ют|ла?|ли)|пиш(?:ет|ут)|цитиру(?:ет|ют)"
    r"|сообщил[аи]?|со ссылкой на|ссылаясь на|по (?:данным|информации|сообщению)) ([^,.;:—–]{2,80})"
    r"|\b(?i:according to|citing|quoted by) ([^,.;:—–]{2,60})"
    r"|\btold ((?:the )?(?:[A-Z][\w'’-]+ ?){1,4})"
)
"""Who is named as the source: that another one is, tells nothing new."""

_QUOTED = re.compile(r"[\"\u201c\u201e\u00ab]([^\"\u201d\u201c\u00bb]{20,})(?:[\"\u201d\u201c\u00bb]|$)")


def _new_quote(new: Line, known: Known) -> bool:
    """Whether ``new`` quotes someone in words that the story has not carried."""
    for quoted in _QUOTED.findall(new.text):
        grams = shingles(words(quoted), LINE_SHINGLE)
        if sum(gram in known.grams for gram in grams) < len(grams) / 3:
            return True
    return False


def _verbs(new: Line, unseen: set[str], known: Known, *, first: bool) -> tuple[str, ...]:
    """Return the verbs that the story has nowhere, as written; of a clause that hangs on a first one only steps."""
    if not unseen:
        return ()
    told = new.steps - known.steps  # a verb with another step is known, or only part of a phrase that tells one
    main = (at for at, word in enumerate(new.words) if at >= _MAIN_CLAUSE and word in _SUBORDINATE)
    end = next(main, len(new.words)) if first else len(new.words)
    return tuple(
        new.words[at]
        for at, word in enumerate(map(facts, new.words))
        if word.stem in unseen
        and (word.step in told or (at < end and not word.step))
        and is_verb(new.words[at], new.words[at - 1] if at else "")
        and not known.begins(verb_root(new.words[at]))
    )


def _status(finding: Finding, matches: list[Match], *, plain: bool) -> tuple[Status, Match | None, Change | None]:
    """Return the status, the closest known sentence and what changed against it.

    ``plain``: no figure and few words are new.
    """
    new = finding.line
    if not matches:
        return (Status.NEW if new.stems else Status.REWORDED), None, None
    changes = [
        (changed(finding, match), match)
        for match in matches
        if match.forward >= ALIKE or (match.forward >= _SAME_FIGURES and len(finding.values) > 1)
    ]
    best = matches[0]
    turned = opposite(finding, best)
    for change, match in changes:
        plainly = finding.unseen < _NEW_CLAUSE and plain and match is best
        alike = match.forward >= SAME or finding.grams >= _GRAMS_KNOWN or plainly or _anchored(finding, match)
        figures = match is best or finding.values <= match.line.figures.keys()
        if not change and alike and figures and (not turned or match.forward >= best.forward - _LOOSER):
            exact = match.forward >= 1 and match.back >= 1
            return (Status.KNOWN if exact else Status.REWORDED), match, None
    if best.forward >= ALIKE and changes[0][0]:
        return Status.CHANGED, best, changes[0][0]
    # Known sentences run together, one of them cut, or a sentence too short to tell.
    if plain and (finding.grams >= _GRAMS_KNOWN or (len(new.stems) <= FEW and not finding.unseen)):
        return Status.REWORDED, best, None
    return Status.NEW, best, None


def _anchored(finding: Finding, match: Match) -> bool:
    """Whether every figure of the sentence stands in the known one, and every party in the story: the same fact."""
    return bool(finding.values) and finding.values <= match.line.figures.keys() and not finding.parties
