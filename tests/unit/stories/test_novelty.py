"""What a sentence says that the story has not."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(("length", "alerts"), [("400m", False), ("500m", True)])
def test_metres_written_as_millions_are_are_the_same_metres(theft: Any, length: str, *, alerts: bool) -> None:
    told = (
        "Thieves who took three paintings from Saint-Pierre ran 400 metres along the river, Lyon police said on Monday."
    )
    again = f"Thieves who took three paintings from Saint-Pierre ran {length} along the river, Lyon police say."
    assert theft.alerts((told, *theft.body), (again, *theft.edited)) is alerts


SPLAV = (
    "На заводе «Северсплав» в Каменке остановили печь «Полярис» после утечки газа, сообщили в администрации района.",
    "Печь проработала девять лет, её мощность составляет 40 мегаватт, рассказал главный инженер завода Олег Брагин.",
    "Предприятие платит налог на добавленную стоимость и акцизы, убытки оно оценит к пятнице.",
    "В цехе работали тридцать человек, никто из них не пострадал.",
)


@pytest.mark.parametrize(
    ("old", "new", "alerts"),
    [
        ("«Полярис»", "Polaris", False),
        ("«Полярис»", "Corvus", True),
        ("«Полярис»", "Poltava", True),
    ],
)
def test_a_name_in_another_script_is_no_other_name(theft: Any, old: str, new: str, *, alerts: bool) -> None:
    assert theft.alerts(SPLAV, (SPLAV[0].replace(old, new), *SPLAV[1:])) is alerts


def test_the_first_letters_of_known_words_are_no_new_name(theft: Any) -> None:
    short = SPLAV[2].replace("налог на добавленную стоимость", "НДС")
    edited = (SPLAV[0], short, SPLAV[1].replace("мегаватт", "МВт"), SPLAV[3])
    assert not theft.alerts(SPLAV, edited)
    assert not theft.alerts(edited, SPLAV)


@pytest.mark.parametrize("league", ["Каменской Районной Лиги", "Каменской Лиги Районов"])
def test_a_short_form_may_be_written_out(theft: Any, league: str) -> None:
    short = ("Тренер «Северсплава» Олег Брагин уволен за два тура до конца сезона КРЛ.", *SPLAV[1:])
    long = ("Тренера «Северсплава» Олега Брагина уволили за два тура до конца сезона " + league + ".", *SPLAV[1:3])
    known = league.endswith("Лиги")
    assert theft.alerts(short, long) is not known
    assert theft.alerts(long, short[:3]) is not known


@pytest.mark.parametrize("hours", [1, 5])
def test_a_correction_in_known_words_and_figures_is_one_until_it_was_told(theft: Any, hours: float) -> None:
    first = "Six people died in the avalanche above Saint-Pierre on Sunday, the prefecture said; two were found alive."
    later = ("Rescuers searched through the night with five dogs and thirty men.", *theft.body)
    corrected = "Five people, not six as previously reported, died in the avalanche above Saint-Pierre on Sunday."
    assert theft.alerts((first, *later), (corrected, *later), hours)
    again = (
        f"Five people died in the avalanche above Saint-Pierre on Sunday, not six as previously reported. {later[0]}"
    )
    assert not theft.alerts((first, corrected, *later), (again, *theft.edited), hours)


@pytest.mark.parametrize(
    ("note", "alerts"),
    [
        ("Editor's note: the number of the dead in this story has been corrected.", False),
        ("Editor's note: Berlin is not meant; this story has been corrected.", True),
        ("Correction: this report was amended to say that the guide owned the hut.", True),
        ("This story has been corrected: the guide went alone.", True),
        ("Correction: the dead were found in Annecy, not in Lyon.", True),
    ],
)
def test_a_note_that_does_not_say_what_was_corrected_is_known_when_a_correction_was_told(
    theft: Any, note: str, *, alerts: bool
) -> None:
    told = ("Correction: five people, not six, died in the avalanche above Saint-Pierre on Sunday.", *theft.body)
    assert theft.alerts(told, (*told, note)) is alerts
    assert theft.alerts(told[1:], (*told[1:], note))


@pytest.mark.parametrize(("called", "alerts"), [("(Severny Bank)", False), ("(Yuzhny Bank)", True)])
def test_a_name_in_quotation_marks_is_the_one_in_brackets_behind_it(theft: Any, called: str, *, alerts: bool) -> None:
    told = "Комитет заморозил счета Severny Bank по подозрению в отмывании, сообщила в понедельник его пресс-служба."
    again = f"Комитет заморозил счета банка «Норд Вест» {called} по подозрению в отмывании, сообщила пресс-служба."
    assert theft.alerts((told, *SPLAV[1:]), (again, *SPLAV[1:3])) is alerts
