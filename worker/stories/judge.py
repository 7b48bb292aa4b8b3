"""Judges an article against the stories that it may belong to.

``prepare`` (see ``prepared``) does the work that depends on one article only and keeps its last results, so handing the
same known articles over again costs little; ``judge`` compares. Both are pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from worker.stories.align import Kept, Known
from worker.stories.finding import Finding, Status
from worker.stories.nearest import OWN_WORDS, Near, nearest
from worker.stories.novelty import find
from worker.stories.outline import keep, sought
from worker.stories.prepared import Line, Prepared, prepare
from worker.stories.reprint import covered, lead_covered, longest_run
from worker.stories.retouched import retouched
from worker.stories.text import without_rubbish
from worker.stories.vocabulary import WEAK_STEPS, facts
from worker.types import Article, Judgement, Story, Verdict

__all__ = ["Prepared", "judge", "prepare"]

_RELATED = 0.15
_RELATED_BY_RUN = (0.05, 15)
"""Less is enough when some of it is one passage: the share of shingles, and the words of the passage."""

_LEAST_SAID = 0.15
_LEAST_LEAD = 0.2
_LEAST_REWORDED = 0.33
_LEAST_CONTAINED = 0.3
"""A text of which the story had less, and which holds less of it, tells something, even where its top shows nothing."""

_IN_TITLE = 2
_INSERTED = 3
_WHOLE = 0.7
_ALL_SAID = 0.9
_STRANGE = 0.34
_LEAST_STEMS = 3
_LEAD_SENTENCES = 4
_LEAST_BELOW = 3
_EDITED = 0.5
_AS_IT_WAS = 0.85
_ENOUGH_SLIGHT = 3
_VERSION_FORWARD = 0.85
_VERSION_BACK = 0.65
_VERSION_GRAMS = 0.6
"""From one of these on a lead is a version of a known sentence: its words stand there, that one's in it, or its phrases
in the story."""

_PLAN_LINES = 3
_FULLER_WITHIN = timedelta(hours=12)
"""Fuller copies of a cut report come within hours; a new figure or step in a lead after that is a development."""

_kept = Kept()
_NONE: Mapping[int, float] = MappingProxyType({})
_LEAD_WORDS = 100
_QUOTE = 90


@dataclass(frozen=True, slots=True)
class View:
    """An article as one story sees it: each of its sentences, and how near the two are."""

    new: Prepared
    story: Story
    known: Known
    parent: Prepared
    findings: tuple[Finding, ...]
    verbatim: float
    nearness: float
    measures: dict[str, Any]

    @property
    def since(self) -> timedelta:
        """How long after the story's last article this one was published."""
        return self.new.article.published - max(article.published for article in self.story.articles)


def judge(article: Article, stories: Sequence[Story], rare: Mapping[int, float] = _NONE) -> Judgement:
    """Return what ``article`` is to the desk, held against the ``stories`` that it may belong to.

    Hand over every story that shares a passage, or names and figures, with the article, with its articles: the best is
    chosen here. ``rare``: story → the weight of the names and figures that it shares with the article and few other
    stories do (``candidates.rank``). Pure: no clock, no randomness, no state but bounded caches.
    """
    new = prepare(article)
    found = sought(new)
    keep(article, found)  # for those that come after
    if not new.lines:
        return Judgement(Verdict.NEW, "the text is empty, or nothing but boilerplate: there is nothing to compare")
    views = [view(new, near) for near in nearest(found, stories, rare)]
    judgement = _verdict(views)
    for one in views:
        _kept.give_back(one.story.id, one.known)
    return judgement


def _verdict(views: Sequence[View]) -> Judgement:
    best = max(views, key=lambda one: one.nearness, default=None)
    if best is None or not _related(best):
        return Judgement(Verdict.NEW, "no known story is like it", evidence=best.measures if best else {})
    others = _others(best)
    if others:
        return Judgement(Verdict.NEW, f"the same form about others: {others}", evidence=best.measures)
    return _decide(best)


def _related(one: View) -> bool:
    share, run = _RELATED_BY_RUN
    return one.nearness >= _RELATED or (one.nearness >= share and longest_run(one.new, one.parent) >= run)


def _others(one: View) -> str:
    """Return whom the article is about, when the story has none of them and it names nobody whom the story is about.

    The next man in the dock, the next bank without a licence: the sentences are the same, the matter is another.
    """
    ours, theirs = _repeated(one.new), _repeated(one.parent)
    strangers = ours and theirs and not any(map(one.known.names, ours))
    if not strangers or any(theirs.keys() & line.marks for line in (one.new.title, *one.new.lines)):
        return ""
    return f"{', '.join(ours.values())} instead of {', '.join(theirs.values())}"


def _repeated(one: Prepared) -> dict[str, str]:
    """Return the parties that more than one sentence of an article names, as they are written."""
    lines = Counter(party for line in one.lines for party in line.parties)
    return {party: written for line in one.lines for party, written in line.parties.items() if lines[party] > 1}


def view(new: Prepared, near: Near) -> View:
    """Return ``new`` as a story sees it."""
    known = _kept.take(near.story)
    told = (line for line in new.lines if not line.heading and len(line.stems) >= _LEAST_STEMS)  # no rest of a dateline
    first = next(told, new.lines[0])
    planned = any(line.modal for line in new.lines[:_PLAN_LINES])
    verbatim = _verbatim(new, first, known)
    edited = verbatim < _EDITED
    findings = tuple(find(line, known, first=line is first, planned=planned, edited=edited) for line in new.lines)
    agreed = Counter(one.of.article for one in findings if one.of and one.known)
    shared, closest = max(
        zip(near.shared, near.story.articles, strict=True),
        key=lambda one: (round(one[0], 2), agreed[one[1].id], -one[1].id),
    )
    total = sum(len(finding.line.words) for finding in findings)
    said = sum(len(one.line.words) for one in findings if one.status is not Status.NEW) / total
    measures = {
        "said": round(said, 3),
        "shared": round(covered(new.shingles, known.shingles), 3),
        "lead": round(lead_covered(new, known.shingles), 3),
        "containment": round(shared, 3),
        "alike": round(near.alike, 3),
    }
    nearness = max(shared, said, OWN_WORDS * measures["alike"])
    return View(new, near.story, known, prepare(closest), findings, verbatim, nearness, measures)


def _verbatim(new: Prepared, first: Line, known: Known) -> float:
    """Return the share of the text below its first sentence that the story has word for word, from 0 to 1.

    Who puts news on top of an old text leaves that as it was; who edits a copy edits all of it, so that a verb of his
    own in its lead is one more of his words. Of a short text nothing can be told: 1.
    """
    below = [line for line in new.lines if line is not first and not line.heading]
    total = sum(len(line.words) for line in below)
    same = sum(len(line.words) for line in below if line.key in known.keys)
    return same / total if len(below) >= _LEAST_BELOW else 1.0


def _decide(one: View) -> Judgement:
    copied = _is_copy(one)
    found = _developments(one, copied=copied)
    fresh = tuple(without_rubbish(finding.line.text) for finding in one.findings if not finding.known)
    run = longest_run(one.new, one.parent)
    measures = {**one.measures, "longest_run": run, "copy": copied, "developments": found[:8]}
    of = (one.story.id, one.parent.article.id)
    least = _LEAST_SAID if measures["lead"] >= _LEAST_LEAD else _LEAST_REWORDED
    if not found and measures["said"] < least and measures["containment"] < _LEAST_CONTAINED:
        found = [f"only {measures['said']:.0%} of it was in the story"]
    if found:
        return Judgement(Verdict.UPDATE, found[0], *of, fresh, measures)
    if not copied:
        reason = "another newsroom's words: every figure, name and step of its lead is in the story already"
        return Judgement(Verdict.COVERAGE, reason, *of, fresh, measures)
    reason = (
        f"{measures['said']:.0%} of it, {measures['lead']:.0%} of its lead word for word, was in the story; "
        f"longest shared passage {run} words; nothing in its lead is new"
    )
    return Judgement(Verdict.REPRINT, reason, *of, fresh, measures)


def _told(one: View) -> list[Finding]:
    """Return the sentences without the headings that stand in the text; all of them where there is nothing else."""
    told = [finding for finding in one.findings if not finding.line.heading or finding.figures or finding.steps]
    return told or list(one.findings)


def _is_copy(one: View) -> bool:
    """Whether the text is one that the story has carried, not only a text about the same."""
    told = _told(one)
    first = [finding for finding in told[:2] if len(finding.line.stems) >= _LEAST_STEMS]
    return any(finding.copied for finding in first) or one.measures["shared"] >= 0.3  # noqa: PLR2004


def _developments(one: View, *, copied: bool) -> list[str]:
    """Return what the article tells that the story has not, in words, the weightiest first.

    In a text that was edited all over, one or two sentences of which the wording alone is new are the editor's.
    """
    found = [
        (finding, f"leads with something new ({finding.adds}): {_quoted(finding)}")
        for finding in _top(one, copied=copied)
    ]
    told = _told(one)
    corrects = one.new.title.corrects and one.new.title.key not in one.known.keys and not (told and told[0].known)
    inserted = _inserted(one) if copied else None
    if inserted:
        put_in = inserted.adds or "done, no longer planned"
        found.append((inserted, f"put into the lead of the same text ({put_in}): {_quoted(inserted)}"))
    for finding in one.findings:
        sign = _sign(one, finding)
        if sign:
            found.append((finding, f"{sign}: {_quoted(finding)}"))
    own = _own_lead(one)
    if own:
        found.append((own, f"a sentence of its own on top of the old text: {_quoted(own)}"))
    touched = retouched(one.findings, one.parent, one.known.keys) if copied else None
    if touched:
        found.append((touched[0], f"else the text stands as it was, but for {touched[1]}: {_quoted(touched[0])}"))
    telling = {finding.line.at: finding.slight for finding, _ in found}
    slight = len(telling) < _ENOUGH_SLIGHT and all(telling.values())
    if copied and one.verbatim < _EDITED and slight and not inserted and not corrects:
        return []
    title = ["its title says that it corrects an earlier text"] if corrects else []
    return [*dict.fromkeys([*title, *(reason for _, reason in found)])]


def _own_lead(one: View) -> Finding | None:
    """Return the first sentence, when the old text stands below it as it was and it is a version of none that was told.

    Its words may all be known: who did what to whom is another thing.
    """
    first = next((finding for finding in one.findings if finding.first), None)
    if one.verbatim < _AS_IT_WAS or first is None or first.status is not Status.REWORDED or first.of is None:
        return None
    apart = first.of.forward < _VERSION_FORWARD and first.of.back < _VERSION_BACK and first.grams < _VERSION_GRAMS
    return first if apart and len(first.line.stems) > _LEAST_STEMS else None


def _top(one: View, *, copied: bool) -> Iterator[Finding]:
    """Yield the sentences at the top that add to the story: a development, whatever stands below.

    The top of a copy ends at the first known sentence; that of a text in other words is its whole lead.
    """
    for number, finding in enumerate(_told(one)):
        if finding.line.at > _LEAD_WORDS or (not copied and number >= _LEAD_SENTENCES):
            return
        if finding.known and copied and len(finding.line.stems) >= _LEAST_STEMS:
            return
        if finding.status is Status.NEW and finding.adds:
            yield finding


def _inserted(one: View) -> Finding | None:
    """Return the new sentence that was put near the top of the closest article, when that is all that sets them apart.

    A fuller copy of a cut report has more than one new passage, or it has them at its end.
    """
    new = [number for number, finding in enumerate(one.findings) if finding.status is Status.NEW]
    if len(new) == 1 and _put_in(one, one.findings[new[0]]):
        return one.findings[new[0]]
    if not new or len(new) > _INSERTED or new[-1] - new[0] >= len(new) or new[-1] == len(one.findings) - 1:
        return None
    first = one.findings[new[0]]
    done = first.line.steps and not first.line.modal and not first.line.steps <= one.known.done
    alone = _whole(one) or (first.steps and one.measures["said"] >= _ALL_SAID)
    return first if first.line.at <= _LEAD_WORDS and (first.adds or done) and alone else None


def _put_in(one: View, finding: Finding) -> bool:
    """Whether a sentence, wherever it stands, is all that a text has more than the story, which else stands as it was.

    At its end, or where other sentences are left out, it must tell a step: there a fuller copy goes on.
    """
    verbatim = all(other is finding or other.line.key in one.known.keys for other in one.findings)
    if not verbatim or finding.line.heading or not (finding.adds or finding.unseen > _STRANGE):
        return False
    ours = {other.line.key for other in one.findings}
    inside = finding is not one.findings[-1]
    whole = inside and all(line.key in ours for line in one.parent.lines)
    steps = finding.line.steps if inside and finding.line.at <= _LEAD_WORDS else finding.steps
    return whole or not WEAK_STEPS.issuperset(steps)


def _sign(one: View, finding: Finding) -> str:
    """Return by what sign a sentence, wherever it stands, tells a development, or ""."""
    if finding.change:
        return finding.change.text
    if finding.status is Status.REWORDED:
        return _titled(one, finding) if set(finding.steps) - one.known.steps else ""
    if finding.status is not Status.NEW:
        return ""
    if finding.line.corrects:
        return "a correction"
    return _own(one, finding) or _titled(one, finding) or _later(one, finding)


def _own(one: View, finding: Finding) -> str:
    """Return by what sign a new sentence was put by a site into its own text, which is no fuller copy, or ""."""
    ours, theirs = (urlsplit(text.article.url).hostname for text in (one.new, one.parent))
    rest = one.findings[one.findings.index(finding) :]
    adds = finding.adds
    if not ours or ours != theirs or not adds or adds.startswith(("new verb", "other words")) or not _whole(one):
        return ""
    last = all(after.status is Status.NEW for after in rest)
    return "" if last else f"the same site wrote it into its text ({adds})"


def _whole(one: View) -> bool:
    """Whether the closest article stands in this one, but for little."""
    return covered(one.parent.shingles, {*one.new.shingles}) >= _WHOLE


def _quoted(finding: Finding) -> str:
    text = without_rubbish(finding.line.text)
    return f"“{text if len(text) <= _QUOTE else text[: _QUOTE - 1] + '…'}”"


def _later(one: View, finding: Finding) -> str:
    """Return by what sign a new sentence lower down tells what came after the story, or ""."""
    if finding.line.later and finding.steps:
        return "says that it came later"
    if finding.line.at <= _LEAD_WORDS and one.since >= _FULLER_WITHIN:
        strong = [step for step in finding.steps if step not in WEAK_STEPS]
        if strong or finding.figures:
            return f"long after the story's last article ({', '.join((*strong, *finding.figures))})"
    if (finding.steps or finding.parties or finding.verbs) and finding.line.weekdays & _days_since(one):
        return "tells of a later day"
    return ""


def _titled(one: View, finding: Finding) -> str:
    """Return by what sign the title tells what a new sentence tells, or ""."""
    title = one.new.title
    steps = [step for step in finding.steps if step in title.steps]
    if steps:
        return f"the title tells it too ({', '.join(steps)})"
    both = finding.line.stems & title.stems
    same = [stem for stem in both if not one.known.names(stem)]
    acts = any(facts(word).stem in same and facts(word).step for word in title.words)
    figures = any(written in title.figures.values() for written in finding.figures)
    spoken_of = same and len(both) > _IN_TITLE and not _whole(one)
    if len(same) >= _IN_TITLE or spoken_of or acts or figures:
        return "the title tells it too"
    return ""


def _days_since(one: View) -> set[int]:
    """Return the weekdays after the story's last article and up to this one's day; none after a week."""
    last = max(article.published for article in one.story.articles).date()
    day = one.new.article.published.date()
    if not timedelta(0) < day - last < timedelta(days=7):
        return set()
    return {(last + timedelta(days=n)).weekday() for n in range(1, (day - last).days + 1)}
