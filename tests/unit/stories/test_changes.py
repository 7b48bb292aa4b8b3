"""What a lead says otherwise than the known one, on an old text that stands as it was or that an editor went over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from worker.stories.judge import judge
from worker.stories.vocabulary import facts
from worker.types import Article, Story

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LEAD = "Police in Lyon arrested a man on Monday over the theft of three paintings from the museum of Saint-Pierre."
BODY = (
    "The paintings, worth 4 million euros, were taken on the night of January 12, prosecutor Claire Vasseur said.",
    "Two guards were on duty and heard nothing, according to the director of the museum, Henri Bonnet.",
    "The man, 41, used to work there as a restorer and will be questioned until Wednesday.",
    "None of the pictures has been found so far.",
    "The museum, which has some 300,000 visitors a year, stays open.",
)
EDITED = (
    "Worth €4m, the works vanished in the night of 12 January, according to Claire Vasseur, the prosecutor.",
    "Henri Bonnet, who directs the museum, says that both guards on duty heard nothing.",
    "The 41-year-old, a former restorer there, is to be questioned until Wednesday.",
    "So far none of the pictures was found.",
    "With about 300,000 visitors a year, the museum stays open.",
)


def _alerts(known: tuple[str, ...], new: tuple[str, ...], hours: float = 2, title: str = "") -> bool:
    one = Article(1, "https://one.example/1", "", "\n\n".join(known), NOW)
    other = Article(2, "https://other.example/2", title, "\n\n".join(new), NOW + timedelta(hours=hours))
    return judge(other, [Story(1, (one,))]).verdict.alerts


@pytest.mark.parametrize(
    "lead",
    [
        LEAD.replace("a man", "another man"),
        LEAD.replace("arrested a man", "again arrested the man"),
        LEAD.replace("arrested a man on Monday", "released the man on Tuesday"),
        LEAD.replace("three paintings", "five paintings"),
        LEAD.replace("a man", "a man and the curator Paul Lemaire"),
        "The man whom police in Lyon arrested over the theft of three paintings has confessed.",
        "Police in Lyon denied that they arrested a man on Monday over the theft of three paintings.",
        "Police in Lyon did not arrest a man on Monday over the theft of three paintings from the museum.",
    ],
)
@pytest.mark.parametrize("body", [BODY, EDITED], ids=["old text as it was", "old text edited"])
def test_a_lead_that_tells_another_thing_is_a_development(lead: str, body: tuple[str, ...]) -> None:
    assert _alerts((LEAD, *BODY), (lead, *body))


@pytest.mark.parametrize(
    "lead",
    [
        "Lyon police have arrested a man over the theft of three paintings from the Saint-Pierre museum.",
        "A man was held by police in Lyon on Monday over the theft of three pictures from the museum of Saint-Pierre.",
        "On Monday, 2 March, Lyon police nabbed a man over the theft of three paintings from the Saint-Pierre museum.",
        "Police in Lyon hunting the thieves of three paintings from the Saint-Pierre museum arrested a man on Monday.",
    ],
)
def test_an_edited_copy_with_its_own_lead_is_a_reprint(lead: str) -> None:
    assert not _alerts((LEAD, *BODY), (lead, *EDITED))


def test_a_sentence_put_alone_into_an_edited_text_is_a_development() -> None:
    put_in = "Interpol joined the investigation."
    assert _alerts((LEAD, *BODY), (LEAD, put_in, *EDITED))


def test_a_negation_counts_but_where_it_compares() -> None:
    over = "The strike of the drivers at the port of Sete is over, the union said on Monday."
    assert _alerts((over, *BODY), (over.replace("is over", "is not over"), *BODY))
    assert _alerts((over, *BODY), (over.replace("is over", "is not over"), *EDITED))
    many = "More than 40 people were hurt at the port of Sete, the union said on Monday."
    assert not _alerts((many, *BODY), (many.replace("More", "No fewer"), *EDITED))


def test_a_negation_that_the_next_sentence_told_is_none_of_the_lead() -> None:
    sick = "The number of workers taken ill at the port of Sete rose to 41 on Monday, the union said."
    none = "No new cases had come in since noon."
    told = f"{sick[:-1]}, adding that no new cases had come in since noon."
    assert not _alerts((sick, none, *BODY), (told, *EDITED))
    assert _alerts((sick, *BODY), (told, *EDITED))
    assert _alerts((sick, none, *BODY), (told.replace("no new cases had", "no doctors had"), *EDITED))


def test_the_denial_of_another_one_is_not_known(theft: Any) -> None:
    pleaded = "Viktor Panov pleaded guilty to the charges of theft in a court in Lyon on Monday."
    driver = "His driver did not plead guilty to the charges of theft."
    denies = pleaded.replace("pleaded", "did not plead")
    assert theft.alerts((pleaded, driver, *theft.body), (denies, *theft.edited))


def test_a_negation_that_stood_in_a_sentence_before_is_none_of_the_joined_one(theft: Any) -> None:
    told = ("Вину директор музея Анри Бонне не признает.", "Его адвокат Сергей Лапин намерен обжаловать арест.")
    joined = f"{told[0][:-1]}, а его адвокат Сергей Лапин намерен обжаловать арест."
    assert not theft.alerts((theft.lead, *told, *theft.body), (theft.lead, joined, *theft.edited))


def test_known_sentences_run_together_are_known(theft: Any) -> None:
    told = (
        "The ferry Ida ran aground off the island of Vis late on Sunday",
        "some ninety guests were taken ashore in the boats of fishermen",
        "the harbour master of Komiza called in two tugs from Split",
    )
    together = f"{', '.join(told)}, reports say."
    assert not theft.alerts((theft.lead, *[f"{one}." for one in told], *theft.body), (together, *theft.edited))


def test_a_name_that_looks_like_a_verb_of_wanting_plans_nothing() -> None:
    left = "Mayor Rosalind Aske resigned on Monday, two days after police searched her home in Sete."
    told = "Rosalind Aske, Mayor of Sete, resigned on Monday, two days after the police searched her home and office."
    assert not _alerts((left, *BODY), (told, *EDITED))


def test_what_was_denied_is_news_when_it_is_done() -> None:
    claim = "Minister Ada Kern may resign before the end of March, two sources close to the cabinet said."
    denial = "The cabinet denied reports that Minister Ada Kern would resign."
    done = "Minister Ada Kern has resigned, the cabinet said."
    assert _alerts((claim, *BODY), (denial, *BODY))
    assert _alerts((denial, *BODY), (done, *BODY))


@pytest.mark.parametrize(
    ("old", "new", "alerts"),
    [
        ("Three people died on the M-5 road near Syzran.", "Five people died on the M-5 road near Syzran.", True),
        ("The ship cost 486 million euros to build.", "The ship cost 486 million euros (£420m) to build.", False),
        ("The fund has 3.2 billion dollars in assets.", "The fund has US$3.2bn in assets.", False),
        ("Гриппом за неделю заболели 11 842 человека.", "Гриппом за неделю заболели 11,8 тыс. человек.", False),
        ("Гриппом за неделю заболели 11 842 человека.", "Гриппом за неделю заболели 12,8 тыс. человек.", True),
        ("A quarter of the money came from thefts.", "Some 25% of the money came from thefts.", False),
        ("The plant was shut on Monday.", "The plant was shut on Monday, March 2, 2026.", False),
        (
            "The ferry Ida, bound for Split, ran aground some 90 km off the island.",
            "The ferry Ida, bound for Split, ran aground about 55 miles off the island.",
            False,
        ),
        (
            "The ferry Ida, bound for Split, ran aground some 90 km off the island.",
            "The ferry Ida, bound for Split, ran aground some 55 km off the island.",
            True,
        ),
        ("The flood drove out half a million people.", "The flood drove out two million people.", True),
        ("The fund lost two and a half million.", "The fund lost one and a half million.", True),
        ("Фонд потерял полтора миллиона рублей.", "Фонд потерял два миллиона рублей.", True),
        ("Фонд потерял полмиллиона рублей.", "Фонд потерял два миллиона рублей.", True),
        ("Фонд потерял полтора миллиона рублей.", "Фонд потерял 1,5 млн рублей.", False),
        ("At least 43 people died on the lake.", "No fewer than 43 people died on the lake.", False),
        ("The plant was shut on Sunday.", "The plant was shut on March 1.", False),
        ("The plant was shut on Sunday.", "The plant was shut on February 20.", True),
        ("The alarm rang in the museum at 19:00.", "The alarm rang in the museum at seven in the evening.", False),
        (
            "The Swiss court ruled on Monday that the ban stands.",
            "The Swiss court ruled on Monday that it falls.",
            True,
        ),
    ],
)
def test_figures_count_by_what_they_stand_for(old: str, new: str, alerts: bool) -> None:
    rest = BODY[1:]
    assert _alerts((old, *rest), (new, *rest)) is alerts


@pytest.mark.parametrize(
    ("old", "new", "alerts"),
    [
        ("Dozens of people fled.", "Hundreds of people fled.", True),
        ("Several hundred people fled.", "Several thousand people fled.", True),
        ("Hundreds of people fled.", "Tens of thousands of people fled.", True),
        ("Бежали десятки человек.", "Бежали сотни человек.", True),
        ("Бежали сотни человек.", "Бежали тысячи человек.", True),
        ("Бежали сотни человек.", "Бежали сотни тысяч человек.", True),
        ("Several hundred people fled.", "Hundreds of people fled.", False),
        ("Several dozen people fled.", "Dozens of people fled.", False),
        ("More than 4,000 people fled.", "Thousands of people fled.", False),
        ("Бежали более 400 человек.", "Бежали сотни человек.", False),
        ("Бежали тысячи человек.", "Бежали несколько тысяч человек.", False),
    ],
)
def test_a_magnitude_in_the_place_of_another_is_a_development(old: str, new: str, *, alerts: bool) -> None:
    more = "A fire broke out at the museum of Saint-Pierre in Lyon, and Claire Vasseur, prosecutor, opened an inquiry."
    assert _alerts((more, old, *BODY), (more, new, *EDITED)) is alerts


def test_a_figure_told_elsewhere_may_be_another_one_here_whatever_its_size() -> None:
    old = "Some 2,000 guests of the museum were led out by the guards when the alarm rang on Monday night."
    rest = (*BODY[:2], "The alarm rang 6 times, the museum said.", *BODY[2:])
    assert _alerts((LEAD, old, *rest), (LEAD, old.replace("2,000", "6"), *rest))


def test_what_was_to_be_done_is_news_when_it_is_done() -> None:
    old = "The president of Kestrelia has ten days to sign a bill that bans media from taking money from abroad."
    new = "The president of Kestrelia signed a bill that bans media from taking money from abroad."
    assert _alerts((old, *BODY), (new, *EDITED))


@pytest.mark.parametrize(("hours", "alerts"), [(1, False), (30, True)])
def test_a_lead_written_anew_in_the_place_of_the_old_one_is_an_editors_only_soon_after_it(
    hours: float, *, alerts: bool
) -> None:
    anew = "Police have arrested a man who may have taken part in the museum theft."
    assert _alerts((LEAD, *BODY), (anew, *BODY), hours) is alerts


def test_a_lead_on_top_of_the_old_one_is_a_development_however_soon() -> None:
    on_top = "Three paintings from Saint-Pierre over which police arrested a man were worth nothing, the museum said."
    assert _alerts((LEAD, *BODY), (on_top, LEAD, *BODY), 0.5)


def test_the_title_tells_which_new_sentence_is_the_news() -> None:
    put_in = "Guards at the museum of Saint-Pierre, Jean Roux and Ida Blanc, want to sue it over their hours."
    text = (LEAD, *BODY[:3], put_in, *BODY[4:])
    assert _alerts((LEAD, *BODY), text, title="Guards want to sue Saint-Pierre museum over their hours")


def test_a_line_of_figures_is_news_when_the_title_has_them_too() -> None:
    text = ("Callers today: 450,000", LEAD, *BODY)
    assert not _alerts((LEAD, *BODY), text, title="Thieves in the museum")
    assert _alerts((LEAD, *BODY), text, title="Thieves in the museum drew 450,000")


def test_a_source_named_otherwise_is_no_news() -> None:
    told = "Three people were hurt in a fire at the mill in Orsk, the regional police said."
    again = "Three people were hurt in a fire at the mill in Orsk, according to Radio Ural and the Ural Mirror."
    assert not _alerts((told, *BODY), (again, *EDITED))
    cited = "Three people were hurt in a fire at the mill in Orsk, according to Radio Ural"
    assert not _alerts((f"{cited}.", *BODY), (f"{cited} and the Ural Mirror.", *EDITED))


def test_who_says_it_is_a_source_too() -> None:
    old = "Thirty people fell ill after a dinner in Orsk and four were taken to hospital, the health office said."
    new = "Thirty fell ill after a dinner in Orsk, while four were taken to hospital, the Ural health centre said."
    assert not _alerts((old, *BODY), (new, *EDITED))
    assert _alerts((old, *BODY), (new.replace("in Orsk", "in Guberlya"), *EDITED))


@pytest.mark.parametrize(
    ("old", "new"),
    [("up 3.8 percent", "down 3.8 percent"), ("rose to 5.2 million", "fell to 5.2 million"), ("above", "below")],
)
@pytest.mark.parametrize("cut", [5, 2])
def test_what_goes_the_other_way_is_news_wherever_it_stands(old: str, new: str, cut: int) -> None:
    told = f"The takings of the museum shop, {old}, were part of what the city council had hoped for in that year."
    again = told.replace(old, new)
    assert _alerts((LEAD, *BODY[:1], told, *BODY[1:]), (LEAD, *BODY[:1], again, *BODY[1:cut]))


def test_a_delay_is_no_detention() -> None:
    old = (
        "Ремонт моста в Орске закончат в августе, задержка вызвана ошибками проекта, сообщил мэр Роман Каштанов.",
        *BODY,
    )
    assert _alerts(old, ("Мэра Каштанова задержали.", *old))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "Overnight, drones hit Saratov and the governor said that two workers had died in the refinery.",
            "Overnight, drones hit Ryazan and the governor said that two workers had died in the refinery.",
        ),
        (
            "A bomb went off near a school in Quetta on Monday and hurt nine, the police said.",
            "A bomb went off near a school in Quetta on Monday and hurt nine, Lashkar Umar said.",
        ),
        (
            "Правительство продаст свою долю в компании «Роснефть» до конца года, сообщил в Орске премьер.",
            "Правительство продаст свою долю в компании Rosatom до конца года, сообщил в Орске премьер.",
        ),
        (
            "The club of Malmö signed the striker for three years on Monday, said its chairman in the evening.",
            "The club of Malta signed the striker for three years on Monday, said its chairman in the evening.",
        ),
        (
            "Troops of France left the base in Orsk on Monday, as units kept leaving the valley.",
            "Troops of the UK left the base in Orsk on Monday, as units kept leaving the valley.",
        ),
        (
            "Суд в Орске приговорил Романа Каштанова к 60 часам обязательных работ за порчу моста.",
            "Суд в Орске приговорил Романа Каштанова к 90 часам обязательных работ за порчу моста.",
        ),
    ],
)
def test_another_name_or_term_in_the_place_of_one_is_news(old: str, new: str) -> None:
    assert _alerts((old, *BODY), (new, *BODY))
    assert _alerts((old, *BODY), (new, *EDITED))


def test_a_contract_that_was_ended_was_terminated() -> None:
    old = "The club in Orsk ended the contract of its coach Roman Kashtanov on Monday after four defeats."
    new = "On Monday the club in Orsk terminated the contract of its coach Roman Kashtanov after four defeats."
    assert not _alerts((old, *BODY), (new, *EDITED))


def test_a_unit_may_stand_right_behind_its_number() -> None:
    old = "A bus left the road near Orsk on Monday and fell almost 120 metres into a gorge, the police said."
    new = "A bus left the road near Orsk on Monday and fell nearly 400ft into a gorge, the police said."
    assert not _alerts((old, *BODY), (new, *EDITED))
    assert _alerts((old, *BODY), (new.replace("400ft", "600ft"), *EDITED))


def test_a_given_name_put_to_a_known_surname_is_no_other_person() -> None:
    old = "Вице-губернатор Каштанов задержан по делу о взятке, сообщили в краевом управлении."
    named = "Вице-губернатор Роман Каштанов задержан по делу о взятке, сообщили в краевом управлении."
    assert not _alerts((old, *BODY), (named, *BODY))
    assert _alerts((old, *BODY), (named.replace("Роман Каштанов", "Каштанов и Сергей Лунин"), *BODY))


def test_who_was_sentenced_has_been_convicted() -> None:
    old = "A court in Lyon sentenced Paul Lemaire to five years in prison over the theft of three paintings."
    new = "A court in Lyon convicted Paul Lemaire and jailed him for five years over the theft of three paintings."
    assert not _alerts((old, *BODY), (new, *EDITED))


@pytest.mark.parametrize(
    "line", ["The best of our stories about art, every Friday in your mail", "Send us your pictures of our museum."]
)
@pytest.mark.parametrize("place", [0, 3, 6])
def test_what_a_site_says_to_its_readers_is_no_news(line: str, place: int) -> None:
    text = [LEAD, *BODY]
    assert not _alerts((LEAD, *BODY), (*text[:place], line, *text[place:]))


@pytest.mark.parametrize("body", [BODY, EDITED], ids=["old text cut", "old text edited and cut"])
def test_one_new_sentence_in_a_cut_text_is_news_when_it_tells_an_outcome(body: tuple[str, ...]) -> None:
    outcome = "Curator Paul Lemaire resigned over lax controls at night."
    assert _alerts((LEAD, *BODY), (LEAD, *body[:2], outcome, *body[3:]))


def test_background_in_an_edited_copy_is_no_news() -> None:
    background = "Curator Paul Lemaire came there in 2014 from a house in Nantes."
    assert not _alerts((LEAD, *BODY), (LEAD, *EDITED[:2], background, *EDITED[3:]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Some 34 people were led out of the hotel.", "Some 3,400 people were led out of the hotel."),
        ("Some 2,000 people were led out of the hotel.", "Some 2,300 people were led out of the hotel."),
        ("Из гостиницы вывели 1900 человек, сообщили в МЧС.", "Из гостиницы вывели 2500 человек, сообщили в МЧС."),
        ("The hearing was set for March 12 by the court.", "The hearing was set for March 2 by the court."),
        ("The line will open again in 2027, the railway said.", "The line will open again in 2026, the railway said."),
    ],
)
@pytest.mark.parametrize("body", [BODY, EDITED, BODY[:3]], ids=["old text as it was", "edited", "cut"])
def test_a_figure_that_is_another_one_is_a_development_wherever_it_stands(
    old: str, new: str, body: tuple[str, ...]
) -> None:
    assert _alerts((old, *BODY), (new, *body), 4)
    assert _alerts((LEAD, *BODY[:2], old, *BODY[2:]), (LEAD, *body[:2], new, *body[2:]), 4)


@pytest.mark.parametrize(
    ("planned", "done"),
    [
        (
            "Norland may seize the assets of Meridian Bank in the capital, two officials said on Monday.",
            "Norland seized the assets of Meridian Bank in the capital and may go further, two officials said.",
        ),
        (
            "Prosecutors may charge Ivan Bell over the loss of client funds, a person close to the case said.",
            "Prosecutors have charged Ivan Bell over the loss of client funds and may seek his arrest, a person said.",
        ),
        (
            "Сенат может утвердить закон о цифровых активах в четверг, сообщили два источника.",
            "Сенат утвердил закон о цифровых активах в четверг и может вернуться к нему осенью.",
        ),
    ],
)
@pytest.mark.parametrize("body", [BODY, EDITED, BODY[:3]], ids=["old text as it was", "edited", "cut"])
def test_what_was_planned_is_news_when_it_is_done_though_more_may_follow(
    planned: str, done: str, body: tuple[str, ...]
) -> None:
    assert _alerts((planned, *BODY), (done, *body), 4)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Two people were killed and three injured.", "Three people were killed and two injured."),
        ("Two people were killed and three injured.", "Three people were killed and three injured."),
        ("Трое погибли и пять пострадали, сообщили в МЧС.", "Пятеро погибли и трое пострадали, сообщили в МЧС."),
    ],
)
def test_known_figures_in_each_others_place_are_a_development(old: str, new: str) -> None:
    assert _alerts((old, *BODY), (new, *BODY))
    assert _alerts((LEAD, *BODY[:2], old, *BODY[2:]), (LEAD, *BODY[:2], new, *BODY[2:]))


def test_who_is_no_longer_what_he_was_has_been_told_to_be_gone() -> None:
    told = (
        "The museum of Saint-Pierre in Lyon terminated the contract of curator Paul Lemaire on Monday, three weeks "
        "after the theft of three paintings."
    )
    again = (
        "Paul Lemaire is no longer curator of the museum of Saint-Pierre in Lyon: his contract was terminated on "
        "Monday, three weeks after the theft of three paintings."
    )
    assert not _alerts((told, *BODY), (again, *EDITED))
    assert _alerts((told, *BODY), (again.replace("is no longer", "was never"), *EDITED))


def test_who_was_to_be_dismissed_and_resigns_is_news(theft: Any) -> None:
    may = "The museum in Lyon decided to dismiss its director Henri Bonnet, a source close to the board said."
    resigned = "The museum in Lyon said that its director Henri Bonnet resigned on Monday."
    assert theft.alerts((may, *theft.body), (resigned, *theft.body))
    assert theft.alerts((may, *theft.body), (resigned, *theft.edited))


@pytest.mark.parametrize("name", ["Гуляев", "Сергеев", "Иванов", "Костарев", "Николаев"])
def test_a_surname_is_one_word_in_all_its_cases(name: str) -> None:
    forms = [f"{name}{ending}".casefold() for ending in ("", "а", "у", "ым", "е")]
    assert len({facts(form).stem for form in forms}) == 1
