"""Whether what a copy says otherwise is an editor's wording."""

from __future__ import annotations

from typing import Any


def test_a_version_of_what_stood_below_the_lead_is_no_lead_written_anew(theft: Any) -> None:
    above = (
        "Three paintings worth millions are missing from the museum of Saint-Pierre, its director Henri Bonnet said."
    )
    anew = "Police have arrested a man who may have taken part in the museum theft."
    assert not theft.alerts((theft.lead, *theft.body), (anew, *theft.body), 1)
    assert theft.alerts((above, theft.lead, *theft.body), (anew, above, *theft.body), 1)
