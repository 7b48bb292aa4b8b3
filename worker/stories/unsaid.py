"""What a sentence tells that the story has not told: words, figures, names, steps, verbs, a quotation."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import pairwise

from worker.stories.align import Known
from worker.stories.done import done
from worker.stories.line import LINE_SHINGLE, Line, hashes
from worker.stories.numbers import as_metres
from worker.stories.text import cased_words, folded, listed, words
from worker.stories.vocabulary import facts, is_given_name, is_verb, verb_root

_MAIN_CLAUSE = 4  # words that a first clause has at least
_SUBORDINATE = listed(
    "who whom whose which where when while after before following because since although amid as "
    "который которая которое которые которого которому которым котором которую которой которых которыми которыми "
    "после когда где поскольку потому пока чей чья чье чьи якого який яка яке які після коли де"
)
"""Words after which a sentence tells what is around its news."""

_JOINED = 0.7  # of the words of a known sentence, behind which another one was put
_BEFORE = 2  # words before a negation, which with the word behind it tell who did not
_DENIED_WORDS = 5
"""A negation and four words behind it tell what is denied."""

_BRACKETS = re.compile(r"\([^()]{1,40}\)")
_CONVERTED = re.compile(
    r"\((?:about|around|some|roughly|or|approx\.?|около|примерно|порядка|почти)? ?(?:[$€£₽¥₸₴]|\d[^()]{0,20}"
    r"(?:[$€£₽¥₸₴]|dollar|euro|pound|rouble|ruble|yuan|долл|евро|рубл|тенге|гривен))",
    re.IGNORECASE,
)
"""A sum in another currency, put in brackets behind the first."""

_SAME_NAME = re.compile(r"[\"«“„]([^\"«»“”„]{2,40})[\"»”“] \(([^()]{2,40})\)")
"""A name in quotation marks, and behind it in brackets perhaps the same in another script."""

_POINTS = re.compile("point|bps?$|пункт")
"""Of a cut to 4.00% from 4.25% a copy may tell that it was one of 25 basis points."""


class Unsaid:
    """A sentence of a new article, and what in it is new to the story.

    ``figures``, ``parties`` and ``verbs`` are as written; ``steps`` are names of steps; ``quote``: it quotes someone
    anew; ``weekdays`` are numbers from Monday (0). ``values`` are all its figures, but for the days on which the story
    was published. ``unseen`` is the share of its words that the story has nowhere, ``grams`` the share of its
    three-word shingles that it has. ``first``: it opens its text. Each is found out when it is asked for, as long as
    the story stands as it was: of most sentences few are.
    """

    def __init__(self, line: Line, story: Known, *, first: bool = False) -> None:
        """Take a sentence, and what its story has told."""
        self.line = line
        self.first = first
        self._story = story

    @cached_property
    def fresh(self) -> set[str]:
        """The words that carry something and stand nowhere in the story."""
        return self._story.strange(self.line.stems)

    @property
    def absent(self) -> int:
        """How many words that carry something the story has not in this form."""
        return len(self.line.stems - self._story.stems)

    @cached_property
    def unseen(self) -> float:
        """The share that these are of its words."""
        return len(self.fresh) / max(1, len(self.line.stems))

    @cached_property
    def values(self) -> frozenset[str]:
        """Its figures, but for the days on which the story was published and what is another form of a known one."""
        known = self._story
        return frozenset(
            value
            for value, written in self.line.figures.items()
            if value not in known.days
            and not (_POINTS.search(written) and value in known.differences)
            and as_metres(value, written) not in known.figures
        )

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Its figures that the story has not, as written."""
        new = self.line
        fresh = new.figures and sorted(self.values - self._story.figures)
        if not fresh:
            return ()
        converted = len(new.figures) > 1 and _CONVERTED.search(new.text) is not None
        in_brackets = "\n".join(_BRACKETS.findall(new.text.casefold())) if converted else ""
        cited = {word.casefold() for word in self.cited}
        return tuple(
            new.figures[value]
            for value in fresh
            if new.figures[value] not in in_brackets and not cited.issuperset(new.figures[value].split("-"))
        )

    @cached_property
    def cited(self) -> frozenset[str]:
        """The words, as written, of whom it names as its sources."""
        return _sources(self.line, self._story.stems)

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """Its parties that the story has not named, as written."""
        strange = self._story.strange(self.line.parties.keys())
        return _strangers(self.line, self._story, strange, self.cited) if strange else ()

    @property
    def called(self) -> set[str]:
        """The words of its names that are other names of known ones, which stand in brackets behind them."""
        return _called_otherwise(self.line, self._story.strange(self.line.parties.keys()))

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """Its steps that the story has not told.

        In the first sentence it counts that the story's news was this step, done, and not its background or a plan.
        """
        new, known = self.line, self._story
        if not new.steps:
            return ()
        return tuple(sorted(_news(new, known) if self.first else new.steps - known.steps))

    @cached_property
    def quote(self) -> bool:
        """Whether it quotes someone in words that the story has not carried."""
        return _new_quote(self.line, self._story)

    @cached_property
    def verbs(self) -> tuple[str, ...]:
        """Its verbs that the story has nowhere, as written."""
        return _verbs(self.line, self.fresh, self._story, first=self.first)

    @cached_property
    def weekdays(self) -> frozenset[int]:
        """Its days of the week of which the story does not speak."""
        return self.line.weekdays and self.line.weekdays - self._story.weekdays

    @cached_property
    def tail(self) -> str:
        """The end of a first sentence that consists of words which the story has nowhere, two of them at least."""
        return _tail(self.line, self.fresh) if self.first else ""

    def denial_known(self, old: Line) -> bool:
        """Whether its negations are those of another sentence, which was joined with the known one ``old``.

        Each stands in the story with the words before it, which tell who did not, or behind all that ``old`` has.
        """
        words, known = self.line.words, self._story.grams
        places = [at for at, word in enumerate(words) if facts(word).negates]
        if all(at >= _BEFORE and known.issuperset(hashes(words[at - _BEFORE : at + 2], LINE_SHINGLE)) for at in places):
            return True
        before = {facts(word).stem for word in words[: min(places, default=0)]}
        return len(old.stems & before) >= _JOINED * len(old.stems) and all(
            len(words) - at >= _DENIED_WORDS and known.issuperset(hashes(words[at : at + _DENIED_WORDS], LINE_SHINGLE))
            for at in places
        )

    @cached_property
    def grams(self) -> float:
        """The share of its three-word shingles that the story has."""
        grams = self.line.grams
        return len(self._story.grams & grams) / max(1, len(grams))


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
    tail = " ".join(new.words[start:])
    cited = (" ".join(words(found[0])) for found in _CITED.finditer(new.text))
    return tail if found > 1 and not any(tail in one for one in cited) else ""


def _strangers(new: Line, known: Known, strange: set[str], cited: frozenset[str]) -> tuple[str, ...]:
    """Return those of the ``strange`` parties, as written, that are no form of a known one and not ``cited``.

    Nor is the given name that stands before a known surname a stranger.

    A given name of other letters but the same initial is a form of it (Льва, Лев); with another it is another person.
    """
    known_short = known.shortens(new)
    called = _called_otherwise(new, strange)
    return tuple(
        written
        for (party, written), (after, next_) in pairwise((*new.parties.items(), ("", "")))
        if party in strange
        and written.casefold() not in known_short
        and written not in called
        and not cited.issuperset(written.split())
        and f"({written})" not in new.text  # short for what stands before it
        and not known.abbreviates(written)
        and not known.spells(party)
        and not (
            after
            and f"{written} {next_}" in new.text
            and (known.follows(written[0], after) or _given(written, after, known))
        )
    )


def _called_otherwise(new: Line, strange: set[str]) -> set[str]:
    """Return the words of names in quotation marks behind which a known one stands in brackets, in another script."""
    found = _SAME_NAME.findall(new.text)
    if not found:  # as in most sentences
        return set()
    known = {written.casefold() for party, written in new.parties.items() if party not in strange}
    return {
        word
        for name, other in found
        if name.isascii() is not other.isascii() and known.issuperset(other.casefold().split() or [""])
        for word in name.split()
    }


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

_SAYING = re.compile(r", ([^,.;:\"\u201c\u201d]{2,70}?) (?:said|says)\b")
_MOST_OF_SOURCE = 7  # words
_JOINS = listed("and but as while that who which when after before")


def _sources(line: Line, told: AbstractSet[str]) -> frozenset[str]:
    """Return the words, as written, of whom a sentence names as its sources.

    Who says it at the end of a clause is one where it is a name alone, at least half of which is ``told``.
    """
    found = {word for match in _CITED.finditer(line.text) for word in _as_written(match)}
    for match in _SAYING.finditer(line.text):
        source = _as_written(match)
        known = [facts(word.casefold()) for word in source]
        carrying = [fact.stem for fact in known if fact.stem]
        name = len(source) <= _MOST_OF_SOURCE and _JOINS.isdisjoint(source) and not any(fact.step for fact in known)
        if name and 2 * sum(stem in told for stem in carrying) >= len(carrying):
            found.update(source)
    return frozenset(found)


def _as_written(match: re.Match[str]) -> list[str]:
    return cased_words(folded(match[match.lastindex or 0]))


_QUOTED = re.compile(r"[\"\u201c\u201e\u00ab]([^\"\u201d\u201c\u00bb]{20,})(?:[\"\u201d\u201c\u00bb]|$)")


def _new_quote(new: Line, known: Known) -> bool:
    """Whether ``new`` quotes someone in words that the story has not carried."""
    for quoted in _QUOTED.findall(new.text):
        grams = [*hashes(words(quoted), LINE_SHINGLE)]
        if sum(gram in known.grams for gram in grams) < len(grams) / 3:
            return True
    return False


def _verbs(new: Line, unseen: set[str], known: Known, *, first: bool) -> tuple[str, ...]:
    """Return the verbs that the story has nowhere, as written; of a clause that hangs on a first one only steps."""
    if not unseen:
        return ()
    # A verb with another step is known, or only part of a phrase that tells one.
    told = new.steps and new.steps - known.steps
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
