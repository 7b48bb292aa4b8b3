from __future__ import annotations

import pytest

from worker.entities.names import forms
from worker.types import Entity

KOSTAREV = Entity("Gleb Kostarev", "person", ("Глеб Костарев", "Kostarev", "Костарев"))


def texts(entity: Entity) -> set[str]:
    return {form.text for form in forms(entity)}


@pytest.mark.parametrize(
    "form",
    [
        "Костареву", "Глебом Костаревым", "Костарева Глеба", "Г. Костарев", "Костарев Г.", "G. Kostarev",
        "Kostarev Gleb", "Гліб Костарєв", "Костарєвим", "Kostariev", "Hlib Kostariev", "Костаревых", "GlebKostarev",
    ],
)  # fmt: skip
def test_a_person_is_declined_initialled_turned_round_and_spelt_in_other_letters(form: str) -> None:
    assert form in texts(KOSTAREV)


@pytest.mark.parametrize("form", ["Костарева Глеб", "Костаревой", "Костарить", "Глеб Костарєв", "Костареві"])
def test_no_form_mixes_cases_genders_or_languages(form: str) -> None:
    assert form not in texts(KOSTAREV)


def test_a_latin_name_is_read_back_into_cyrillic() -> None:
    assert {"Павла Дурова", "Дуров", "Павло Дуров"} <= texts(Entity("Pavel Durov", "person"))


def test_a_name_of_the_west_is_written_in_the_other_script_both_ways() -> None:
    assert {"Марк Цукерберг", "Марка Цукерберга", "М. Цукерберг"} <= texts(Entity("Mark Zuckerberg", "person"))
    assert {"Джером Пауэлл", "Джерома Пауелла"} <= texts(Entity("Jerome Powell", "person"))
    assert {"Elon Musk", "E. Musk"} <= texts(Entity("Илон Маск", "person"))


def test_a_name_of_many_parts_takes_no_more_room_than_a_plain_one() -> None:
    name = "-".join(["Chandler", "Hutchinson"] * 10)
    assert f"J. {name}" in texts(Entity(f"John {name}", "person"))


def test_a_russian_spelling_is_declined_in_russian_and_the_ukrainian_one_in_ukrainian() -> None:
    found = texts(Entity("Бинанс", "company"))
    assert {"Бинансе", "Бінансі", "Бінансом"} <= found
    assert not {"Бинансі", "Бинансові", "Бінанса", "Бінансе"} & found
    assert "Росфінмоніторінг" not in texts(Entity("Росфинмониторинг", "agency"))
    assert "Костарєвові" not in texts(KOSTAREV)
    assert "Hlib Kostarew" not in texts(KOSTAREV)


def test_a_company_known_in_both_scripts_is_found_in_both() -> None:
    assert {"Газпром нефть", "Газпром нефти", "Газпромнефти"} <= texts(Entity("Gazprom Neft", "company"))
    assert {"Rostec", "Ростеха"} <= texts(Entity("Ростех", "company"))


def test_an_agency_is_declined_as_a_noun_and_has_no_plural() -> None:
    found = texts(Entity("Rosfinmonitoring", "agency", ("Rosfin", "Росфинмониторинг")))
    assert {"Росфинмониторингом", "Росфин-мониторинга", "Rosfin monitoring", "Росфінмоніторингу", "Росфина"} <= found
    assert "Росфинмониторинги" not in found


def test_a_phrase_is_declined_at_its_head_only() -> None:
    found = texts(Entity("Федеральная служба по финансовому мониторингу", "agency"))
    assert "Федеральной службой по финансовому мониторингу" in found
    assert "ФСФМ" in found
    assert len(found) == 6


def test_abbreviations_and_foreign_vowels_do_not_decline() -> None:
    assert texts(Entity("ФСБ", "agency")) == {"ФСБ", "FSB", "FSB’s"}
    assert texts(Entity("ЦБ", "agency")) == {"ЦБ"}
    assert texts(Entity("Рено", "company")) & {"Рена", "Реном", "Реноа"} == set()


def test_a_topic_has_a_plural() -> None:
    assert {"стейблкоины", "стейблкоинов"} <= texts(Entity("стейблкоин", "topic"))


def test_every_form_says_where_it_comes_from() -> None:
    rules = {form.text: form.rule for form in forms(KOSTAREV)}
    assert rules["Gleb Kostarev"] == "the name"
    assert rules["Kostarev"] == "an alias"
    assert rules["Костаревым"] == "instrumental of “Костарев”"
    assert all(rules.values())


def test_making_forms_can_be_switched_off_and_a_form_forbidden() -> None:
    plain = Entity("Gleb Kostarev", "person", ("Костарев",), generate=False)
    assert texts(plain) == {"Gleb Kostarev", "Костарев"}
    pruned = Entity("Gleb Kostarev", "person", ("Костарев",), forbid=("Kostarew",))
    assert "Kostarew" not in texts(pruned)
    assert "Костареву" in texts(pruned)
