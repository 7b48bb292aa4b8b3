"""What a sentence tells that the story has not."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(("where", "alerts"), [("across Burgundy", False), ("and Burgundy Invest", True)])
def test_a_place_put_into_a_retold_lead_is_no_new_name(theft: Any, where: str, *, alerts: bool) -> None:
    lead = (
        f"Dealers {where} face days of questions from police after a man was arrested in Lyon on Monday over the theft "
        "of three pictures from the museum of Saint-Pierre."
    )
    assert theft.alerts((theft.lead, *theft.body), (lead, *theft.edited)) is alerts
