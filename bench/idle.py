"""What the service costs when nothing happens: processor and memory of one process with 50 feeds at 5 minutes.

usage: python bench/idle.py [--feeds 50] [--every 5m] [--entries 20] [--settle 300] [--seconds 600]

The feeds stand on loopback, and their articles are read before the measuring begins. Parser children count too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import psutil

ROOT = Path(__file__).parents[1]
MEGABYTE = 1 << 20


class Site(BaseHTTPRequestHandler):
    """Every address ends in a feed of ``entries`` entries, or in one of its articles."""

    protocol_version: ClassVar[str] = "HTTP/1.1"
    entries: ClassVar[int] = 20

    def do_GET(self) -> None:
        """Answer with a feed, or with a page."""
        if self.path.endswith(".xml"):
            items = "".join(
                f"<item><title>Report {number}</title><link>{self.path}/{number}</link></item>"
                for number in range(self.entries)
            )
            body = f"<rss version='2.0'><channel><title>Feed</title>{items}</channel></rss>"
        else:
            body = f"<!doctype html><html><body><article><p>A report on {self.path}.</p></article></body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/xml" if self.path.endswith(".xml") else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def usage(service: psutil.Process) -> tuple[float, int, int]:
    """Seconds of processor, bytes of memory and open files of the service and its children."""
    seconds = memory = files = 0.0
    for process in [service, *service.children(recursive=True)]:
        times = process.cpu_times()
        seconds += times.user + times.system
        memory += process.memory_info().rss
        files += process.num_fds()
    ended = service.cpu_times()
    return seconds + ended.children_user + ended.children_system, int(memory), int(files)


def main() -> None:
    """Start the service, let it settle, measure, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=50)
    parser.add_argument("--every", default="5m")
    parser.add_argument("--entries", type=int, default=Site.entries)
    parser.add_argument("--settle", type=float, default=300)
    parser.add_argument("--seconds", type=float, default=600)
    options = parser.parse_args()
    Site.entries = options.entries
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="wirewatch-idle-") as folder:
        feeds = "".join(
            f"  - {{url: 'http://127.0.0.1:{server.server_port}/{number}.xml'}}\n" for number in range(options.feeds)
        )
        head = f"defaults: {{every: {options.every}, host_gap: 0s}}\nentities: [{{name: Binance}}]\nfeeds:\n"
        Path(folder, "watchlist.yaml").write_text(head + feeds, encoding="utf-8")
        environ = {**os.environ, "WIREWATCH_ALLOW_NETS": "127.0.0.0/8", "PYTHONPATH": str(ROOT), "REDIS_URL": ""}
        environ.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "worker", "run"]
        with subprocess.Popen(command, cwd=folder, env=environ, stderr=subprocess.DEVNULL) as running:  # noqa: S603
            try:
                service = psutil.Process(running.pid)
                time.sleep(options.settle)
                before, began = usage(service), time.monotonic()
                time.sleep(options.seconds)
                after, took = usage(service), time.monotonic() - began
            finally:
                running.terminate()
    share = (after[0] - before[0]) / took
    used = f"{share:.2%} of a core, {after[1] / MEGABYTE:.0f} MB, {after[2]} files"
    print(f"{options.feeds} feeds at {options.every}: {used}")


if __name__ == "__main__":
    main()
