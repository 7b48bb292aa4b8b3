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
