"""Extraction against its peers on the same pages: words found and words missed, and what it costs.

usage: python bench/extract.py FOLDER [--stored 5000]

FOLDER holds gzipped pages (NAME.html.gz) and ground-truth.json: {NAME: {"articleBody", "url"}}, the form of
scrapinghub/article-extraction-benchmark. F1 is counted over the multiset of words of each page, then averaged.
readability-lxml is compared when it is installed.

--stored N instead takes N articles, the folder's pages again and again from a server on loopback, from the claim to the
stored text on SQLite, as the service does it: CPU of the process and its children a page, beside bare
``trafilatura.extract`` on the same pages, and how much memory grew from the first fifth to the end. Linux only.
"""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import re
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trafilatura
from bench_feeds import family, free_port
from lxml import html as lxml_html
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from worker import extraction, migrate, sandbox
from worker.articles.extract import extract
from worker.articles.fetch import ArticleResult
from worker.db import make_engine, reading, writing
from worker.hands import Done, Turn, rounds, stopping
from worker.models import Article
from worker.store.articles import DueArticle
from worker.watchlist import Watchlist, parse

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


def stored(folder: Path, count: int) -> None:
    """Fetch, extract and store ``count`` articles, and print what one costs."""
    pages = [gzip.decompress(path.read_bytes()) for path in sorted(folder.glob("*.html.gz"))]
    bare = time.process_time()
    for body in pages:
        trafilatura.extract(body)
    bare = (time.process_time() - bare) / len(pages)
    with tempfile.TemporaryDirectory() as place:
        engine = _archive(Path(place), count)
        port = free_port()
        server = multiprocessing.get_context("fork").Process(target=_serve, args=(pages, port), daemon=True)
        server.start()
        os.environ["WIREWATCH_ALLOW_NETS"] = "127.0.0.0/8"
        watchlist = parse(WATCHLIST, "bench", {}, lambda _: b"")
        with writing(engine) as session:
            session.execute(update(Article).values(url=func.replace(Article.url, ":1/", f":{port}/")))
        _work(engine, watchlist, count // 5)  # the children have begun, and every page was read once
        held, cpu = _memory(), _cpu()
        _work(engine, watchlist, count - count // 5)
        grown = _memory() - held
        cost = (_cpu() - cpu) / (count - count // 5)
        with reading(engine) as session:
            texts = session.scalar(select(func.count()).where(Article.text_from == "page")) or 0
        server.terminate()
    print(
        f"{count} articles, {texts} with their page's text: {cost * 1000:.1f} ms of CPU each, claim and storing counted"
    )
    print(f"trafilatura.extract {bare * 1000:.1f} ms: {cost / bare:.2f} times; memory grew by {grown:.0f} MB")


WATCHLIST = "defaults: {host_gap: 0s}\nfeeds: [{url: 'http://127.0.0.1/'}]\nentities: [{name: Binance}]"


def _archive(place: Path, count: int) -> Engine:
    url = f"sqlite:///{place / 'bench.db'}"
    migrate.upgrade(url)
    engine = make_engine(url)
    now = datetime.now(UTC)
    with writing(engine) as session:
        session.add_all(
            Article(
                url=f"http://127.0.{number % 100}.1:1/{number}",
                url_key=str(number),
                host=str(number % 100),
                seen_at=now,
                due_at=now,
            )
            for number in range(count)
        )
    return engine


def _work(engine: Engine, watchlist: Watchlist, count: int) -> None:
    """Read ``count`` more pages as the service does, and leave the others."""
    work = extraction.Extraction(engine, lambda: watchlist, tries=1)
    left = count

    def settle(
        session: Session,
        done: Sequence[Done[DueArticle, ArticleResult | Exception]],
        under_way: Sequence[tuple[DueArticle, float]],
    ) -> Turn[DueArticle]:
        nonlocal left
        left -= len(done)
        settled = work.settle(session, done, under_way)
        if left <= 0:
            stopping.set()
        return settled

    for _ in rounds("extract", engine, work.ask, settle):
        pass
    stopping.clear()


def _cpu() -> float:
    """CPU seconds of this process and of the sandbox's children, which are ended so that none is left out."""
    sandbox.close()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _memory() -> float:
    """Megabytes that this process and its children hold."""
    pages = sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in family(os.getpid()))
    return pages * 4096 / 1_000_000


def _serve(pages: list[bytes], port: int) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = self.path.strip("/")
            body = pages[int(name) % len(pages)] if name.isdigit() else b""
            self.send_response(200 if name.isdigit() else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    ThreadingHTTPServer(("0.0.0.0", port), Handler).serve_forever()  # noqa: S104


if __name__ == "__main__":
    if "--stored" in sys.argv:
        stored(Path(sys.argv[1]), int(sys.argv[sys.argv.index("--stored") + 1]))
    else:
        main(Path(sys.argv[1]))
