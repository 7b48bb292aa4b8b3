"""Senders killed with -9 again and again: what is lost, and what is sent twice.

``PYTHONPATH=.:tests python bench/outbox.py [--postgres] [ALERTS [KILLS]]`` prints a row for SMTP, one for Slack's
webhook and one for Slack with a token. On a new SQLite file, or on a PostgreSQL that it starts.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from servers import process
from servers.archive import deliveries, put_alert
from servers.slack import CHANNEL, TOKEN, Slack
from servers.smtp import SmtpSink
from worker import migrate
from worker.db import make_engine
from worker.watchlist import load

ROOT = Path(__file__).parents[1]


def main(alerts: int, kills: int, *, postgres: bool) -> None:
    """Deliver ``alerts`` to three channels, killing the sender ``kills`` times on the way."""
    with ExitStack() as stack:
        run(alerts, kills, stack.enter_context(process.postgres()).url if postgres else "")


def run(alerts: int, kills: int, url: str) -> None:
    """Do it on an empty database; without an address on a file of its own."""
    with tempfile.TemporaryDirectory() as folder, SmtpSink() as sink, Slack() as bot, Slack() as hook:
        url = url or f"sqlite:///{folder}/wirewatch.db"
        migrate.upgrade(url)
        file = Path(folder) / "watchlist.yaml"
        file.write_text(
            "channels:\n"
            f"  post: {{type: email, smtp: '{sink.url}', from: wire@desk.example, to: [desk@desk.example]}}\n"
            f"  team: {{type: slack, token: {TOKEN}, channel: {CHANNEL}, api_url: '{bot.api_url}'}}\n"
            f"  hook: {{type: slack, webhook: '{hook.webhook}'}}\n"
            "entities: [{name: Binance, notify: [post, team, hook]}]\n"
            "feeds: [{url: 'https://news.example/feed'}]\n"
        )
        watching, engine, chance = load(file, {}), make_engine(url), random.Random(1)
        for number in range(alerts):
            put_alert(engine, watching, number)
        engine.dispose()
        started = time.monotonic()
        command = [sys.executable, str(ROOT / "tests/servers/sender.py"), url, str(file)]
        environ = {**os.environ, "PYTHONPATH": f"{ROOT}"}
        done = 0
        for _ in range(kills):
            sender = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ)  # noqa: S603
            assert sender.stdout is not None
            sender.stdout.readline()
            time.sleep(chance.uniform(0, 0.5))
            done += sender.poll() is None
            sender.kill()
            sender.wait()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environ, timeout=3600)  # noqa: S603
        seconds = time.monotonic() - started
        engine = make_engine(url)
        open_rows = sum(row.state != "sent" for row in deliveries(engine))
        engine.dispose()
        print(
            f"{alerts} alerts to 3 channels, {done} kills of a working sender, {seconds:.0f} s, {open_rows} not sent\n"
        )
        print("| channel | lost | sent twice |\n| --- | --- | --- |")
        mails = Counter(one.message["X-Wirewatch-Url"] for one in sink.mails)
        for name, got in (("SMTP", mails), ("Slack, webhook", _posts(hook)), ("Slack, token", _posts(bot))):
            print(f"| {name} | {alerts - len(got)} | {sum(got.values()) - len(got)} |")


def _posts(server: Slack) -> Counter[str]:
    return Counter(post["text"].splitlines()[1] for post in server.posts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("alerts", type=int, nargs="?", default=200)
    parser.add_argument("kills", type=int, nargs="?", default=20)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    main(given.alerts, given.kills, postgres=given.postgres)
