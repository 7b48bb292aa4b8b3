"""How the speed of a judgement grows with the archive, on SQLite or PostgreSQL.

usage: python bench/scale.py FILE.jsonl [--sizes 5000,200000] [--boilerplate 0.3] [--database URL]

The archive is filled with made-up articles, of which only the index matters: as many hashes as an article of 400 words
has, marks of the frequencies that names have in the news (Zipf), and on a share of them the same 40 hashes, as from a
host that prints five sentences under every article. Then the articles of FILE are judged, those of the same share with
that boilerplate. Without --database a temporary SQLite file is used, which grows to 1 GB for 200,000 articles.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, Table, func, select, text

from worker import models, replay
from worker.db import make_engine, writing
from worker.judging import judge_article
from worker.replay import Line
from worker.stories import fingerprint

BOILERPLATE = (
    "Sign up for the morning briefing and have the five stories that matter in your inbox before breakfast every day. "
    "This article was amended after publication to correct a spelling in the second paragraph of the earlier version. "
    "Our reporters are bound by a code of conduct that can be read in full on the pages about us and our owners. "
    "Readers who know more about this matter can reach the newsroom safely by the addresses given on the contact page. "
    "No part of this page may be stored, copied or broadcast without the written consent of the company that owns it."
)
SHINGLES, MARKS, NAMES = 66, 12, 50_000
MADE = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def archive(url: str | None) -> Iterator[Engine]:
    """An empty archive at ``url``, or in a temporary SQLite file; its tables are dropped at the end."""
    with TemporaryDirectory(prefix="wirewatch-scale-") as folder:
        engine = make_engine(url or f"sqlite:///{Path(folder) / 'archive.db'}")
        models.Base.metadata.create_all(engine)
        yield engine
        if url:  # the file goes with its folder; to drop its tables row by row takes longer than to fill them
            models.Base.metadata.drop_all(engine)
        engine.dispose()


def fill(engine: Engine, size: int, share: float, chance: random.Random) -> None:
    """Add ``size`` made-up articles to an empty archive."""
    printed = fingerprint.sample(BOILERPLATE)
    names = range(NAMES)
    weights = list(accumulate(1 / (rank + 3) for rank in names))
    for start in range(1, size + 1, 2000):
        rows: dict[str, list[dict[str, Any]]] = {"article": [], "story": [], "judgement": [], "fingerprint": []}
        for number in range(start, min(start + 2000, size + 1)):
            url = f"https://made.example/{number}"
            article = {"id": number, "url": url, "url_key": url, "host": "made.example", "title": "Made up"}
            rows["article"].append({**article, "seen_at": MADE, "due_at": MADE, "state": "judged"})
            rows["story"].append({"id": number, "title": "Made up", "created_at": MADE, "updated_at": MADE})
            verdict = {"verdict": "new", "reason": "made up", "new_sentences": [], "evidence": {}, "judged_at": MADE}
            rows["judgement"].append({"article_id": number, "story_id": number, "parent_id": None, **verdict})
            hashes = {chance.getrandbits(31) for _ in range(SHINGLES)}
            hashes.update(-1 - name * 40_009 for name in chance.choices(names, cum_weights=weights, k=MARKS))
            if chance.random() < share:
                hashes.update(printed)
            rows["fingerprint"].extend({"hash": one, "article_id": number, "story_id": number} for one in hashes)
        with writing(engine) as session:
            for name, values in rows.items():
                session.connection().execute(models.Base.metadata.tables[name].insert(), values)
    if engine.dialect.name == "postgresql":
        with writing(engine) as session:
            for name in ("article", "story"):
                session.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), size)))
            session.execute(text("ANALYZE"))


def judge(engine: Engine, lines: list[Line], share: float, chance: random.Random) -> list[float]:
    """Judge the articles, each in a transaction of its own; return the seconds that each took.

    On SQLite these are seconds of one core, so that what else the machine does does not count.
    """
    clock = time.process_time if engine.dialect.name == "sqlite" else time.perf_counter
    took = []
    for number, line in enumerate(lines):
        printed = f"{line.text}\n{BOILERPLATE}" if chance.random() < share else line.text
        with writing(engine) as session:
            unique = Line(number, f"{line.id}@{time.monotonic_ns()}", line.url, line.published, line.title, printed)
            (article,) = replay.archived(session, [unique])
            began = clock()
            judge_article(session, article, (), (), line.published)
            took.append(clock() - began)
    return took


def index_bytes(engine: Engine) -> float | None:
    """The bytes of the table of hashes and its indexes, an article; None where the database cannot tell."""
    table: Table = models.Fingerprint.__table__  # type: ignore[assignment]
    with engine.connect() as connection:
        articles = connection.scalar(select(func.count()).select_from(models.Judgement)) or 1
        if engine.dialect.name == "postgresql":
            size = connection.scalar(text("SELECT pg_total_relation_size('fingerprint')"))
        else:
            names = ", ".join(f"'{name}'" for name in [table.name, *(one.name for one in table.indexes)])
            try:
                size = connection.scalar(text(f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({names})"))  # noqa: S608
            except Exception:  # noqa: BLE001  # this SQLite was built without dbstat
                return None
        return float(size or 0) / articles


def main() -> None:
    """Fill an archive of each size and judge into it; print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=argparse.FileType("rb"))
    parser.add_argument("--sizes", default="5000,200000")
    parser.add_argument("--boilerplate", type=float, default=0.3)
    parser.add_argument("--database")
    options = parser.parse_args()
    lines = [line for line in replay.read(options.file) if isinstance(line, Line)]
    chance = random.Random(1)
    print(f"{'articles':>9} {'judged/s':>9} {'median ms':>10} {'p99 ms':>8} {'index B/article':>16}")
    for size in map(int, options.sizes.split(",")):
        with archive(options.database) as engine:
            fill(engine, size, options.boilerplate, chance)
            took = sorted(judge(engine, lines, options.boilerplate, random.Random(2)))
            p99 = took[int(0.99 * (len(took) - 1))]
            bytes_each = index_bytes(engine)
            told = f"{bytes_each:16.0f}" if bytes_each is not None else f"{'unknown':>16}"
            rate, median = len(took) / sum(took), statistics.median(took)
            print(f"{size:9,} {rate:9.0f} {1000 * median:10.1f} {1000 * p99:8.1f} {told}", flush=True)


if __name__ == "__main__":
    main()
