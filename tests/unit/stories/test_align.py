"""Which known sentences a new one is held against."""

from __future__ import annotations

from datetime import UTC, datetime

from worker.stories.align import Known
from worker.stories.prepared import prepare
from worker.types import Article

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _known(*sentences: str) -> Known:
    return Known([prepare(Article(1, "", "", "\n\n".join(sentences), NOW))])


def _closest(known: Known, sentence: str) -> list[str]:
    (line,) = prepare(Article(2, "", "", sentence, NOW)).lines
    return [match.line.text for match in known.matches(line)]


def test_of_sentences_that_are_as_close_the_one_that_came_first_is_taken() -> None:
    goods = ("herring", "barley", "copper", "timber", "cotton", "rubber", "sugar", "coffee")
    told = [f"The {what} piled up in the port." for what in goods]
    assert _closest(_known(*told), f"Traders sold {', '.join(goods)}.") == told[:4]
    assert _closest(_known(*reversed(told)), f"Traders sold {', '.join(goods)}.") == told[:3:-1]


def test_the_closest_sentence_is_found_among_hundreds_of_the_same_words() -> None:
    common = "the mayor opened a bridge, a school, a market, a library and a station"
    told = [f"In the town number {number}1 {common}." for number in range(500)]
    told[317] = f"In Vilnius and Kaunas {common}."
    found = _closest(_known(*told), f"Kaunas: {common}, and Vilnius cheered.")
    assert found[0] == told[317]
    assert found[1:] == [line for line in told if line != told[317]][: len(found) - 1]
