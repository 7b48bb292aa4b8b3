from __future__ import annotations

import pytest

from worker.alerts.marks import figures, mark


def strong(sentence: str, *names: str, known: frozenset[str] = frozenset()) -> list[str]:
    return [span.text for span in mark(sentence, names, known) if span.strong]


@pytest.mark.parametrize(
    ("sentence", "marked"),
    [
        ("a fine of $4.3 billion", ["$4.3 billion"]),
        ("на 2,7 млрд рублей и 15 миллионов", ["2,7 млрд", "15 миллионов"]),
        ("1,234.5 tonnes, 3 000 000 votes, €5m, 12%", ["1,234.5", "3 000 000", "€5m", "12%"]),
        ("on 22.11.2026 in version 1.2.3 of the 10th covid19 x86", []),
        ("in 2026 the 3 men", []),
    ],
)
def test_figures_are_marked_and_dates_are_not(sentence: str, marked: list[str]) -> None:
    assert strong(sentence) == marked


def test_a_figure_that_the_story_had_is_not_marked_again() -> None:
    known = figures("It will pay $4.3 billion.")
    assert strong("Of the $4.3billion only 900 million came.", known=known) == ["900 million"]
    assert strong("Из 4,3 миллиарда пришло 900 млн, 4,300 million in all.", known=known) == ["900 млн"]


def test_names_are_marked_as_whole_words_and_the_longest_wins() -> None:
    sentence = "Binance Holdings, and Binance; not Binancer. БИНАНС too."
    assert strong(sentence, "Binance", "Binance Holdings", "Бинанс") == ["Binance Holdings", "Binance", "БИНАНС"]


def test_the_spans_are_the_sentence() -> None:
    sentence = "Binance paid 12% of $4.3 billion."
    assert "".join(span.text for span in mark(sentence, ["Binance", "paid 12"], frozenset())) == sentence
