"""From a new entry being served to its alert having been accepted by SMTP.

usage: python bench/latency.py [--feeds 200] [--every 5s] [--entries 60]

The entries appear at random moments, one about every second, in feeds that are all polled every 5 s in the embedded
mode; each leads to a page that names the watched entity. Printed are seconds.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from bench_feeds import Plan, free_port, running, until


class _Sink:
    """Takes every mail, and notes when."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802, ANN401
        lines = envelope.content.decode("utf-8", "replace").split("\r\n\r\n")[0].replace("\r\n ", "").splitlines()
        url = next((line.partition(": ")[2] for line in lines if line.startswith("X-Wirewatch-Url")), "")
        self.at.setdefault(url.strip(), time.monotonic())
        return "250 OK"


def main() -> None:
    """Print the median, the 99th percentile and the worst."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--every", default="5s")
    parser.add_argument("--entries", type=int, default=60)
    options = parser.parse_args()
    plan = Plan(options.feeds, options.feeds, free_port(), changed=0.0)
    sink = _Sink()
    server = Controller(sink, hostname="127.0.0.1", port=free_port())
    mail = {
        "type": "email",
        "smtp": f"smtp://127.0.0.1:{server.port}",
        "from": "w@example.org",
        "to": ["d@example.org"],
    }
    served: dict[str, float] = {}
    clock: dict[str, datetime] = {}
    draw = random.Random(3)
    server.start()
    with tempfile.TemporaryDirectory() as folder, plan.served():
        defaults = {"every": options.every, "host_gap": "0s"}
        with running(Path(folder), defaults, plan.urls(), {"mail": mail}):
            until(lambda: plan.stats()["known"] == plan.feeds)
            time.sleep(10)
            for number in range(options.entries):
                url = plan.publish(draw.randrange(options.feeds), f"{number}-{draw.randrange(10**6)}")
                served[url] = time.monotonic()
                clock[url] = datetime.now(UTC)
                time.sleep(draw.uniform(0.5, 1.5))
            until(lambda: served.keys() <= sink.at.keys(), 60)
            time.sleep(1)
            steps = _steps(Path(folder) / "wirewatch.db", clock)
    server.stop()
    took = sorted(sink.at[url] - at for url, at in served.items())
    worst = f"p99 {took[len(took) * 99 // 100]:.2f} s, worst {took[-1]:.2f} s"
    print(f"{len(took)} alerts: median {statistics.median(took):.2f} s, {worst}")
    for name, parts in steps.items():
        print(f"  {name:34} median {statistics.median(parts):.2f} s, worst {max(parts):.2f} s")


def _steps(path: Path, served: dict[str, datetime]) -> dict[str, list[float]]:
    """Where the time goes, from what is on record."""
    found: dict[str, list[float]] = {"until the feed was polled": [], "page, names, verdict": [], "delivery": []}
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(
            "SELECT article.url, seen_at, judged_at, sent_at FROM article "
            "JOIN judgement ON judgement.article_id = article.id "
            "JOIN alert ON alert.article_id = article.id JOIN delivery ON alert_id = alert.id"
        ).fetchall()
    for url, *times in rows:
        seen, judged, sent = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in times)
        stamps = (served[url], seen, judged, sent)
        for name, (one, next_) in zip(found, pairwise(stamps), strict=True):
            found[name].append((next_ - one).total_seconds())
    return found


if __name__ == "__main__":
    main()
