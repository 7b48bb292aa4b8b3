"""Which known sentences a new one is held against."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

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


def test_figures_of_the_sentence_beside_the_known_one_are_no_others(theft: Any) -> None:
    prices = (
        "Fruit was 0.6% cheaper in the week: apples lost 3.9%, pears 2.7% and plums 2.8%.",
        "Herring rose by 3.1% and cod by 6.4%.",
    )
    merged = "Cod rose by {}%, herring by 3.1%, and apples lost 3.9%, pears 2.7% and plums 2.8%."
    known = (theft.lead, *prices, *theft.body[1:])
    assert not theft.alerts(known, (theft.lead, merged.format("6.4"), *theft.edited[1:]))
    assert theft.alerts(known, (theft.lead, merged.format("9.2"), *theft.edited[1:]))
