"""Lines that a site prints under article after article are learnt, and taken off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from worker.stories.learnt import ARTICLES, LEAST, Learnt
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


def test_an_address_that_is_none_is_of_no_host() -> None:
    odd = [replace(_article(number), url="http://[gazette") for number in range(LEAST + 1)]
    learnt = _after(*((article, article.id) for article in odd[:LEAST]))
    assert SLOGAN not in learnt.without(odd[LEAST]).text
    assert SLOGAN in learnt.without(_article(9)).text


def test_a_line_under_the_articles_of_several_stories_is_the_sites() -> None:
    learnt = _after(*((_article(number), number) for number in range(LEAST)))
    cleaned = learnt.without(_article(9))
    assert SLOGAN not in cleaned.text
    assert cleaned.text.startswith("Story 9 happened in town 9. It took 9 days.")
    assert len(cleaned.text) == len(_article(9).text), "offsets still hold"


def test_copies_of_one_story_teach_nothing() -> None:
    learnt = _after(*((_article(number), 1) for number in range(9)))
    assert learnt.without(_article(9)) == _article(9)


def test_other_hosts_keep_their_lines() -> None:
    learnt = _after(*((_article(number), number) for number in range(9)))
    assert SLOGAN in learnt.without(_article(9, host="other.example")).text


def test_how_an_article_begins_is_never_taken_off() -> None:
    form = "The bureau published its weekly figures. Prices rose. The next ones come on Monday."
    learnt = _after(*((_article(number, text=form), number) for number in range(9)))
    assert learnt.without(_article(9, text=form)).text.startswith(
        "The bureau published its weekly figures. Prices rose."
    )


def test_a_line_that_is_no_longer_printed_is_forgotten() -> None:
    old = [(_article(number), number) for number in range(LEAST)]
    new = [(_article(number, text=f"Report {number}. It is short."), number) for number in range(10, 10 + ARTICLES)]
    assert SLOGAN in _after(*old, *new).without(_article(9)).text


def test_an_article_whose_transaction_is_tried_again_counts_once() -> None:
    learnt = _after(*((_article(1), story) for story in range(9)))
    assert learnt.without(_article(9)) == _article(9)
