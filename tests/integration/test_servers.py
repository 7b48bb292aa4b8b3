"""The servers that the other tests lean on behave as the real ones would."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import subprocess
import sys
from email.message import EmailMessage
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import redis

from servers import smtp
from servers.process import Guarded
from servers.slack import CHANNEL, TOKEN, Slack, Trouble
from servers.smtp import SmtpSink
from servers.web import Reply, Web


def send(sink: SmtpSink, *recipients: str) -> dict[str, tuple[int, bytes]]:
    message = EmailMessage()
    message["Subject"] = "Glück"
    message.set_content("a line\n.a line with a dot\n")
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as client:
        return client.send_message(message, "from@example.org", recipients or ("to@example.org",))


def test_the_mail_server_keeps_what_it_accepts(smtp_sink: SmtpSink) -> None:
    smtp_sink.refuse["gone@example.org"] = "550 5.1.1 no such user"
    refused = send(smtp_sink, "to@example.org", "gone@example.org")
    assert refused == {"gone@example.org": (550, b"5.1.1 no such user")}
    [mail] = smtp_sink.mails
    assert (mail.recipients, mail.message["Subject"]) == (("to@example.org",), "Glück")
    assert mail.message.get_content().replace("\r\n", "\n") == "a line\n.a line with a dot\n"


@pytest.mark.parametrize(("answer", "kept"), [(smtp.DROP, 0), (smtp.DROP_ACCEPTED, 1)])
def test_the_mail_server_can_drop_the_connection_after_the_body(smtp_sink: SmtpSink, answer: str, kept: int) -> None:
    smtp_sink.script("DATA", answer)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(smtp_sink)
    assert len(smtp_sink.mails) == kept
    send(smtp_sink)
    assert len(smtp_sink.mails) == kept + 1


def test_the_mail_server_can_hang(smtp_sink: SmtpSink) -> None:
    smtp_sink.script("DATA", smtp.HANG)
    with (
        smtplib.SMTP("127.0.0.1", smtp_sink.port, timeout=1) as client,
        pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"),
    ):
        client.sendmail("from@example.org", "to@example.org", b"x")
    send(smtp_sink)
    assert len(smtp_sink.mails) == 1


def test_the_mail_server_opens_again_at_the_same_port(smtp_sink: SmtpSink) -> None:
    port = smtp_sink.port
    smtp_sink.stop()
    with pytest.raises(ConnectionRefusedError):
        send(smtp_sink)
    smtp_sink.start()
    assert smtp_sink.port == port
    send(smtp_sink)


def test_the_web_server_answers_304_and_streams(web: Web) -> None:
    url = web.page("/feed", "<rss/>", "application/rss+xml", headers={"ETag": '"1"'})
    assert urlopen(url).read() == b"<rss/>"
    with pytest.raises(HTTPError, match="304"):
        urlopen(Request(url, headers={"If-None-Match": '"1"'}))
    assert urlopen(web.page("/slow", [b"a", b"b"])).read() == b"ab"
    web.add("/gone", Reply(hang_up=True))
    with pytest.raises(ConnectionError):
        urlopen(web.url("/gone"))
    assert [request.path for request in web.requests] == ["/feed", "/feed", "/slow", "/gone"]


def call(slack: Slack, method: str, **arguments: object) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json; charset=utf-8"}
    answer = urlopen(Request(f"{slack.api_url}/{method}", json.dumps(arguments).encode(), headers))
    given: dict[str, object] = json.load(answer)
    return given


def test_slack_threads_and_says_what_it_has(slack: Slack) -> None:
    root = call(slack, "chat.postMessage", channel=CHANNEL, text="one", metadata={"event_payload": {"id": 1}})
    reply = call(slack, "chat.postMessage", channel=CHANNEL, text="two", thread_ts=root["ts"])
    assert call(slack, "chat.postMessage", channel=CHANNEL, text="x", thread_ts="1.2")["error"] == "thread_not_found"
    history = call(slack, "conversations.history", channel=CHANNEL, include_all_metadata=True)["messages"]
    assert history == [{**slack.posts[0], "metadata": {"event_payload": {"id": 1}}}]
    replies = call(slack, "conversations.replies", channel=CHANNEL, ts=root["ts"])["messages"]
    assert isinstance(replies, list)
    assert [post["ts"] for post in replies] == [root["ts"], reply["ts"]]


def test_slack_fails_as_told(slack: Slack) -> None:
    slack.fail(Trouble(status=429, retry_after=7), "invalid_payload", Trouble(hang_up=True, accept=True))
    post = Request(slack.webhook, b'{"text": "hello"}', {"Content-Type": "application/json"})
    with pytest.raises(HTTPError) as limited:
        urlopen(post)
    assert (limited.value.code, limited.value.headers["Retry-After"]) == (429, "7")
    with pytest.raises(HTTPError) as refused:
        urlopen(post)
    assert (refused.value.code, refused.value.read()) == (400, b"invalid_payload")
    with pytest.raises(ConnectionError):
        urlopen(post)
    assert [message["text"] for message in slack.posts] == ["hello"]
    assert urlopen(post).read() == b"ok"


def test_redis_forgets_everything_when_it_is_started_again(mortal_redis: Guarded) -> None:
    client = redis.Redis.from_url(mortal_redis.url)
    client.set("key", "value")
    mortal_redis.stop()
    with pytest.raises(redis.ConnectionError):
        client.ping()
    mortal_redis.start()
    assert client.get("key") is None


def test_a_server_stops_when_its_tests_are_killed() -> None:
    code = "import time; from servers import process; print(process.redis().start().url, flush=True); time.sleep(60)"
    tests = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=_with_path())
    assert tests.stdout is not None
    client = redis.Redis.from_url(tests.stdout.readline().strip())
    server = client.connection_pool.get_connection()
    tests.send_signal(signal.SIGKILL)
    tests.wait()
    with pytest.raises(redis.ConnectionError):
        server.read_response(timeout=30)


def _with_path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
