"""What a sentence says that the story has not said: nothing, another wording, another figure, or something new."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from worker.stories.align import Known, Match
from worker.stories.prepared import LINE_SHINGLE, Line, shingles
from worker.stories.text import words
from worker.stories.vocabulary import WEAK_STEPS, facts, is_verb, says_earlier

SAME = 0.72
"""From this weighted share of its words on, a sentence may be another wording of a known one."""

ALIKE = 0.45
"""From this share on it may be one when it tells no figure, party or step that the story lacks."""

CLOSE = 0.6
"""When the known sentence is found in the new one to this share too, the two are versions of one sentence."""

_SAME_FIGURES = 0.3
_FEW = 3
_SUMMARY = 0.34
_NEW_CLAUSE = 0.3
_NEW_WORDS = 4
_GRAMS_KNOWN = 0.8
_GRAMS_COPIED = 0.2
_HEAD_WORDS = 70
"""Where a lead ends, in words: up to here a change of step, tense or negation counts."""


class Status(StrEnum):
    """What a sentence is to the story."""

    KNOWN = "known"
    REWORDED = "reworded"
    CHANGED = "changed"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence of the new article, its status, and what in it is new to the story.

    ``figures``, ``parties`` and ``verbs`` are as written; ``steps`` are names of steps; ``quote``: it quotes someone
    anew; ``weekdays`` are numbers from Monday (0). ``values`` are all its figures, but for the days on which the story
    was published. ``unseen`` is the share of its words that the story has nowhere, ``grams`` the share of its
    three-word shingles that it has; ``of`` is the known sentence that it resembles most; ``why`` says what changed
    against that one. ``first``: it opens its text; ``planned``: its lead speaks of what may or will be.
    """

    line: Line
    status: Status
    first: bool = False
    planned: bool = False
    figures: tuple[str, ...] = ()
    values: frozenset[str] = frozenset()
    parties: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    quote: bool = False
    weekdays: frozenset[int] = frozenset()
    unseen: float = 0.0
    grams: float = 0.0
    of: Match | None = None
    why: str = ""

    @property
    def known(self) -> bool:
        """Whether the story has said this, in these or nearly these words."""
        return self.status in {Status.KNOWN, Status.REWORDED}

    @property
    def copied(self) -> bool:
        """Whether this is a known sentence itself or a version of it, not only a retelling in words that are known."""
        return self.known and self.grams >= _GRAMS_COPIED

    @property
    def adds(self) -> str:
        """What this sentence tells that the story has not, in words; "" where it tells nothing of weight."""
        if self.line.corrects:
            return "a correction"
        for what, found in (
            ("figure", self.figures),
            ("name", self.parties),
            ("step", self.steps),
            ("verb", self.verbs),
        ):
            if found:
                return f"new {what}: {', '.join(found[:4])}"
        if self.weekdays:
            return "another day"
        if self.quote:
            return "new words of someone"
        if self.line.negations and self.unseen and not (self.of and self.of.line.negations):
            return "a negation"
        return "other words" if self.unseen > _SUMMARY and self._tells else ""

    @property
    def _tells(self) -> bool:
        """Whether words alone can be news here: not in a call to subscribe or to bet, nor in a few words."""
        call = self.line.text.endswith("!")
        return self.first or (not call and (bool(self.line.parties) or len(self.line.stems) > _FEW))


def find(new: Line, known: Known, *, first: bool = False, planned: bool = False) -> Finding:
    """Return what ``new`` is to the story that ``known`` holds.

    ``first``: it opens its text; ``planned``: its lead speaks of what may or will be.
    """
    number = known.keys.get(new.key)
    if number is not None:
        found, article = known.lines[number]
        return Finding(new, Status.KNOWN, grams=1.0, of=Match(found, article, 1.0, 1.0))
    unseen = {stem for stem in new.stems if not known.names(stem)}
    share = len(unseen) / max(1, len(new.stems))
    finding = Finding(
        line=new,
        status=Status.NEW,
        first=first,
        planned=planned,
        figures=tuple(written for value, written in new.figures.items() if value not in known.figures | known.days),
        values=frozenset(new.figures.keys() - known.days),
        parties=tuple(written for party, written in new.parties.items() if not known.names(party)),
        steps=tuple(sorted(new.steps - known.steps)),
        quote=_new_quote(new, known),
        verbs=_verbs(new, unseen, known),
        weekdays=new.weekdays - known.weekdays,
        unseen=share,
        grams=len(known.grams.intersection(new.grams)) / max(1, len(new.grams)),
    )
    plain = not finding.figures and len(unseen) < _NEW_WORDS
    status, of, why = _status(finding, known.matches(new), plain=plain)
    return replace(finding, status=status, of=of, why=why)


_QUOTED = re.compile(r"[\"\u201c\u201e\u00ab]([^\"\u201d\u201c\u00bb]{20,})(?:[\"\u201d\u201c\u00bb]|$)")


def _new_quote(new: Line, known: Known) -> bool:
    """Whether ``new`` quotes someone in words that the story has not carried."""
    for quoted in _QUOTED.findall(new.text):
        grams = shingles(words(quoted), LINE_SHINGLE)
        if sum(gram in known.grams for gram in grams) < len(grams) / 3:
            return True
    return False


def _verbs(new: Line, unseen: set[str], known: Known) -> tuple[str, ...]:
    if not unseen:
        return ()
    pairs = zip(("", *new.words), new.words, strict=False)
    return tuple(
        word
        for before, word in pairs
        if facts(word).stem in unseen and facts(word).step not in known.steps and is_verb(word, before)
    )


def _status(finding: Finding, matches: list[Match], *, plain: bool) -> tuple[Status, Match | None, str]:
    """Return the status, the closest known sentence and what changed against it.

    ``plain``: no figure and few words are new.
    """
    new = finding.line
    if not matches:
        return (Status.NEW if new.stems else Status.REWORDED), None, ""
    changes = [
        (changed(finding, match), match)
        for match in matches
        if match.forward >= ALIKE or (match.forward >= _SAME_FIGURES and len(finding.values) > 1)
    ]
    for change, match in changes:
        plainly = finding.unseen < _NEW_CLAUSE and plain and match is matches[0]
        alike = match.forward >= SAME or finding.grams >= _GRAMS_KNOWN or plainly or _anchored(finding, match)
        if not change and alike:
            exact = match.forward >= 1 and match.back >= 1
            return (Status.KNOWN if exact else Status.REWORDED), match, ""
    best = matches[0]
    if best.forward >= ALIKE and changes[0][0]:
        return Status.CHANGED, best, changes[0][0]
    # Known sentences run together, one of them cut, or a sentence too short to tell.
    if plain and (finding.grams >= _GRAMS_KNOWN or (len(new.stems) <= _FEW and not finding.unseen)):
        return Status.REWORDED, best, ""
    return Status.NEW, best, ""


def _anchored(finding: Finding, match: Match) -> bool:
    """Whether every figure of the sentence stands in the known one, and every party in the story: the same fact."""
    return bool(finding.values) and finding.values <= match.line.figures.keys() and not finding.parties


def changed(finding: Finding, match: Match) -> str:
    """Return what a sentence says otherwise than the known one that it resembles, or "" when it says the same.

    A figure or a party in the place of another; in the lead also a new step, figure or day, a negation more or less, or
    something done that was only planned. What is left out is no change.
    """
    close = match.forward >= ALIKE and match.back >= ALIKE
    swapped = (_other_figure(finding, match.line) or _other_party(finding, match.line)) if close else ""
    if swapped or finding.line.at >= _HEAD_WORDS:
        return swapped
    added = _added(finding, match) if finding.first else ""
    strong = [step for step in finding.steps if step not in WEAK_STEPS]
    if strong and not added:
        added = f"new step: {', '.join(strong)}"
    return added or _turned(finding, match, close=close)


def _added(finding: Finding, match: Match) -> str:
    """Return what of weight a sentence of the lead has more than the known one, and the story has nowhere."""
    figures = [written for written in finding.figures if f"({written}" not in finding.line.text]
    if figures and match.forward < 1:
        return f"new figure: {', '.join(figures)}"
    verbs = finding.verbs if match.back >= CLOSE and not finding.parties else (*finding.steps, *finding.verbs)
    return f"new: {', '.join(verbs[:3])}" if verbs else ""


def _turned(finding: Finding, match: Match, *, close: bool) -> str:
    """Return how a sentence of the lead turns what the known one says: another step, a negation, done for planned."""
    new, old = finding.line, match.line
    first = finding.first and close
    if match.forward >= SAME:
        steps, gone = sorted(new.steps - old.steps), sorted(old.steps - new.steps)
        if steps and gone and close:
            return f"{', '.join(steps)} instead of {', '.join(gone)}"
        if new.negations and not old.negations:
            return "a negation"
        if first and old.negations and not new.negations and not _cut(new, old):
            return "no negation any more"
        if first and old.modal and not finding.planned and not _shortened(new, old):
            return "done, no longer planned"
    if first and _places_changed(new, old):
        return "the parties in each other's place"
    return "another day" if first and finding.weekdays and old.weekdays else ""


def _places_changed(new: Line, old: Line) -> bool:
    """Whether two parties, each of which opens one of the sentences, have changed places ("A sued B", "B sued A")."""
    one, other = facts(new.words[0]).stem, facts(old.words[0]).stem
    parties = new.parties.keys() | old.parties.keys()
    passive = {"by", "was", "were"} & {*new.words, *old.words}
    return one != other and not passive and {one, other} <= (new.stems & old.stems & parties)


def _shortened(new: Line, old: Line) -> bool:
    """Whether ``new`` is ``old`` with words left out."""
    rest = iter(old.words)
    return all(word in rest for word in new.words)


def _cut(new: Line, old: Line) -> bool:
    """Whether ``new`` is ``old`` with more than a few of its words left out: shortened, not contradicted."""
    return len(old.words) - len(new.words) >= _FEW and _shortened(new, old)


_ABOUT = re.compile(
    r"\b(?:about|around|almost|nearly|approximately|roughly|some|more than|over|at least|up to|close to|okolo"
    r"|около|почти|порядка|примерно|более|больше|свыше|приблизительно|не менее|близько|понад|майже"
    r"|rund|etwa|fast|mehr als|knapp|environ|près de|plus de|casi|más de|unos)\b"
)


def _other_figure(finding: Finding, old: Line) -> str:
    """Return the figures of ``new`` that stand in the place of others in ``old``."""
    new = finding.line
    now = {value: new.figures[value] for value in sorted(finding.values - old.figures.keys())}
    was = {value: written for value, written in old.figures.items() if value not in new.figures}
    if not now or not was:
        return ""
    if not finding.figures and says_earlier(new.text.casefold()):
        return ""
    bare = {written.split()[0] for written in was.values()}
    now = {value: written for value, written in now.items() if written not in bare}
    if _ABOUT.search(new.text.casefold()):
        now = {value: written for value, written in now.items() if not any(_rounds(value, other) for other in was)}
    return f"{', '.join(now.values())} instead of {', '.join(was.values())}" if now else ""


def _rounds(value: str, other: str) -> bool:
    """Whether figure ``value`` is ``other`` made rounder (about 1,200 for 1,234)."""
    try:
        new, old = float(value), float(other)
    except ValueError:  # a date
        return False
    return abs(new - old) <= 0.05 * abs(old) and len(f"{new:g}".rstrip("0")) < len(f"{old:g}".rstrip("0"))


def _other_party(finding: Finding, old: Line) -> str:
    """Return the parties that stand in the place of others in ``old``: new to the story, or in a first sentence any."""
    new = finding.line
    if len((new.stems & old.stems) - new.parties.keys()) < _FEW:  # "X did not comment" is no frame
        return ""
    if finding.first and not finding.parties:
        now = [written for party, written in new.parties.items() if party not in old.stems]
        was = [written for party, written in old.parties.items() if party not in new.stems]
        return f"{', '.join(now[:4])} instead of {', '.join(was[:4])}" if now and was else ""
    gone = [written for party, written in old.parties.items() if party not in finding.line.stems]
    if not finding.parties or not gone:
        return ""
    return f"{', '.join(finding.parties[:4])} instead of {', '.join(gone[:4])}"
