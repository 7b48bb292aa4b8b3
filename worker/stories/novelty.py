"""What a sentence says that the story has not said: nothing, another wording, another figure, or something new."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from worker.stories.align import Known, Match
from worker.stories.prepared import Line

SAME = 0.72
"""From this share of its words on, a sentence is another wording of a known one; see docs/judgement.md."""

ALIKE = 0.45
"""From this share on, a sentence that differs in no figure, party or step may be one."""

_FEW = 3
_NEW_CLAUSE = 0.3
_NEW_WORDS = 4
_GRAMS_KNOWN = 0.8


class Status(StrEnum):
    """What a sentence is to the story."""

    KNOWN = "known"
    REWORDED = "reworded"
    CHANGED = "changed"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence of the new article, its status, and what in it is new to the story.

    ``figures`` and ``parties`` are as written; ``steps`` are names of steps; ``unseen`` is the weighted share of its
    words that the story has nowhere; ``of`` is the known sentence that it resembles most; ``why`` says what changed.
    """

    line: Line
    status: Status
    figures: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    unseen: float = 0.0
    unseen_words: int = 0
    of: Match | None = None
    why: str = ""

    @property
    def known(self) -> bool:
        """Whether the story has said this, in these or nearly these words."""
        return self.status in {Status.KNOWN, Status.REWORDED}


def find(new: Line, known: Known) -> Finding:
    """Return what ``new`` is to the story that ``known`` holds."""
    number = known.keys.get(new.key)
    if number is not None:
        found, article = known.lines[number]
        return Finding(new, Status.KNOWN, of=Match(found, article, 1.0, 1.0))
    unseen = [stem for stem in new.stems if not known.names(stem)]
    share = len(unseen) / max(1, len(new.stems))
    figures = tuple(written for value, written in new.figures.items() if value not in known.figures)
    parties = tuple(written for party, written in new.parties.items() if not known.names(party))
    steps = tuple(sorted(new.steps - known.steps))
    grams = len(new.grams & known.grams) / max(1, len(new.grams))
    plain = not figures and len(unseen) < _NEW_WORDS
    status, of, why = _status(new, known.matches(new), grams=grams, unseen=share, plain=plain)
    return Finding(new, status, figures, parties, steps, share, len(unseen), of, why)


def _status(
    new: Line, matches: list[Match], *, grams: float, unseen: float, plain: bool
) -> tuple[Status, Match | None, str]:
    """Return the status, the closest known sentence and what changed against it.

    ``grams``: the share of its three-word shingles that the story has; ``unseen``: the share of its words that it has
    nowhere; ``plain``: no figure and few words are new to the story.
    """
    if not matches:
        return (Status.NEW if new.stems else Status.REWORDED), None, ""
    changes = [(changed(new, match), match) for match in matches if match.forward >= ALIKE]
    for change, match in changes:
        alike = match.forward >= SAME or grams >= _GRAMS_KNOWN or (unseen < _NEW_CLAUSE and plain)
        if not change and alike:
            exact = match.forward >= 1 and match.back >= 1
            return (Status.KNOWN if exact else Status.REWORDED), match, ""
    best = matches[0]
    if changes and changes[0][0]:
        return Status.CHANGED, best, changes[0][0]
    # Known sentences run together, one of them cut, or a sentence too short to tell.
    if plain and (grams >= _GRAMS_KNOWN or (len(new.stems) <= _FEW and not unseen)):
        return Status.REWORDED, best, ""
    return Status.NEW, best, ""


def changed(new: Line, match: Match) -> str:
    """Return what ``new`` says otherwise than the known sentence that it resembles, or "" when it says the same.

    A figure, a party, a step or a negation in the place of another. What is only left out or only added is no change.
    """
    old = match.line
    close = match.forward >= ALIKE and match.back >= ALIKE
    figures = new.figures.keys() - old.figures.keys()
    gone = old.figures.keys() - new.figures.keys()
    if figures and gone and close:
        now = ", ".join(new.figures[value] for value in new.figures if value in figures)
        was = ", ".join(old.figures[value] for value in old.figures if value in gone)
        return f"{now} instead of {was}"
    if close and (new.negations > 0) != (old.negations > 0) and match.forward >= SAME and match.back >= SAME:
        return "a negation" if new.negations else "no negation any more"
    return ""
