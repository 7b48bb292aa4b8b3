from __future__ import annotations

import pytest

from worker.entities.match import Matcher
from worker.types import Entity

BINANCE = Entity("Binance", "company", ("Бинанс", "Binance Holdings"), exclude=("Binance Academy",))
ROSFIN = Entity("Rosfinmonitoring", "agency", ("Rosfin", "Росфинмониторинг", "Federal Financial Monitoring Service"))
KOSTAREV = Entity(
    "Gleb Kostarev",
    "person",
    ("Глеб Костарев", "Kostarev", "Костарев"),
    near=("Binance", "crypto", "крипто*", "Rosfin*"),
)
MATCHER = Matcher((BINANCE, ROSFIN, KOSTAREV))


def found(text: str, title: str = "") -> list[tuple[str, str]]:
    return [(mention.entity, mention.form) for mention in MATCHER.mentions(title, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Binance said on Monday it would leave.", ["Binance"]),
        ("The exchange (Binance) and #Binance.", ["Binance", "Binance"]),
        ("BINANCE’S plan; Binance-owned fund", ["BINANCE", "Binance"]),
        ("Би\u00adнанс и Binance\u00a0Holdings", ["Би\u00adнанс", "Binance\u00a0Holdings"]),
        ("Read Binance Academy or ask Binance.", ["Binance"]),
        ("Binance Academy", []),
        ("Visit https://www.binance.com/en, mail press@binance.com or see binance.com.", []),
        ("#BinanceNews Binances Binance_x 1Binance", []),
        ("Бинaнс с латинской буквой", ["Бинaнс"]),
    ],
)
def test_names_stand_on_their_own(text: str, expected: list[str]) -> None:
    assert [form for entity, form in found(text) if entity == "Binance"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kostarev scored twice.", []),
        ("Kostarev spoke of crypto.", ["Kostarev"]),
        ("Gleb Kostarev came. Later Kostarev left.", ["Gleb Kostarev", "Kostarev"]),
        ("Костарев ушёл из криптобиржи", ["Костарев"]),
        ("Костарев играл в крикет", []),
    ],
)
def test_one_word_counts_only_with_what_near_asks_for(text: str, expected: list[str]) -> None:
    assert [form for entity, form in found(text) if entity == "Gleb Kostarev"] == expected


def test_a_mention_points_into_the_original_field_and_shows_its_sentence() -> None:
    title, text = "О \u200bБинанс", "Первое слово.\u00a0 Росфин\u00adмониторинг\tответил. Конец."
    mentions = MATCHER.mentions(title, text, "Gleb Kostarev")
    assert [(m.field, m.entity) for m in mentions] == [
        ("title", "Binance"), ("text", "Rosfinmonitoring"), ("byline", "Gleb Kostarev")
    ]  # fmt: skip
    for mention in mentions:
        value = {"title": title, "text": text, "byline": "Gleb Kostarev"}[mention.field]
        assert value[mention.start : mention.end] == mention.form
    assert mentions[1].sentence == "Росфин\u00adмониторинг\tответил."
