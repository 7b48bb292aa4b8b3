"""By what signs a sentence tells a development."""

from __future__ import annotations

from typing import Any


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
