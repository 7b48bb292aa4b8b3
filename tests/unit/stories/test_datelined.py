"""A known first sentence behind a dateline that no rule knows."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    "dateline",
    [
        "As first carried by the Western Evening Echo this lunchtime:",
        "From our reporter in Port Vila, with material of agencies:",
        "Printed in the Herald, 8 June 2024, Gweru bureau –",
        "[Arba Minch] ::",
        "KAFUE, Zambia (Radio Baobab) _",
        "2026-03-02 07:12",
        "Ольга Сомова, специально для «Вечернего Тагила»:",
        "По материалам собственного корреспондента в Лиепае, 2 марта —",
    ],
)
def test_what_says_where_and_by_whom_it_was_reported_is_no_news(theft: Any, dateline: str) -> None:
    assert not theft.alerts((theft.lead, *theft.body), (f"{dateline} {theft.lead}", *theft.body))


@pytest.mark.parametrize(
    "before",
    [
        "Museum denies it:",
        "Second suspect arrested in Dijon:",
        "Curator Claude Perrin resigns –",
        "12 more pictures missing in Metz:",
        "Опроверг министр Сомов:",
        "In Dijon two men were shot when",
    ],
)
def test_news_before_a_known_sentence_alerts(theft: Any, before: str) -> None:
    assert theft.alerts((theft.lead, *theft.body), (f"{before} {theft.lead}", *theft.body))
