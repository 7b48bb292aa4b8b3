"""A long stream out of a short one, for bench/judge.py: the same stories told again and again about other things.

usage: python bench/longer.py LABELLED.jsonl COUNT > LONGER.jsonl

In every round each word of five letters or more is another one of its length and script, the same in the whole round:
the texts keep their make, their copies and their changes, and no two rounds share a passage.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import defaultdict
from functools import partial
from pathlib import Path

WORD = re.compile(r"[^\W\d_]{5,}")


def main() -> None:
    """Print ``COUNT`` lines."""
    rows = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    alike: dict[tuple[int, bool], set[str]] = defaultdict(set)
    for row in rows:
        for word in WORD.findall(f"{row['title']} {row['text']}".lower()):
            alike[len(word), word.isascii()].add(word)
    for number in range(int(sys.argv[2])):
        at, inside = divmod(number, len(rows))
        if inside == 0:
            other = _exchanged(alike, random.Random(at))
        row = rows[inside]
        made = {**row, "id": f"{row['id']}.{at}"}
        made |= {key: WORD.sub(partial(_cased, other=other), row[key]) for key in ("title", "text")}
        made["expect"] = {**row["expect"], "of": row["expect"]["of"] and f"{row['expect']['of']}.{at}"}
        print(json.dumps(made, ensure_ascii=False))


def _exchanged(alike: dict[tuple[int, bool], set[str]], chance: random.Random) -> dict[str, str]:
    other: dict[str, str] = {}
    for words in alike.values():
        given = sorted(words)
        other.update(zip(given, chance.sample(given, len(given)), strict=True))
    return other


def _cased(found: re.Match[str], other: dict[str, str]) -> str:
    word = found[0]
    made = other.get(word.lower(), word)
    return made.capitalize() if word[0].isupper() else made


if __name__ == "__main__":
    main()
