"""Whether two texts without a common passage tell of one matter, and what becomes of such a text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.stories.judge import judge
from worker.stories.matter import alike
from worker.stories.outline import Sought, outlined, sought
from worker.stories.prepared import prepare
from worker.types import Article, Story, Verdict

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FERRY = (
    "Ferry with 214 aboard runs aground off Skerrin",
    (
        "A ferry with 214 people aboard ran aground off Skerrin on Monday, the coast guard said. The Lady Maud left "
        "Hallport at dawn and struck a reef. Captain Piers Aldous was the last to leave her."
    ),
)


def _sought(number: int, title: str, text: str, after: timedelta = timedelta(hours=2)) -> Sought:
    return sought(prepare(Article(number, f"https://{number}.example/", title, text, NOW + after * (number - 1))))


@pytest.mark.parametrize(
    ("title", "text", "rare", "same"),
    [
        ("Reef ends a crossing", "All 214 were taken off the Lady Maud near Skerrin after a night of fear.", 0, True),
        ("Reef ends a crossing", "Everyone was taken off the Lady Maud near Skerrin. Aldous stayed on.", 4, True),
        ("Reef ends a crossing", "Everyone was taken off the Lady Maud near Skerrin. Aldous stayed on.", 0.6, False),
        ("Fog holds up flights", "Some 2,000 passengers slept at Brenholm airport as fog lay on the runway.", 0, False),
        ("Trawler sinks", "A trawler with 9 people aboard sank off Karsk, the coast guard said.", 1.0, False),
    ],
    ids=["a telling figure", "rare names", "names in all the news", "another matter", "the same frame, another ship"],
)
def test_own_words_belong_to_the_story_whose_figures_or_rare_names_they_have(
    title: str, text: str, rare: float, same: bool
) -> None:
    assert (alike(_sought(2, title, text), outlined(_sought(1, *FERRY)), rare) >= 0.3) is same


def test_rare_names_bind_for_days_only() -> None:
    text = "Everyone was taken off the Lady Maud near Skerrin. Aldous stayed on."
    later = _sought(2, "Reef ends a crossing", text, timedelta(days=30))
    assert alike(later, outlined(_sought(1, *FERRY)), 2.5) == 0
    assert alike(later, outlined(_sought(1, *FERRY)), 4) > 0.3, (
        "three bind for months: a ship, her captain and the reef"
    )


def test_a_short_text_belongs_to_the_story_that_has_all_its_names() -> None:
    one = _sought(1, "Vireo buys Zenith", "Vireo has bought Zenith, the firms said.")
    other = _sought(2, "Vireo buys Zenith", "The firms said Vireo has bought Zenith.")
    assert alike(other, outlined(one)) >= 0.6


def test_a_text_of_which_the_story_said_little_is_no_copy_though_it_opens_with_a_known_sentence() -> None:
    opening = "The Lady Maud left Hallport at dawn and struck a reef."
    rest = [
        f"Shipyard {yard} will lay down {count} hulls for islands that have waited through winters of old timetables."
        for yard, count in (("Arno", 3), ("Belt", 5), ("Corr", 7), ("Dunn", 9), ("Esk", 11), ("Firth", 13))
    ]
    known = Article(1, "https://1.example/", *FERRY, published=NOW)
    new = Article(2, "https://2.example/", "Skerrin to get ferries", " ".join((opening, *rest)), NOW)
    assert judge(new, [Story(1, (known,))], {1: 4.0}).verdict in {Verdict.UPDATE, Verdict.NEW}
