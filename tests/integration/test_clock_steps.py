"""Real processes whose clock is set back an hour and then forward by a day: polls and deliveries go on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from servers.newsroom import Newsroom
from servers.service import Service, until
from servers.slack import CHANNEL, TOKEN, Slack
from servers.smtp import SmtpSink
from servers.web import Web
from worker.db import make_engine
from worker.models import Delivery

SHIM = Path(__file__).parents[1] / "servers" / "clock.c"
HOUR = timedelta(hours=1)
REPORTS = {
    timedelta(0): (
        "Binance opens an office in Lisbon",
        "Binance opened an office in Lisbon on Monday and is looking for two hundred people, its chief said there.",
    ),
    -HOUR: (
        "Regulator fines Binance in Oslo",
        "The Norwegian regulator fined Binance ninety million kroner for late reports, according to its decision.",
    ),
    24 * HOUR: (
        "Hackers take coins from Binance wallets",
        "Thieves emptied a wallet of Binance at night and took coins worth forty million dollars, researchers found.",
    ),
}


@pytest.fixture(params=["embedded", "separate"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    """The service under a clock that the file ``clock`` shifts, in one process, or as beat and worker."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs Linux and a C compiler, for a clock that can be shifted")
    library = tmp_path / "clock.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SHIM), "-ldl"]
    subprocess.run(command, check=True, timeout=60)
    made = Service(tmp_path, f"sqlite:///{tmp_path / 'wirewatch.db'}")
    if request.param == "separate":
        made = Service(tmp_path, request.getfixturevalue("postgresql_url"), request.getfixturevalue("redis_url"))
    made.variables = {
        "LD_PRELOAD": str(library),
        "CLOCK_SHIFT": str(tmp_path / "clock"),
    }
    yield made
    made.__exit__(None, None, None)


def shift(service: Service, by: timedelta) -> None:
    """Set the clock of the processes; the file changes at once, for they read it all the time."""
    fresh = service.folder / "clock.fresh"
    fresh.write_text(f"{by.total_seconds():.0f}\n")
    os.replace(fresh, service.folder / "clock")  # noqa: PTH105  # rename over


def recorded(service: Service) -> int:
    """How many deliveries are on record as sent."""
    engine = make_engine(service.database_url)
    with engine.connect() as connection:
        sent = connection.scalar(select(func.count()).select_from(Delivery).where(Delivery.state == "sent"))
    engine.dispose()
    return sent or 0


@pytest.mark.timeout(240)
def test_steps_of_the_clock_hold_nothing_up_and_repeat_nothing(
    service: Service, smtp_sink: SmtpSink, slack: Slack
) -> None:
    shift(service, timedelta(0))
    with Web() as web:
        newsroom = Newsroom(web, "one")
        mail = {"type": "email", "smtp": smtp_sink.url, "from": "w@example.org", "to": ["desk@example.org"]}
        team = {"type": "slack", "token": TOKEN, "channel": CHANNEL, "api_url": slack.api_url}
        service.watch(
            channels={"post": mail, "team": team},
            defaults={"every": "2s", "host_gap": "0s"},
            feeds=[{"url": newsroom.feed}],
            entities=[{"name": "Binance"}],
        )
        with service:
            for number, (by, (title, text)) in enumerate(REPORTS.items(), 1):
                shift(service, by)
                newsroom.publish(f"{number}", title, [text, "Binance had no comment."], datetime.now(UTC) + by)
                until(lambda most=number: len(smtp_sink.alerts) >= most and len(slack.alerts) >= most)  # type: ignore[misc]
                until(lambda most=number: recorded(service) >= 2 * most)  # type: ignore[misc]  # what is in flight may repeat
            before = len(web.requests)
            until(lambda: len(web.requests) >= before + 3)  # it goes on
            assert set(service.stop()) == {0}
    assert len(Counter(one.message["Message-ID"] for one in smtp_sink.mails)) == len(smtp_sink.mails) == len(REPORTS)
    assert len(slack.posts) == len(REPORTS)
    dated = [one.message["Date"].datetime for one in smtp_sink.mails]
    assert dated[1] < dated[0] < dated[2]  # the steps were seen
