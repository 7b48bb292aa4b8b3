"""Apprise's addresses, each by itself: one that is down repeats nothing on another."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from servers import archive
from servers.archive import NOON, deliveries, put_alert
from servers.process import free_port
from servers.sending import deliver_next
from servers.web import Reply, Web
from worker.alerts import apprise
from worker.alerts.apprise import Apprise
from worker.alerts.channel import Address, Failure, TransportError
from worker.alerts.route import apprise_addresses
from worker.alerts.sample import view
from worker.types import Entity
from worker.watchlist.schema import AppriseChannel


def channel(*urls: str) -> dict[str, Any]:
    return {"type": "apprise", "url": list(urls)}


def failed(url: str) -> TransportError:
    config = AppriseChannel.model_validate(channel(url))
    made = Apprise("other", config)
    (name,) = apprise_addresses(config)
    with pytest.raises(TransportError) as caught:
        made.send(made.render(view(Entity("Binance"), NOON), Address("d", name)))
    return caught.value


def test_an_address_that_is_down_repeats_nothing_on_another(engine: Engine, web: Web) -> None:
    web.page("/healthy", "ok")
    dead, healthy = f"json://user:topsecret@127.0.0.1:{free_port()}/", f"json://{web.host}/healthy"
    watching = archive.watchlist(other=channel(dead, healthy))
    put_alert(engine, watching, 1)
    for minute in (0, 1, 2, 3):
        while deliver_next(engine, watching, NOON + timedelta(minutes=minute), random.Random(1)):
            pass
    down, up = deliveries(engine)
    assert (down.state, up.state) == ("ambiguous", "sent")
    assert down.attempts > 1
    assert len(web.requests) == up.attempts == 1
    assert "topsecret" not in f"{down.recipient} {down.payload} {down.error}"
    assert down.recipient.startswith("json ")


def test_the_name_of_an_address_stays_when_the_list_is_edited() -> None:
    before = apprise_addresses(AppriseChannel.model_validate(channel("json://one.example", "json://two.example")))
    after = apprise_addresses(AppriseChannel.model_validate(channel("json://two.example")))
    assert list(before)[1:] == list(after)


def test_an_answer_that_does_not_come_leaves_it_open(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.add("/lost", Reply(hang_up=True))
    assert failed(f"json://{web.host}/lost").failure is Failure.AMBIGUOUS
    assert web.requests

    left = threading.Event()

    def dribble() -> Iterator[bytes]:
        while not left.wait(0.1):
            yield b"."

    web.page("/dribbles", dribble())
    monkeypatch.setattr(apprise, "DEADLINE", 1.0)
    try:
        assert failed(f"json://{web.host}/dribbles").failure is Failure.AMBIGUOUS
    finally:
        left.set()
