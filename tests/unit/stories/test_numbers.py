"""Figures and dates in one spelling."""

from __future__ import annotations

import pytest

from worker.stories.numbers import figures
from worker.stories.text import normalise


@pytest.mark.parametrize(
    "spellings",
    [
        ("$1.5 bn", "1.5 billion dollars", "1,5 миллиарда рублей", "1,5 млрд руб.", "1,5 Milliarden Euro"),
        ("Feb. 24", "February 24", "24 February", "24 февраля", "24.02.2022", "2022-02-24", "24. Februar"),
        ("two people", "2 people", "двое погибших", "двух человек"),
        ("the 12th package", "a twelfth package", "12-й пакет", "двенадцатого пакета"),
        ("twenty-two", "22", "двадцать второй", "22-го"),
        ("1,234,567", "1 234 567", "1234567"),
        ("25 basis points", "0.25", "a quarter of a percentage point", "25 б.п.", "0,25 пункта"),
        ("300 тыс. человек", "300,000 people", "300 thousand"),
    ],
)
def test_spellings_of_one_figure_are_equal(spellings: tuple[str, ...]) -> None:
    assert len({next(iter(figures(normalise(spelling)))) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.5 billion", "1.5 million"), ("12 men", "12m"), ("May 3", "3"), ("14", "14.5"), ("19 июня", "19 мая")],
)
def test_other_figures_are_not(one: str, other: str) -> None:
    assert figures(normalise(one)).keys() != figures(normalise(other)).keys()


@pytest.mark.parametrize("text", ["at 5 p.m. or 17:30", "one of the first", "в 4.20 утра", ""])
def test_times_of_day_and_one_are_no_figures(text: str) -> None:
    assert figures(normalise(text)) == {}
