"""A report, a copy of it that an editor went over, and what the judgement makes of versions of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from worker.stories.judge import judge
from worker.types import Article, Story

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Theft:
    """The report of a theft: its lead, what stands below, and the same in an editor's words."""

    lead: str = (
        "Police in Lyon arrested a man on Monday over the theft of three paintings from the museum of Saint-Pierre."
    )
    body: tuple[str, ...] = (
        "The paintings, worth 4 million euros, were taken on the night of January 12, prosecutor Claire Vasseur said.",
        "Two guards were on duty and heard nothing, according to the director of the museum, Henri Bonnet.",
        "The man, 41, used to work there as a restorer and will be questioned until Wednesday.",
        "None of the pictures has been found so far.",
        "The museum, which has some 300,000 visitors a year, stays open.",
    )
    edited: tuple[str, ...] = (
        "Worth €4m, the works vanished in the night of 12 January, according to Claire Vasseur, the prosecutor.",
        "Henri Bonnet, who directs the museum, says that both guards on duty heard nothing.",
        "The 41-year-old, a former restorer there, is to be questioned until Wednesday.",
        "So far none of the pictures was found.",
        "With about 300,000 visitors a year, the museum stays open.",
    )

    def alerts(
        self, known: tuple[str, ...], new: tuple[str, ...], hours: float = 2, also: tuple[str, ...] = ()
    ) -> bool:
        """Whether the sentences ``new`` alert, ``hours`` after those that are ``known``, and those ``also``."""
        told = [
            Article(number, f"https://one{number}.example/", "", "\n\n".join(text), NOW)
            for number, text in enumerate(filter(None, (known, also)), 1)
        ]
        other = Article(3, "https://other.example/3", "", "\n\n".join(new), NOW + timedelta(hours=hours))
        return judge(other, [Story(1, tuple(told))]).verdict.alerts


@pytest.fixture
def theft() -> Theft:
    return Theft()
