"""An article in the form in which it is compared."""

from __future__ import annotations

from datetime import UTC, datetime

from worker.stories.prepared import prepare
from worker.types import Article


def _parties(text: str) -> list[list[str]]:
    article = Article(1, "", "", text, datetime(2026, 3, 2, 9, tzinfo=UTC))
    return [sorted(line.parties.values()) for line in prepare(article).lines]


def test_the_first_word_of_a_sentence_is_a_name_where_another_sentence_has_it_with_a_capital() -> None:
    assert _parties("Lemaire said nothing. Police saw him. They questioned Lemaire.") == [["Lemaire"], [], ["Lemaire"]]
    assert _parties("Lemaire said nothing. Police saw him.") == [[], []]
