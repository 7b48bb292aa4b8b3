"""What an article tells that its story has not, and by what signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from worker.stories.align import SAME
from worker.stories.brief import cut, some
from worker.stories.done import affirmed, done, near_negations
from worker.stories.edited import AS_IT_WAS, Development, Sign, lead_anew, only_edited
from worker.stories.finding import FEW, Finding, Status
from worker.stories.host import host_of
from worker.stories.line import Line
from worker.stories.negated import denies
from worker.stories.numbers import is_year
from worker.stories.prepared import LEAST_STEMS, prepare
from worker.stories.retouched import retouched
from worker.stories.text import without_rubbish
from worker.stories.view import EDITED, View
from worker.stories.vocabulary import OUTCOMES, WEAK_STEPS, facts, has_verb, is_plain_verb

_UNTIL_NOW = re.compile(r"\b(?:until (?:recently|now)|up to now|до недавнего времени|до сих пор|до недавних пор)\b")
"""In a sentence that tells what was before."""

_IN_TITLE = 2  # words that a title and a sentence share by chance
_INSERTED = 3  # new sentences that one hand puts in at one place
_TURNS = OUTCOMES | {"deny", "confirm", "sink", "surrender", "delay", "close", "rescue", "shoot", "suicide", "birth"}
"""Steps that are news in one new sentence of a text of which an editor has touched others."""

_ENDING_NO_HALF = {
    *("resign", "die", "arrest", "detain", "charge", "convict", "acquit", "sentence", "dismiss", "release"),
    *("deny", "reject", "appeal"),
}
"""Steps with which another half of a cut report hardly ends."""

_TOUCHED = 3  # sentences of a text that else stands word for word, with one that was put in
_FEW_NEW = 2  # new sentences of a text that is no fuller copy
_STRANGE_FROM = 0.35  # of the words of a sentence the story has nowhere, from here on it is counted among them
_ALL_SAID = 0.9  # of a text, where nearly all was said
_LEAD_SENTENCES = 4  # of a retelling, which has no known sentence to end its lead
_VERSION_FORWARD = 0.85
_VERSION_BACK = 0.65
_VERSION_GRAMS = 0.6
"""From one of these on a lead is a version of a known sentence: its words stand there, that one's in it, or its phrases
in the story."""

_OWN = {Status.REWORDED, Status.NEW}
_LOOSE_GRAMS = 0.5  # of the phrases of a version

FULLER_WITHIN = timedelta(hours=12)
"""Fuller copies of a cut report come within hours; a new figure or step in a lead after that is a development."""

_NO_COPY_AFTER = timedelta(days=2)  # nobody carries a copy so late
_OWN_WORDS = 0.6  # of the words of a sentence that is told in words of its own
_ONLY_WORDED = ("other words", "new verb")
_LEAD_WORDS = 100  # how far the lead of an article goes that other news may be put into
_DATELINE = 8  # words before which a short line is the rest of a dateline


def developments(one: View) -> tuple[list[Development], list[Development]]:
    """Return what the article tells that the story has not, the weightiest first, and what is only an editor's wording.

    One of the two is empty (see ``edited``).
    """
    found = [
        Development(finding, f"leads with something new ({finding.adds}): {_quoted(finding)}", Sign.WORDS)
        for finding in _top(one)
    ]
    title = one.new.title
    corrects = title.corrects and title.key not in one.known.keys and not one.told[0].known
    inserted = _inserted(one) if one.copied else None
    if inserted:
        put_in = inserted.adds or "all else stands as it was"
        what = f"put into the same text ({put_in}): {_quoted(inserted)}"
        found.append(Development(inserted, what, Sign.PLACE))
    for finding in one.findings:
        if one.furniture(finding):
            continue
        found.extend(Development(finding, f"{what}: {_quoted(finding)}", sign) for sign, what in _signs(one, finding))
    own = _own_lead(one)
    if own:
        found.append(Development(own, f"a sentence of its own on top of the old text: {_quoted(own)}", Sign.PLACE))
    touched = _retouched(one) if one.copied and one.touched else None
    if touched:
        what = f"else the text stands as it was, but for {touched[1]}: {_quoted(touched[0])}"
        found.append(Development(touched[0], what, Sign.PLACE))
    if found and not inserted and not corrects and only_edited(one, found):
        return [], found
    if corrects:
        found.insert(0, Development(None, "its title says that it corrects an earlier text", Sign.TITLE))
    return list({development.reason: development for development in found}.values()), []


def _own_lead(one: View) -> Finding | None:
    """Return the first sentence, when the old text stands below it as it was and it is a version of none that was told.

    Its words may all be known: who did what to whom is another thing.
    """
    first = one.first
    if one.verbatim < AS_IT_WAS or first is None or one.furniture(first) or first.status not in _OWN:
        return None
    both = (first.of.forward >= _VERSION_FORWARD, first.of.back >= _VERSION_BACK) if first.of else (False, False)
    # A first paragraph that the story's one article had lost stands under the same title.
    if _on_top(one) and (one.new.title.key not in one.known.keys or _opens_others(one)):
        return None if all(both) else first
    near = any(both)
    apart = not near and first.grams < _VERSION_GRAMS and not lead_anew(one, first)
    tells = len(first.line.stems) > LEAST_STEMS or not WEAK_STEPS.issuperset(done(first.line))
    return first if apart and tells else None


def _retouched(one: View) -> tuple[Finding, str] | None:
    """Return what was changed in the closest article, or in the one of which this one has most (see ``retouched``)."""
    return retouched(one, one.parent) or (None if one.fullest is one.parent else retouched(one, one.fullest))


def _on_top(one: View) -> bool:
    """Whether the lead of the closest article stands below the first sentence, word for word: nothing was replaced."""
    lead = one.parent.lead
    return lead is not None and any(finding.line.key == lead.key for finding in one.findings if not finding.first)


def _opens_others(one: View) -> bool:
    """Whether the lead of the closest article opens another one of the story, so that it has lost nothing above it."""
    return sum(prepare(article).opens_as(one.parent) for article in one.story.articles) > 1


def _top(one: View) -> Iterator[Finding]:
    """Yield the sentences at the top that add to the story: a development, whatever stands below.

    The top of a copy ends at the first known sentence; that of a text in other words is its whole lead.
    """
    for number, finding in enumerate(one.told):
        dateline = finding.line.at < _DATELINE and len(finding.line.stems) < LEAST_STEMS
        if dateline and not (finding.figures or finding.steps or finding.verbs):
            continue
        if finding.line.at > _LEAD_WORDS or (not one.copied and number >= _LEAD_SENTENCES):
            return
        if finding.known and one.copied and len(finding.line.stems) >= LEAST_STEMS and not _loose(finding):
            return
        worded = number and one.verbatim < EDITED and finding.adds.startswith(_ONLY_WORDED)
        if finding.status is Status.NEW and finding.adds and not worded:
            yield finding


def _loose(finding: Finding) -> bool:
    """Whether a first sentence has the words of a known one and is hardly a version of it: news may go on below it."""
    version = finding.status is Status.KNOWN or finding.of is None or finding.of.forward >= SAME
    return finding.first and not version and finding.grams < _LOOSE_GRAMS


def _inserted(one: View) -> Finding | None:
    """Return the new sentence that was put near the top of the closest article, when that is all that sets them apart.

    A fuller copy of a cut report has more than one new passage, or it has them at its end.
    """
    told = one.told
    new = [number for number, finding in enumerate(told) if finding.status is Status.NEW]
    more = [finding for finding in told if finding.line.key not in one.known.keys]
    put_in = (finding for finding in more if finding.status is not Status.CHANGED and _put_in(one, finding))
    found = next(put_in, None) if len(more) <= _TOUCHED else None
    if found:
        return found
    if not new or len(new) > _INSERTED or new[-1] - new[0] >= len(new) or new[-1] == len(told) - 1:
        return None
    first = told[new[0]]
    acts = first.line.steps and not first.line.modal and not first.to_reader and not first.line.steps <= one.known.done
    alone = one.whole or (first.steps and one.measures["said"] >= _ALL_SAID)
    return first if first.line.at <= _LEAD_WORDS and (first.adds or acts) and alone else None


def _put_in(one: View, finding: Finding) -> bool:
    """Whether a sentence, wherever it stands, is all that a text has more than the story, which else stands as it was.

    At its end, or where other sentences are left out, it must tell a step, since a fuller copy may be like that; at the
    end of a cut text it is one of the other half.
    """
    others = [other for other in one.touched if other is not finding]
    if finding.line.heading or not all(other.known for other in others):
        return False
    if not others and _replaces(one, finding):
        return True
    inside = finding is not one.findings[-1]
    stands = finding.of is not None and finding.of.line.key in one.keys
    beside = not inside or stands  # what it resembles stands beside it, and is not replaced
    turns = _turns_known(one, finding) or (beside and not others and _denies_or_acts_anew(finding))
    told = done(finding.line) & _TURNS if others else done(finding.line) - WEAK_STEPS
    acts = finding.status is Status.NEW and not finding.first and bool(told)
    if (finding.known and (finding.first or not turns)) or (others and not (turns or acts)):
        return False
    if not (finding.adds or ((finding.strange or acts) and not finding.to_reader) or (turns and beside)):
        return False
    told_again = one.keys.union([other.of.line.key for other in one.findings if other.of])
    whole = told_again.issuperset([line.key for line in one.parent.lines])
    steps = finding.line.steps if inside and finding.line.at <= _LEAD_WORDS else finding.steps
    return (whole and (inside or turns)) or ((whole or inside) and not WEAK_STEPS.issuperset(steps))


def _turns_known(one: View, finding: Finding) -> bool:
    """Whether a sentence denies what the story told, or tells as done what that told as planned or denied.

    What was in a year that it names is of the background.
    """
    line = finding.line
    if any(map(is_year, line.figures)):
        return False
    told = done(line)
    fresh = told - one.known.done
    if "deny" in (told if finding.status is Status.NEW else fresh) or not WEAK_STEPS.issuperset(fresh):
        return True
    denied = {facts(word).step for word in near_negations(line)}
    return not denied.isdisjoint(one.known.steps - WEAK_STEPS)


def _denies_or_acts_anew(finding: Finding) -> bool:
    """Whether a sentence of known words denies, or tells a step and is a version of no known one."""
    told = bool(finding.line.steps or finding.line.negations) and _own_words(finding)
    return told or (finding.known and "deny" in done(finding.line))


def _own_words(finding: Finding) -> bool:
    """Whether a sentence of known words is a version of no known one."""
    of = finding.of if finding.known else None
    return of is not None and of.forward < SAME and finding.grams < _VERSION_GRAMS


def _replaces(one: View, finding: Finding) -> bool:
    """Whether a sentence stands in the place of a known one, of which it is no version, and tells what is new.

    What was in a year that it names is of the background.
    """
    new = finding.line
    if finding.first or any(map(is_year, new.figures)):
        return False
    old = _in_its_place(one, finding)
    if old is None:
        return False
    if finding is one.findings[-1] and finding.status is Status.NEW:  # as where two sites have cut a report
        return not _ENDING_NO_HALF.isdisjoint({*done(new), *finding.steps})
    if finding.status is Status.NEW:
        tells = finding.strange or not WEAK_STEPS.issuperset(new.steps)
        acts = finding.verbs or (tells and (has_verb(new.words) or any(map(is_plain_verb, new.words))))
        return bool(acts) and not one.furniture(finding)
    denied = new.negations and not old.negations and not denies(old, new)
    turns = denied or (old.modal and not new.modal) or not WEAK_STEPS.issuperset(new.steps - old.steps)
    return (bool(turns) and finding.grams < _VERSION_GRAMS) or (bool(finding.verbs) and _own_words(finding))


def _in_its_place(one: View, finding: Finding) -> Line | None:
    """Return the sentence of the fullest article that stands between the two between which this one stands."""
    ours = [other.line.key for other in one.findings]
    here = ours.index(finding.line.key)
    around = [None, *ours, None][here : here + 3 : 2]
    lines = one.fullest.lines
    theirs = [None, *[line.key for line in lines], None]
    return next(
        (line for at, line in enumerate(lines) if theirs[at : at + 3 : 2] == around and line.key not in one.keys), None
    )


def _signs(one: View, finding: Finding) -> Iterator[tuple[Sign, str]]:
    """Yield the first sign by which a sentence, wherever it stands, tells a development, and what it is in words."""
    turned = _affirmed(one, finding)
    if turned:
        yield Sign.PLACE, turned
    elif finding.change:
        yield Sign.WORDS, finding.change.text
    elif finding.status is Status.REWORDED:
        told = _titled(one, finding) if finding.steps and not one.known.steps.issuperset(finding.steps) else ""
        yield from [(Sign.TITLE, told)] if told else []
    elif finding.status is Status.NEW and finding.corrects:
        yield Sign.WORDS, "a correction"
    elif finding.status is Status.NEW:
        signs = ((Sign.PLACE, _own), (Sign.TITLE, _titled), (Sign.TIME, _later), (Sign.WORDS, _outcome))
        yield from [(sign, told) for sign, tells in signs if (told := tells(one, finding))][:1]


def _affirmed(one: View, finding: Finding) -> str:
    """Return what a sentence tells that the story has only denied, in words, or ""."""
    if finding.status is Status.KNOWN or OUTCOMES.isdisjoint(finding.line.steps):  # as of most
        return ""
    told = affirmed(finding.line) & OUTCOMES
    steps = told and told & one.known.denied - one.known.affirmed  # what the story has denied is dear to gather
    return f"denied before: {some(sorted(steps))}" if steps else ""


def _outcome(one: View, finding: Finding) -> str:
    """Return by what sign one of the few new sentences of a text tells how the matter stands now, or "".

    A fuller copy or another half of a cut report has more of them, or has them at its end.
    """
    if finding is one.told[-1] or finding.line.heading:
        return ""
    steps = [step for step in finding.steps if step in OUTCOMES]
    if steps and finding.strange and _new(one, _STRANGE_FROM) <= _FEW_NEW:
        return f"one of few new sentences, new step: {some(steps)}"
    if finding.steps and len(finding.parties) > 1 and one.verbatim < EDITED:
        alone = finding.unseen >= _OWN_WORDS and _new(one, _OWN_WORDS) == 1
        return f"new names in the one new sentence: {some(finding.parties)}" if alone else ""
    return ""


def _new(one: View, unseen: float) -> int:
    return sum(other.status is Status.NEW and other.unseen >= unseen for other in one.told)


def _own(one: View, finding: Finding) -> str:
    """Return by what sign a new sentence was put by a site into its own text, which is no fuller copy, or ""."""
    ours, theirs = (host_of(text.article.url) for text in (one.new, one.parent))
    if not ours or ours != theirs or not one.whole:
        return ""
    adds = finding.adds
    if not adds or adds.startswith(_ONLY_WORDED):
        return ""
    last = all(after.status is Status.NEW for after in one.findings if after.line.at >= finding.line.at)
    return "" if last else f"the same site wrote it into its text ({adds})"


def _quoted(finding: Finding) -> str:
    return f"“{cut(without_rubbish(finding.line.text))}”"


def _later(one: View, finding: Finding) -> str:
    """Return by what sign a new sentence lower down tells what came after the story, or ""."""
    if finding.line.later and finding.steps:
        return "says that it came later"
    if one.since >= (FULLER_WITHIN if finding.line.at <= _LEAD_WORDS else _NO_COPY_AFTER):
        strong = [step for step in finding.steps if step not in WEAK_STEPS]
        if strong or finding.figures:
            return f"long after the story's last article ({some((*strong, *finding.figures))})"
        if one.since >= _NO_COPY_AFTER and finding.unseen >= _OWN_WORDS and len(finding.line.stems) > FEW:
            return "days after the story's last article"
    if (finding.steps or finding.parties or finding.verbs) and finding.line.weekdays & _days_since(one):
        return "tells of a later day"
    return ""


def _titled(one: View, finding: Finding) -> str:
    """Return by what sign the title tells what a new sentence tells, or ""."""
    title = one.new.title
    if _speaks_of(one, finding):
        return "the title speaks of it"
    steps = [step for step in finding.steps if step in title.steps]
    if steps and not _UNTIL_NOW.search(finding.line.text):
        return f"the title tells it too ({some(steps)})"
    both = finding.line.stems & title.stems
    same = [stem for stem in both if not one.known.names(stem)]
    acts = any(facts(word).stem in same and facts(word).step for word in title.words)
    figures = any(written in title.figures.values() for written in finding.figures)
    spoken_of = same and len(both) > _IN_TITLE and not one.whole
    if len(same) >= _IN_TITLE or spoken_of or acts or figures:
        return "the title tells it too"
    return ""


def _speaks_of(one: View, finding: Finding) -> bool:
    """Whether the title is nearer to this new sentence than to all that the story has told."""
    title = one.new.title
    if title.key in one.known.keys or not finding.adds:
        return False
    return one.title_told < SAME and one.known.share(title, finding.line) > one.title_told


def _days_since(one: View) -> set[int]:
    """Return the weekdays after the story's last article and up to this one's day; none after a week."""
    last = one.last.date()
    day = one.new.article.published.date()
    if not timedelta(0) < day - last < timedelta(days=7):
        return set()
    return {(last + timedelta(days=n)).weekday() for n in range(1, (day - last).days + 1)}
