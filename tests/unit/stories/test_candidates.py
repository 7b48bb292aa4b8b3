"""Which known stories and articles are held against a new one."""

from __future__ import annotations

import random

from worker.stories.candidates import WIDEST, Hit, rank


def test_of_many_articles_much_alike_the_one_that_is_copied_comes_first() -> None:
    shared = [Hit(number, article, 1) for number in range(80) for article in range(100, 164)]
    own = [Hit(number, 7, 1) for number in range(80, 85)]  # what the copied article has and no other
    assert rank([*shared, *own])[0].articles[0] == 7


def test_the_order_of_the_hits_decides_nothing() -> None:
    shared = {
        story: [1, 10, 5, 3, 10] for story in range(1, 7)
    }  # how many stories have a shingle: at the very threshold
    hits = [
        Hit(1000 * story + at, 100 * other + story, story if not other else 1000 * story + 10 * at + other)
        for story, holders in shared.items()
        for at, count in enumerate(holders)
        for other in range(count)
    ]
    found = {rank(random.Random(seed).sample(hits, len(hits))) for seed in range(40)}
    assert len(found) == 1


def test_a_hash_of_which_not_all_articles_were_read_weighs_as_if_as_many_again_had_it() -> None:
    def read(count: int) -> list[Hit]:
        return [Hit(hash_, at, min(at, 6)) for hash_ in range(9) for at in range(count)]

    assert rank(read(WIDEST))
    assert rank(read(WIDEST + 1)) == ()
    assert rank([Hit(hash_, article, 1) for hash_ in range(2) for article in range(WIDEST + 1)])
