"""What is taken off before an article is judged, and what must stay."""

from __future__ import annotations

import pytest

from worker.stories.boilerplate import body, is_boilerplate


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("VILNIUS, April 22 (Reuters) – The bank said no.", "The bank said no."),
        ("NEW YORK (AP) — The bank said no.", "The bank said no."),
        ("Kyiv, Ukraine (AP) — The bank said no.", "The bank said no."),
        ("BEIJING, Nov. 5 (Xinhua) -- The bank said no.", "The bank said no."),
        ("Berlin (dpa/AFP) - Die Bank sagte nein.", "Die Bank sagte nein."),
        ("МОСКВА, 5 мая — РИА Новости. Банк отказал.", "Банк отказал."),
        ("МОСКВА, 5 мая. /ТАСС/. Банк отказал.", "Банк отказал."),
        ("Москва. 5 мая. INTERFAX.RU - Банк отказал.", "Банк отказал."),
        ("date 2022-04-23 The bank said no.", "The bank said no."),
    ],
)
def test_datelines_are_taken_off(text: str, kept: str) -> None:
    assert [sentence.text for sentence in body(text)] == [kept]


@pytest.mark.parametrize(
    "text",
    [
        "CORRECTED - The bank said yes.",
        "In an interview with AP the bank said no.",
        "Binance - the exchange - said no.",
        "Subscribers of the company fell to two million in March.",
        "Shares in the bank fell.",
        "Follow-up tests showed nothing.",
        "Terms of the deal were not disclosed.",
        "Advertisement revenue fell by a third.",
        "In partnership with Acme, the bank will lend more.",
        "Posted on Monday, the video shows a fire.",
        "Copyright law will change in May.",
        "Фотограф Иванов задержан в Минске.",
        "Реклама табака запрещена с мая.",
        "Подписано соглашение о границе.",
        "Підписано угоду про кордон.",
        "При использовании оружия пострадали двое.",
        "Загрузка порта выросла вдвое.",
    ],
)
def test_sentences_of_the_article_stay(text: str) -> None:
    assert [sentence.text for sentence in body(text)] == [text]


@pytest.mark.parametrize(
    "line",
    [
        "Read More: full story",
        "Sign up for our newsletter",
        "Advertisement",
        "We use cookies to improve your experience.",
        "(Reporting by A. Smith; editing by B. Jones)",
        "Our Standards: The Thomson Reuters Trust Principles.",
        "Подписывайтесь на наш канал в Telegram",
        "Читайте также: главное за неделю",
        "Lesen Sie auch: Streik im Mai",
        "© 2026 The Gazette. All rights reserved.",
        "View all comments",
    ],
)
def test_lines_of_the_site_are_taken_off(line: str) -> None:
    assert is_boilerplate(line)
    text = f"The bank said no.\n\n{line}\n\nIt opens at nine."
    kept = body(text)
    assert [sentence.text for sentence in kept] == ["The bank said no.", "It opens at nine."]
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in kept)
