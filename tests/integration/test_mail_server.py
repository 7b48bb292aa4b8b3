"""Mail against a real server: each step of the dialogue that can fail, and what the failure says of the alert."""

from __future__ import annotations

import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from servers.process import free_port
from servers.smtp import DROP, DROP_ACCEPTED, HANG, SmtpSink
from worker.alerts import email, smtp
from worker.alerts.channel import Address, Failure, TransportError
from worker.alerts.email import Email
from worker.alerts.sample import view
from worker.alerts.view import AlertView
from worker.types import Entity
from worker.watchlist.schema import EmailChannel

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TO = Address(delivery="d", recipient="desk@desk.example")
AWAY = "0.0.0.0"  # noqa: S104  # leads to loopback on Linux, and is not an address of loopback
CERTAIN, PERMANENT, AMBIGUOUS = Failure.CERTAIN, Failure.PERMANENT, Failure.AMBIGUOUS


def sample(now: datetime) -> AlertView:
    return view(Entity("Binance"), now)


def channel(url: str) -> Email:
    config = {"type": "email", "smtp": url, "from": "Wire <wire@desk.example>", "to": ["desk@desk.example"]}
    return Email("post", EmailChannel.model_validate(config))


def attempt(url: str, alert: AlertView | None = None) -> str:
    mail = channel(url)
    return mail.send(mail.render(alert or sample(NOON), TO))


def failed(url: str) -> TransportError:
    with pytest.raises(TransportError) as caught:
        attempt(url)
    return caught.value


@pytest.mark.parametrize(
    ("verb", "answer", "expected"),
    [
        ("MAIL", "450 4.3.2 not now", CERTAIN),
        ("MAIL", "550 5.7.1 not you", PERMANENT),
        ("MAIL", "530 5.7.0 authentication required", CERTAIN),
        ("MAIL", "503 5.5.1 AUTH first", CERTAIN),
        ("MAIL", DROP, CERTAIN),
        ("RCPT", "451 4.7.1 greylisted", CERTAIN),
        ("RCPT", "452 4.2.2 full", CERTAIN),
        ("RCPT", "550 5.1.1 unknown", PERMANENT),
        ("RCPT", DROP, CERTAIN),
        ("DATA", "421 4.3.2 closing", CERTAIN),
        ("DATA", "452 4.3.1 no room", CERTAIN),
        ("DATA", "552 5.3.4 too big", PERMANENT),
        ("DATA", "554 5.6.0 no", PERMANENT),
        ("DATA", "what is this", AMBIGUOUS),
        ("DATA", DROP, AMBIGUOUS),
        ("DATA", DROP_ACCEPTED, AMBIGUOUS),
    ],
)
def test_what_each_answer_says_of_the_alert(smtp_sink: SmtpSink, verb: str, answer: str, expected: Failure) -> None:
    smtp_sink.script(verb, answer)
    assert failed(smtp_sink.url).failure is expected


def test_a_server_that_is_not_there_is_certain() -> None:
    assert failed(f"smtp://127.0.0.1:{free_port()}").failure is CERTAIN
    assert failed("smtp://no-such-host.invalid:25").failure is CERTAIN


def test_a_refused_login_is_the_channels_trouble_and_not_the_alerts() -> None:
    with SmtpSink("desk", "right p@ss") as sink:
        error = failed(f"smtp://desk:wrong%20p%40ss@127.0.0.1:{sink.port}")
        assert error.failure is CERTAIN
        assert "wrong" not in error.message
        assert attempt(f"smtp://desk:right%20p%40ss@127.0.0.1:{sink.port}")


def test_a_server_that_repeats_the_password_is_not_quoted() -> None:
    with SmtpSink("desk", "topsecret") as sink:
        coded = b64encode(b"\0desk\0topsecret").decode()
        sink.script("RCPT", f"550 no: AUTH PLAIN {coded} means topsecret")
        message = failed(sink.url).message
    assert message == "550 no: AUTH PLAIN *** means ***"


def test_a_server_that_takes_the_body_and_says_nothing_is_left(
    smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "DEADLINE", 1.0)
    smtp_sink.script("DATA", HANG)
    assert failed(smtp_sink.url).failure is AMBIGUOUS


def test_a_server_that_takes_its_time_over_the_body_is_waited_for(
    smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "STEP", 0.5)
    smtp_sink.slow = 1.5
    assert attempt(smtp_sink.url)


@contextmanager
def dribbling() -> Iterator[int]:
    """A server that greets for ever, a digit at a time; gives its port."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)

        def dribble() -> None:
            while not done.is_set():
                with suppress(OSError), listening.accept()[0] as connection:
                    while not done.wait(0.2):
                        connection.sendall(b"2")

        thread = threading.Thread(target=dribble, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            done.set()
            thread.join()


def test_a_server_that_dribbles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email, "DEADLINE", 1.0)
    with dribbling() as port:
        assert failed(f"smtp://127.0.0.1:{port}").failure is CERTAIN
        assert failed(f"smtps://127.0.0.1:{port}").failure is CERTAIN


def test_dead_addresses_take_their_time_from_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with addresses that swallow connections, and behind them one that dribbles."""
    monkeypatch.setattr(email, "STEP", 0.4)
    monkeypatch.setattr(email, "DEADLINE", 1.0)
    with dribbling() as port, ExitStack() as open_until_end:
        swallowing = []
        for number in (2, 3, 4):
            address = (f"127.0.0.{number}", port)
            open_until_end.enter_context(socket.create_server(address, backlog=0))
            for _ in range(3):  # what nobody accepts fills the queue, and the next one gets no answer
                waiting = open_until_end.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(address)
            swallowing.append((socket.AF_INET, socket.SOCK_STREAM, 0, "", address))
        alive = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))
        monkeypatch.setattr(smtp, "_look_up", lambda *_: [*swallowing[:2], alive])
        assert failed(f"smtp://many.example:{port}").failure is CERTAIN  # it ends at all
        monkeypatch.setattr(smtp, "_look_up", lambda *_: [*swallowing, alive])
        assert "too long altogether" in failed(f"smtp://many.example:{port}").message


def test_a_password_is_not_given_over_an_open_line() -> None:
    with SmtpSink("desk", "topsecret") as sink:
        error = failed(sink.url.replace("127.0.0.1", AWAY))
        assert error.failure is CERTAIN
        assert "offers no STARTTLS" in error.message
        assert "smtps://" in error.message
        assert sink.logins == 0
        assert attempt(sink.url)
        assert sink.logins == 1
    with SmtpSink() as sink:
        assert attempt(sink.url.replace("127.0.0.1", AWAY))


def test_encryption_is_used_where_it_is_offered() -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(Path(__file__).parents[1] / "servers" / "localhost.pem")
    port = free_port()
    controller = Controller(
        Sink(), hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True, ready_timeout=30
    )
    controller.start()
    try:
        assert attempt(f"smtp://127.0.0.1:{port}")
        with pytest.MonkeyPatch.context() as patch:  # elsewhere a password is given to nobody without a good name
            patch.setattr(email, "_is_loopback", lambda _: False)
            assert "CERTIFICATE_VERIFY_FAILED" in failed(f"smtp://a:b@127.0.0.1:{port}").message
    finally:
        controller.stop()


def test_every_attempt_sends_the_same_and_two_alerts_differ(smtp_sink: SmtpSink) -> None:
    mail = channel(smtp_sink.url)
    first, second = mail.render(sample(NOON), TO), mail.render(sample(NOON), TO)
    assert first["id"] == second["id"]
    assert mail.render(sample(NOON.replace(hour=13)), TO)["id"] != first["id"]
    assert mail.send(first) == mail.send(first) == first["id"]
    one, other = smtp_sink.mails
    assert one.raw == other.raw
    assert one.message["Date"].datetime == NOON


def test_a_long_address_and_a_russian_title_arrive_as_they_are(smtp_sink: SmtpSink) -> None:
    url = "https://news.example/" + "long-path/" * 40 + "?q=1&r=2"
    title = "Росфинмониторинг внёс биржу в перечень: что изменится для вкладчиков и компаний"
    attempt(smtp_sink.url, replace(sample(NOON), url=url, headline=title, body=".\n.dot\nlast"))
    (mail,) = smtp_sink.mails
    assert mail.message["X-Wirewatch-Url"] == url
    assert f"X-Wirewatch-Url: {url}\r\n".encode() in mail.raw
    assert title in mail.message["Subject"]
    assert mail.sender == "wire@desk.example"
    body = mail.message.get_body(("plain",))
    assert body is not None
    assert "\n.\n.dot\nlast" in body.get_content().replace("\r", "")
    assert all(len(line) <= 998 for line in mail.raw.split(b"\r\n"))


def test_mail_from_and_to_a_russian_domain_goes_out_in_ascii(smtp_sink: SmtpSink) -> None:
    config = {"type": "email", "smtp": smtp_sink.url, "from": "Бюро <wire@бюро.рф>", "to": "Desk <desk@бюро.рф>"}
    post = EmailChannel.model_validate(config)
    mail = Email("post", post)
    mail.send(mail.render(sample(NOON), replace(TO, recipient=post.to[0])))
    (got,) = smtp_sink.mails
    assert (got.sender, got.recipients) == ("wire@xn--90a0af9c.xn--p1ai", ("desk@xn--90a0af9c.xn--p1ai",))
    assert got.message["From"] == "Бюро <wire@xn--90a0af9c.xn--p1ai>"
    assert got.message["To"] == "Desk <desk@xn--90a0af9c.xn--p1ai>"
    assert got.message["Message-ID"].endswith("@xn--90a0af9c.xn--p1ai>")


def test_trying_a_channel_sends_nothing(smtp_sink: SmtpSink) -> None:
    assert "answers" in channel(smtp_sink.url).check()
    assert not smtp_sink.mails
