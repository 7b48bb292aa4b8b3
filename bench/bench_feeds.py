"""The feeds and pages that the benches ask: a small asyncio server in a process of its own, on many addresses."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate

ENTRIES = 20
SAME, CHANGED = 0.09, 0.01
_WORDS = (
    "the minister said on Monday that talks with the bank would go on until an accord about its debts had been "
    "reached and that nobody should expect the government to pay for the losses of shareholders"
).split()


@dataclass(frozen=True)
class Plan:
    """How many feeds on how many addresses, at which port, and after how many seconds they answer."""

    feeds: int
    hosts: int
    port: int
    delay: float = 0.1

    def urls(self) -> list[str]:
        """The addresses of the feeds."""
        return [f"http://{self._host(number)}:{self.port}/feed/{number}" for number in range(self.feeds)]

    def stats(self) -> dict[str, float]:
        """What the server counted since the last ``reset``."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/stats") as answer:
            found: dict[str, float] = json.load(answer)
        return found

    def reset(self) -> None:
        """Begin to count anew."""
        urllib.request.urlopen(f"http://127.0.0.1:{self.port}/reset").close()

    @contextmanager
    def served(self) -> Iterator[None]:
        """Serve in another process."""
        context = multiprocessing.get_context("spawn")
        ready = context.Event()
        process = context.Process(target=_serve, args=(self, ready), daemon=True)
        process.start()
        ready.wait(30)
        try:
            yield
        finally:
            process.terminate()
            process.join()

    def _host(self, number: int) -> str:
        host = number % self.hosts
        return f"127.{1 + host // 250}.{host % 250}.1"


class _State:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.draw = random.Random(7)
        self.version = defaultdict(lambda: ENTRIES)
        self.known: set[int] = set()
        self.now: dict[str, int] = defaultdict(int)
        self.answered: dict[str, float] = {}
        self.clear()

    def clear(self) -> None:
        self.polls, self.at_once, self.apart = 0, 0, -1.0

    def begin(self, host: str) -> None:
        self.now[host] += 1
        self.at_once = max(self.at_once, self.now[host])
        if host in self.answered:
            apart = time.monotonic() - self.answered[host]
            self.apart = apart if self.apart < 0 else min(self.apart, apart)

    def end(self, host: str) -> None:
        self.now[host] -= 1
        self.answered[host] = time.monotonic()


class _Server(asyncio.Protocol):
    def __init__(self, state: _State) -> None:
        self.state = state
        self.held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.host = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        self.held += data
        while b"\r\n\r\n" in self.held:
            head, _, self.held = self.held.partition(b"\r\n\r\n")
            self.take(head.decode("latin-1"))

    def take(self, head: str) -> None:
        state = self.state
        path = head.split(" ", 2)[1]
        kind, _, rest = path[1:].partition("/")
        if kind == "feed":
            state.polls += 1
            state.begin(self.host)
            number = int(rest)
            asyncio.get_running_loop().call_later(state.plan.delay, self.feed, number, "if-none-match:" in head.lower())
        elif kind == "a":
            self.send("200 OK", _page(rest), "text/html")
        elif kind == "stats":
            found = {"polls": state.polls, "known": len(state.known), "at_once": state.at_once, "apart": state.apart}
            self.send("200 OK", json.dumps(found), "application/json")
        elif kind == "reset":
            state.clear()
            self.send("200 OK", "", "text/plain")
        else:
            self.send("404 Not Found", "", "text/plain")

    def feed(self, number: int, conditional: bool) -> None:
        state = self.state
        state.end(self.host)
        draw = state.draw.random()
        if number in state.known and draw < CHANGED:
            state.version[number] += 1
        state.known.add(number)
        version = state.version[number]
        etag = f'ETag: "{number}-{version}"\r\n'
        if conditional and draw >= SAME + CHANGED:
            self.send("304 Not Modified", None, "", etag)
        else:
            self.send("200 OK", _feed(self.host, state.plan.port, number, version), "application/rss+xml", etag)

    def send(self, status: str, body: str | None, kind: str, more: str = "") -> None:
        data = (body or "").encode()
        about = f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n" if body is not None else ""
        if not self.transport.is_closing():
            self.transport.write(f"HTTP/1.1 {status}\r\n{about}{more}\r\n".encode() + data)


def _feed(host: str, port: int, number: int, version: int) -> str:
    items = "".join(
        f"<item><title>Item {item} of feed {number}</title><link>http://{host}:{port}/a/{number}-{item}</link>"
        f"<guid>{number}-{item}</guid><pubDate>{formatdate(1_700_000_000 + item * 60)}</pubDate>"
        f"<description>{' '.join(_WORDS)}.</description></item>"
        for item in range(version, version - ENTRIES, -1)
    )
    return f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>"


def _page(name: str) -> str:
    draw = random.Random(name)
    paragraphs = "".join(f"<p>{' '.join(draw.choices(_WORDS, k=60)).capitalize()}.</p>" for _ in range(8))
    return f"<html><head><title>Item {name}</title></head><body><article>{paragraphs}</article></body></html>"


def _serve(plan: Plan, ready: object) -> None:
    async def forever() -> None:
        state = _State(plan)
        server = await asyncio.get_running_loop().create_server(
            lambda: _Server(state),
            "0.0.0.0",  # noqa: S104
            plan.port,
            backlog=2000,
        )
        ready.set()  # type: ignore[attr-defined]
        await server.serve_forever()

    asyncio.run(forever())
