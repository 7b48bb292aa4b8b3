"""Senders that are killed with -9 in the middle of their work lose nothing."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from servers.archive import deliveries, put_alert
from servers.slack import CHANNEL, TOKEN, Slack
from servers.smtp import SmtpSink
from worker.db import make_engine
from worker.watchlist import load

SENDER = Path(__file__).parents[1] / "servers" / "sender.py"
ROOT = Path(__file__).parents[2]
ALERTS = 50
KILLS = 5


@pytest.mark.timeout(180)
def test_nothing_is_lost_and_only_what_was_in_flight_is_repeated(
    database_url: str, smtp_sink: SmtpSink, slack: Slack, tmp_path: Path
) -> None:
    file = tmp_path / "watchlist.yaml"
    file.write_text(
        "channels:\n"
        f"  post: {{type: email, smtp: '{smtp_sink.url}', from: wire@desk.example, to: [desk@desk.example]}}\n"
        f"  team: {{type: slack, token: {TOKEN}, channel: {CHANNEL}, api_url: '{slack.api_url}'}}\n"
        "entities: [{name: Binance, notify: [post, team]}]\n"
        "feeds: [{url: 'https://news.example/feed'}]\n"
    )
    watching = load(file, {})
    engine = make_engine(database_url)
    for number in range(ALERTS):
        put_alert(engine, watching, number)
    engine.dispose()
    chance = random.Random(6)
    for _ in range(KILLS):
        sender = _start(database_url, file)
        time.sleep(chance.uniform(0, 0.4))
        sender.kill()
        sender.wait()
    last = _start(database_url, file)
    assert last.wait(timeout=120) == 0
    engine = make_engine(database_url)
    assert {row.state for row in deliveries(engine)} == {"sent"}
    engine.dispose()
    mails = Counter(one.message["X-Wirewatch-Url"] for one in smtp_sink.mails)
    assert len(mails) == ALERTS
    assert sum(mails.values()) <= ALERTS + KILLS
    assert len({one.message["Message-ID"] for one in smtp_sink.mails}) == ALERTS
    posts = Counter(post["text"].splitlines()[1] for post in slack.posts)
    assert len(posts) == ALERTS
    assert set(posts.values()) == {1}


def _start(database_url: str, watchlist: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(SENDER), database_url, str(watchlist)]
    sender = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": ""}
    )
    assert sender.stdout is not None
    assert sender.stdout.readline() == "ready\n"
    return sender
