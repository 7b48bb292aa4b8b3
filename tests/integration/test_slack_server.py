"""Slack's side of the failures, against a server that answers as Slack does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from servers.process import free_port
from servers.slack import CHANNEL, TOKEN, Slack, Trouble
from servers.web import Reply, Web
from worker.alerts import slack as ours
from worker.alerts.channel import Address, Failure, TransportError
from worker.alerts.sample import view
from worker.types import Entity
from worker.watchlist.schema import SlackChannel

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


SAMPLE = view(Entity("Binance"), NOON)


def bot(server: Slack, **other: str) -> ours.Slack:
    settings = {"type": "slack", "token": TOKEN, "channel": CHANNEL, "api_url": server.api_url, **other}
    return ours.Slack("team", SlackChannel.model_validate(settings))


def hook(url: str) -> ours.Slack:
    return ours.Slack("team", SlackChannel.model_validate({"type": "slack", "webhook": url}))


def address(delivery: str, thread: str | None = None) -> Address:
    return Address(delivery=delivery, thread=thread)


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Trouble("invalid_blocks"), Failure.PERMANENT),
        (Trouble("invalid_auth"), Failure.CERTAIN),
        (Trouble(hang_up=True), Failure.AMBIGUOUS),
        (Trouble(status=500), Failure.AMBIGUOUS),
        (Trouble(status=503), Failure.CERTAIN),
    ],
)
def test_each_way_of_sending_tells_failures_apart(slack: Slack, trouble: Trouble, expected: Failure) -> None:
    for channel in (bot(slack), hook(slack.webhook)):
        slack.fail(trouble)
        with pytest.raises(TransportError) as caught:
            channel.send(channel.render(SAMPLE, address("d")))
        assert caught.value.failure is expected


@pytest.mark.parametrize(
    ("reply", "token", "webhook"),
    [
        (Reply("<html>Sign in to the hotel's network</html>"), Failure.AMBIGUOUS, Failure.AMBIGUOUS),
        (Reply("<html>not from here</html>", 403), Failure.CERTAIN, Failure.CERTAIN),
        (Reply("", 302, {"Location": "https://evil.example/"}), Failure.CERTAIN, Failure.CERTAIN),
        (Reply('{"ok":false}'), Failure.CERTAIN, Failure.CERTAIN),
        (Reply('{"ok":false,"error":"<!channel> xoxb-secret"}'), Failure.CERTAIN, Failure.CERTAIN),
        (Reply(b"\xff\xfe\x00"), Failure.AMBIGUOUS, None),
        (Reply("[" * 100_000), Failure.AMBIGUOUS, None),
        (Reply("x" * 3_000_000), Failure.AMBIGUOUS, None),
        (Reply("x" * 9_000_000), Failure.AMBIGUOUS, Failure.AMBIGUOUS),
        (Reply("", 204), Failure.AMBIGUOUS, None),
        (Reply('{"ok":true,"ts":"1.2"}'), None, None),
    ],
)
def test_what_no_slack_answers(web: Web, reply: Reply, token: Failure | None, webhook: Failure | None) -> None:
    """None: it counts as taken. A webhook may lead to something like Slack, which says what it likes."""
    web.add("/api/chat.postMessage", lambda _: reply)
    web.add("/hook", lambda _: reply)
    settings = {"type": "slack", "token": TOKEN, "channel": CHANNEL, "api_url": web.url("/api")}
    team = ours.Slack("team", SlackChannel.model_validate(settings))
    for channel, expected in ((team, token), (hook(web.url("/hook")), webhook)):
        failed: TransportError | None = None
        try:
            channel.send(channel.render(SAMPLE, address("d")))
        except TransportError as error:
            failed = error
        assert (failed and failed.failure) is expected
        assert "xoxb" not in str(failed)


def test_a_server_that_is_not_there_is_certain() -> None:
    channel = hook(f"http://127.0.0.1:{free_port()}/services/x")
    with pytest.raises(TransportError) as caught:
        channel.send(channel.render(SAMPLE, address("d")))
    assert caught.value.failure is Failure.CERTAIN


def test_a_webhook_that_was_taken_away_is_permanent(slack: Slack) -> None:
    channel = hook(slack.url("/services/gone"))
    with pytest.raises(TransportError) as caught:
        channel.send(channel.render(SAMPLE, address("d")))
    assert caught.value.failure is Failure.PERMANENT


def test_retry_after_is_handed_on(slack: Slack) -> None:
    slack.fail(Trouble(status=429, retry_after=17))
    with pytest.raises(TransportError) as caught:
        bot(slack).send(bot(slack).render(SAMPLE, address("d")))
    assert caught.value.retry_after == timedelta(seconds=17)
    assert caught.value.failure is Failure.CERTAIN


def test_a_message_is_found_by_its_delivery_alone(slack: Slack) -> None:
    channel = bot(slack)
    payloads = [channel.render(SAMPLE, address(f"d{number}")) for number in range(4)]
    references = [channel.send(payload) for payload in payloads]
    reply = channel.render(SAMPLE, address("reply", references[0]))
    assert channel.find(reply) is None
    sent = channel.send(reply)
    assert [channel.find(payload) for payload in (*payloads, reply)] == [*references, sent]
    assert channel.find(channel.render(SAMPLE, address("never sent"))) is None


def test_an_update_is_told_even_when_its_root_was_deleted(slack: Slack) -> None:
    channel = bot(slack)
    reply = channel.render(SAMPLE, address("d", "1600000000.000001"))
    assert channel.send(reply)
    assert "thread_ts" not in slack.posts[0]


def test_trying_a_channel_posts_nothing(slack: Slack) -> None:
    assert bot(slack).check() == "the token is valid, and the channel can be read"
    slack.refuse["conversations.history"] = "missing_scope"
    assert "missing_scope, it needs the scope channels:history" in bot(slack).check()
    assert hook(slack.webhook).check() == "the webhook answers"
    with pytest.raises(TransportError):
        hook(slack.url("/services/gone")).check()
    with pytest.raises(TransportError):
        bot(slack, token="xoxb-wrong").check()
    assert not slack.posts


@pytest.mark.parametrize("word", ["missing_scope", "channel_not_found", "not_in_channel", "invalid_auth", "new_word"])
def test_a_question_that_is_refused_tells_nothing_of_the_alert(slack: Slack, word: str) -> None:
    slack.refuse["conversations.history"] = word
    assert bot(slack).find(bot(slack).render(SAMPLE, address("d"))) is None


@pytest.mark.parametrize(
    "trouble", [Trouble(hang_up=True), Trouble(status=429), Trouble(status=502), Trouble("internal_error")]
)
def test_a_question_without_an_answer_is_asked_again(slack: Slack, trouble: Trouble) -> None:
    slack.fail(trouble)
    with pytest.raises(TransportError):
        bot(slack).find(bot(slack).render(SAMPLE, address("d")))
