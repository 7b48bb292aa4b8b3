"""Extraction against its peers on the same pages: words found and words missed, and what it costs.

usage: python bench/extract.py FOLDER

FOLDER holds gzipped pages (NAME.html.gz) and ground-truth.json: {NAME: {"articleBody", "url"}}, the form of
scrapinghub/article-extraction-benchmark. F1 is counted over the multiset of words of each page, then averaged.
readability-lxml is compared when it is installed.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import trafilatura
from lxml import html as lxml_html

from worker.articles.extract import extract

Reader = Callable[[bytes, str], str]


def f1(found: str, truth: str) -> float:
    """The harmonic mean of precision and recall over words."""
    have, want = (Counter(re.findall(r"\w+", text.lower())) for text in (found, truth))
    common = (have & want).total()
    return 2 * common / (have.total() + want.total()) if have or want else 1.0


def readability(body: bytes, _url: str) -> str:
    """The text of readability-lxml's summary."""
    from readability import Document  # noqa: PLC0415 - not a dependency

    summary = Document(body.decode("utf-8", "replace")).summary()
    return str(lxml_html.fromstring(summary).text_content())


READERS: dict[str, Reader] = {
    "wirewatch": lambda body, url: extract(body, url).text,
    "trafilatura.extract": lambda body, url: trafilatura.extract(body, url=url) or "",
    "readability-lxml": readability,
}


def main(folder: Path) -> None:
    """Print a line for each reader."""
    truth = json.loads((folder / "ground-truth.json").read_text())
    pages = [(gzip.decompress((folder / f"{name}.html.gz").read_bytes()), item) for name, item in truth.items()]
    print(f"{len(pages)} pages   mean F1   median F1   worst   CPU ms a page")
    for name, reader in READERS.items():
        try:
            reader(*next((body, item["url"]) for body, item in pages))
        except ImportError:
            print(f"{name:20} not installed")
            continue
        started = time.process_time()
        scores = [f1(reader(body, item["url"]), item["articleBody"]) for body, item in pages]
        cost = (time.process_time() - started) / len(pages) * 1000
        print(
            f"{name:20} {statistics.mean(scores):9.3f} {statistics.median(scores):11.3f} {min(scores):7.3f} {cost:9.1f}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
