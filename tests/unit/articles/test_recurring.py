from __future__ import annotations

from worker.articles.recurring import MOST, Recurring

WALL = "We and our partners would like to ask you something before you go on."


def test_a_short_text_that_stands_for_two_articles_is_no_article() -> None:
    recurring = Recurring()
    assert not recurring.note("https://a.example/1", WALL, "A bank was fined.")
    assert not recurring.note("https://b.example/2", WALL, "A court closed.")
    assert recurring.note("https://a.example/2", f"{WALL} ", "A court closed.")


def test_an_article_under_two_addresses_or_read_twice_and_a_long_text_are_articles() -> None:
    recurring = Recurring()
    assert not recurring.note("https://a.example/1", WALL, "A bank was fined.")
    assert not recurring.note("https://a.example/1?b", WALL, "A bank was fined.")
    assert not recurring.note("https://a.example/1", WALL, "A bank was fined, again.")
    assert not recurring.note("https://a.example/2", WALL, "")
    for number, says in enumerate(("A bank was fined.", "A court closed.")):
        assert not recurring.note(f"https://a.example/{number}", "word " * MOST, says)
