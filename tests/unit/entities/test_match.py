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
        ("__Binance__ and _Бинанс_, not Binance_x", ["Binance", "Бинанс"]),
        ("The Bin-\nance list; Binance-\nowned", ["Bin-\nance", "Binance"]),
        ("Binance &amp; Co, Binance&nbsp;Holdings", ["Binance", "Binance&nbsp;Holdings"]),
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


@pytest.mark.parametrize(
    ("entity", "text", "expected"),
    [
        (Entity("X", "company"), "X said; x is unknown; X. Petrov had an X-ray; Xx", ["X"]),
        (Entity("The", "topic"), "The band The Band; the other", ["The", "The"]),
        (Entity("בינאנס", "company"), "מנכ״ל בינאנס אמר כי לבינאנס אין עניין", ["בינאנס", "לבינאנס"]),
        (Entity("بينانس", "company"), "قالت بينانس إن المنصة لبينانس", ["بينانس", "لبينانس"]),
        (Entity("币安", "company"), "据报道，币安已离开", ["币安"]),
        (Entity("バイナンス", "company"), "バイナンスは撤退。バイナンスコイン", ["バイナンス"]),
        (Entity("업비트", "company"), "업비트는 중단. 새업비트", ["업비트"]),
        (Entity("Крипто*", "topic"), "Криптобиржа и крипто, но не секрипто", ["Криптобиржа", "крипто"]),
        (Entity("Ростех", "company"), "POCTEX подписал, poctex нет", ["POCTEX"]),
        (Entity("ВВС", "agency"), "the BBC said", []),
        (Entity("C++", "topic"), "C++ and C, a C-store", ["C"]),
        (Entity("Yahoo!", "company"), "Yahoo! and Yahoo", ["Yahoo", "Yahoo"]),
        (Entity("AT&T", "company"), "AT&T's profit, AT T", ["AT&T"]),
        (Entity("1inch", "company"), "1inch rose; 21inch fell", ["1inch"]),
        (Entity("US", "topic"), "tell us of the US", ["US"]),
        (Entity("SEC", "agency"), "The S.E.C. sued; A.S.E.C. and S.E.C.U. did not", ["S.E.C"]),
        (Entity("GPT-4", "topic"), "GPT-4.5 is no GPT-4, GPT-4 is", ["GPT-4", "GPT-4"]),
        (Entity("7", "topic"), "7 of 1,7 and 7.5; 7.", ["7", "7"]),
        (Entity("Booking.com", "company"), "Booking.com grew, see www.booking.com", ["Booking.com"]),
    ],
)
def test_odd_names_are_found_rightly(entity: Entity, text: str, expected: list[str]) -> None:
    assert [mention.form for mention in Matcher((entity,)).mentions("", text)] == expected


def test_an_alias_of_two_entities_names_both() -> None:
    both = Matcher((Entity("Delta Air Lines", "company", ("Delta",)), Entity("Delta Exchange", "company", ("Delta",))))
    assert [m.entity for m in both.mentions("", "Shares of Delta fell.")] == ["Delta Air Lines", "Delta Exchange"]


def test_the_longer_name_wins_over_one_inside_it_also_of_another_entity() -> None:
    matcher = Matcher((Entity("Bank of Georgia", "company"), Entity("Georgia", "topic")))
    found = [(m.entity, m.form) for m in matcher.mentions("", "Bank of Georgia left Georgia.")]
    assert found == [("Bank of Georgia", "Bank of Georgia"), ("Georgia", "Georgia")]


def test_two_thousand_aliases_are_all_found() -> None:
    names = [f"Alias{n}x" for n in range(2000)]
    matcher = Matcher((Entity("Main", "company", tuple(names)),))
    assert [m.form for m in matcher.mentions("", " ".join(names))] == names


def test_a_surname_that_the_desk_did_not_list_needs_the_full_name() -> None:
    matcher = Matcher((Entity("Elvira Nabiullina", "person"),))
    assert matcher.mentions("", "Nabiullina spoke.") == ()
    assert [m.form for m in matcher.mentions("Nabiullina", "Elvira Nabiullina spoke.")] == [
        "Nabiullina",
        "Elvira Nabiullina",
    ]


def test_the_initials_of_a_long_name_need_that_name() -> None:
    matcher = Matcher((Entity("Rosfinmonitoring", "agency"), Entity("International Monetary Fund", "agency")))
    assert [m.form for m in matcher.mentions("", "The RFM and the IMF spoke.")] == []
    text = "Rosfinmonitoring spoke; the RFM added a name, the IMF did not."
    assert [m.form for m in matcher.mentions("", text)] == ["Rosfinmonitoring", "RFM"]


def test_a_watched_name_in_near_is_met_by_any_of_its_forms() -> None:
    assert [m.rule for m in MATCHER.mentions("", "Бинанса ждёт Костарев") if m.entity == "Gleb Kostarev"] == [
        "an alias, with Binance in the article"
    ]


def test_a_phrase_of_near_is_not_met_by_the_mention_itself() -> None:
    matcher = Matcher((Entity("Circle", "company", near=("Circle*",)),))
    assert matcher.mentions("", "Circle fell.") == ()


def test_exclude_covers_with_star_and_in_any_case() -> None:
    matcher = Matcher((Entity("Бинанс", "company", exclude=("академия Бинанс", "Бинанс лаб*")),))
    text = "Академией Бинанс, Бинанс Лабораторией и Бинансом"
    assert [m.form for m in matcher.mentions("", text)] == ["Бинансом"]
    matcher = Matcher(
        (Entity("Тесла", "company", exclude=("Никола Тесла",)), Entity("Газпром", exclude=("Газпром Арена",)))
    )
    text = "У Теслы нет ни Николы Теслы, ни «Газпром Арены» Газпрома."
    assert [m.form for m in matcher.mentions("", text)] == ["Теслы", "Газпрома"]


def test_a_forbidden_form_does_not_count_and_neither_do_made_ones_where_that_is_switched_off() -> None:
    pruned = Matcher((Entity("Глеб Костарев", "person", ("Костарев",), forbid=("Г. Костарев",)),))
    assert [m.form for m in pruned.mentions("", "Г. Костарев и Костарева")] == ["Костарева"]
    plain = Matcher((Entity("Бинанс", "company", generate=False),))
    assert [m.form for m in plain.mentions("", "Бинанс, Бинанса")] == ["Бинанс"]


@pytest.mark.parametrize(
    "text", ["", "\n" * 50, "\x00Binance\x00", "a" * 500_000, "Binance " * 3000, "\u0301" * 99, "-" * 999]
)
def test_any_text_is_read(text: str) -> None:
    mentions = MATCHER.mentions(text, text, text)
    assert all({"title": text, "text": text, "byline": text}[m.field][m.start : m.end] == m.form for m in mentions)
