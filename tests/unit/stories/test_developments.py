"""By what signs a sentence tells a development."""

from __future__ import annotations

from typing import Any

import pytest


def test_an_outcome_at_the_end_of_an_edited_copy_is_one_of_the_rest_of_the_report(theft: Any) -> None:
    outcome = "Curator Paul Lemaire resigned in 2019 over lax controls at night."
    below = theft.edited
    assert not theft.alerts((theft.lead, *theft.body), (theft.lead, *below[:3], outcome))
    assert theft.alerts((theft.lead, *theft.body), (theft.lead, *below[:3], outcome, *below[3:]))


def test_an_outcome_that_may_come_is_told_too(theft: Any) -> None:
    put_in = "Curator Paul Lemaire may resign over lax controls at night."
    assert theft.alerts((theft.lead, *theft.body), (theft.lead, *theft.edited[:2], put_in, *theft.edited[3:]))


def test_new_sentences_below_a_lead_made_of_known_words_are_news(theft: Any) -> None:
    summary = "Police questioned the restorer on Monday over the paintings of the museum in Lyon."
    news = ("Claude Marchand hid them in a cellar, the prosecutor found.", "He sold one frame to a dealer in Geneva.")
    assert theft.alerts((theft.lead, *theft.body), (summary, *news, *theft.body[1:4]))
    assert not theft.alerts((theft.lead, *theft.body), (theft.lead, *theft.body[1:4], *news))


def test_the_other_half_of_a_report_is_a_copy_by_its_first_sentence(theft: Any) -> None:
    half = (
        "Visitors may see the other rooms from Thursday, but the gallery on the second floor stays locked.",
        "Sailors and fishermen of the river bequeathed most of its pictures in the nineteenth century.",
        "Schools of the quarter use the garden behind it as a playground in the mornings.",
        "Its works are at times on view in Turin and Geneva, and others come from there each spring.",
        "Its café is known for a cake of chestnuts that nobody else in the city bakes.",
        "On clear days the terrace looks as far as the Alps.",
    )
    assert not theft.alerts((theft.lead, *theft.body), (theft.lead, *half))


def test_known_words_above_a_lead_that_two_articles_opened_with_are_news(theft: Any) -> None:
    text = (theft.lead, *theft.body)
    above = ("The paintings of the museum were found.", *text)
    assert theft.alerts(text, above, also=text[:4])
    assert not theft.alerts(text, above)  # the first article may have lost its first sentence


WORKS = (
    "Rain kept the searchers indoors for a third day, and the river was closed to barges above the old bridge.",
    "Insurers from Turin sent two surveyors, who measured the hall and looked into the ducts below its floor.",
    "The quarter was quiet, and the cafés on the square opened late, as they do in winter.",
    "Henri Bonnet, who has run the museum since 2011, said the hall would be painted in spring.",
)


@pytest.mark.parametrize(
    ("now", "alerts"),
    [
        (
            "Henri Bonnet, who has run the museum since 2011, resigned and said the hall would be painted in spring.",
            True,
        ),
        ("Henri Bonnet, who has run the museum since 2011, added that the hall would be painted in spring.", False),
    ],
)
def test_an_outcome_put_into_a_known_sentence_below_the_lead_is_news(theft: Any, now: str, *, alerts: bool) -> None:
    assert theft.alerts((theft.lead, *theft.body, *WORKS), (theft.lead, *theft.body, *WORKS[:3], now)) is alerts


@pytest.mark.parametrize(
    ("more", "alerts"),
    [
        ("The museum denied on Tuesday that paintings had been stolen.", True),
        ("The museum said on Tuesday that no paintings had been stolen.", True),
        ("Curator Paul Lemaire has resigned.", True),
        ("The director of the museum denied that the guards were arrested.", True),
        ("Reuters has withdrawn this story.", True),
        ("The museum was opened in a former mill.", False),
        ("Prosecutor Claire Vasseur said that the paintings were well known.", False),
    ],
)
def test_what_turns_the_story_alone_below_the_whole_old_text_is_news(theft: Any, more: str, *, alerts: bool) -> None:
    text = (theft.lead, *theft.body)
    assert theft.alerts(text, (*text, more)) is alerts


@pytest.mark.parametrize(
    ("was", "now", "alerts"),
    [
        ("No one was killed, and the line was not damaged.", "Two drivers were killed.", True),
        ("Никто не погиб, пути не повреждены.", "Погибли двое.", True),
        ("No one was killed, and the line was not damaged.", "The line was not damaged, and no one was killed.", False),
    ],
)
def test_what_the_story_has_only_denied_is_news(theft: Any, was: str, now: str, *, alerts: bool) -> None:
    assert theft.alerts((theft.lead, was, *theft.body), (theft.lead, now, *theft.body)) is alerts


def _alerts_in_edited(theft: Any, was: str, now: str) -> bool:
    """Whether ``now`` alerts in the place of ``was``, in a text that does not else stand as it was."""
    new = (theft.lead, *theft.body[:2], *theft.edited[2:], now, *WORKS)
    return bool(theft.alerts((theft.lead, *theft.body, was, *WORKS), new))


@pytest.mark.parametrize(
    ("was", "now", "alerts"),
    [
        (
            "The museum said that it accepted the blame and would not appeal against the fine.",
            "The museum said that it did not accept the blame and would appeal against the fine.",
            True,
        ),
        (
            "Прокуратура, просившая для сторожа два года, оспаривать решение не намерена, сказал ее представитель.",
            "Прокуратура, просившая для сторожа два года, намерена оспорить решение как слишком мягкое.",
            True,
        ),
        (
            "The museum did not immediately answer questions about its alarm, which had been switched off.",
            "The museum, the alarm of which had been switched off, did not answer questions about it immediately.",
            False,
        ),
        (
            "The committee plans to approve the budget of the new hall on April 15.",
            "The approval of the budget of the new hall, due on April 15, was postponed by the committee.",
            True,
        ),
    ],
    ids=["the negation changed places", "it is gone", "it stands elsewhere", "put off"],
)
def test_what_was_negated_or_planned_and_is_told_otherwise_is_news(
    theft: Any, was: str, now: str, *, alerts: bool
) -> None:
    assert _alerts_in_edited(theft, was, now) is alerts


@pytest.mark.parametrize("at", [3, 8], ids=["amid the text", "at its end"])
def test_a_sentence_in_the_place_of_another_that_denies_or_acts_is_news(theft: Any, at: int) -> None:
    was = "One guard, a man of 71 from Villeurbanne, died of a heart attack in the hospital."
    now = "The death of the guard of 71 from Villeurbanne was not due to a heart attack."
    told = (theft.lead, *theft.body, *WORKS)[:at]
    behind = (theft.lead, *theft.body, *WORKS)[at : at + 1]
    assert theft.alerts((*told, was, *behind), (*told, now, *behind))


OAK = "The stolen frames were of oak, and the dealer in Turin wanted all of them back by spring."
EBONY = OAK.replace("oak", "ebony")


@pytest.mark.parametrize(
    "also",
    [WORKS, (*WORKS[:2], *(f"Room {one} was shut, said the director of it." for one in ("A", "B", "C", "D", "E")))],
    ids=["a cut copy is the closest", "a longer one has more of it"],
)
def test_a_word_is_seen_in_whichever_article_of_the_story_it_was_another(theft: Any, also: tuple[str, ...]) -> None:
    cut = (theft.lead, *theft.body)
    assert theft.alerts((*cut, OAK, *WORKS[:3]), (*cut, EBONY, *WORKS[:3]), also=(*cut, *also))


@pytest.mark.parametrize(
    ("beside", "alerts"),
    [
        ((), True),
        (("What is known",), True),
        (("The square was busy again by noon.",), True),
        (("The quarter was quiet, and the cafés on the square opened late.",), True),
        (
            ("Searchers were kept indoors by the rain for a third day, and above the old bridge no barge may pass.",),
            False,
        ),
    ],
    ids=["alone", "a heading", "a new sentence", "a sentence cut short", "another one worded anew"],
)
def test_a_word_for_another_is_an_editors_where_he_worded_another_sentence_anew(
    theft: Any, beside: tuple[str, ...], *, alerts: bool
) -> None:
    text = (theft.lead, *theft.body, OAK, *WORKS[1:2])
    assert theft.alerts(text + WORKS[:1], (*text[:-2], EBONY, text[-1], *(beside or WORKS[:1]))) is alerts


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("A woman of 31 remains in a critical condition at the hospital.", "A woman of 31 has died at the hospital."),
        ("", "The restorer died of his wounds on Sunday evening."),
        (
            "The court rejected a request to hold the trial in Nice.",
            "The court granted a request to hold the trial in Nice.",
        ),
    ],
)
def test_what_happened_is_news_though_an_editor_touched_another_sentence(theft: Any, was: str, now: str) -> None:
    lead = theft.lead.replace("over the theft", "for the theft")
    assert not theft.alerts((theft.lead, *theft.body, was, *WORKS), (lead, *theft.body, was, *WORKS))
    assert theft.alerts((theft.lead, *theft.body, was, *WORKS), (lead, *theft.body, now, *WORKS))


@pytest.mark.parametrize(
    ("was", "now", "alerts"),
    [
        (
            "The team doctor, Sara Lind, accused the coach, Leon Whitby, of supplying the tablets.",
            "The coach, Leon Whitby, accused the team doctor, Sara Lind, of supplying the tablets.",
            True,
        ),
        (
            "Судья сказал, что паром не уступил дорогу сухогрузу.",
            "Судья сказал, что сухогруз не уступил дорогу парому.",
            True,
        ),
        ("Ferry crews sued the owners over pay.", "Owners sued the ferry crews over pay.", True),
        (
            "The court unanimously rejected the appeal on Friday morning.",
            "On Friday morning the court rejected the appeal unanimously.",
            False,
        ),
        ("Суд оштрафовал компанию на два миллиона.", "Компанию оштрафовал суд на два миллиона.", False),
        (
            "On Monday evening, officers arrested the driver at the central station.",
            "At the central station, officers arrested the driver on Monday evening.",
            False,
        ),
    ],
)
def test_who_does_it_to_whom_is_news_and_the_order_of_the_words_is_not(
    theft: Any, was: str, now: str, *, alerts: bool
) -> None:
    assert _alerts_in_edited(theft, was, now) is alerts


@pytest.mark.parametrize(
    ("caption", "alerts"),
    [
        ("Pictured: The restorer leaves the hall after he was acquitted on Friday.", True),
        ("File photo: The restorer leaves the hall after he was acquitted on Friday.", False),
        ("Pictured: The man who was arrested arrives in the hall.", False),
    ],
    ids=["an outcome", "an old picture", "what the report tells"],
)
def test_a_caption_that_shows_an_outcome_is_read(theft: Any, caption: str, *, alerts: bool) -> None:
    text = (theft.lead, *theft.body, *WORKS)
    assert theft.alerts(text, (*text, caption)) is alerts


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (
            "The body of the diver has not been found by the divers.",
            "The body of the diver has yet to be found by the divers.",
        ),
        ("The owner will pay no more than half of the price.", "The owner will pay at most half of the price."),
        ("The lawyer did not say when the dealer would sell.", "When the dealer would sell, the lawyer would not say."),
        ("The talks of the unions went on in Nice.", "In Nice the talks of the unions were off the record."),
    ],
)
def test_what_is_still_denied_or_stands_in_other_words_is_no_news(theft: Any, was: str, now: str) -> None:
    assert not _alerts_in_edited(theft, was, now)


def test_who_was_not_named_has_died_and_nobody_denied_it(theft: Any) -> None:
    old = "A cyclist, who has not yet been named, died on Friday night when a van hit her in Lyon."
    new = "A woman on a bicycle died when a van hit her in Lyon on Friday night."
    assert not theft.alerts((old, *theft.body), (new, *theft.edited))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("The prosecutor intends to ask a court for the arrest of the director.", "A court arrested the director."),
        ("Следствие намерено просить суд об аресте Сухова.", "Суд арестовал Сухова."),
        ("", "The director of the museum denied that the two guards heard nothing."),
        ("", "Henri Bonnet was arrested too."),
    ],
    ids=["planned and done", "in Russian", "denied beside what was told", "another one arrested"],
)
def test_known_words_that_tell_another_thing_amid_a_text_are_news(theft: Any, was: str, now: str) -> None:
    text = (theft.lead, *theft.body[:3])
    assert theft.alerts((*text, was, *theft.body[3:], *WORKS), (*text, now, *theft.body[3:], *WORKS))
