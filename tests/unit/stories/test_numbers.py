"""Figures and dates in one spelling."""

from __future__ import annotations

import pytest

from worker.stories.numbers import figures
from worker.stories.text import normalise
from worker.stories.told import told


@pytest.mark.parametrize(
    "spellings",
    [
        ("$1.5 bn", "1.5 billion dollars", "1,5 миллиарда рублей", "1,5 млрд руб.", "1,5 Milliarden Euro"),
        ("Feb. 24", "February 24", "24 February", "24 февраля", "24.02.2022", "2022-02-24", "24. Februar"),
        ("восьмерых пострадавших", "восемь пострадавших", "8"),
        ("two people", "2 people", "двое погибших", "двух человек"),
        ("the 12th package", "a twelfth package", "12-й пакет", "двенадцатого пакета"),
        ("twenty-two", "22", "двадцать второй", "22-го"),
        ("1,234,567", "1 234 567", "1234567"),
        ("25 basis points", "0.25", "a quarter of a percentage point", "25 б.п.", "0,25 пункта"),
        ("300 тыс. человек", "300,000 people", "300 thousand"),
        ("1.5 million", "one and a half million", "one-and-a-half million", "полтора миллиона", "полутора миллионов"),
        ("2.5 million", "two and a half million", "два с половиной миллиона"),
        ("500,000 people", "half a million people", "полмиллиона человек", "полумиллиона человек"),
        ("64 рубля 12 копеек", "64,12 руб.", "64 руб. 12 коп."),
        ("66 рублей 5 копеек", "66,05 руб."),
        ("3 dollars and 20 cents", "3.20 dollars"),
        ("BD640,000", "640,000 dinars", "BD640k"),
        ("10 lakh", "1 million", "1,000,000", "1.000.000 euros"),
        ("2.5 crore", "25 million"),
        ("5 lakh crore", "5 trillion"),
        ("1,50,000", "150,000"),
        ("4.000 percent", "4%"),
        ("44.000 лет", "44 тысячи лет", "44 000 лет"),
        ("1.5 percentage points", "one and a half percentage points", "полтора пункта"),
    ],
)
def test_spellings_of_one_figure_are_equal(spellings: tuple[str, ...]) -> None:
    assert len({next(iter(figures(normalise(spelling)))) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    "text", ["on June 16 and 17, they", "on 16 and 17 June", "16-17 июня", "с 16 по 17 июня", "between June 16 and 17"]
)
def test_two_days_of_one_month_are_two_dates(text: str) -> None:
    assert figures(normalise(text)).keys() == {"6-16", "6-17"}


@pytest.mark.parametrize("text", ["on May 18, 19 and 20 at depots", "on 18, 19 and 20 May", "18, 19 и 20 мая"])
def test_three_days_of_one_month_are_three_dates(text: str) -> None:
    assert figures(normalise(text)).keys() == {"5-18", "5-19", "5-20"}


def test_numbers_in_a_row_are_no_dates() -> None:
    assert figures(normalise("On June 5, 12 and 15 in both towns died")).keys() == {"6-5", "12", "15"}
    assert figures(normalise("lost 18, 20 and 30 men")).keys() == {"18", "20", "30"}


def test_a_number_after_a_date_is_a_number() -> None:
    assert figures(normalise("On June 16 and 17 men were freed")).keys() == {"6-16", "17"}
    assert figures(normalise("2 or 3 may be alive")).keys() & {"2"}
    assert figures(normalise("at 1.105 to the euro")).keys() == {"1.105"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.5 billion", "1.5 million"), ("12 men", "12m"), ("May 3", "3"), ("14", "14.5"), ("19 июня", "19 мая")],
)
def test_other_figures_are_not(one: str, other: str) -> None:
    assert figures(normalise(one)).keys() != figures(normalise(other)).keys()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("dozens of men, hundreds more", {"scale-tens", "scale-hundreds"}),
        ("tens of thousands of men", {"scale-tens-thousands"}),
        ("several thousand men", {"scale-thousands"}),
        ("несколько сотен", {"scale-hundreds"}),
        ("сотни тысяч", {"scale-hundreds-thousands"}),
        ("5 миллионов, две тысячи, 20 thousands", {"5000000", "2000", "20000"}),
        ("около сотни человек", {"100"}),
        ("около тысячи человек", set()),
        ("he scores twice", set()),
    ],
)
def test_a_magnitude_is_a_figure_of_its_own_kind_where_no_number_stands_before_it(text: str, found: set[str]) -> None:
    assert figures(normalise(text)).keys() == found


@pytest.mark.parametrize("text", ["at 5 p.m. or 17:30", "one of the first", "в 4.20 утра", ""])
def test_times_of_day_and_one_are_no_figures(text: str) -> None:
    assert figures(normalise(text)) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024-99-99", {"2024", "99"}),
        ("99.99.2024", {"99.99", "2024"}),
        ("in May 99 men fell", {"99"}),
        ("45 мая", {"45"}),
        ("31.12.2024, 2024-12-31, December 31", {"12-31"}),
        ("9" * 400 + " billion", set()),
        ("0.00001", {"0.00001"}),
        ("0." + "0" * 300 + "1", {"0"}),
    ],
)
def test_what_is_no_day_is_no_date_and_what_is_no_number_no_figure(text: str, found: set[str]) -> None:
    assert figures(normalise(text)).keys() == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Five dead\u201412 hurt", {"5", "12"}),
        ("five dead\u201312 hurt", {"5", "12"}),
        ("Covid-19, Covid\u201319", {"covid-19"}),
        ("Су-57, Су\u201357", {"су-57"}),
        ("2020\u20132024", {"2020", "2024"}),
        ("5\u20137 million", {"5000000", "7000000"}),
    ],
)
def test_a_dash_joins_no_name(text: str, found: set[str]) -> None:
    assert figures(normalise(text)).keys() == found


@pytest.mark.parametrize(
    "text",
    [
        "The firm paid $1.5m for 30% of 12 plants in 2019.",
        "It rose from 11 to 3.5 thousand, at 14:30, by 25 basis points.",
        "Five of 12 died on May 5.",
        "On 5 May, some 1,200 people left.",
        "Погибли п'ять із 20 осіб, поранені двадцать два из 40.",
        "Третья часть из 300 тысяч, около полумиллиона, в 5 часов утра.",
        "Tens of thousands of the 400,000 fled on Feb. 24 or 25.",
        "He met O'May 5 times, and half of the 70 left.",
    ],
)
def test_a_sentence_has_the_same_figures_however_it_is_searched_for_them(text: str) -> None:
    assert told(text).marked.figures == figures(normalise(text))
