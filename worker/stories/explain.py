"""Lays two texts side by side, sentence by sentence: what the second has from the first, and what it has of its own."""

from __future__ import annotations

from dataclasses import dataclass

from worker.stories.judge import judge, prepare, view
from worker.stories.novelty import Status
from worker.types import Article, Judgement, Story


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence of the second text beside the one of the first that it comes from ("" where there is none).

    ``why`` says what changed, or what it tells that the first text does not.
    """

    status: Status
    new: str
    old: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the second text is to the first, with its sentences in order and the first one's that it lacks."""

    judgement: Judgement
    rows: tuple[Row, ...]
    left_out: tuple[str, ...]


def explain(old: Article, new: Article) -> Explanation:
    """Return how ``new`` stands to ``old``, judged as if ``old`` were all that is known."""
    story = Story(old.id, (old,))
    prepared = prepare(new)
    findings = view(prepared, story).findings if prepared.lines else ()
    rows = tuple(
        Row(
            status=finding.status,
            new=finding.line.text,
            old=finding.of.line.text if finding.of and finding.status is not Status.NEW else "",
            why=finding.why or (finding.adds if finding.status is Status.NEW else ""),
        )
        for finding in findings
    )
    taken = {row.old for row in rows}
    left_out = tuple(line.text for line in prepare(old).lines if line.text not in taken)
    return Explanation(judge(new, [story]), rows, left_out)
