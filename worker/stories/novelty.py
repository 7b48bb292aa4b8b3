"""What a sentence says that the story has not said: nothing, another wording, another figure, or something new."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from worker.stories.align import ALIKE, SAME, Known, Match
from worker.stories.changes import changed, opposite
from worker.stories.datelined import is_datelined
from worker.stories.finding import FEW, Change, Finding, Kind, Status
from worker.stories.line import LINE_SHINGLE, Line
from worker.stories.prepared import Prepared

_LOOSER = 0.05
"""How much less alike the known sentence may be that says the same when a closer one does not."""

_SAME_FIGURES = 0.3  # of its words, where two figures and more show that it is the same sentence
_NEW_CLAUSE = 0.3  # of its words, which make a clause of its own
_NEW_WORDS = 4  # that make no clause yet
_GRAMS_KNOWN = 0.8  # of its phrases, which stand in the story, so that it is made of known ones


def find(new: Line, known: Known, *, first: bool = False, top: Sequence[Line] = (), edited: bool = False) -> Finding:
    """Return what ``new`` is to the story that ``known`` holds; the rest is as in ``Finding``."""
    number = known.keys.get(new.key)
    if number is not None:
        return Finding.again(new, known, Match(*known.lines[number], 1.0, 1.0))
    matches = known.matches(new)
    if first and matches and is_datelined(new, matches[0].line):
        return Finding.again(new, known, matches[0])
    finding = Finding(new, known, first=first, top=top, edited=edited)
    finding.status, finding.of, finding.change = _status(finding, matches)
    if finding.status is Status.REWORDED and finding.corrects and not known.corrected(new, finding.values):
        finding.status, finding.change = Status.CHANGED, Change(Kind.CORRECTION, "a correction")
    return finding


def most_said(new: Prepared, articles: Sequence[AbstractSet[str]]) -> float:
    """Return the share of the words of ``new`` that a story may have said at most, as far as ``find`` can tell.

    ``articles``: the words and figures that carry something and that each article of the story shares with ``new``. A
    sentence of one has no more of a sentence of ``new`` than the whole article, which is soon counted; what the story
    has elsewhere may weigh next to nothing, what it has nowhere weighs most.
    """
    first = new.lead or new.lines[0]
    every = frozenset[str]().union(*articles)
    said = total = 0
    for line in new.lines:
        total += len(line.words)
        absent = len(line.marks - every)
        least = _SAME_FIGURES if len(line.figures) > 1 else 0.0 if line is first else ALIKE
        if (
            len(line.stems) <= FEW
            or absent <= _may_be_absent(line)
            or max([len(line.marks & marks) for marks in articles]) * (1 - least) > least * absent
        ):
            said += len(line.words)
    return said / total


def _status(finding: Finding, matches: list[Match]) -> tuple[Status, Match | None, Change | None]:
    """Return the status, the closest known sentence and what changed against it."""
    new = finding.line
    if not matches:
        return (Status.NEW if new.stems else Status.REWORDED), None, None
    changes = [
        (changed(finding, match), match)
        for match in matches
        if match.forward >= ALIKE or (match.forward >= _SAME_FIGURES and len(finding.values) > 1)
    ]
    best = matches[0]
    for change, match in changes:
        if not change and _says_the_same(finding, match, best):
            exact = match.forward >= 1 and match.back >= 1
            return (Status.KNOWN if exact else Status.REWORDED), match, None
    if best.forward >= ALIKE and changes[0][0]:
        return Status.CHANGED, best, changes[0][0]
    # Known sentences run together, one of them cut, or a sentence too short to tell.
    made_of_known = _may_be_of_known(finding) and finding.grams >= _GRAMS_KNOWN
    if made_of_known or (len(new.stems) <= FEW and not (finding.fresh or finding.steps)):
        return (Status.REWORDED if _is_plain(finding) else Status.NEW), best, None
    return Status.NEW, best, None


def _says_the_same(finding: Finding, match: Match, best: Match) -> bool:
    """Whether a sentence is another wording of a known one, of which nothing is changed."""
    alike = (
        match.forward >= SAME
        or (match is best and finding.unseen < _NEW_CLAUSE and _is_plain(finding))
        or _anchored(finding, match)
        or finding.grams >= _GRAMS_KNOWN
    )
    figures = match is best or finding.values <= match.line.figures.keys()
    return alike and figures and (match.forward >= best.forward - _LOOSER or not opposite(finding, best))


def _may_be_of_known(finding: Finding) -> bool:
    """Whether so few words are new that the phrases may be known: to find these out is dear."""
    return finding.absent <= _may_be_absent(finding.line)


def _may_be_absent(line: Line) -> float:
    """Return how many words of a sentence may be new when its phrases are known: each is in one of them at least."""
    return (1 - _GRAMS_KNOWN) * max(1, len(line.words) - LINE_SHINGLE + 1)


def _is_plain(finding: Finding) -> bool:
    """Whether no figure and few words are new."""
    return len(finding.fresh) < _NEW_WORDS and not finding.figures


def _anchored(finding: Finding, match: Match) -> bool:
    """Whether every figure of the sentence stands in the known one, and every party in the story: the same fact."""
    return bool(finding.values) and finding.values <= match.line.figures.keys() and not finding.parties
