"""What is taken off before an article is judged, and what must stay."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from worker.stories.boilerplate import body, is_boilerplate
from worker.stories.judge import judge
from worker.types import Article, Story

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOURS = timedelta(hours=2)


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
        ("LONDON, June 8 (Albion Wire) - The bank said no.", "The bank said no."),
        ("LONDON, June 8 (Reuters) - LONDON, June 8 (Albion Wire) - The bank said no.", "The bank said no."),
        ("Lagos – Tuesday, 4 March 2025 – The bank said no.", "The bank said no."),
        ("[Lagos, 11 June 2024] The bank said no.", "The bank said no."),
        ("Lima, 8 June (Andean News) : The bank said no.", "The bank said no."),
        ("Perth | AAP The bank said no.", "The bank said no."),
        ("UPDATED 9:42 p.m. EST: The bank said no.", "The bank said no."),
        ("By Jane Doe and John Roe / Albion Wire — The bank said no.", "The bank said no."),
        ("ПЕРМЬ, 9 окт — РИА Новости, Анна Ли. Банк отказал.", "Банк отказал."),
        ("Тверь. 11 сентября. «Волжская лента». Банк отказал.", "Банк отказал."),
        ("ПЕРМЬ, 20 мая, корр. «Меридиан-Пресс» Л. Аксёнов. Банк отказал.", "Банк отказал."),
        ("/ИА «Волжский берег», Самара/ Банк отказал.", "Банк отказал."),
        ("[Пермь, 08.11.2022] Банк отказал.", "Банк отказал."),
        ("ZUG, April 21 (Block Ledger)\n\nThe bank said no.", "The bank said no."),
        ("ПЕРМЬ, 9 окт — «Камские вести».\n\nБанк отказал.", "Банк отказал."),
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
        "Aug. 20 was the last day of talks.",
        "Putin: the talks are over.",
        "Apple - the maker of phones - said no.",
        "Orsini (Rome) won the race.",
    ],
)
def test_sentences_of_the_article_stay(text: str) -> None:
    assert " ".join(sentence.text for sentence in body(text)) == text.replace("in\n", "in ")


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


@pytest.mark.parametrize(
    "line",
    [
        "Published: 14:32 GMT, 7 March 2024 | Updated: 16:10 GMT, 7 March 2024",
        "Written by Jane Doe | Edited by John Roe | Lagos | Updated: May 21, 2024 10:18 IST",
        "By Jane Doe, Political Correspondent",
        "1 of 7",
        "Comments (47)",
        "Loading...",
        "Press Release",
        "— Albion Daily (@albion) October 4, 2023",
        "A sign outside the council offices. Credit: Jane Doe / Albion Images",
        "FILE - A police car outside a courthouse on Thursday, Sept. 14, 2023. (AP Photo/Jane Doe, File)",
        "A trader works on the floor of the exchange in this file picture.",
        "Get the Albion Daily in your inbox. By signing up you agree to our Terms of Use.",
        "Unlock unlimited access for $1 a week for the first six months. Cancel any time.",
        "We apologize, but this video has failed to load.",
        "Опубликовано 5 мая 2024 в 09:14",
        "1 204 просмотра",
        "Вид на набережную в ясный день. Фото: Анна Ли",
        "The branch in Mill Lane, where 312 letter boxes were emptied. Photograph: Jane Doe",
        "Отделение на Мельничной, где были вскрыты 312 ячеек. Фото: Анна Ли",
        "«Берег ТВ» - городской канал. Эфир - 9-я кнопка. Реклама: +7 (000) 555-01-02",
        "Ранее стало известно, какие отделения закроют (ссылка).",
        "Развернуть",
        "*Принадлежит компании Meta, признанной экстремистской и запрещённой в России",
        "Стали свидетелем интересного события? Присылайте фото и видео в наш бот @bereg",
    ],
)
def test_a_line_of_its_own_that_tells_nothing_is_taken_off(line: str) -> None:
    paragraphs = ["The bank said on Monday that it would close three of its seven branches.", "It gave no reason."]
    text = "\n\n".join([paragraphs[0], line, paragraphs[1], "It opens at nine.", "A strike ended."])
    assert line not in " ".join(sentence.text for sentence in body(text))
    assert len(body(text)) == 4


@pytest.mark.parametrize(
    "line",
    [
        "TRUMP ARRESTED JUNE 5",
        "Death toll: 47",
        "The ministry opened a line for relatives: +7 (000) 555-01-02",
        "Advertising revenue collapsed: 12 000 000 euros were lost.",
        "Doe resigned on Tuesday. Newsroom: +44 20 7946 0000",
        "Президент подписал указ о мобилизации (ссылка).",
        "Inflation: 4.5%",
        "Real Madrid 3, Barcelona 1",
        "John Smith, 34",
        "Correction: An earlier version of this article misstated the year. It was 1987.",
        "This article was amended on 5 June 2024 to correct a figure.",
        "Police arrested a man outside the plant.",
        "The minister said that talks were useful.",
        "The company will ask its users for consent on its website.",
        'He told readers: "Watch this video and get the app on your phone".',
        "Власть молчит.",
        "Сайт суда не работает.",
    ],
)
def test_a_line_of_its_own_that_may_tell_something_stays(line: str) -> None:
    paragraphs = ["The bank said on Monday that it would close three of its seven branches.", "It gave no reason."]
    text = "\n\n".join([paragraphs[0], line, paragraphs[1], "It opens at nine.", "A strike ended."])
    assert line in " ".join(sentence.text for sentence in body(text))


@pytest.mark.parametrize(
    "news",
    [
        "The bank closed the branch, where 312 letter boxes were emptied.",
        "The branch in Mill Lane, which is the oldest. The director was arrested and charged.",
        "Jane Doe, who resigned on Monday.",
    ],
)
def test_news_above_a_credit_stays(news: str) -> None:
    text = "\n\n".join([*_REPORT[:2], f"{news} Photograph: Jane Doe", *_REPORT[2:]])
    assert news in " ".join(sentence.text for sentence in body(text))


def test_a_sentence_behind_what_else_to_read_stays() -> None:
    text = "The bank said no.\n\nAlso read: What is a letter box? The bank stopped all payments.\n\nIt opens at nine."
    assert [sentence.text for sentence in body(text)][1:2] == ["The bank stopped all payments."]


def test_a_line_in_the_middle_of_hard_wrapped_text_is_no_line_of_its_own() -> None:
    text = "The bank opened its branch in\nLagos, Nigeria, on 5 June 2024\nand closed it in May."
    assert "\n".join(sentence.text for sentence in body(text)) == text


@pytest.mark.parametrize(
    "told", ["Police arrested a man outside the plant.", "The minister said that talks were useful."]
)
def test_a_credit_takes_no_news_with_it(told: str) -> None:
    text = f"The bank said no.\n\n{told} Photo: Jane Doe\n\nIt opens at nine.\n\nA strike ended."
    assert told in [sentence.text for sentence in body(text)]


_REPORT = (
    "A fire at the depot of the tram company in Ostenburg killed two people on Monday, the fire brigade said.",
    "Forty trams burned out, and the service will not run before Thursday.",
    "Mayor Petra Vogel said that the hall had been inspected in June.",
    "The company, founded in 1904, carries some 90,000 passengers a day.",
    "Neighbours heard a bang at about five in the morning.",
)
_REPORT_IN_RUSSIAN = (
    "Пожар в депо трамвайной компании Остенбурга унёс в понедельник жизни двух человек, сообщили пожарные.",
    "Сгорели сорок вагонов, движение не откроют раньше четверга.",
    "Мэр Петра Фогель сказала, что здание проверяли в июне.",
    "Компания, основанная в 1904 году, перевозит около 90 тысяч пассажиров в день.",
    "Соседи слышали хлопок около пяти утра.",
)


def _alerts(line: str, *, at: int) -> bool:
    """Whether a copy of the report alerts in which ``line`` was put as a paragraph."""
    report = _REPORT if line.isascii() or not re.search("[а-яіїєґ]", line) else _REPORT_IN_RUSSIAN
    one = Article(1, "https://one.example/1", "", "\n\n".join(report), NOW)
    text = "\n\n".join([*report[:at], line, *report[at:]])
    return judge(Article(2, "https://two.example/2", "", text, NOW + HOURS), [Story(1, (one,))]).verdict.alerts


@pytest.mark.parametrize("line", (Path(__file__).parent / "page-lines.txt").read_text(encoding="utf-8").splitlines())
def test_what_a_page_shows_beside_a_report_alerts_nowhere(line: str) -> None:
    assert not [at for at in (0, 2, len(_REPORT)) if _alerts(line, at=at)]


@pytest.mark.parametrize("line", (Path(__file__).parent / "news-lines.txt").read_text(encoding="utf-8").splitlines())
def test_a_line_of_news_above_a_report_alerts(line: str) -> None:
    assert _alerts(line, at=0)


@pytest.mark.parametrize(
    ("line", "news"),
    [
        ("Вестник Приволжья. Деловая газета. 11 августа, вторник. 13:05", False),
        ("Harbour Post. The daily of the coast. Tuesday, May 5, 2026, 13:05", False),
        ("Задержан директор депо. Вестник Приволжья. 11 августа, 13:05", True),
        ("Harbour Post. Head of the depot arrested. May 5, 13:05", True),
    ],
)
def test_a_masthead_with_date_and_time_above_a_report_tells_nothing(line: str, *, news: bool) -> None:
    assert _alerts(line, at=0) is news


@pytest.mark.parametrize(
    ("title", "line", "kept"),
    [
        ("Fire at a depot", "Brent 83.41 (-0.8%) Gold 2,344 (+0.2%)", False),
        ("The rouble falls", "Dollar 92.15, euro 99.87", True),
        ("Dollar falls", "Dollar 92.15, euro 99.87", True),
        ("Fire at a depot", "Ostenburg 14°C, light rain", False),
        ("Heat in Ostenburg", "Ostenburg 41°C, sunny", True),
        ("Fire at a depot", "Ostenburg: 41°C, 3 dead", True),
        ("Fire at a depot", "Bitcoin falls 5 % to $60,000", True),
    ],
)
def test_a_board_of_figures_stays_where_the_title_speaks_of_it(title: str, line: str, *, kept: bool) -> None:
    text = "\n\n".join([line, *_REPORT])
    assert (body(text, title)[0].text != _REPORT[0]) is kept


def test_a_caption_with_its_credit_may_speak_of_what_the_title_does() -> None:
    text = "\n\n".join(["The tram depot of Ostenburg in the morning. (Photo: Ostenburg Mirror)", *_REPORT])
    assert body(text, "Tram depot in Ostenburg burns")[0].text == _REPORT[0]


def test_a_paragraph_of_characters_without_width_is_none() -> None:
    report = "A barge struck the old bridge at Varn.\n\nThree men were hurt.\n\nThe river is shut.\n\nNo one was lost."
    assert [sentence.text for sentence in body(f"\u200b\n\n{report}")] == report.split("\n\n")
