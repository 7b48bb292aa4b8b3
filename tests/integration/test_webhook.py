"""A service of the desk's own takes signed alerts: what it gets, and what its answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine

from servers import archive
from servers.archive import NOON, deliveries, put_alert
from servers.process import free_port
from servers.sending import deliver_next
from servers.web import Reply, Request, Web
from worker.alerts.channel import Address, Failure, TransportError
from worker.alerts.sample import view
from worker.alerts.view import AlertKind, AlertView, Line
from worker.alerts.webhook import Webhook, signature
from worker.http import bodies, room
from worker.types import Entity
from worker.watchlist.schema import WebhookChannel

SECRET = "a secret that nobody guesses"
SAMPLE = view(Entity("Binance"), NOON)


def channel(url: str) -> Webhook:
    return Webhook("own", WebhookChannel.model_validate({"type": "webhook", "url": url, "secret": SECRET}))


def test_the_signature_is_that_of_the_standard() -> None:
    # the example of https://github.com/standard-webhooks/standard-webhooks
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_digest_holds_its_alerts_and_what_was_kept_silent() -> None:
    line = Line(AlertKind.UPDATE, "Fine rises", "https://news.example/2", "Wire", NOON, ("Binance",), ("It rose.",), 7)
    digest = AlertView("d", AlertKind.DIGEST, NOON, "", lines=(line,), body="3 kept silent: 3 reprints")
    data = channel("http://127.0.0.1:1/").render(digest, Address("d", ""))["document"]["data"]
    assert data["text"] == ["3 kept silent: 3 reprints"]
    title = "Binance [update] Fine rises"
    assert data["alerts"] == [
        {"title": title, "url": "https://news.example/2", "source": "Wire", "sentence": "It rose."}
    ]


def test_every_attempt_posts_the_same_document_under_the_same_name(engine: Engine, web: Web) -> None:
    answers = iter([Reply("", 503), Reply("", hang_up=True), Reply("", 204)])
    url = web.add("/alerts", lambda _request: next(answers))
    watching = archive.watchlist(own={"type": "webhook", "url": url, "secret": SECRET})
    _, story = put_alert(engine, watching, 1)
    for second in range(0, 300, 5):
        while deliver_next(engine, watching, NOON + timedelta(seconds=second), random.Random(1)):
            pass
    assert [row.state for row in deliveries(engine)] == ["sent"]
    assert len(web.requests) == 3
    assert len({(request.headers["webhook-id"], request.body) for request in web.requests}) == 1
    for request in web.requests:
        assert request.headers["webhook-signature"] == f"v1,{_signed(request)}"
    document: dict[str, Any] = json.loads(web.requests[0].body)
    assert document["type"] == "wirewatch.new"
    data = document["data"]
    assert (data["url"], data["story"], data["entities"]) == ("https://news.example/1", story, ["Binance"])
    assert data["sentences"][0].startswith("Binance agreed on Tuesday")


def test_what_a_server_answers_at_length_leaves_the_room_for_bodies_free(engine: Engine, web: Web) -> None:
    url = web.add("/alerts", Reply("x" * (room.SMALL + 100_000)))
    watching = archive.watchlist(own={"type": "webhook", "url": url, "secret": SECRET})
    put_alert(engine, watching, 1)
    sender = Thread(target=deliver_next, args=(engine, watching, NOON, random.Random(1)))
    sender.start()
    sender.join()
    assert [row.state for row in deliveries(engine)] == ["sent"]
    with bodies():
        assert room.reserve(room.MOST, 0.0)


def _signed(request: Request) -> str:
    """The signature as a receiver makes it."""
    name, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    signed = hmac.new(SECRET.encode(), f"{name}.{at}.".encode() + request.body, hashlib.sha256).digest()
    return base64.b64encode(signed).decode()


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, Failure.PERMANENT),
        (410, Failure.PERMANENT),
        (413, Failure.PERMANENT),
        (422, Failure.PERMANENT),
        (301, Failure.CERTAIN),
        (401, Failure.CERTAIN),
        (403, Failure.CERTAIN),
        (404, Failure.CERTAIN),
        (429, Failure.CERTAIN),
        (503, Failure.CERTAIN),
        (500, Failure.AMBIGUOUS),
        (502, Failure.AMBIGUOUS),
        (504, Failure.AMBIGUOUS),
    ],
)
def test_the_status_says_what_is_known_of_the_alert(web: Web, status: int, expected: Failure) -> None:
    hook = channel(web.add("/alerts", Reply("", status, headers={"Retry-After": "17"})))
    with pytest.raises(TransportError) as caught:
        hook.send(hook.render(SAMPLE, Address("d")))
    assert caught.value.failure is expected
    assert caught.value.retry_after == timedelta(seconds=17)


def test_a_lost_connection_is_uncertain_and_a_refused_one_is_not(web: Web) -> None:
    for url, expected in (
        (web.add("/alerts", Reply(hang_up=True)), Failure.AMBIGUOUS),
        (f"http://127.0.0.1:{free_port()}/alerts", Failure.CERTAIN),
    ):
        hook = channel(url)
        with pytest.raises(TransportError) as caught:
            hook.send(hook.render(SAMPLE, Address("d")))
        assert caught.value.failure is expected


def test_trying_it_posts_nothing(web: Web) -> None:
    assert "HTTP 405" in channel(web.add("/alerts", Reply("", 405))).check()
    assert [request.method for request in web.requests] == ["HEAD"]
