"""The feeds and pages that the benches ask: a small asyncio server in a process of its own, on many addresses."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

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
    changed: float = CHANGED

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

    def publish(self, number: int, name: str) -> str:
        """Put an article that names the watched entity into a feed. Gives its address."""
        urllib.request.urlopen(f"http://127.0.0.1:{self.port}/publish/{number}-{name}").close()
        return f"http://{self._host(number)}:{self.port}/a/{number}-{name}"

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
        self.told: dict[int, list[str]] = defaultdict(list)
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
            asyncio.get_running_loop().call_later(state.plan.delay, self.feed, number, _etag_in(head))
        elif kind == "a":
            self.send("200 OK", _page(rest), "text/html")
        elif kind == "publish":
            state.told[int(rest.partition("-")[0])].append(rest)
            self.send("200 OK", "", "text/plain")
        elif kind == "stats":
            found = {"polls": state.polls, "known": len(state.known), "at_once": state.at_once, "apart": state.apart}
            self.send("200 OK", json.dumps(found), "application/json")
        elif kind == "reset":
            state.clear()
            self.send("200 OK", "", "text/plain")
        else:
            self.send("404 Not Found", "", "text/plain")

    def feed(self, number: int, asked: str) -> None:
        state = self.state
        state.end(self.host)
        draw = state.draw.random()
        if number in state.known and draw < state.plan.changed:
            state.version[number] += 1
        state.known.add(number)
        version = f"{state.version[number]}-{len(state.told[number])}"
        etag = f'ETag: "{number}-{version}"\r\n'
        if asked == f'"{number}-{version}"' and draw >= SAME + CHANGED:
            self.send("304 Not Modified", None, "", etag)
        else:
            self.send("200 OK", _feed(self.host, state, number), "application/rss+xml", etag)

    def send(self, status: str, body: str | None, kind: str, more: str = "") -> None:
        data = (body or "").encode()
        about = f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n" if body is not None else ""
        if not self.transport.is_closing():
            self.transport.write(f"HTTP/1.1 {status}\r\n{about}{more}\r\n".encode() + data)


def _etag_in(head: str) -> str:
    return head.lower().partition("if-none-match: ")[2].partition("\r\n")[0]


def _feed(host: str, state: _State, number: int) -> str:
    port, version = state.plan.port, state.version[number]
    items = "".join(
        f"<item><title>Notice {name}</title><link>http://{host}:{port}/a/{name}</link></item>"
        for name in reversed(state.told[number])
    ) + "".join(
        f"<item><title>Item {item} of feed {number}</title><link>http://{host}:{port}/a/{number}-{item}</link>"
        f"<guid>{number}-{item}</guid><pubDate>{formatdate(1_700_000_000 + item * 60)}</pubDate>"
        f"<description>{' '.join(_WORDS)}.</description></item>"
        for item in range(version, version - ENTRIES, -1)
    )
    return f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>"


def _page(name: str) -> str:
    draw = random.Random(name)
    if name.count("-") == 2:  # noqa: PLR2004 - one that was published: words that no other has
        words = ["".join(draw.choices("abcdefghiklmnoprstuvw", k=draw.randint(3, 9))) for _ in range(400)]
        words[3:3] = ["Rosfinmonitoring"]
    else:
        words = draw.choices(_WORDS, k=400)
    paragraphs = "".join(f"<p>{' '.join(words[at : at + 50]).capitalize()}.</p>" for at in range(0, 400, 50))
    paragraphs = paragraphs.replace("rosfinmonitoring", "Rosfinmonitoring")
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


@contextmanager
def running(
    folder: Path, defaults: dict[str, str], feeds: list[str], channels: dict[str, object] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run wirewatch in the embedded mode, in ``folder``, on these feeds; its log is ``folder/log``."""
    watchlist = {
        "channels": channels or {"screen": {"type": "console"}},
        "defaults": defaults,
        "feeds": [{"url": url} for url in feeds],
        "entities": [{"name": "Rosfinmonitoring", "kind": "agency"}],
    }
    (folder / "watchlist.yaml").write_text(json.dumps(watchlist))
    environ = {
        **os.environ,
        "WIREWATCH_WATCHLIST": str(folder / "watchlist.yaml"),
        "DATABASE_URL": f"sqlite:///{folder / 'wirewatch.db'}",
        "REDIS_URL": "",
        "WIREWATCH_ALLOW_NETS": "127.0.0.0/8",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    command = [sys.executable, "-m", "worker", "run"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, cwd=folder, stderr=log, stdout=log)  # noqa: S603 - ourselves
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def family(pid: int) -> list[int]:
    """A process and all that it started and still runs."""
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                todo += map(int, (task / "children").read_text().split())
        except OSError:
            continue
        found.append(one)
    return found


def cpu_of(pid: int) -> float:
    """CPU seconds of a process and of all that it started and still runs or has waited for."""
    total = 0
    for one in family(pid):
        with suppress(OSError):
            total += sum(map(int, Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def until(what: Callable[[], bool], patience: float = 240.0) -> None:
    """Wait until ``what`` is true; end the bench after ``patience`` seconds."""
    end = time.monotonic() + patience
    while not what():
        if time.monotonic() > end:
            sys.exit(f"not ready after {patience:.0f} s")
        time.sleep(0.5)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
