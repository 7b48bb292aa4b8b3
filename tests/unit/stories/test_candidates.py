"""Which known stories and articles are held against a new one."""

from __future__ import annotations

from worker.stories.candidates import Hit, rank


def test_of_many_articles_much_alike_the_one_that_is_copied_comes_first() -> None:
    shared = [Hit(number, article, 1) for number in range(80) for article in range(100, 164)]
    own = [Hit(number, 7, 1) for number in range(80, 85)]  # what the copied article has and no other
    assert rank([*shared, *own])[0].articles[0] == 7
