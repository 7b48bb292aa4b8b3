"""A day in fast motion: does memory, or a table that should not, grow while the service works?

usage: PYTHONPATH=.:tests python bench/soak.py [--minutes 20] [--feeds 200] [--articles 5000] [--separate]

24 hours of work pass in ``--minutes``: each feed is polled every 4 seconds, 300 times in 20 minutes, as one with
``every: 5m`` is in a day, and the feeds together publish ``--articles``. What the clock does once a minute passes only
as often as there are minutes. A fifth of the articles name a watched entity; some are reprints, some follow up.
A tenth of the feeds fail now and then, some never answer with a 304, and the watchlist is edited every hour of the day.
``--separate``: beat and two workers on PostgreSQL and Redis, instead of one process on SQLite.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar, NamedTuple

import psutil
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from servers import process
from servers.service import Service
from servers.smtp import SmtpSink
from worker.db import make_engine
from worker.store.moving import counts

EVERY = 4  # seconds
SITES = 20  # addresses of loopback among which the feeds are dealt out
FAULTS = 0.2  # of the answers of a feed that fails now and then
MARKS = (0.5, 1, 2, 4, 6, 9, 12, 15, 18, 21, 24)  # hours of the day
ENTITIES = tuple(f"{first}{second}" for first in ("Bal", "Cor", "Dan", "Fer") for second in ("dex", "mont", "vale"))
SYLLABLES = "ba be bo da de do ka ke ko la le lo ma me mo na ne no ra re ro sa se so ta te to va ve vo".split()
WORDS = tuple(f"{one}{two}{three}n" for one in SYLLABLES for two in SYLLABLES[::3] for three in SYLLABLES[::5])
MEGABYTE = 1 << 20


class Day(BaseHTTPRequestHandler):
    """The feeds and their articles, made from the number of the feed and of the article."""

    protocol_version: ClassVar[str] = "HTTP/1.1"
    began: ClassVar[float] = 0.0
    gap: ClassVar[float] = 0.0  # seconds between two articles of a feed

    def do_GET(self) -> None:
        """Answer with a feed, a page, a 304 or a fault."""
        kind, feed, number = (*self.path.strip("/").split("/"), "0", "0")[:3]
        if kind not in {"page", "feed"}:
            self._answer(404, "not here", "text/plain")
            return
        passed = time.monotonic() - self.began if self.began else 0.0
        newest = 20 + int(passed / self.gap + int(feed) / 7 % 1)
        if kind == "page":
            self._answer(200, page(int(feed), int(number)), "text/html; charset=utf-8")
        elif int(feed) % 10 == 0 and random.random() < FAULTS:
            self._answer(503, "not now", "text/plain")
        elif int(feed) % 4 and self.headers.get("If-None-Match") == f'"{newest}"':
            self._answer(304, "", "text/xml", newest)
        else:
            items = "".join(
                f"<item><title>{headline(int(feed), one)}</title><link>/page/{feed}/{one}</link></item>"
                for one in range(newest, newest - 20, -1)
            )
            body = f"<rss version='2.0'><channel><title>Feed {feed}</title>{items}</channel></rss>"
            self._answer(200, body, "text/xml; charset=utf-8", newest)

    def _answer(self, status: int, text: str, kind: str, tag: int | None = None) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if tag is not None and int(self.path.split("/")[2]) % 4:
            self.send_header("ETag", f'"{tag}"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def sentences(seed: int, count: int) -> list[str]:
    """Made-up sentences, always the same for a seed."""
    draw = random.Random(seed)
    return [f"{' '.join(draw.choices(WORDS, k=18)).capitalize()} {draw.randrange(99_999)}." for _ in range(count)]


def headline(feed: int, number: int) -> str:
    """A title; of every fifth article it names an entity."""
    named = ENTITIES[number // 5 % len(ENTITIES)] if number % 5 == 0 else "Ministry"
    return f"{named} {sentences(feed * 100_000 + number, 1)[0][:-1].lower()}"


def page(feed: int, number: int) -> str:
    """An article; every fourth is carried from the feed before, every eighth of them with a new lead."""
    seed = feed * 100_000 + number
    says = sentences(seed if feed % 4 else (feed - 1) * 100_000 + number, 25)
    if number % 8 == 0:
        says = [*sentences(seed + 50_000, 3), *says]
    title = headline(feed, number)
    body = "".join(f"<p>{' '.join(says[at : at + 3])}</p>" for at in range(0, len(says), 3))
    return f"<!doctype html><title>{title}</title><article><h1>{title}</h1><p>{title} on Monday.</p>{body}</article>"


class Use(NamedTuple):
    """What all processes of the service hold at one moment; ``parsers`` is what its children do, of the megabytes."""

    megabytes: float
    parsers: float
    files: int
    threads: int
    processes: int


def use(service: Service) -> Use:
    """Add up the service's processes and their children."""
    own = [psutil.Process(one.pid) for one in service.processes]
    children = [child for one in own for child in one.children(recursive=True)]
    memory = parsers = files = threads = count = 0
    for one in (*own, *children):
        try:
            with one.oneshot():
                held = one.memory_info().rss
                memory, files, threads = memory + held, files + one.num_fds(), threads + one.num_threads()
                parsers += held if one in children else 0
                count += 1
        except psutil.NoSuchProcess:
            continue
    return Use(memory / MEGABYTE, parsers / MEGABYTE, files, threads, count)


def watchlist(sites: Sequence[str], feeds: int, hour: int, smtp: str) -> dict[str, Any]:
    """The watchlist of an hour: each hour another alias and another feed."""
    entities: list[dict[str, Any]] = [{"name": name} for name in ENTITIES]
    entities[hour % len(ENTITIES)]["aliases"] = [f"Alias{hour}"]
    urls = [f"{sites[number % SITES]}/feed/{number}" for number in range(1, feeds + 1) if number != 2 + hour]
    return {
        "channels": {"mail": {"type": "email", "smtp": smtp, "from": "w@example.org", "to": ["desk@example.org"]}},
        "defaults": {"every": f"{EVERY}s", "host_gap": "0s"},
        "feeds": [{"url": url} for url in urls],
        "entities": entities,
    }


def _wait_for_the_first_reading(service: Service, feeds: int) -> None:
    """The day begins when all that the feeds carried at the start has been judged."""
    done = 0
    while done < (feeds - 1) * 20:  # one is not in the first watchlist
        time.sleep(2)
        engine = make_engine(service.database_url)
        with engine.connect() as connection, suppress(SQLAlchemyError):
            done = (
                connection.scalar(text("SELECT count(*) FROM article WHERE state NOT IN ('pending', 'extracted')")) or 0
            )
        engine.dispose()


def day(service: Service, minutes: float, options: argparse.Namespace, smtp: SmtpSink) -> Iterator[tuple[float, Use]]:
    """Let the day pass; give what is in use at each mark."""
    servers = [ThreadingHTTPServer((f"127.0.1.{number}", 0), Day) for number in range(1, SITES + 1)]
    sites = [f"http://{address}:{port}" for address, port in (server.server_address[:2] for server in servers)]
    for server in servers:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
    hour_takes = minutes * 60 / 24
    Day.gap = minutes * 60 * options.feeds / options.articles
    service.watch(**watchlist(sites, options.feeds, 0, smtp.url))
    service.start()
    if service.redis_url:
        service.join(workers=1, beats=0)
    _wait_for_the_first_reading(service, options.feeds)
    Day.began = time.monotonic()
    edited = 0
    for mark in MARKS:
        while (passed := (time.monotonic() - Day.began) / hour_takes) < mark:
            if int(passed) > edited:
                edited = int(passed)
                service.watch(**watchlist(sites, options.feeds, edited, smtp.url))
            smtp.mails.clear()
            time.sleep(0.5)
        yield mark, use(service)
    for server in servers:
        server.shutdown()


def main() -> None:
    """Run the day and print a line for each mark, the rows of each table, and what the day cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--separate", action="store_true")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wirewatch-soak-")))
        smtp = stack.enter_context(SmtpSink())
        if options.separate:
            postgres, redis = stack.enter_context(process.postgres()), stack.enter_context(process.redis())
            service = Service(folder, postgres.url, redis.url)
        else:
            service = Service(folder, f"sqlite:///{folder / 'wirewatch.db'}")
        service.variables["WIREWATCH_CACHE"] = str(folder)
        rows: dict[float, dict[str, int]] = {}
        try:
            print(f"| hour | MB | of it parsers | open files | threads | processes |\n{'| --- ' * 6}|")
            for mark, held in day(service, options.minutes, options, smtp):
                figures = (
                    f"{held.megabytes:.0f} | {held.parsers:.0f} | {held.files} | {held.threads} | {held.processes}"
                )
                print(f"| {mark} | {figures} |", flush=True)
                engine = make_engine(service.database_url)
                with engine.connect() as connection:
                    rows[mark] = counts(connection)
                engine.dispose()
            seconds = sum(sum(psutil.Process(one.pid).cpu_times()[:4]) for one in service.processes)
            print(f"\n{seconds / options.minutes / 60:.0%} of a core, children that have ended included\n")
        finally:
            service.stop()
        hours = (1, 6, 12, 24)
        print(f"| rows at hour | {' | '.join(map(str, hours))} |\n{'| --- ' * 5}|")
        for table in rows[1]:
            print(f"| {table} | {' | '.join(str(rows[hour][table]) for hour in hours)} |")
        said = [line for line in service.output.splitlines() if "[error" in line or "Traceback" in line]
        print(f"\n{len(said)} lines of errors", *said[:20], sep="\n")


if __name__ == "__main__":
    main()
