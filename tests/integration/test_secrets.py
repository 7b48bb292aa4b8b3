"""No secret of a channel reaches a log, an error, the archive or a traceback, whatever goes wrong."""

from __future__ import annotations

import json
import random
import traceback
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from servers import archive
from servers.archive import NOON, deliveries, put_alert
from servers.process import free_port
from servers.sending import deliver_next
from servers.slack import Slack, Trouble
from servers.smtp import SmtpSink
from worker import logs
from worker.alerts import registry, sample, upkeep
from worker.alerts.channel import Address, TransportError
from worker.db import reading
from worker.models import Base

SECRET = "hunter2TopSecret"


def channels(slack: Slack, sink: SmtpSink) -> dict[str, dict[str, Any]]:
    mail = {"type": "email", "from": "wire@desk.example", "to": ["desk@desk.example"]}
    bot = {"type": "slack", "token": f"xoxb-{SECRET}", "channel": "C0123456789"}
    closed = free_port()
    return {
        "mail_refused": {**mail, "smtp": f"smtp://user:{SECRET}@127.0.0.1:{sink.port}"},
        "mail_down": {**mail, "smtp": f"smtps://user:{SECRET}@127.0.0.1:{closed}"},
        "mail_nowhere": {**mail, "smtp": f"smtp://user:{SECRET}@no-such-host.invalid:25"},
        "hook_gone": {"type": "slack", "webhook": slack.url(f"/services/{SECRET}")},
        "hook_down": {"type": "slack", "webhook": f"http://127.0.0.1:{closed}/services/{SECRET}"},
        "bot_refused": {**bot, "api_url": slack.api_url},
        "bot_down": {**bot, "api_url": f"http://127.0.0.1:{closed}/api"},
        "own_down": {"type": "webhook", "url": f"http://127.0.0.1:{closed}/{SECRET}", "secret": f"{SECRET}{SECRET}"},
        "own_refuses": {"type": "webhook", "url": slack.url(f"/own/{SECRET}"), "secret": f"{SECRET}{SECRET}"},
        "other_down": {"type": "apprise", "url": f"json://user:{SECRET}@127.0.0.1:{closed}/{SECRET}?x={SECRET}"},
        "other_unknown": {"type": "apprise", "url": f"nosuchthing://{SECRET}@127.0.0.1/{SECRET}"},
    }


def test_failures_of_every_channel_keep_its_secret(
    engine: Engine, slack: Slack, smtp_sink: SmtpSink, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.setup("text", level=10)
    watching = archive.watchlist(**channels(slack, smtp_sink))
    smtp_sink.script("MAIL", *[f"451 I was told {SECRET}"] * 20)
    slack.fail(Trouble(f"said_{SECRET}", 400), Trouble(f"said {SECRET}", 200))
    put_alert(engine, watching, 1)
    at = NOON
    for _ in range(4):
        while deliver_next(engine, watching, at, random.Random(1)):
            pass
        at += timedelta(hours=1)
    upkeep.watch_channels(engine, watching, at)
    rows = [row for row in deliveries(engine) if row.attempts]
    assert len({row.channel for row in rows}) == len(watching.channels)
    seen = [repr(watching)]
    with reading(engine) as session:
        for table in Base.metadata.sorted_tables:
            found = session.execute(text(f'SELECT * FROM "{table.name}"')).all()
            seen.append(json.dumps([list(row) for row in found], default=str))
    for name, config in watching.channels.items():
        channel = registry.make(name, config)
        seen += [repr(channel), repr(config), str(config)]
        payload = channel.render(sample.view(watching.entities[0], NOON), Address("d", "desk@desk.example"))
        for act in (channel.check, lambda channel=channel, payload=payload: channel.send(payload)):
            try:
                act()
            except TransportError as error:
                seen += [repr(error), "".join(traceback.format_exception(error))]
    seen += capfd.readouterr()
    assert [piece for piece in seen if SECRET in piece] == []


def test_a_fault_of_ours_is_told_by_its_place_alone(
    engine: Engine, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError(SECRET)

    logs.setup("json", level=10)
    mail = {"type": "email", "smtp": smtp_sink.url, "from": "wire@desk.example", "to": ["desk@desk.example"]}
    watching = archive.watchlist(post=mail)
    put_alert(engine, watching, 1)
    monkeypatch.setattr("worker.alerts.email.Email.send", broken)
    deliver_next(engine, watching, NOON, random.Random(1))
    (row,) = deliveries(engine)
    assert (row.state, row.error) == ("ambiguous", "unexpected RuntimeError")
    monkeypatch.setattr("worker.alerts.email.Email.render", broken)
    put_alert(engine, watching, 2)
    deliver_next(engine, watching, NOON, random.Random(1))
    assert [row.state for row in deliveries(engine)] == ["ambiguous", "pending"]
    said = "".join(capfd.readouterr())
    assert "RuntimeError at " in said
    assert SECRET not in said
