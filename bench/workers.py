"""Many processes judge the copies of many stories at once: one new verdict a story, nothing lost, and how fast.

usage: python bench/workers.py DATABASE_URL [--articles 2000] [--stories 300] [--workers 8]

The database must be empty; its tables are made, and dropped at the end. Exits 1 when a story has not exactly one new
verdict, or an article has none.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import func, select

from worker import models, replay
from worker.db import make_engine, reading, writing
from worker.judging import judge_article
from worker.replay import Line

AT = datetime(2026, 3, 2, tzinfo=UTC)


def report(story: int) -> list[str]:
    """The sentences of a made-up report, of made-up words."""
    chance = random.Random(story)

    def word() -> str:
        return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(chance.randint(2, 4)))

    return [
        f"{word().title()} {word().title()} {word()} the {word()} of {word()} {word()} {word()}, and "
        f"{chance.randint(11, 9999)} {word()} {word()} {word()} in {word().title()}."
        for _ in range(20)
    ]


def work(url: str, articles: list[tuple[int, str]]) -> tuple[Counter[int], list[float]]:
    """Judge ``articles``, each in a transaction of its own; return the new verdicts by story, and the seconds."""
    engine = make_engine(url)
    new: Counter[int] = Counter()
    took = []
    for story, text in articles:
        line = Line(0, f"{story}-{random.getrandbits(60)}", "https://made.example/", AT, f"Report {story}", text)
        with writing(engine) as session:
            (article,) = replay.archived(session, [line])
        began = time.perf_counter()
        with writing(engine) as session:
            verdict = judge_article(session, article, (), [("screen", "")], AT)
        took.append(time.perf_counter() - began)
        new[story] += verdict.verdict == "new"
    engine.dispose()
    return new, took


def main() -> None:
    """Judge, count, and say whether the count is right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database")
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--stories", type=int, default=300)
    parser.add_argument("--workers", type=int, default=8)
    options = parser.parse_args()
    chance = random.Random(0)
    reports = [report(story) for story in range(options.stories)]
    copies = [
        *range(options.stories),
        *(chance.randrange(options.stories) for _ in range(options.stories, options.articles)),
    ]
    chance.shuffle(copies)
    articles = [(story, " ".join(reports[story][: chance.randint(12, 20)])) for story in copies]
    engine = make_engine(options.database)
    models.Base.metadata.create_all(engine)
    began = time.perf_counter()
    with ProcessPoolExecutor(options.workers) as pool:
        waiting = [
            pool.submit(work, options.database, articles[number :: options.workers])
            for number in range(options.workers)
        ]
        done = [one.result() for one in waiting]
    took = time.perf_counter() - began
    new = sum((counted for counted, _ in done), Counter[int]())
    seconds = sorted(second for _, listed in done for second in listed)
    with reading(engine) as session:
        judged = session.scalar(select(func.count()).select_from(models.Judgement)) or 0
    models.Base.metadata.drop_all(engine)
    wrong = [story for story in range(options.stories) if new[story] != 1]
    print(f"{judged} of {len(articles)} articles judged by {options.workers} workers, {judged / took:.0f} a second")
    print(f"p99 of one judgement, waiting included: {1000 * seconds[int(0.99 * len(seconds))]:.0f} ms")
    print(f"stories without exactly one new verdict: {len(wrong)} of {options.stories}")
    sys.exit(bool(wrong) or judged != len(articles))


if __name__ == "__main__":
    main()
