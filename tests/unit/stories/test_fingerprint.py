from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from worker.stories import fingerprint
from worker.stories.fingerprint import Prints
from worker.stories.prepared import prepare
from worker.stories.shingles import shingles
from worker.types import Article

MARCH = datetime(2026, 3, 1, tzinfo=UTC)

PARAGRAPHS = [
    "The port authority of Varna said that the tanker Orion ran aground two miles from the harbour mouth.",
    "No oil had leaked by the evening, according to the captain, and all nineteen of the crew were safe.",
    "Two tugs from Burgas were on their way, the ministry said, and would be there before the wind turned north.",
    "Insurers had warned in spring that the channel was no longer dredged as deeply as ships of that size require.",
    "The channel has been the subject of a quarrel of the city and the state, each of which sends the other the bill.",
    "Shares of the owner, a company registered in Valletta, fell by four per cent before trading in them was stopped.",
]
RUSSIAN = [
    "Суд в Самаре арестовал бывшего начальника вокзала по делу о хищении двухсот миллионов рублей при ремонте кровли.",
    "По версии следствия, подрядчик завысил стоимость работ, а приёмку подписали задним числом, не выходя на крышу.",
    "Защита настаивает, что все документы проверяло министерство, и намерена обжаловать решение в областном суде.",
]


def prints(title: str, text: str) -> Prints:
    article = Article(1, "https://made.example/1", title, text, MARCH)
    return fingerprint.prints(article, prepare(article))


def marks(title: str, text: str) -> set[int]:
    return {one for one in prints(title, text).sought if one < 0}


def shared(one: str, other: str) -> int:
    stored = prints("", one).passages
    return len(set(stored) & set(prints("", other).sought))


@pytest.mark.parametrize("text", PARAGRAPHS + RUSSIAN)
@pytest.mark.parametrize("where", ["first", "last"])
def test_one_common_paragraph_is_found_wherever_it_stands(text: str, where: str) -> None:
    others = [one for one in PARAGRAPHS if one != text]
    long = "\n".join([text, *others] if where == "first" else [*others, text])
    assert shared(long, text + " " + " ".join(RUSSIAN[:1] if text not in RUSSIAN else PARAGRAPHS[:1])) >= 2


def test_case_quotes_and_layout_do_not_change_the_hashes() -> None:
    text = " ".join(PARAGRAPHS)
    assert fingerprint.sample(text.upper().replace(" ", "\n\u00ad")) == fingerprint.sample(text)


@pytest.mark.parametrize(
    ("text", "least"),
    [("", 0), ("\0 \ud800 !?", 0), ("Resigned", 1), ("The minister resigned today", 1), (PARAGRAPHS[0], 14)],
)
def test_short_texts_keep_all_their_shingles(text: str, least: int) -> None:
    assert len(fingerprint.sample(text)) >= least
    assert bool(fingerprint.sample(text)) == bool(least)


def test_scripts_without_spaces_share_shingles_of_characters() -> None:
    known = (
        "東京電力は月曜日、福島第一原発の処理水の放出を予定どおり今月末に始めると発表した。地元の漁協は反対している。"
    )
    retold = "速報。東京電力は月曜日、福島第一原発の処理水の放出を予定どおり今月末に始めると発表した。"
    assert shared(known, retold) >= 5
    assert marks("福島第一原発", "") & marks("処理水、福島で放出へ", "")


def test_hashes_fit_the_database_and_a_long_text_has_a_bounded_number_of_them() -> None:
    long = prints("Long", " ".join(f"word{at}" for at in range(60_000)))
    assert len(long.stored(copy=False)) <= fingerprint.MOST + fingerprint.MOST_MARKS
    assert len(long.sought) <= 2 * fingerprint.MOST + fingerprint.MOST_MARKS
    assert all(-(1 << 31) <= one < 1 << 31 for one in (*long.stored(copy=False), *long.sought))


def test_a_copy_is_stored_without_marks() -> None:
    of = prints("Orion aground off Varna", " ".join(PARAGRAPHS))
    assert set(of.stored(copy=False)) - set(of.stored(copy=True)) == set(of.marks)
    assert all(one >= 0 for one in of.stored(copy=True))


def test_a_body_is_stored_under_some_of_the_hashes_by_which_it_is_sought() -> None:
    long = prints("", " ".join(f"word{at}" for at in range(900)))
    assert 60 < len(long.passages) < len(long.sought)
    assert set(long.passages) <= set(long.sought)


def test_an_old_lead_of_28_words_is_found_low_down_in_a_new_text() -> None:
    chance = random.Random(1)
    words = ["".join(chance.choices("bdfgklmnprstvzaeiou", k=7)) for _ in range(300 + 200 * 28)]
    above = " ".join(words[:300])
    for at in range(300, len(words), 28):
        lead = " ".join(words[at : at + 28])
        assert shared(lead, f"{above} {lead}. " + " ".join(RUSSIAN)) >= 2


def test_a_passage_of_a_very_long_text_is_still_found_by_its_whole() -> None:
    long = " ".join(f"word{at}" for at in range(30_000))
    assert len(set(prints("", long).passages) & set(prints("", "Copied. " + long).sought)) >= 200


@pytest.mark.parametrize(
    ("title", "text", "title_too", "text_too", "least"),
    [
        (
            "Binance handed client data to Russia's Rosfinmonitoring",
            "Binance's regional head Gleb Kostarev agreed in April 2021 to give the agency data on 8,700 donors.",
            "Crypto exchange met Russian officials",
            "In a meeting four years ago with Rosfinmonitoring, Kostarev of Binance promised to share 8,700 records.",
            4,
        ),
        (
            "Костарев покинул Binance",
            "Бывший глава Binance в России Глеб Костарев сообщил об уходе после сделки на 150 млн рублей.",
            "Сделка Бинанс: уход Костарева",
            "С Костаревым простились после того, как Binance получила 150 млн, рассказали в России.",
            4,
        ),
        ("Weather", "It rained.", "Sport", "They won.", 0),
    ],
)
def test_own_words_share_names_and_figures(title: str, text: str, title_too: str, text_too: str, least: int) -> None:
    common = marks(title, text) & marks(title_too, text_too)
    assert len(common) >= least
    assert bool(common) == bool(least)


def test_a_run_of_words_has_the_same_hash_wherever_it_stands() -> None:
    words = [f"word{at % 40}" for at in range(300)]
    hashes = shingles(words).tolist()
    assert hashes == [shingles(words[at : at + 5])[0] for at in range(len(words) - 4)]
    assert len({*hashes}) == 40


def test_the_hashes_of_the_archive_never_change() -> None:
    assert shingles(["one", "two", "three", "four", "five"]).tolist() == [226377182290315244]
    assert marks("Orion", "") == {-320844815}
    assert sum(prints(PARAGRAPHS[0], RUSSIAN[0]).stored(copy=False)) == 6297535784
