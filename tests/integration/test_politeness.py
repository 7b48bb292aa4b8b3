"""Several real processes ask several hosts, which count: one request at a time to each, and apart by the gap."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from servers.service import Service, until

GAP = 1
HOSTS = 4
PAGES = 3
FEEDS = 4
WANTED = 24  # pages that are enough to tell


class Counting(ThreadingHTTPServer):
    """Hosts 127.9.0.N: ``/feed/N`` carries pages of every host, ``/away/...`` redirects to the next host."""

    daemon_threads = True
    request_queue_size = 100

    def __init__(self) -> None:
        super().__init__(("0.0.0.0", 0), _Handler)  # noqa: S104
        self.lock = threading.Lock()
        self.now: dict[str, int] = defaultdict(int)
        self.most: dict[str, int] = defaultdict(int)
        self.ended: dict[str, float] = {}
        self.gaps: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self.asked: set[str] = set()

    def host(self, number: int) -> str:
        return f"127.9.0.{1 + number % HOSTS}:{self.server_address[1]}"

    def begin(self, host: str, path: str) -> None:
        with self.lock:
            if host in self.ended:
                self.gaps[host].append((time.monotonic() - self.ended[host], path))
            self.now[host] += 1
            self.most[host] = max(self.most[host], self.now[host])
            self.asked.add(host + path)

    def end(self, host: str) -> None:
        with self.lock:
            self.now[host] -= 1
            self.ended[host] = time.monotonic()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Counting

    def do_GET(self) -> None:
        server, host = self.server, self.headers["Host"]
        number = int(host.split(":")[0].rpartition(".")[2]) - 1
        server.begin(host, self.path)
        time.sleep(0.03)
        kind, _, name = self.path[1:].partition("/")
        status, headers, body = 404, {}, ""
        if kind == "away":
            status, headers = 302, {"Location": f"http://{server.host(number + 1)}/{name}"}
        elif kind == "feed":
            links = [
                f"http://{server.host(each)}/{way}page/{name}-{page}"
                for page, way in enumerate(("", "away/") * PAGES)
                for each in range(HOSTS)
            ]
            items = "".join(f"<item><title>{link}</title><link>{link}</link></item>" for link in links[: 2 * PAGES])
            status, body = 200, f"<rss version='2.0'><channel><title>Feed</title>{items}</channel></rss>"
        elif kind == "page":
            status, body = 200, f"<html><body><article><p>{'Nothing of note happened today. ' * 9}</p></article></body>"
        data = body.encode()
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(key, value)
        server.end(host)  # before the last byte: what the client records is later
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def counting() -> Iterator[Counting]:
    server = Counting()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_all_processes_together_ask_a_host_one_at_a_time_and_keep_the_gap(service: Service, counting: Counting) -> None:
    feeds = [f"http://{counting.host(number)}/{'away/' if number % 2 else ''}feed/{number}" for number in range(FEEDS)]
    service.watch(
        defaults={"every": "10s", "host_gap": f"{GAP}s"},
        feeds=[{"url": url} for url in feeds],
        entities=[{"name": "Binance"}],
    )
    with service:
        if service.redis_url:
            service.join(2, 1)
        else:
            until(lambda: counting.asked)
            service.command("once")
        until(lambda: sum("/page/" in each and "/away/" not in each for each in counting.asked) >= WANTED)
        service.stop()
    assert dict(counting.most) == {counting.host(number): 1 for number in range(HOSTS)}
    assert {host: each for host, found in counting.gaps.items() for each in found if each[0] < GAP} == {}
