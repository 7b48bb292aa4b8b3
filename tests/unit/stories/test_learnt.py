"""Lines that a site prints under article after article are learnt, and taken off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from worker.stories.learnt import ARTICLES, LEAST, Learnt
from worker.stories.prepared import MAX_CHARS
from worker.types import Article

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SLOGAN = "The Gazette is read by 40,000 people."


def _article(number: int, *, host: str = "gazette.example", text: str = "") -> Article:
    told = text or f"Story {number} happened in town {number}. It took {number} days.\n\n{SLOGAN}"
    return Article(number, f"https://{host}/{number}", "", told, NOW)


def _after(*articles: tuple[Article, int]) -> Learnt:
    learnt = Learnt()
    for article, story in articles:
        learnt.note(article, story)
    return learnt


def _cleaned(learnt: Learnt, article: Article) -> str:
    return learnt.without(article)[0].text


@pytest.mark.parametrize("url", ["", "http://[gazette", "mailto:desk@gazette.example"])
def test_articles_without_a_host_share_no_lines(url: str) -> None:
    odd = [replace(_article(number), url=url) for number in range(LEAST + 1)]
    learnt = _after(*((article, article.id) for article in odd[:LEAST]))
    assert SLOGAN in _cleaned(learnt, odd[LEAST])


def test_a_known_line_stays_known_while_it_is_printed() -> None:
    learnt = Learnt()
    leaked = []
    for number in range(100):
        cleaned, taken = learnt.without(_article(number))
        leaked += [number] if SLOGAN in cleaned.text else []
        learnt.note(cleaned, number, taken)
    assert leaked == [*range(LEAST)]


def test_as_much_of_a_long_article_is_cleaned_as_is_compared() -> None:
    learnt = _after(*((_article(number), number) for number in range(LEAST)))
    text = "Story 9 happened.\n\nIt took days.\n\n" + f"{SLOGAN}\n\n" * 4000
    cleaned = _cleaned(learnt, _article(9, text=text))
    assert SLOGAN not in cleaned[:MAX_CHARS]
    assert SLOGAN in cleaned[MAX_CHARS:]
    assert len(cleaned) == len(text)


def test_a_line_under_the_articles_of_several_stories_is_the_sites() -> None:
    learnt = _after(*((_article(number), number) for number in range(LEAST)))
    cleaned = _cleaned(learnt, _article(9))
    assert SLOGAN not in cleaned
    assert cleaned.startswith("Story 9 happened in town 9. It took 9 days.")
    assert len(cleaned) == len(_article(9).text), "offsets still hold"


def test_copies_of_one_story_teach_nothing() -> None:
    learnt = _after(*((_article(number), 1) for number in range(9)))
    assert learnt.without(_article(9)) == (_article(9), frozenset())


def test_other_hosts_keep_their_lines() -> None:
    learnt = _after(*((_article(number), number) for number in range(9)))
    assert SLOGAN in _cleaned(learnt, _article(9, host="other.example"))


def test_how_an_article_begins_is_never_taken_off() -> None:
    form = "The bureau published its weekly figures. Prices rose. The next ones come on Monday."
    learnt = _after(*((_article(number, text=form), number) for number in range(9)))
    assert _cleaned(learnt, _article(9, text=form)).startswith("The bureau published its weekly figures. Prices rose.")


def test_a_line_that_is_no_longer_printed_is_forgotten() -> None:
    old = [(_article(number), number) for number in range(LEAST)]
    new = [(_article(number, text=f"Report {number}. It is short."), number) for number in range(10, 10 + ARTICLES)]
    assert SLOGAN in _cleaned(_after(*old, *new), _article(9))


def test_an_article_whose_transaction_is_tried_again_counts_once() -> None:
    learnt = _after(*((_article(1), story) for story in range(9)))
    assert learnt.without(_article(9)) == (_article(9), frozenset())
