"""Judges an article against the stories that it may belong to.

``prepare`` does the work that depends on one article only; ``judge`` compares. Both are pure. ``prepare`` keeps its
last results, so handing the same known articles over again costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.stories.text import sentences, words
from worker.types import Article, Judgement, Story, Verdict

SHINGLE = 5
LEAD = 120


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article as it is compared. Hashes hold within one process only: a prepared article is never stored."""

    article: Article
    words: tuple[str, ...]
    shingles: frozenset[int]
    numbers: frozenset[str]


def _shingles(tokens: Sequence[str]) -> list[int]:
    if len(tokens) < SHINGLE:
        return [hash(tuple(tokens))] if tokens else []
    return list(map(hash, zip(*(tokens[i:] for i in range(SHINGLE)), strict=False)))


@lru_cache(maxsize=1024)
def prepare(article: Article) -> Prepared:
    """Return ``article`` in the form in which it is compared; keeps the last 1,024 (about 50 kB each)."""
    tokens = tuple(words(article.text))
    numbers = frozenset(token for token in tokens if token[0].isdigit())
    return Prepared(article, tokens, frozenset(_shingles(tokens)), numbers)


def judge(article: Article, stories: Sequence[Story]) -> Judgement:
    """Return what ``article`` is to the desk, held against the ``stories`` that it may belong to.

    Pure: no clock, no randomness, no state but a bounded cache of prepared articles (see ``prepare``).
    """
    new = prepare(article)
    lead = _shingles(new.words[:LEAD])
    lead_numbers = {word for word in new.words[:LEAD] if word[0].isdigit()}
    best: tuple[float, Story, int] | None = None
    for story in stories:
        for known in story.articles:
            old = prepare(known)
            share = len(new.shingles & old.shingles) / max(1, min(len(new.shingles), len(old.shingles)))
            if best is None or share > best[0]:
                best = (share, story, known.id)
    if best is None or best[0] < 0.03:  # noqa: PLR2004
        return Judgement(Verdict.NEW, "no known story shares its text", evidence={})
    share, story, parent = best
    known_shingles = frozenset[int]().union(*(prepare(known).shingles for known in story.articles))
    known_numbers = frozenset[str]().union(*(prepare(known).numbers for known in story.articles))
    covered = len(new.shingles & known_shingles) / max(1, len(new.shingles))
    in_lead = sum(shingle in known_shingles for shingle in lead) / max(1, len(lead))
    figures = sorted(lead_numbers - known_numbers)
    fresh = tuple(
        sentence.text
        for sentence in sentences(article.text)
        if not known_shingles.issuperset(_shingles(words(sentence.text)))
    )
    evidence = {
        "covered": round(covered, 3),
        "lead": round(in_lead, 3),
        "containment": round(share, 3),
        "new_figures": figures,
    }
    if len(figures) <= 1 and (covered >= 0.85 or (share >= 0.2 and in_lead >= 0.5)):  # noqa: PLR2004
        reason = f"shares {in_lead:.0%} of its lead with what the story said"
        return Judgement(Verdict.REPRINT, reason, story.id, parent, fresh, evidence)
    reason = f"only {in_lead:.0%} of its lead was said before"
    return Judgement(Verdict.UPDATE, reason, story.id, parent, fresh, evidence)
