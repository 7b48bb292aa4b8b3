"""Hostile files through the sandbox, as feeds or as pages: what came of each, in what time.

usage: python bench/hostile.py feeds|pages FOLDER

Every file is cut where the body limit of a fetch would end it. A line is printed for each file that took more than a
second or did not come back from its child, and a summary at the end.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from pathlib import Path

from worker import sandbox
from worker.articles.extract import MAX_BYTES, extract
from worker.feeds.fetch import LIMITS, PARSE_SECONDS
from worker.feeds.parse import FeedError, parse


def tried(kind: str, body: bytes) -> str:
    """What came of one file."""
    try:
        if kind == "feeds":
            document = sandbox.run(parse, body, "http://e.example/", timeout=PARSE_SECONDS, raises=(FeedError,))
            return f"read: {len(document.entries)} entries"
        page = sandbox.run(extract, body, "http://e.example/a", timeout=PARSE_SECONDS)
    except FeedError as error:
        return f"refused: {error}"
    except sandbox.SandboxError as error:
        return f"stopped: {error}"
    return f"read: {len(page.text)} characters {page.note}"


def main(kind: str, folder: Path) -> None:
    """Print what came of every file of the folder."""
    most = LIMITS.body if kind == "feeds" else MAX_BYTES
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            body = file.read(most)
        started = time.monotonic()
        outcome = tried(kind, body)
        seconds = time.monotonic() - started
        slowest = max(slowest, seconds)
        outcomes[outcome.partition(":")[0]] += 1
        if seconds > 1 or outcome.startswith("stopped"):
            print(f"{path.name:32} {seconds:6.2f} s   {outcome[:100]}")
    sandbox.close()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{outcomes.total()} files: {dict(outcomes)}; slowest {slowest:.2f} s, largest child {peak:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
