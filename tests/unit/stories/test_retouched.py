"""A word for another in a text that else stands as it was."""

from __future__ import annotations

from typing import Any

import pytest

OLD = "Two guards were on duty that night and heard nothing at all, said the director of the museum, Henri Bonnet."
ANEW = (
    "Two watchmen were on shift that evening and noticed nothing at all, the director of the museum told, Henri Bonnet."
)


@pytest.mark.parametrize(
    ("new", "alerts"),
    [(OLD.replace("guards", "watchmen"), True), (ANEW, False)],
    ids=["one word", "a sentence written anew"],
)
def test_one_word_for_another_is_a_change_and_many_are_an_editors(theft: Any, new: str, *, alerts: bool) -> None:
    rest = theft.body[2:]
    assert theft.alerts((theft.lead, OLD, *rest), (theft.lead, new, *rest)) is alerts


def test_the_short_form_of_a_name_in_brackets_is_no_change(theft: Any) -> None:
    with_short_form = theft.lead.replace("museum of Saint-Pierre", "museum of Saint-Pierre (MSP)")
    assert not theft.alerts((theft.lead, *theft.body), (with_short_form, *theft.body))


RATE = (
    "The bank kept its rate at 5.25 percent on Thursday and said that it would look at it again at its next meeting, "
    "the fourth meeting of the year."
)
CRASH = (
    "Три человека погибли в ДТП под Пензой, пять пострадали",
    "Авария произошла около 7 утра на трассе М-5. Автобус столкнулся с фурой.",
    "Пострадавших доставили в городскую больницу. Двое находятся в реанимации.",
    "Водитель фуры не пострадал, его допрашивают.",
)


@pytest.mark.parametrize(
    ("old", "new", "rest"),
    [
        (
            "The next meeting is on August 7.",
            "The next meeting is on July 24.",
            (RATE, "Two of nine members objected."),
        ),
        (
            "Три человека погибли и пять пострадали в ДТП с автобусом под Пензой, сообщили в полиции.",
            "Пять человек погибли и трое пострадали в ДТП с автобусом под Пензой, сообщили в полиции.",
            CRASH,
        ),
    ],
    ids=["the date of a sentence of common words", "figures that were exchanged"],
)
def test_a_figure_for_another_is_a_change(theft: Any, old: str, new: str, rest: tuple[str, ...]) -> None:
    assert theft.alerts((*rest, old), (*rest, new))


def test_a_figure_that_the_story_has_elsewhere_is_no_change(theft: Any) -> None:
    was, now = (f"At least {count} guests were in the museum that night." for count in ("17", "26"))
    later = ("Police said on Tuesday that there had been 26 guests in the museum of Saint-Pierre, not 17.",)
    copy = (theft.lead, now, *theft.body)
    assert theft.alerts((theft.lead, was, *theft.body), copy)
    assert not theft.alerts((theft.lead, was, *theft.body), copy, also=later)


@pytest.mark.parametrize(
    ("clause", "alerts"),
    [(" (it belongs to Gavra)", True), (", which holds many pictures,", True), (" that there is", False)],
)
def test_a_clause_put_into_one_sentence_is_a_change(theft: Any, clause: str, *, alerts: bool) -> None:
    old = "A guard saw a van of the moving firm Alvar in front of the museum that night."
    new = old.replace(" Alvar", f" Alvar{clause}")
    rest = (*theft.body, "The street was dark.", "It had rained.")
    assert theft.alerts((theft.lead, *rest, old), (theft.lead, *rest, new)) is alerts


def test_a_name_in_another_script_behind_it_is_no_change(theft: Any) -> None:
    old = "Фургон фирмы «Альвар» стоял той ночью у музея."
    rest = (*theft.body, "На улице было темно.", "Шёл дождь.")
    assert not theft.alerts((theft.lead, *rest, old), (theft.lead, *rest, old.replace("» ", "» (Alvar) ")))
    assert theft.alerts((theft.lead, *rest, old), (theft.lead, *rest, old.replace("» ", "» (Гавра) ")))


def test_a_figure_put_into_a_sentence_with_the_day_of_publication_is_a_change(theft: Any) -> None:
    was = "The recall concerns jars to be eaten before March 2, 2026, and the lot number L7."
    now = "The recall concerns jars to be eaten before March 2, 2026, and the lot numbers L7 and L9."
    assert theft.alerts((theft.lead, was, *theft.body), (theft.lead, now, *theft.body))
