"""A long stream out of a short one, for bench/judge.py: the same stories told again and again about other things.

usage: python bench/longer.py LABELLED.jsonl COUNT > LONGER.jsonl

In every round each word of three letters or more that is not among the commonest is another one of its length and
script, each digit another digit, the same in the whole round: the texts keep their make, their copies and their
changes, and no two rounds share a passage, a name or a figure but by chance. A round begins when the one before ends.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter, defaultdict
from datetime import datetime
from functools import partial
from pathlib import Path

WORD = re.compile(r"[^\W\d_]{3,}|[1-9]")
COMMON = 150  # lower-case words that stay as they are: they make the sentences


def main() -> None:
    """Print ``COUNT`` lines."""
    rows = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    words = Counter(word for row in rows for word in WORD.findall(f"{row['title']} {row['text']}"))
    common = {word for word, _ in Counter({one: words[one] for one in words if one.islower()}).most_common(COMMON)}
    alike: dict[tuple[int, bool], list[str]] = defaultdict(list)
    for word in sorted({one.lower() for one in words} - common):
        alike[len(word), word.isascii()].append(word)
    times = [datetime.fromisoformat(row["published"]) for row in rows]
    lasts = max(times) - min(times)
    for number in range(int(sys.argv[2])):
        at, inside = divmod(number, len(rows))
        if inside == 0:
            other = _exchanged(alike, random.Random(at))
        row = rows[inside]
        made = {**row, "id": f"{row['id']}.{at}", "published": (times[inside] + at * lasts).isoformat()}
        made |= {key: WORD.sub(partial(_cased, other=other), row[key]) for key in ("title", "text")}
        made["expect"] = {**row["expect"], "of": row["expect"]["of"] and f"{row['expect']['of']}.{at}"}
        print(json.dumps(made, ensure_ascii=False))


def _exchanged(alike: dict[tuple[int, bool], list[str]], chance: random.Random) -> dict[str, str]:
    other: dict[str, str] = {}
    for given in alike.values():
        other.update(zip(given, chance.sample(given, len(given)), strict=True))
    return other


def _cased(found: re.Match[str], other: dict[str, str]) -> str:
    word = found[0]
    made = other.get(word.lower(), word)
    return made.capitalize() if word[0].isupper() else made


if __name__ == "__main__":
    main()
