"""What one sentence of a new article is to the story, and what it tells that the story has not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from worker.stories.align import Known, Match
from worker.stories.brief import some
from worker.stories.line import Line
from worker.stories.page_words import likeness
from worker.stories.site_words import CALLS, OURS, YOURS
from worker.stories.text import listed
from worker.stories.unsaid import Unsaid
from worker.stories.vocabulary import MERE_STEPS, SLIGHT_STEPS, facts, says_only_who

FEW = 3
"""Words that carry something: a sentence that has no more tells too little to be measured."""

LEAD_END = 70
"""Where a lead ends, in words: up to here a change of step, tense or negation counts."""

_SUMMARY = 0.34  # of its words, which a summary of known things may have of its own
_GRAMS_COPIED = 0.2  # of its phrases, which a version of a known sentence keeps
_STRANGE = 0.5  # of its words, beside which a new name counts, and without which a line is of the page
_TO_READER = OURS | YOURS
_MARKS = re.compile('["\u00ab\u00bb\u201c\u201d\u201e]')
_SPEECH = re.compile('["\u00ab\u201c\u201e][^"\u00bb\u201d]{24,}')
"""Quotation marks around more than a name."""

_NAME_ALONE = re.compile(r"[A-Z\u0410-\u042f\u0401][\w-]{2,30}[ .]*")
_PARTED = re.compile(r" [|/\u2022\u00b7\u2192>] | \u2014 .* \u2014 ")
"""Between the pieces of a line of the page; one dash alone may stand for a verb."""

_COUNTED = re.compile(
    r"[$\u20ac\u00a3\u00a5\u20bd\u20b8\u20b4%]|\b(?:[mb]illion|thousand|euro|dollar|pound|ro?uble|yuan|people|persons|men|women|children|dead"
    r"|victim|hurt|injured|млн|млрд|тыс|миллион|миллиард|евро|долл|руб|фунт|тенге|грив|юан|человек|людей|дет[ия]|погиб|жертв"
    r"|пострадавш)"
)
"""What makes a figure one that is told, and none of the page."""

_PAGE = 0.0  # how much a sentence reads like a line of a page, from which on it may be one
_SURELY_PAGE = 1.0
_ALL_STRANGE = 0.9  # of its words: a line of the page has hardly one of the story's
_SIGN_OF_PAGE = re.compile(r"[|\u00a9\u2192\u25ba\u25b6\u25bc\u25b2\u2022\u00b7@#]|https?:|www\.|\b\d\d\+")
_PAGE_STEPS = SLIGHT_STEPS | {"agree", "vote"}

_PLACE = listed("in across near around outside throughout в во под близ около возле у")


class Status(StrEnum):
    """What a sentence is to the story."""

    KNOWN = "known"
    REWORDED = "reworded"
    CHANGED = "changed"
    NEW = "new"


class Kind(StrEnum):
    """What is another thing in a version of a known sentence."""

    FIGURE = "figure"
    PARTY = "party"
    STEP = "step"
    VERB = "verb"
    CLAUSE = "clause"
    NEGATION = "negation"
    DONE = "done"
    DAY = "day"
    AGAIN = "again"
    PLACES = "places"
    CORRECTION = "correction"


_WORDING = frozenset((Kind.PARTY, Kind.STEP, Kind.VERB, Kind.CLAUSE))


class Change(NamedTuple):
    """What a version of a known sentence says otherwise: its kind, and in words."""

    kind: Kind
    text: str


_NOTHING_NEW: dict[str, object] = {
    "unseen": 0.0,
    "values": frozenset(),
    "figures": (),
    "parties": (),
    "steps": (),
    "quote": False,
    "verbs": (),
    "weekdays": frozenset(),
    "tail": "",
    "grams": 1.0,
}


class Finding(Unsaid):
    """A sentence of the new article, its status, and what in it is new to the story (see ``Unsaid``).

    ``of`` is the known sentence that it resembles most; ``change``: what it says otherwise. ``top``: the sentences at
    the top of its text; ``edited``: an editor's hand has gone over the whole text below it.
    """

    def __init__(
        self, line: Line, story: Known, *, first: bool = False, top: Sequence[Line] = (), edited: bool = False
    ) -> None:
        """Take a sentence, and what its story has told: what it is to that is yet to be found out."""
        super().__init__(line, story, first=first)
        self.top = top
        self.edited = edited
        self.status = Status.NEW
        self.of: Match | None = None
        self.change: Change | None = None

    @classmethod
    def again(cls, line: Line, story: Known, of: Match) -> Finding:
        """Return the finding that a sentence is ``of`` the story, word for word."""
        finding = cls(line, story)
        vars(finding).update(_NOTHING_NEW, status=Status.KNOWN, of=of)
        return finding

    def but(self, **told: object) -> Finding:
        """Return the finding with what is ``told`` in the place of its own."""
        other = object.__new__(type(self))
        vars(other).update({**vars(self), **told})
        for made in ("adds", "like_furniture"):
            vars(other).pop(made, None)
        return other

    @property
    def planned(self) -> bool:
        """Whether the top of its text speaks of what may or will be."""
        return any(line.modal for line in self.top)

    @property
    def known(self) -> bool:
        """Whether the story has said this, in these or nearly these words."""
        return self.status in {Status.KNOWN, Status.REWORDED}

    @property
    def copied(self) -> bool:
        """Whether this is a known sentence itself or a version of it, not only a retelling in words that are known."""
        return self.known and self.grams >= _GRAMS_COPIED

    @cached_property
    def corrects(self) -> bool:
        """Whether it corrects what was published, and is no mere note of a correction that the story has told."""
        return self.line.corrects and not self._story.noted(self.line)

    @cached_property
    def adds(self) -> str:
        """What this sentence tells that the story has not, in words; "" where it tells nothing of weight."""
        if self.corrects:
            return "a correction"
        if says_only_who(self.line.text.casefold()):
            return ""
        return self._adds_by_itself or ("" if self.to_reader else self._adds_in_all)

    @property
    def _adds_by_itself(self) -> str:
        """What single thing in it is new, in words; what is dear to find out is asked for last."""
        if self.figures:
            return f"new figure: {some(self.figures)}"
        if self.parties and not self.to_reader and not self._only_a_place:
            return f"new name: {some(self.parties)}"
        steps = tuple(step for step in self.steps if step not in MERE_STEPS)
        if steps:
            return f"new step: {some(steps)}"
        verbs = () if self.to_reader else tuple(verb for verb in self.verbs if facts(verb).step not in MERE_STEPS)
        return f"new verb: {some(verbs)}" if verbs else ""

    @property
    def _adds_in_all(self) -> str:
        """What the sentence adds that is no single new thing, in words."""
        negated = self.line.negations and self.unseen and not (self.of and self.of.line.negations)
        signs = (
            (self.weekdays, "another day"),
            (self.quote, "new words of someone"),
            (negated, "a negation"),
            (self.strange and self._tells, "other words"),
        )
        return next((said for sign, said in signs if sign), "")

    @cached_property
    def to_reader(self) -> bool:
        """Whether a site speaks to its reader: of "our" and "you", and in no quotation."""
        return not _TO_READER.isdisjoint(self.line.words) and _MARKS.search(self.line.text) is None

    @cached_property
    def like_furniture(self) -> bool:
        """Whether it looks to be of the page, by its shape or its words, and nothing in it weighs."""
        if self.status is not Status.NEW or _SPEECH.search(self.line.text) is not None:
            return False
        return (not self.weekdays and self._shaped_like_furniture) or self._worded_like_furniture

    @property
    def _shaped_like_furniture(self) -> bool:
        """Whether it is no sentence, a question, or said to a "you": without sums and strong steps."""
        line = self.line
        if self._counts:
            return False
        if line.heading:
            return not self._acts and (self.unseen >= _STRANGE or _PARTED.search(line.text) is not None)
        if _NAME_ALONE.fullmatch(line.text) and not self._acts:
            return True
        asks = line.text.endswith("?")
        you = self.unseen >= _STRANGE and not YOURS.isdisjoint(line.words)
        if you and not self._acts:
            return True
        return (asks or you) and not (self.parties or self.figures) and _PAGE_STEPS.issuperset(line.steps)

    @property
    def _worded_like_furniture(self) -> bool:
        """Whether a line with the signs of a page, or one that speaks to its reader or of "us", reads like a page's.

        With a slight step, a sum or a name of the story it must do so without a doubt, and so must a headline with a
        figure, which may tell the news without a word for it. News of a site or a paper has the words of a page too,
        so nothing that tells in the third person what is or is not is taken for one.
        """
        line = self.line
        addressed = not CALLS.isdisjoint(line.words[:1]) or not _TO_READER.isdisjoint(line.words)
        if not addressed and _SIGN_OF_PAGE.search(line.text) is None:
            return False
        if self.unseen < _ALL_STRANGE or line.corrects or line.negations or not SLIGHT_STEPS.issuperset(line.steps):
            return False
        bare = not line.steps and len(self.parties) == len(line.parties) and not self._counts
        bare = bare and not (line.heading and self.figures)
        return likeness(line.text) > (_PAGE if bare else _SURELY_PAGE)

    @property
    def _counts(self) -> bool:
        """Whether it tells a new sum or number of people."""
        return bool(self.figures) and _COUNTED.search(self.line.text.casefold()) is not None

    @property
    def strange(self) -> bool:
        """Whether more than a third of its words stand nowhere in the story."""
        return self.unseen > _SUMMARY

    @property
    def slight(self) -> bool:
        """Whether it tells no more than an editor's wording may bring, by chance: see ``developments``."""
        if self.figures or self.quote or self.weekdays or self.corrects:
            return False
        strong = not SLIGHT_STEPS.issuperset(self.steps)
        if self.first and (self.parties or strong):
            return False
        if self.status is Status.NEW and (
            strong or len(self.parties) > 1 or (self.parties and self.unseen >= _STRANGE)
        ):
            return False
        kinds = _WORDING if self.first else _WORDING | {Kind.NEGATION}
        return self.change is None or self.change.kind in kinds

    @property
    def _acts(self) -> bool:
        return bool(self.line.steps or self.verbs)

    @property
    def _only_a_place(self) -> bool:
        """Whether its one new name is that of a place, and it leaves out none of the known sentence's names."""
        if len(self.parties) != 1 or self.of is None:
            return False
        words = self.line.words
        name = self.parties[0].casefold()
        at = words.index(name) if name in words else 0
        return at > 0 and words[at - 1] in _PLACE and all(map(self.line.names, self.of.line.parties))

    @property
    def _tells(self) -> bool:
        """Whether words alone can be news here: not in a call to subscribe or to bet, nor in a few words."""
        call = self.line.text.endswith("!")
        return self.first or (not call and (bool(self.line.parties) or len(self.line.stems) > FEW))
