"""Finds the watched names in an article: all forms of all entities in one pass.

The pass is an Aho-Corasick automaton (Aho and Corasick, 1975) over folded text. What it hits is then judged in the
original text: not inside an address, not covered by ``exclude``, with what ``near`` asks for; of two that overlap the
longer wins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import ahocorasick_rs

from worker.entities.fold import fold, key
from worker.entities.names import Form, forms
from worker.stories.text import MAX_CHARS, sentences
from worker.types import Entity, Mention

_GAP = "\n\n\n"  # between the fields: no name reaches over it
_SENTENCE_REACH = 2000  # characters of a paragraph read on either side of a name
_ADDRESS = re.compile(
    r"(?:\w+://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+|(?<![\w@.])(?:[\w-]+\.)+(?:[a-z]{2,}|[A-Z]{2,3}|рф|укр)(?![\w])(?:/\S*)?"
)


class _Target(NamedTuple):
    """What a pattern stands for: a form of an entity, or (form is None) a phrase of its ``near`` or ``exclude``."""

    entity: int
    role: str
    form: Form | None = None
    tail: re.Pattern[str] | None = None  # what must follow in the folded text, for a phrase with ``*``


class _Hit(NamedTuple):
    start: int
    end: int
    target: _Target


class Matcher:
    """All names of a watchlist, compiled. Immutable, and may be shared by threads."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        """Compile the forms, ``near`` and ``exclude`` of the entities."""
        self._entities = tuple(entities)
        targets: dict[str, list[_Target]] = defaultdict(list)
        for number, entity in enumerate(self._entities):
            for form in forms(entity):
                _add(targets, form.text, _Target(number, "form", form))
            for role, phrases in (("near", entity.near), ("exclude", entity.exclude)):
                for phrase in phrases:
                    _add(targets, phrase, _Target(number, role))
        self._targets = tuple(map(tuple, targets.values()))
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(targets), implementation=ahocorasick_rs.Implementation.ContiguousNFA, store_patterns=False
        )

    def mentions(self, title: str, text: str, byline: str = "") -> tuple[Mention, ...]:
        """Find the mentions in an article, in the order title, text, byline.

        Offsets are in characters of the field itself. At most ``MAX_CHARS`` characters of each field are read.
        """
        fields = (("title", title[:MAX_CHARS]), ("text", text[:MAX_CHARS]), ("byline", byline[:MAX_CHARS]))
        whole = _GAP.join(value for _, value in fields)
        hits = self._hits(whole)
        if not hits:
            return ()
        excluded = [hit for hit in hits if hit.target.role == "exclude"]
        near = [hit for hit in hits if hit.target.role == "near"]
        named = [
            hit
            for hit in hits
            if hit.target.form
            and not any(_covers(phrase, hit) for phrase in excluded if phrase.target.entity == hit.target.entity)
            and not _in_address(whole, hit)
        ]
        named = _longest(named)
        full = {hit.target.entity for hit in named if hit.target.form and not hit.target.form.single_word}
        found = []
        begins = [0, len(fields[0][1]) + len(_GAP), len(fields[0][1]) + len(fields[1][1]) + 2 * len(_GAP)]
        for hit in named:
            entity, form = self._entities[hit.target.entity], hit.target.form
            if form is None:
                continue
            rule = form.rule
            if form.single_word and entity.near and hit.target.entity not in full:
                beside = next((n for n in near if n.target.entity == hit.target.entity and not _overlap(n, hit)), None)
                if beside is None:
                    continue
                rule += f", with “{whole[beside.start : beside.end]}” in the article"
            which = bisect_right(begins, hit.start) - 1
            name, value = fields[which]
            start, end = hit.start - begins[which], hit.end - begins[which]
            found.append(Mention(entity.name, value[start:end], name, start, end, _sentence(value, start, end), rule))
        return tuple(found)

    def _hits(self, whole: str) -> list[_Hit]:
        """Find every pattern, at its place in the original."""
        folded = fold(whole)
        found = []
        for pattern, start, end in self._automaton.find_matches_as_indexes(folded.text, overlapping=True):
            first = folded.origin(start + 1)
            for target in self._targets[pattern]:
                stop = end - 1
                if target.tail:
                    tail = target.tail.match(folded.text, end)
                    if not tail:
                        continue
                    stop = tail.end()
                found.append(_Hit(first, folded.origin(stop - 1) + 1, target))
        return found


def _add(targets: dict[str, list[_Target]], phrase: str, target: _Target) -> None:
    """Enter a phrase; from its first ``*`` on it is matched by a regular expression behind the automaton."""
    head, star, rest = phrase.strip().partition("*")
    pattern = key(head)
    if not pattern.strip():
        return
    if star:
        pattern = pattern.rstrip()
        tail = r"\w*".join(re.escape(fold(part).text[1:-1]) for part in rest.split("*"))
        target = target._replace(tail=re.compile(rf"\w*{tail}(?!\w)"))
    targets[pattern].append(target)


def _covers(phrase: _Hit, hit: _Hit) -> bool:
    return phrase.start <= hit.start and hit.end <= phrase.end


def _overlap(one: _Hit, other: _Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _longest(hits: Iterable[_Hit]) -> list[_Hit]:
    """Keep the longest of those that overlap, and all of the same span; in the order of the text."""
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        same = (hit.start, hit.end)
        if all(not _overlap(hit, other) or (other.start, other.end) == same for other in kept) and not any(
            (other.start, other.end, other.target.entity) == (*same, hit.target.entity) for other in kept
        ):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def _in_address(text: str, hit: _Hit) -> bool:
    """Whether the hit is a part of a URL, a host name or an e-mail address."""
    before = text[max(0, hit.start - 200) : hit.start].split()
    after = text[hit.end : hit.end + 200].split()
    left = before[-1] if before and not text[hit.start - 1].isspace() else ""
    right = after[0] if after and not text[hit.end].isspace() else ""
    if "." not in left + right and "@" not in left + right and "/" not in left + right:
        return False
    token = f"{left}{text[hit.start : hit.end]}{right}"
    start, end = len(left), len(left) + hit.end - hit.start
    return any(m.start() <= start and end <= m.end() and m.span() != (start, end) for m in _ADDRESS.finditer(token))


def _sentence(text: str, start: int, end: int) -> str:
    """Give the sentence around a place, reading no more than its paragraph."""
    begin = max(text.rfind("\n", max(0, start - _SENTENCE_REACH), start) + 1, start - _SENTENCE_REACH, 0)
    stop = text.find("\n", end, end + _SENTENCE_REACH)
    stop = min(len(text), end + _SENTENCE_REACH) if stop < 0 else stop
    for sentence in sentences(text[begin:stop]):
        if sentence.start <= start - begin < sentence.end:
            return sentence.text
    return text[start:end]
