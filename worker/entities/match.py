"""Finds the watched names in an article: all forms of all entities in one pass.

The pass is an Aho-Corasick automaton (Aho and Corasick, 1975) over folded text. What it hits is then judged in the
original text, in this order: does it stand on its own and with its capital; who is meant; is it covered by ``exclude``;
which of those that overlap is the longest; has the article what ``near`` asks for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import ahocorasick_rs

from worker.entities.fold import key, readings
from worker.entities.forms import Form
from worker.entities.names import Profile, profile
from worker.entities.patterns import Role, Target, patterns, targets
from worker.entities.place import has_capital, has_marks, stands_alone
from worker.entities.surname import Who
from worker.entities.who import read
from worker.stories.text import MAX_CHARS, Sentence, sentences
from worker.types import Entity, Mention

_GAP = "\n\n\n"  # between the fields: no name reaches over it
_MAX_HITS = 5_000  # places looked at in one article; more are rubbish made to take time
_REACHES = (160, 800, 4_000)  # characters about a name in which its sentence is sought; none is longer than that
_SHORT_LINE = 150


class _Hit(NamedTuple):
    """A place where a pattern stands, in the original text; for a form, who is meant."""

    start: int
    end: int
    entity: int
    form: Form
    who: Who = Who.BARE

    @property
    def is_full(self) -> bool:
        """Whether the hit names its entity by itself, in several words."""
        return self.who is Who.OWN or not self.form.single_word


class _Phrase(NamedTuple):
    """A place where a phrase of an entity's ``near`` or ``exclude`` stands."""

    start: int
    end: int
    entity: int


class Matcher:
    """All names of a watchlist, compiled. Never changes what it finds, and may be shared by threads."""

    def __init__(self, entities: Sequence[Entity], profiles: Sequence[Profile] = ()) -> None:
        """Compile the entities; ``profiles``: what was made of them before, in their order."""
        self._entities = tuple(entities)
        self._profiles = tuple(profiles) or tuple(profile(entity) for entity in self._entities)
        sought = patterns(self._profiles)
        self._owners = tuple(sought.values())
        self._known: dict[int, tuple[Target, ...]] = {}
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(sought), implementation=ahocorasick_rs.Implementation.ContiguousNFA, store_patterns=False
        )
        self._near = _named_in_near(self._entities)

    def mentions(self, title: str, text: str, byline: str = "") -> tuple[Mention, ...]:
        """Find the mentions in an article, in the order title, text, byline.

        Offsets are in characters of the field itself. At most ``MAX_CHARS`` characters of each field are read, and at
        most ``_MAX_HITS`` places where a name or phrase stands.
        """
        if not self._entities:
            return ()
        fields = (("title", title[:MAX_CHARS]), ("text", text[:MAX_CHARS]), ("byline", byline[:MAX_CHARS]))
        whole = _GAP.join(value for _, value in fields)
        hits, near, excluded = self._scan(whole)
        if not hits:
            return ()
        hits = self._meant(whole, hits)
        hits = _settle(_longest(_uncovered(hits, excluded)), len(fields[0][1]))
        found = []
        cut = [_Sentences(value) for _, value in fields]
        begins = [0, len(fields[0][1]) + len(_GAP), len(fields[0][1]) + len(fields[1][1]) + 2 * len(_GAP)]
        for hit, reason in self._gated(whole, hits, near):
            which = bisect_right(begins, hit.start) - 1
            name, value = fields[which]
            start, end = hit.start - begins[which], hit.end - begins[which]
            sentence = cut[which].around(start, end)
            found.append(Mention(self._entities[hit.entity].name, value[start:end], name, start, end, sentence, reason))
        return tuple(found)

    def _scan(self, whole: str) -> tuple[list[_Hit], list[_Phrase], list[_Phrase]]:
        """Find the forms that stand as they must, and the phrases of ``near`` and of ``exclude``, in the original."""
        hits: list[_Hit] = []
        phrases: dict[Role, list[_Phrase]] = {Role.NEAR: [], Role.EXCLUDE: []}
        for folded in readings(whole):
            found = self._automaton.find_matches_as_indexes(folded.text, overlapping=True)
            for pattern, begin, stop in found[:_MAX_HITS]:
                for target in self._targets(pattern):
                    end = _end(target, folded.text, stop)
                    if end is None:
                        continue
                    start, end = folded.origin(begin + 1), folded.origin(end - 1) + 1
                    if target.form is None:
                        phrases[target.role].append(_Phrase(start, end, target.entity))
                    elif _counts(whole, start, end, target.form):
                        hits.append(_Hit(start, end, target.entity, target.form))
        return hits, phrases[Role.NEAR], phrases[Role.EXCLUDE]

    def _targets(self, pattern: int) -> tuple[Target, ...]:
        """Give what a pattern stands for; kept, since what was in the news once mostly comes again."""
        known = self._known.get(pattern)
        if known is None:
            known = self._known[pattern] = targets(self._owners[pattern], self._profiles)
        return known

    def _meant(self, whole: str, hits: Iterable[_Hit]) -> list[_Hit]:
        """Read who is meant by each surname, and widen it to the name around it."""
        found = []
        hits = list(hits)
        watched = {hit.end for hit in hits if not hit.form.surname}
        for hit in hits:
            if not hit.form.surname:
                found.append(hit)
                continue
            known = self._profiles[hit.entity].detail
            who, start, end = read(whole, (hit.start, hit.end), hit.form, (known.given, known.sex), watched)
            forbidden = self._entities[hit.entity].forbid
            if not forbidden or key(whole[start:end]) not in set(map(key, forbidden)):
                found.append(hit._replace(start=start, end=end, who=who))
        return found

    def _gated(self, whole: str, hits: Sequence[_Hit], phrases: Sequence[_Phrase]) -> list[tuple[_Hit, str]]:
        """Keep the hits that have what they need in the article, each with the reason why it counts."""
        near: dict[int, list[_Phrase]] = defaultdict(list)
        for phrase in phrases:
            near[phrase.entity].append(phrase)
        full = {hit.entity for hit in hits if hit.is_full}
        certain = {hit.entity for hit in hits if hit.is_full or not self._needs(hit)} | full
        found = []
        for hit in hits:
            reason = hit.form.rule
            if hit.who is Who.OWN:
                reason = f"full name, {reason}" if hit.form.surname else reason
            elif not hit.is_full and self._needs(hit):
                if hit.entity in full:
                    reason += ", with the full name in the article"
                elif hit.form.needs_full and not hit.form.surname and hit.entity in certain:
                    reason += ", with the name in the article"
                elif hit.form.needs_full:
                    continue
                elif beside := next((phrase for phrase in near[hit.entity] if not _overlap(phrase, hit)), None):
                    reason += f", with “{whole[beside.start : beside.end]}” in the article"
                elif others := self._near[hit.entity] & certain - {hit.entity}:
                    reason += f", with {self._entities[min(others)].name} in the article"
                else:
                    continue
            found.append((hit, reason))
        return found

    def _needs(self, hit: _Hit) -> bool:
        return hit.form.needs_full or bool(self._entities[hit.entity].near)


def _counts(whole: str, start: int, end: int, form: Form) -> bool:
    """Whether a hit is written as the form must be, and is no part of something else."""
    fits = has_capital(whole, start, end, form) and has_marks(whole, start, end, form)
    return fits and stands_alone(whole, start, end)


def _named_in_near(entities: Sequence[Entity]) -> tuple[frozenset[int], ...]:
    """Give of each entity the entities that its ``near`` names: they are found in all of their forms."""
    owners: dict[str, set[int]] = {_stem(phrase): set() for entity in entities for phrase in entity.near}
    if not owners:
        return (frozenset(),) * len(entities)
    for number, entity in enumerate(entities):
        for term in (entity.name, *entity.aliases):
            if _stem(term) in owners:
                owners[_stem(term)].add(number)
    return tuple(frozenset().union(*(owners[_stem(phrase)] for phrase in entity.near)) for entity in entities)


def _stem(phrase: str) -> str:
    return phrase.rstrip("*").casefold()


def _end(target: Target, folded: str, stop: int) -> int | None:
    """Give the end of a hit in the folded text, without the space behind; None where its ``*`` does not fit."""
    if target.tail is None:
        return stop - 1
    rest = target.tail.match(folded, stop)
    return rest.end() if rest else None


def _settle(hits: Sequence[_Hit], title: int) -> list[_Hit]:
    """Take out surnames of others: where another name stands, and alone after another was named in full.

    A title, of so many characters, sums up what follows: its surname is another's where the text has no one else.
    """
    by_entity: dict[int, list[_Hit]] = defaultdict(list)
    for hit in hits:
        by_entity[hit.entity].append(hit)
    out: set[_Hit] = set()
    for own in by_entity.values():
        named = [hit for hit in own if hit.who in {Who.OWN, Who.OTHER} or hit.is_full]
        others = any(hit.who is Who.OTHER for hit in named)
        only_others = others and named[0].who is Who.OTHER and not any(hit.is_full for hit in named)
        begins = next((hit.start for hit in own if hit.start >= title), 0)
        latest = Who.OTHER if only_others and begins == named[0].start else Who.OWN
        for hit in own:
            if hit.who is Who.OTHER:
                latest = Who.OTHER
            elif hit.is_full:
                latest = Who.OWN
            lone = hit.form.surname and hit.who is Who.BARE and not hit.is_full
            if hit.who in {Who.OTHER, Who.STRANGER} or (lone and latest is Who.OTHER):
                out.add(hit)
    return [hit for hit in hits if hit not in out]


def _uncovered(hits: Sequence[_Hit], excluded: Sequence[_Phrase]) -> list[_Hit]:
    """Take out the hits that a phrase of their entity's ``exclude`` covers."""
    by_entity: dict[int, tuple[list[int], list[int]]] = {}  # of each phrase the start, and the furthest end until then
    for phrase in sorted(excluded):
        starts, ends = by_entity.setdefault(phrase.entity, ([], []))
        starts.append(phrase.start)
        ends.append(max(phrase.end, ends[-1] if ends else 0))
    found = []
    for hit in hits:
        starts, ends = by_entity.get(hit.entity, ([], []))
        before = bisect_right(starts, hit.start)
        if not before or ends[before - 1] < hit.end:
            found.append(hit)
    return found


def _overlap(one: _Hit | _Phrase, other: _Hit | _Phrase) -> bool:
    return one.start < other.end and other.start < one.end


def _longest(hits: Iterable[_Hit]) -> list[_Hit]:
    """Keep the longest of those that overlap, and one for each entity of the same span; in the order of the text."""
    found: dict[tuple[int, int, int], _Hit] = {}
    for hit in hits:
        place = (hit.start, hit.end, hit.entity)
        if place not in found or (hit.is_full and not found[place].is_full):
            found[place] = hit
    ordered = sorted(found.values(), key=lambda hit: (hit.start, -hit.end))
    if all(one.end <= other.start for one, other in pairwise(ordered)):
        return ordered
    kept: list[_Hit] = []
    spans: list[tuple[int, int]] = []  # of what is kept, in order; none overlaps another
    for hit in sorted(ordered, key=lambda hit: (hit.start - hit.end, hit.start)):
        span = (hit.start, hit.end)
        at = bisect_left(spans, span)
        known = at < len(spans) and spans[at] == span
        before_fits = not at or spans[at - 1][1] <= hit.start
        after_fits = at == len(spans) or hit.end <= spans[at][0]
        if known or (before_fits and after_fits):
            kept.append(hit)
            if not known:
                spans.insert(at, span)
    return sorted(kept, key=lambda hit: hit.start)


class _Sentences:
    """The sentences of one field, cut where they are asked for: first close around the place, then wider."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._cut = (0, 0)
        self._found: list[Sentence] = []

    def around(self, start: int, end: int) -> str:
        """Give the sentence around a place, or the place itself where none holds it or a very long one does."""
        begin = self._text.rfind("\n", 0, start) + 1
        stop = self._text.find("\n", end)
        stop = len(self._text) if stop < 0 else stop
        for reach in _REACHES:
            ahead = reach if reach < _REACHES[-1] else 5 * reach  # else such a line is cut anew for each name
            sentence = self._within(max(begin, start - reach), min(stop, end + ahead), start, (begin, stop))
            if sentence is not None:
                return sentence
        return self._text[begin:stop].strip() if stop - begin <= _SHORT_LINE else self._text[start:end]

    def _within(self, first: int, last: int, place: int, line: tuple[int, int]) -> str | None:
        """Give the sentence of a part of a line that holds a place; None where the part may have cut it."""
        if not (self._cut[0] <= first and min(place + _REACHES[-1], last) <= self._cut[1]):
            self._cut, self._found = (first, last), sentences(self._text[first:last])
        first, last = self._cut
        at = bisect_right(self._found, place - first, key=lambda sentence: sentence.start) - 1
        if at < 0 or place - first >= self._found[at].end:
            return None
        cut_left, cut_right = at == 0 and first > line[0], at == len(self._found) - 1 and last < line[1]
        return None if cut_left or cut_right else self._found[at].text
