"""Real feeds and pages that lie beside the project; skipped where they are absent."""

from __future__ import annotations

import gzip
import io
import json
import re
import statistics
from collections import Counter
from pathlib import Path

import feedparser
import pytest

from worker.articles.extract import extract
from worker.feeds.parse import parse

REAL = Path(__file__).parents[3] / "shared" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real feeds and pages are not beside the project")


def f1(found: str, truth: str) -> float:
    have, want = (Counter(re.findall(r"\w+", text.lower())) for text in (found, truth))
    return 2 * (have & want).total() / ((have.total() + want.total()) or 1)


def test_every_feed_gives_the_entries_that_a_lenient_parser_gives() -> None:
    for path in sorted((REAL / "feeds").glob("*.gz")):
        body = gzip.decompress(path.read_bytes())
        lenient = feedparser.parse(io.BytesIO(body)).entries
        linked = {(entry.get("id"), entry.link) for entry in lenient if entry.get("link")}
        entries = parse(body, "https://feed.example/rss").entries
        assert len(entries) == len(linked), path.name
        assert all(entry.title and entry.url.startswith("http") for entry in entries), path.name


def test_pages_give_their_articles() -> None:
    pages = json.loads((REAL / "pages" / "ground-truth.json").read_text())
    scores = []
    for name, truth in pages.items():
        body = gzip.decompress((REAL / "pages" / f"{name}.html.gz").read_bytes())
        page = extract(body, truth["url"])
        assert page.title, name
        scores.append(f1(page.text, truth["articleBody"]))
    assert statistics.mean(scores) >= 0.96
