"""What a sentence says that the story has not said: nothing, another wording, another figure, or something new."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from worker.stories.align import Known, Match
from worker.stories.prepared import LINE_SHINGLE, Line, shingles
from worker.stories.text import words
from worker.stories.vocabulary import (
    MERE_STEPS,
    SOFT_STEPS,
    WEAK_STEPS,
    facts,
    is_country,
    is_verb,
    says_earlier,
    verb_root,
)

SAME = 0.72
"""From this weighted share of its words on, a sentence may be another wording of a known one."""

ALIKE = 0.45
"""From this share on it may be one when it tells no figure, party or step that the story lacks."""

CLOSE = 0.6
"""When the known sentence is found in the new one to this share too, the two are versions of one sentence."""

_ALL = 0.95
_LOOSER = 0.05
"""How much less alike the known sentence may be that says the same when a closer one does not."""

_SAME_WORDS = 0.85
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
    tail: str = ""
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
            ("step", tuple(step for step in self.steps if step not in MERE_STEPS)),
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
    values = frozenset(
        value
        for value, written in new.figures.items()
        if value not in known.days and not (_POINTS.search(written) and value in known.differences)
    )
    finding = Finding(
        line=new,
        status=Status.NEW,
        first=first,
        planned=planned,
        figures=tuple(new.figures[value] for value in sorted(values - known.figures)),
        values=values,
        parties=_strangers(new, known),
        # In the first sentence it counts that the story's news was this step, done, and not its background or a plan.
        steps=tuple(sorted(new.steps - (known.news(planned=new.modal) if first else known.steps))),
        quote=_new_quote(new, known),
        verbs=_verbs(new, unseen, known),
        weekdays=new.weekdays - known.weekdays,
        unseen=share,
        tail=_tail(new, unseen) if first else "",
        grams=len(known.grams.intersection(new.grams)) / max(1, len(new.grams)),
    )
    plain = not finding.figures and len(unseen) < _NEW_WORDS
    status, of, why = _status(finding, known.matches(new), plain=plain)
    return replace(finding, status=status, of=of, why=why)


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
    parties = list(new.parties.items())
    followers = (*(party for party, _ in parties[1:]), "")
    return tuple(
        written
        for (party, written), after in zip(parties, followers, strict=False)
        if not known.names(party) and not (after and known.follows(written[0], after))
    )


_BRACKETS = re.compile(r"\([^()]*\)")
_POINTS = re.compile("point|bps?$|пункт")
"""Of a cut to 4.00% from 4.25% a copy may tell that it was one of 25 basis points."""

_WITHOUT = {"without", "unable", "lack", "lacked", "lacks", "без", "лишь", "только", "only"}
_DENYING = {"deny", "reject", "fail", "lose", "cancel", "suspend", "ban", "block", "dismiss"}
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
    told = new.steps - known.steps | {""}  # a verb with another step is known, or only part of a phrase that tells one
    return tuple(
        word
        for before, word in pairs
        if facts(word).stem in unseen
        and facts(word).step in told
        and is_verb(word, before)
        and not known.begins(verb_root(word))
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
    best = matches[0]
    opposite = _reversed(finding, best)
    for change, match in changes:
        plainly = finding.unseen < _NEW_CLAUSE and plain and match is best
        alike = match.forward >= SAME or finding.grams >= _GRAMS_KNOWN or plainly or _anchored(finding, match)
        figures = match.forward >= ALIKE or finding.values <= match.line.figures.keys()
        if not change and alike and figures and (not opposite or match.forward >= best.forward - _LOOSER):
            exact = match.forward >= 1 and match.back >= 1
            return (Status.KNOWN if exact else Status.REWORDED), match, ""
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
    swapped = (_other_figure(finding, match) or _other_party(finding, match)) if close else ""
    swapped = swapped or _reversed(finding, match)
    if swapped or finding.line.at >= _HEAD_WORDS:
        return swapped
    told = frozenset(("plan",)) if match.line.modal else match.line.steps
    steps = tuple(step for step in finding.steps if step not in told)
    finding = replace(finding, steps=steps, verbs=tuple(v for v in finding.verbs if facts(v).step not in told))
    added = _added(finding, match) if finding.first else ""
    if not added and close and _is_run(finding):
        added = f"new name: {', '.join(finding.parties)}"
    strong = [step for step in finding.steps if step not in WEAK_STEPS]
    if strong and not added:
        added = f"new step: {', '.join(strong)}"
    return added or _turned(finding, match, close=close)


def _reversed(finding: Finding, match: Match) -> str:
    """Return how a version of a known sentence, wherever it stands, says the opposite, or what was only to come."""
    new, old = finding.line, match.line
    close = min(match.forward, match.back) >= ALIKE
    same = min(match.forward, match.back) >= _SAME_WORDS
    lead = match.forward >= SAME and (finding.first or new.at < _HEAD_WORDS)
    put_in = new.negations and not old.negations and not (close and _denies(old, new))
    if put_in and (same or lead or (finding.first and close)):
        return "a negation"
    short = match.forward >= 1 and len(new.stems) <= _FEW and bool(new.steps & old.steps)
    kept = old.negations and not new.negations and not _denies(new, old) and not _cut(new, old)
    if kept and (same or short or (finding.first and close)):
        return "no negation any more"
    told = {facts(word).step for word in new.words if word not in old.words}  # "appealed", where it read "may appeal"
    done = told & old.steps - WEAK_STEPS and old.modal and not new.modal
    return "done, no longer planned" if done and match.forward >= _ALL else ""


def _is_run(finding: Finding) -> bool:
    """Whether two names side by side are new: a person or firm more, and not a given name put to a known surname."""
    names = [*finding.line.parties.values()]
    fresh = [name in finding.parties for name in names]
    return any(one and other for one, other in pairwise(fresh))


def _denies(line: Line, other: Line) -> bool:
    """Whether a sentence denies without a negation what ``other`` does not: "declined to", "without"."""
    return bool(_DENYING & line.steps - other.steps) or not (_WITHOUT & {*line.words}).issubset(other.words)


def _added(finding: Finding, match: Match) -> str:
    """Return what of weight a sentence of the lead has more than the known one, and the story has nowhere."""
    figures = [written for written in finding.figures if f"({written}" not in finding.line.text]
    if figures and match.forward < 1:
        return f"new figure: {', '.join(figures)}"
    verbs = finding.verbs if match.back >= CLOSE and not finding.parties else (*finding.steps, *finding.verbs)
    if verbs:
        return f"new: {', '.join(verbs[:3])}"
    return f"more is said: {finding.tail}" if finding.tail and match.back >= _ALL else ""


def _turned(finding: Finding, match: Match, *, close: bool) -> str:
    """Return how a sentence of the lead turns what the known one says: another step, a negation, done for planned."""
    new, old = finding.line, match.line
    first = finding.first and close
    if match.forward >= SAME:
        steps, gone = sorted(new.steps - old.steps - SOFT_STEPS), sorted(old.steps - new.steps - SOFT_STEPS)
        if steps and gone and close:
            return f"{', '.join(steps)} instead of {', '.join(gone)}"
        if first and old.modal and not finding.planned and not _shortened(new, old):
            return "done, no longer planned"
    if first and min(match.forward, match.back) >= _SAME_WORDS and _places_changed(new, old):
        return "the parties in each other's place"
    return "another day" if first and finding.weekdays and old.weekdays else ""


def _places_changed(new: Line, old: Line) -> bool:
    """Whether two parties, each of which opens one of the sentences, have changed places ("A sued B", "B sued A")."""
    one, other = facts(new.words[0]).stem, facts(old.words[0]).stem
    parties = new.parties.keys() | old.parties.keys()
    passive = {"by", "was", "were"} & {*new.words, *old.words}
    turned = one != other and not passive and {one, other} <= (new.stems & old.stems & parties)
    return turned and _acts_between(new, other) and _acts_between(old, one)


def _acts_between(line: Line, other: str) -> bool:
    """Whether a verb stands between the first word of ``line`` and the party ``other``: no mere "X, the driver"."""
    between = line.words[1 : next((at for at, word in enumerate(line.words) if facts(word).stem == other), 0)]
    return any(facts(word).step or is_verb(word, before) for before, word in zip(line.words, between, strict=False))


def _cut(new: Line, old: Line) -> bool:
    """Whether ``new`` is ``old`` with more than a few of its words left out: shortened, not contradicted."""
    return len(old.words) - len(new.words) >= _FEW and _shortened(new, old)


def _shortened(new: Line, old: Line) -> bool:
    """Whether ``new`` is ``old`` with words left out."""
    rest = iter(old.words)
    return all(word in rest for word in new.words)


_ABOUT = re.compile(
    r"\b(?:about|around|almost|nearly|approximately|roughly|some|more than|over|at least|up to|close to|okolo"
    r"|около|почти|порядка|примерно|более|больше|свыше|приблизительно|не менее|близько|понад|майже"
    r"|rund|etwa|fast|mehr als|knapp|environ|près de|plus de|casi|más de|unos)\b"
)


def _other_figure(finding: Finding, match: Match) -> str:
    """Return the figures of ``new`` that stand in the place of others in the known sentence."""
    new, old = finding.line, match.line
    now = {value: new.figures[value] for value in sorted(finding.values - old.figures.keys())}
    was = {value: written for value, written in old.figures.items() if value not in new.figures}
    in_brackets = " ".join(_BRACKETS.findall(old.text.casefold()))
    if not now or all(written in in_brackets for written in was.values()):  # a conversion is left out
        return ""
    if not finding.figures and (says_earlier(new.text.casefold()) or _told_beside(now, match)):
        return ""
    bare = {written.split()[0] for written in was.values()}
    now = {value: written for value, written in now.items() if written not in bare}
    if _ABOUT.search(new.text.casefold()):
        now = {value: written for value, written in now.items() if not any(_rounds(value, other) for other in was)}
    return f"{', '.join(now.values())} instead of {', '.join(was.values())}" if now else ""


def _told_beside(now: Mapping[str, str], match: Match) -> bool:
    """Whether the figures stand beside the known sentence, and by no chance: two sentences were run together."""
    return now.keys() <= match.beside and all(len(value) >= _FEW for value in now)


def _rounds(value: str, other: str) -> bool:
    """Whether figure ``value`` is ``other`` made rounder (about 1,200 for 1,234)."""
    try:
        new, old = float(value), float(other)
    except ValueError:  # a date
        return False
    return abs(new - old) <= 0.05 * abs(old) and len(f"{new:g}".rstrip("0")) < len(f"{old:g}".rstrip("0"))


def _other_party(finding: Finding, match: Match) -> str:
    """Return the parties that stand in the place of others in ``old``: new to the story, or in a first sentence any."""
    new, old = finding.line, match.line
    if len((new.stems & old.stems) - new.parties.keys()) < _FEW:  # "X did not comment" is no frame
        return ""
    fresh = set(finding.parties)
    if finding.first and not fresh:
        fresh = {written for party, written in new.parties.items() if not old.names(party)}
    now = {party: written for party, written in new.parties.items() if written in fresh}
    if now.keys() <= match.beside:  # two sentences run together
        return ""
    gone = {party: written for party, written in old.parties.items() if not new.names(party)}
    named = all(map(is_country, gone)) and not any(map(is_country, now))  # "Britain's watchdog" is called by its name
    if not now or not gone or named:
        return ""
    return f"{', '.join([*now.values()][:4])} instead of {', '.join([*gone.values()][:4])}"
