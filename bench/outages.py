"""Two beats and four workers, while Redis, PostgreSQL, the mail server and Slack fail: what is lost, what comes twice.

``PYTHONPATH=.:tests python bench/outages.py [ALERTS]`` puts an alert a second into the outbox (default 150). Redis is
killed and comes back empty; PostgreSQL cuts all connections and takes none for a while.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

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


class _Wait(NamedTuple):
    """A server that is back since a moment, and how many deliveries had come before."""

    server: str
    since: float
    count: Callable[[], int]
    before: int


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
        self.waiting: list[_Wait] = []
        self.waited: dict[str, list[float]] = {}

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
        self._wait_for("PostgreSQL", self._arrived)

    def redis_again(self) -> None:
        """Kill Redis and start it empty."""
        self.redis.stop()
        self.redis.start()
        self._wait_for("Redis", self._arrived)

    def smtp_back(self) -> None:
        """Open the mail server again."""
        self.sink.start()
        self._wait_for("SMTP", lambda: len(self.sink.mails))

    def slack_is(self, trouble: str) -> None:
        """Begin a trouble of Slack's, or end it."""
        self.slack.trouble = trouble
        if not trouble:
            self._wait_for("Slack", lambda: len(self.slack.posts))

    def _arrived(self) -> int:
        return len(self.sink.mails) + len(self.slack.posts)

    def _wait_for(self, server: str, count: Callable[[], int]) -> None:
        self.waiting.append(_Wait(server, time.monotonic(), count, count()))

    def look(self) -> None:
        """See what has come since a server was back."""
        for one in [one for one in self.waiting if one.count() > one.before]:
            self.waiting.remove(one)
            self.waited.setdefault(one.server, []).append(time.monotonic() - one.since)

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
            self.look()
            put += put < min(alerts, now) and _put(engine, watching, put)
            time.sleep(0.05)
        end = time.monotonic() + PATIENCE
        rows = deliveries(engine)
        while time.monotonic() < end and any(row.state != "sent" for row in rows):
            time.sleep(0.2)
            self.look()
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
            plan.append((start, partial(self.slack_is, name)))
        plan.append((alerts * 0.45 + third, partial(self.slack_is, "")))
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
        print("\n| server back | first delivery after, s |\n| --- | --- |")
        for server, seconds in self.waited.items():
            print(f"| {server} | {', '.join(f'{one:.1f}' for one in seconds)} |")
        for one in self.waiting:
            print(f"| {one.server} | never |")


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
