"""Two beats and four workers, while Redis, PostgreSQL, the mail server and Slack fail: what is lost, what comes twice.

``PYTHONPATH=.:tests python bench/outages.py [ALERTS]`` puts an alert a second into the outbox (default 150) and takes
about five minutes. Redis is killed and comes back empty; PostgreSQL cuts all connections and takes none for a while.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from servers import process
from servers.archive import deliveries, put_alert
from servers.service import Service
from servers.slack import CHANNEL, TOKEN, Slack, Trouble
from servers.smtp import DROP, DROP_ACCEPTED, HANG, SmtpSink
from servers.web import Reply, Request
from worker import migrate
from worker.db import make_engine
from worker.watchlist import Watchlist, load

PATIENCE = 300.0  # seconds after the last alert
TROUBLES = {
    "down": Trouble(hang_up=True),
    "429": Trouble(status=429, retry_after=3),
    "500": Trouble(status=500),
    "lost answers": Trouble(hang_up=True, accept=True),
}


class Sick(Slack):
    """Slack with a trouble that lasts."""

    trouble = ""

    def answer(self, request: Request) -> Reply:
        """Fail a post as the trouble of the moment says; questions are answered."""
        if self.trouble and request.path.endswith("chat.postMessage"):
            self.fail(replace(TROUBLES[self.trouble]))
        return super().answer(request)


class Bench:
    """The servers, and what is done to them at which second."""

    def __init__(self, folder: Path, postgres: str, redis: process.Guarded, sink: SmtpSink, slack: Sick) -> None:
        """Make the database, the watchlist and the service; start nothing."""
        self.admin = make_url(postgres).set(drivername="postgresql").render_as_string(hide_password=False)
        self._sql("CREATE DATABASE outages")
        self.url = make_url(postgres).set(database="outages").render_as_string(hide_password=False)
        self.redis, self.sink, self.slack = redis, sink, slack
        migrate.upgrade(self.url)
        self.service = Service(folder, self.url, redis.url)
        mail = {"type": "email", "smtp": sink.url, "from": "wire@desk.example", "to": ["desk@desk.example"]}
        team = {"type": "slack", "token": TOKEN, "channel": CHANNEL, "api_url": slack.api_url}
        self.service.watch(channels={"post": mail, "team": team}, feeds=[], entities=[{"name": "Binance"}])
        self.back: dict[str, float] = {}

    def _sql(self, *statements: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    def postgres_away(self) -> None:
        """Cut all connections, and take none."""
        self._sql(
            "ALTER DATABASE outages ALLOW_CONNECTIONS false",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'outages'",
        )

    def postgres_back(self) -> None:
        """Take connections again."""
        self._sql("ALTER DATABASE outages ALLOW_CONNECTIONS true")

    def redis_again(self) -> None:
        """Kill Redis and start it empty."""
        self.redis.stop()
        self.redis.start()

    def smtp_back(self) -> None:
        """Open the mail server again."""
        self.sink.start()
        self.back["SMTP"] = time.monotonic()
        self.mails_before = len(self.sink.mails)

    def run(self, alerts: int) -> None:
        """Put an alert a second into the outbox while things happen; then wait for the rest."""
        plan = self._plan(alerts)
        self.service.start()
        self.service.join(workers=3, beats=1)
        engine = make_engine(self.url)
        watching = load(self.service.folder / "watchlist.yaml", {})
        began, put = time.monotonic(), 0
        while put < alerts or plan:
            now = time.monotonic() - began
            while plan and plan[0][0] <= now:
                plan.pop(0)[1]()
            if "SMTP" in self.back and "mail" not in self.back and len(self.sink.mails) > self.mails_before:
                self.back["mail"] = time.monotonic()
            put += put < min(alerts, now) and _put(engine, watching, put)
            time.sleep(0.05)
        end = time.monotonic() + PATIENCE
        rows = deliveries(engine)
        while time.monotonic() < end and any(row.state != "sent" for row in rows):
            time.sleep(1)
            with suppress(SQLAlchemyError):
                rows = deliveries(engine)
        print(
            f"{alerts} alerts, {time.monotonic() - began:.0f} s; not sent: {sum(row.state != 'sent' for row in rows)}"
        )
        engine.dispose()
        self.service.stop()

    def _plan(self, alerts: int) -> list[tuple[float, Any]]:
        third = alerts // 3
        plan: list[tuple[float, Any]] = [(alerts * share, self.redis_again) for share in (0.07, 0.25, 0.42, 0.6, 0.8)]
        for share in (0.15, 0.5, 0.75):
            plan += [(alerts * share, self.postgres_away), (alerts * share + 6, self.postgres_back)]
        plan += [(alerts * 0.1, self.sink.stop), (alerts * 0.1 + third, self.smtp_back)]
        script = (DROP, "451 later", DROP_ACCEPTED, None, HANG, None, DROP_ACCEPTED)
        plan.append((alerts * 0.55, lambda: self.sink.script("DATA", *script)))
        for number, name in enumerate(TROUBLES):
            start = alerts * 0.45 + number * third / 4
            plan.append((start, lambda name=name: setattr(self.slack, "trouble", name)))
        plan.append((alerts * 0.45 + third, lambda: setattr(self.slack, "trouble", "")))
        return sorted(plan, key=lambda one: one[0])

    def report(self, alerts: int) -> None:
        """Print what is lost and what came twice."""
        mails = Counter(mail.message["X-Wirewatch-Url"] for mail in self.sink.alerts)
        posts: Counter[str] = Counter()
        for post in self.slack.posts:
            posts.update(set(re.findall(r"https://news\.example/\d+", str(post["blocks"]))))
        print("\n| channel | lost | sent twice |\n| --- | --- | --- |")
        for name, got in (("SMTP", mails), ("Slack, token", posts)):
            print(f"| {name} | {alerts - len(got)} | {sum(got.values()) - len(got)} |")
        if "mail" in self.back:
            print(f"\nfirst mail {self.back['mail'] - self.back['SMTP']:.1f} s after the mail server was back")


def _put(engine: Engine, watching: Watchlist, number: int) -> bool:
    try:
        put_alert(engine, watching, number, at=datetime.now(UTC))
    except IntegrityError:
        return True  # it was committed, and the answer was lost
    except SQLAlchemyError:
        return False
    return True


def main(alerts: int) -> None:
    """Start the servers and do it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        process.postgres() as postgres,
        process.redis() as redis,
        SmtpSink() as sink,
        Sick() as slack,
    ):
        bench = Bench(Path(folder), postgres.url, redis, sink, slack)
        try:
            bench.run(alerts)
            bench.report(alerts)
        finally:
            bench.service.__exit__(None, None, None)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 150)
