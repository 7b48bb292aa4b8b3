"""Two thousand feeds on loopback: polls a second and what one costs, beside lemon24/reader in the same run.

usage: python bench/poll.py [--feeds 2000] [--hosts 500] [--seconds 20] [--gap 0s] [--only NAME]

The feeds stand on 500 addresses (127.x.y.z) and answer after 100 ms: of the polls 90 % get a 304, 9 % the same bytes
again, 1 % a new entry. Both are given one round to get to know all feeds. wirewatch then runs in the embedded mode, as
``wirewatch run`` does, with more feeds due than it can poll; reader does one more ``update_feeds(workers=32)``. The
CPU is that of the process and its children. "at once" is the most requests that one address had under way, "apart" the
shortest time in which it got a second one after the first was answered: the limit per host.

reader is compared when it is installed. Linux only: the addresses, and /proc for the CPU.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_feeds import Plan, cpu_of, free_port, running, until


def main() -> None:
    """Print a line for each of the two, and how many times faster the first is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--gap", default="0s")
    parser.add_argument("--only", choices=("reader", "wirewatch"))
    parser.add_argument("--read", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        _read(Path(options.read))
        return
    plan = Plan(options.feeds, options.hosts, free_port())
    print(f"{'':10} {'polls/s':>8} {'CPU ms':>8} {'at once':>8} {'apart ms':>9}", flush=True)
    rates = {}
    for name, run in (("reader", _reader), ("wirewatch", _wirewatch)):
        if options.only in {None, name}:
            with tempfile.TemporaryDirectory(prefix="bench-poll-") as folder, plan.served():
                rates[name] = run(plan, Path(folder), options.seconds, options.gap)
    if len(rates) == 2 and rates["reader"]:  # noqa: PLR2004
        print(f"wirewatch polls {rates['wirewatch'] / rates['reader']:.1f} times as fast as reader")


def _wirewatch(plan: Plan, folder: Path, seconds: float, gap: str) -> float:
    with running(folder, {"every": "1s", "host_gap": gap}, plan.urls()) as process:
        until(lambda: plan.stats()["known"] == plan.feeds)
        time.sleep(5)
        plan.reset()
        cpu, began = cpu_of(process.pid), time.monotonic()
        time.sleep(seconds)
        stats, cpu, took = plan.stats(), cpu_of(process.pid) - cpu, time.monotonic() - began
    return _line("wirewatch", stats, cpu, took)


def _reader(plan: Plan, folder: Path, _seconds: float, _gap: str) -> float:
    (folder / "urls").write_text("\n".join(plan.urls()))
    command = [sys.executable, __file__, "--read", str(folder)]
    process = subprocess.Popen(  # noqa: S603 - ourselves
        command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    if process.stdin is None or process.stdout is None or not process.stdout.readline():
        print("reader     not compared: it is not installed")
        return 0.0
    plan.reset()
    process.stdin.write("go\n")
    process.stdin.flush()
    cpu, took = json.loads(process.stdout.readline())
    stats = plan.stats()
    process.wait(60)
    return _line("reader", stats, cpu, took)


def _read(folder: Path) -> None:
    """Be reader: get to know all feeds, wait for a word, then update them once more."""
    try:
        from reader import make_reader  # noqa: PLC0415 - not a dependency
    except ImportError:
        return
    made = make_reader(str(folder / "reader.db"))
    for url in (folder / "urls").read_text().split():
        made.add_feed(url)
    made.update_feeds(workers=32, scheduled=False)
    print("ready", flush=True)
    sys.stdin.readline()
    cpu, began = time.process_time(), time.monotonic()
    made.update_feeds(workers=32, scheduled=False)
    print(json.dumps([time.process_time() - cpu, time.monotonic() - began]), flush=True)


def _line(name: str, stats: dict[str, float], cpu: float, took: float) -> float:
    polls = stats["polls"]
    rate = polls / took
    apart = f"{stats['apart'] * 1000:9.0f}" if stats["apart"] >= 0 else f"{'':9}"
    print(f"{name:10} {rate:8.0f} {cpu / max(polls, 1) * 1000:8.2f} {stats['at_once']:8.0f} {apart}", flush=True)
    return rate


if __name__ == "__main__":
    main()
