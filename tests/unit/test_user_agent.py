"""What web sites see of the service."""

from __future__ import annotations

import pytest

from worker.settings import SettingsError, read


def test_the_service_says_its_name_and_where_its_operator_is_found() -> None:
    agent = read({"WIREWATCH_CONTACT": "https://desk.example/about"}).user_agent
    assert agent.startswith("wirewatch/")
    assert agent.endswith(" (+https://desk.example/about)")
    assert read({}).user_agent.startswith("wirewatch/")


@pytest.mark.parametrize("contact", ["a\r\nX-Header: b", "новости@example.org", "a) b", "a\\"])
def test_a_contact_that_cannot_stand_in_a_header_is_refused(contact: str) -> None:
    with pytest.raises(SettingsError, match="WIREWATCH_CONTACT"):
        read({"WIREWATCH_CONTACT": contact})
