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
