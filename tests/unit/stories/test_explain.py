"""Two texts side by side."""

from __future__ import annotations

from datetime import UTC, datetime

from worker.stories.explain import explain
from worker.stories.novelty import Status
from worker.types import Article, Verdict

OLD = (
    "Police in Ellis arrested three men on Monday over the theft of a tram.\n\n"
    "The tram was found in a field. Its driver was unhurt.\n\n"
    "Trams have run in Ellis since 1908."
)
NEW = (
    "Police in Ellis arrested four men on Monday over the theft of a tram.\n\n"
    "The tram was found in a field.\n\n"
    "The men will appear in court in the capital on Friday."
)


def _article(number: int, text: str) -> Article:
    return Article(number, f"https://{number}.example/", "Tram stolen", text, datetime(2026, 3, 2, tzinfo=UTC))


def test_every_sentence_stands_beside_the_one_it_comes_from() -> None:
    found = explain(_article(1, OLD), _article(2, NEW))
    assert [row.status for row in found.rows] == [Status.CHANGED, Status.KNOWN, Status.NEW]
    assert found.rows[0].why == "four instead of three"
    assert found.rows[0].old.startswith("Police in Ellis arrested three")
    assert found.rows[2].old == ""
    assert found.left_out == ("Its driver was unhurt.", "Trams have run in Ellis since 1908.")
    assert found.judgement.verdict is Verdict.UPDATE


def test_an_empty_text_is_explained_too() -> None:
    found = explain(_article(1, OLD), _article(2, ""))
    assert found.rows == ()
    assert found.judgement.reason
