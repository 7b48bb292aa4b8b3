"""The judgement against the tools that are commonly used for it: quality and speed, on the same articles in one run.

usage: python bench/judge.py LABELLED.jsonl [--only NAME]

A line of LABELLED holds an article, {"id", "url", "published", "title", "text"}, and under "expect" its true verdict,
the id of the article that it belongs to ("of", null for a new story) and its class. An article alerts when its verdict
is new or update; the peers alert for whatever they find no duplicate of. datasketch is compared when it is installed.

Speed is in seconds of one core, so that what else the machine does does not count.

"missed" are new and update articles that were kept silent, "twice" reprints that were alerted, "story" the articles of
a known story that were put into it.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from worker import namecache, replay
from worker.entities.match import Matcher
from worker.stories.text import words

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an article alerts, and a name for the story it was put into."""

    alerts: bool
    story: object


Peer = Callable[[list[Row]], Iterator[Decision]]


def wirewatch(rows: list[Row]) -> Iterator[Decision]:
    """All steps, from the text to the stored verdict, on SQLite."""
    lines = [replay._line(json.dumps(dict(row)).encode(), number) for number, row in enumerate(rows)]  # noqa: SLF001
    with replay.empty_archive() as archive:
        for outcome in replay.Replay(archive, Matcher(()), every_article=True).run(lines):
            yield Decision(outcome.verdict is not None and outcome.verdict.alerts, outcome.story)


def exact_title(rows: list[Row]) -> Iterator[Decision]:
    """The same title, case and blanks aside."""
    seen: dict[str, str] = {}
    for row in rows:
        title = " ".join(row["title"].casefold().split())
        yield Decision(title not in seen, seen.setdefault(title, row["id"]))


def title_overlap(rows: list[Row]) -> Iterator[Decision]:
    """Titles that share three words or more, and .6 of the smaller one."""
    known: list[tuple[str, frozenset[str]]] = []
    holders: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        title = frozenset(re.findall(r"\w+", row["title"].casefold()))
        close = {number for word in title for number in holders[word]}
        found = None
        for number in sorted(close):
            story, other = known[number]
            common = len(title & other)
            if common >= 3 and common / min(len(title), len(other)) >= 0.6:  # noqa: PLR2004
                found = story
                break
        yield Decision(found is None, found or row["id"])
        known.append((found or row["id"], title))
        for word in title:
            holders[word].add(len(known) - 1)


def simhash(rows: list[Row]) -> Iterator[Decision]:
    """64-bit SimHash of the words (M. Charikar, 2002), a distance of 3 at most, blocks of 16 bits as the index."""
    blocks: dict[tuple[int, int], list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        weights = [0] * 64
        for word in words(row["text"]):
            value = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")
            for bit in range(64):
                weights[bit] += 1 if value >> bit & 1 else -1
        mine = sum(1 << bit for bit in range(64) if weights[bit] > 0)
        keys = [(at, mine >> 16 * at & 0xFFFF) for at in range(4)]
        near = (story for key in keys for other, story in blocks[key] if (mine ^ other).bit_count() <= 3)  # noqa: PLR2004
        found = next(near, None)
        yield Decision(found is None, found or row["id"])
        for key in keys:
            blocks[key].append((mine, found or row["id"]))


def minhash(threshold: float) -> Peer:
    """Datasketch's MinHash LSH over 5-word shingles, 128 permutations."""

    def decide(rows: list[Row]) -> Iterator[Decision]:
        from datasketch import MinHash, MinHashLSH  # noqa: PLC0415  # not a dependency

        index = MinHashLSH(threshold=threshold, num_perm=128)
        stories: dict[str, str] = {}
        for row in rows:
            tokens = words(row["text"])
            mine = MinHash(num_perm=128)
            mine.update_batch([" ".join(tokens[at : at + 5]).encode() for at in range(max(1, len(tokens) - 4))])
            found = index.query(mine)
            story = stories[min(found)] if found else row["id"]
            yield Decision(not found, story)
            stories[row["id"]] = story
            index.insert(row["id"], mine)

    return decide


PEERS: dict[str, Peer] = {
    "wirewatch": wirewatch,
    "exact title": exact_title,
    "title overlap .6": title_overlap,
    "SimHash 3": simhash,
    "MinHash LSH .5": minhash(0.5),
    "MinHash LSH .8": minhash(0.8),
}


def main() -> None:
    """Let each decide on the same stream, and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--only", choices=PEERS, action="append")
    options = parser.parse_args()
    namecache.set_aside()  # as `replay` does
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines()]
    print(f"{'':18} {'missed':>8} {'twice':>8} {'story':>8} {'articles/s':>11} {'speed':>7}")
    ours = 0.0
    for name, peer in PEERS.items():
        if options.only and name not in options.only:
            continue
        began = time.process_time()
        try:
            decided = dict(zip((row["id"] for row in rows), peer(rows), strict=True))
        except ImportError as missing:
            print(f"{name:18} not compared: {missing}")
            continue
        rate = len(rows) / (time.process_time() - began)
        ours = ours or rate
        told = _told(rows, decided)
        print(f"{name:18} {told} {rate:11.0f} {rate / ours:6.1f}x", flush=True)


def _told(rows: list[Row], decided: Mapping[str, Decision]) -> str:
    expected = {row["id"]: row["expect"] for row in rows}
    telling = [one for one, expect in expected.items() if expect["verdict"] in {"new", "update"}]
    reprints = [one for one, expect in expected.items() if expect["verdict"] == "reprint"]
    linked = [one for one, expect in expected.items() if expect["of"]]
    missed = sum(not decided[one].alerts for one in telling) / max(1, len(telling))
    twice = sum(decided[one].alerts for one in reprints) / max(1, len(reprints))
    right = sum(decided[one].story == decided[expected[one]["of"]].story for one in linked) / max(1, len(linked))
    return f"{missed:8.2%} {twice:8.2%} {right:8.2%}"


if __name__ == "__main__":
    main()
