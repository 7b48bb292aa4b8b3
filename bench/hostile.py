"""The whole service against hostile feeds and pages, while ordinary feeds are polled every 5 s.

usage: python bench/hostile.py FOLDER... [--seconds 90] [--one-host]

Every file of the folders is served as a feed and as a page, each on an address of its own (127.x.y.z) or all on one;
with them a body that drips, one that never ends, redirects without an end, a gzip bomb of 4 GB, a connection that is
reset, silence, a flood of headers, lengths and chunks that lie, and bodies that are nearly as large as they may be and
then drip. Printed are what has no reason on record after 30 s and after the run, how late the ordinary feeds were
polled at most, the largest process, and whether the service lived.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import sqlite3
import struct
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import closing, suppress
from pathlib import Path

from bench_feeds import family, free_port, running

ORDINARY, EVERY = 50, 5.0
PAGE_KINDS = {".html": "text/html", ".htm": "text/html"}
HEAVY = 40
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
LIES = {"length": "Content-Length: 5000", "chunks": "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF"}
FLOODS = {  # how each begins, what it repeats, the seconds between two, and how often
    "drip": ("\r\n<rss>", b"x", 1, 120),
    "endless": ("\r\n<rss>", b"x" * 65_536, 0, 100_000),
    "headers": ("", b"X-Header: " + b"x" * 60 + b"\r\n", 0, 100_000),
    "heavy": ("\r\n<rss>", b"x", 1, 120),
}
TRICKS = ("redirect", "bomb", "reset", "silent", *LIES, *FLOODS)
IN_TIME = 30.0


class _Hostile:
    """The server: ``/x/NAME`` is a file or a trick, ``/ordinary/N`` a feed that behaves, ``/pages`` names all pages."""

    def __init__(self, files: list[Path], port: int, *, one_host: bool) -> None:
        self.files = {f"{number}-{path.name}": path for number, path in enumerate(files)}
        self.names = [*self.files, *TRICKS, *(f"heavy/{number}" for number in range(HEAVY))]
        self.port, self.one_host = port, one_host
        self.polled: dict[str, list[float]] = defaultdict(list)
        self.bomb = gzip.compress(bytes(100_000_000)) * 40
        threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()

    def url(self, kind: str, number: int) -> str:
        host = "127.0.0.2" if self.one_host else f"127.{10 if kind == 'f' else 20}.{number // 250}.{1 + number % 250}"
        return f"http://{host}:{self.port}/{kind}/{self.names[number]}"

    def feeds(self) -> list[str]:
        return [self.url("f", number) for number in range(len(self.names))]

    def pages(self) -> list[str]:
        return [self.url("p", number) for number in range(len(self.names))]

    def ordinary(self) -> list[str]:
        return [f"http://127.30.0.{1 + number}:{self.port}/ordinary/{number}" for number in range(ORDINARY)]

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._take, "0.0.0.0", self.port, backlog=1000)  # noqa: S104
        await server.serve_forever()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            path = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split(" ", 2)[1]
            await self._answer(path, writer)
            await writer.drain()
        writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        kind, _, name = path[1:].partition("/")
        trick = name.partition("/")[0]
        if kind == "ordinary":
            self.polled[name].append(time.monotonic())
            _send(writer, _rss(f"http://127.30.1.1:{self.port}/quiet/{name}-{len(self.polled[name]) // 4}"))
        elif kind == "carrier":
            _send(writer, _rss(*self.pages()))
        elif name in self.files:
            file = self.files[name]
            content_type = "text/html" if kind == "p" else PAGE_KINDS.get(file.suffix, "application/xml")
            _send(writer, file.read_bytes(), content_type)
        elif trick in TRICKS:
            await self._trick(trick, kind, name, writer)
        else:
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    async def _trick(self, trick: str, kind: str, name: str, writer: asyncio.StreamWriter) -> None:
        if trick == "redirect":
            there = f"/{kind}/redirect/{1 + int(name.partition('/')[2] or 0)}"
            writer.write(f"HTTP/1.1 302 Found\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n".encode())
        elif trick == "bomb":
            writer.write(f"{HEAD}Content-Encoding: gzip\r\n\r\n".encode() + self.bomb)
        elif trick == "reset":
            sock = writer.get_extra_info("socket")
            sock.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER: close with a reset
            writer.write(HEAD.encode())
        elif trick in LIES:
            writer.write(f"{HEAD}{LIES[trick]}\r\n\r\n<rss>".encode())
        elif trick != "silent":
            start, more, pause, times = FLOODS[trick]
            writer.write(f"{HEAD}{start}".encode())
            if trick == "heavy":
                writer.write(b"x" * (9_900_000 if kind == "f" else 4_900_000))
            for _ in range(times):
                writer.write(more)
                await writer.drain()
                await asyncio.sleep(pause)
        if trick == "silent":
            await asyncio.sleep(120)


def _send(writer: asyncio.StreamWriter, body: bytes, content_type: str = "application/rss+xml") -> None:
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + body)


def _rss(*links: str) -> bytes:
    items = "".join(f"<item><title>{link}</title><link>{link}</link></item>" for link in links)
    return f"<rss version='2.0'><channel><title>Feed</title>{items}</channel></rss>".encode()


def _without_reason(path: Path, feeds: set[str], pages: set[str]) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        polled = database.execute(
            "SELECT url FROM feed WHERE last_success_at IS NOT NULL OR last_error != ''"
        ).fetchall()
        read = database.execute("SELECT url FROM article WHERE note != ''").fetchall()
    return sorted((feeds - {url for (url,) in polled}) | (pages - {url for (url,) in read}))


def _largest(pid: int) -> tuple[int, str]:
    found = [(0, "")]
    for one in family(pid):
        with suppress(OSError):
            memory = Path(f"/proc/{one}/statm").read_text().split()[1]
            found.append((int(memory) * 4096 // 1_000_000, "service" if one == pid else "child"))
    return max(found)


def main() -> None:
    """Run, watch, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--one-host", action="store_true")
    options = parser.parse_args()
    files = sorted(path for folder in options.folders for path in folder.iterdir() if path.is_file())
    hostile = _Hostile(files, free_port(), one_host=options.one_host)
    carrier = f"http://127.30.2.1:{hostile.port}/carrier"
    with tempfile.TemporaryDirectory(prefix="bench-hostile-") as folder:
        feeds = [*hostile.ordinary(), carrier, *hostile.feeds()]
        with running(Path(folder), {"every": "5s", "host_gap": "0s"}, feeds) as process:
            began = time.monotonic()
            largest, in_time = (0, ""), None
            while process.poll() is None and time.monotonic() - began < options.seconds:
                time.sleep(0.5)
                largest = max(largest, _largest(process.pid))
                started = min((times[0] for times in hostile.polled.values()), default=time.monotonic())
                if in_time is None and time.monotonic() - started > IN_TIME:
                    in_time = _without_reason(Path(folder) / "wirewatch.db", set(hostile.feeds()), set(hostile.pages()))
            alive = process.poll() is None
            now = time.monotonic()
            left = _without_reason(Path(folder) / "wirewatch.db", set(hostile.feeds()), set(hostile.pages()))
    spans = [b - a for times in hostile.polled.values() for a, b in zip(times, [*times[1:], now], strict=True)]
    late = max(spans, default=0.0) - EVERY
    print(f"{2 * len(hostile.names)} hostile items; the service {'lived' if alive else 'DIED'}")
    print(f"without a reason after 30 s: {len(in_time or [])}, after {options.seconds:.0f} s: {len(left)}")
    for url in (in_time or [])[:40]:
        print("  ", url.partition("//")[2])
    polls = sum(map(len, hostile.polled.values()))
    print(f"{len(hostile.polled)} ordinary feeds, {polls} polls, at most {late:.1f} s late")
    print(f"largest process: {largest[0]} MB ({largest[1]})")


if __name__ == "__main__":
    main()
