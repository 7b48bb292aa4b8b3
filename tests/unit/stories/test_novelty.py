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
