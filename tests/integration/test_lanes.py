"""The threads that deliver: one channel holds up no other, and an answer is kept until it can be recorded."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, make_url

from servers import archive
from servers.archive import deliveries, put_alert
from servers.service import until
from servers.slack import Slack
from servers.smtp import SmtpSink
from servers.web import Web
from worker import hands
from worker.alerts import deliver, lanes
from worker.db import make_engine
from worker.hands import rounds
from worker.watchlist.model import Watchlist


def mail(port: int) -> dict[str, Any]:
    url = f"smtp://127.0.0.1:{port}"
    return {"type": "email", "smtp": url, "from": "wire@desk.example", "to": ["a@desk.example", "b@desk.example"]}


@contextmanager
def delivering(engine: Engine, watching: Watchlist) -> Iterator[threading.Thread]:
    """Deliver in a thread, until nothing is due."""

    def work() -> None:
        turn, attempt = partial(lanes.take_turn, lambda: watching), partial(deliver.attempt, watching)
        for _ in rounds("deliver", engine, attempt, turn, lanes.PATIENCE, pause=0.0, to_the_end=True):
            pass

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield thread
    thread.join(60)
    assert not thread.is_alive()


def test_channels_that_are_silent_hold_up_no_other(engine: Engine, slack: Slack, web: Web) -> None:
    """Six servers take connections and say nothing, more than there ever were hands."""
    web.page("/healthy", "ok")
    with ExitStack() as listeners:
        silent = [listeners.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(6)]
        ports = [one.getsockname()[1] for one in silent]
        other = {"type": "apprise", "url": [f"json://127.0.0.1:{ports[5]}/?rto=30", f"json://{web.host}/healthy"]}
        team = {"type": "slack", "webhook": slack.webhook}
        watching = archive.watchlist(
            **{f"mail{number}": mail(port) for number, port in enumerate(ports[:5])}, other=other, team=team
        )
        for number in range(4):
            put_alert(engine, watching, number)
        with delivering(engine, watching) as thread:
            until(lambda: len(web.requests) == len(slack.posts) == 4, 8)  # less than a mail server is waited for
            assert thread.is_alive()
            assert {row.channel for row in deliveries(engine) if row.state == "sending"} >= {"mail0", "mail4"}
            for number in range(5):
                rows = [row for row in deliveries(engine) if row.channel == f"mail{number}" and row.state == "sending"]
                assert len(rows) <= lanes.AT_ONCE
            listeners.close()


def test_an_answer_that_comes_while_the_database_is_away_is_kept(
    postgres_url: str, postgresql_url: str, smtp_sink: SmtpSink
) -> None:
    name = make_url(postgresql_url).database
    server = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    engine = make_engine(postgresql_url)
    watching = archive.watchlist(post={**mail(smtp_sink.port), "to": ["desk@desk.example"]})
    put_alert(engine, watching, 1)
    smtp_sink.slow = 2.0
    with psycopg.connect(server, autocommit=True) as admin, delivering(engine, watching):
        until(lambda: smtp_sink.mails)
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")  # type: ignore[call-overload]
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        time.sleep(4)  # the server's answer comes, and the first tries to record it fail
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")  # type: ignore[call-overload]
    assert [row.state for row in deliveries(engine)] == ["sent"]
    assert len(smtp_sink.mails) == 1
    engine.dispose()


def test_an_outcome_that_cannot_be_recorded_in_full_is_not_forgotten(
    engine: Engine, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError

    watching = archive.watchlist(post=mail(smtp_sink.port))
    put_alert(engine, watching, 1)
    monkeypatch.setattr("worker.store.outbox.log_attempt", broken)
    with delivering(engine, watching):
        pass
    assert [row.state for row in deliveries(engine)] == ["sent", "sent"]
    assert len(smtp_sink.mails) == 2


def test_what_is_under_way_at_the_end_is_recorded_and_nothing_more_is_begun(
    engine: Engine, smtp_sink: SmtpSink
) -> None:
    watching = archive.watchlist(post=mail(smtp_sink.port))
    for number in range(3):
        put_alert(engine, watching, number)
    smtp_sink.slow = 1.0
    try:
        with delivering(engine, watching):
            until(lambda: smtp_sink.mails)
            hands.stopping.set()
            assert hands.rest("deliver", 30)
    finally:
        hands.stopping.clear()
    states = [row.state for row in deliveries(engine)]
    assert states.count("sent") == len(smtp_sink.mails) <= lanes.AT_ONCE
    assert states.count("pending") == 6 - len(smtp_sink.mails)
