"""The outbox against real servers and both databases: nothing lost, nothing twice, each failure told apart."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from servers import archive
from servers.archive import NOON, deliveries, notices, put_alert
from servers.sending import deliver_next, hand_over
from servers.slack import CHANNEL, TOKEN, Slack, Trouble
from servers.smtp import DROP, DROP_ACCEPTED, SmtpSink
from worker import models, polling
from worker.alerts import deliver, upkeep
from worker.db import make_engine, reading, writing
from worker.store import channels, claims, outbox, stranded
from worker.watchlist.model import Watchlist

SECOND = timedelta(seconds=1)


def mail(sink: SmtpSink, *to: str) -> dict[str, Any]:
    return {"type": "email", "smtp": sink.url, "from": "wire@desk.example", "to": list(to or ("desk@desk.example",))}


def bot(slack: Slack) -> dict[str, Any]:
    return {"type": "slack", "token": TOKEN, "channel": CHANNEL, "api_url": slack.api_url}


def hook(slack: Slack) -> dict[str, Any]:
    return {"type": "slack", "webhook": slack.webhook}


def run(engine: Engine, watching: Watchlist, start: float = 0, end: float = 0) -> int:
    """Deliver what comes due from ``start`` to ``end`` seconds after noon, looking every five seconds."""
    count, at = 0, start
    while at <= end:
        while deliver_next(engine, watching, NOON + at * SECOND, random.Random(1)):
            count += 1
        at += 5
    return count


def tried(session: Session, *ids: int) -> None:
    """Let deliveries have been tried often."""
    for one in ids:
        session.add_all(models.DeliveryAttempt(delivery_id=one, at=NOON, outcome="certain") for _ in range(10))


def states(engine: Engine) -> list[str]:
    return [row.state for row in deliveries(engine)]


def log(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(models.DeliveryAttempt.outcome).order_by(models.DeliveryAttempt.id)))


def test_mail_goes_once_to_each_recipient_and_holds_the_thread(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(desk=mail(smtp_sink, "a@desk.example", "b@desk.example"))
    _, story = put_alert(engine, watching, 1)
    put_alert(engine, watching, 2, story=story, new=["The fine rose to $5 billion, Binance said."], at=NOON + SECOND)
    run(engine, watching, end=10)
    assert run(engine, watching, 3600, 3600) == 0
    assert states(engine) == ["sent"] * 4
    for_a = [one.message for one in smtp_sink.mails if one.recipients == ("a@desk.example",)]
    assert len(for_a) == len(smtp_sink.mails) - 2 == 2
    root, update_ = for_a
    assert root["X-Wirewatch-Verdict"] == "new"
    assert update_["X-Wirewatch-Verdict"] == "update"
    assert update_["In-Reply-To"] == update_["References"] == root["Message-ID"]
    assert root["In-Reply-To"] is None
    assert update_["X-Wirewatch-Url"] == "https://news.example/2"
    assert update_["X-Wirewatch-Story"] == root["X-Wirewatch-Story"] == str(story)
    assert update_["Auto-Submitted"] == "auto-generated"


def test_slack_with_a_token_answers_in_the_thread_and_keeps_the_pace(engine: Engine, slack: Slack) -> None:
    watching = archive.watchlist(desk=bot(slack))
    _, story = put_alert(engine, watching, 1)
    put_alert(engine, watching, 2, story=story, new=["The fine rose to $5 billion."])
    assert run(engine, watching) == 1  # the second has to wait for its turn
    assert run(engine, watching, 2, 2) == 1
    root, reply = slack.posts
    assert "thread_ts" not in root
    assert reply["thread_ts"] == root["ts"]
    assert "https://news.example/2" in reply["text"]
    assert states(engine) == ["sent", "sent"]


def test_an_update_waits_for_its_root_but_not_for_ever(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(desk=mail(smtp_sink))
    _, story = put_alert(engine, watching, 1)
    put_alert(engine, watching, 2, story=story, new=["More."])
    smtp_sink.script("DATA", "451 not this one")
    run(engine, watching)
    assert states(engine) == ["pending", "pending"]
    with writing(engine) as session:  # the root is put off beyond the hour that the update waits for it
        session.execute(update(models.Delivery).where(models.Delivery.id == 1).values(due_at=NOON + timedelta(hours=2)))
    at = claims.HOLD.total_seconds() + 1
    run(engine, watching, at, at)
    assert smtp_sink.mails[0].message["X-Wirewatch-Verdict"] == "update"


@pytest.mark.parametrize(
    ("answers", "outcomes"),
    [
        (("451 4.3.0 later", None), ["certain", "sent"]),
        ((DROP, None), ["ambiguous", "sent"]),
        (("554 5.7.1 no",), ["permanent"]),
    ],
)
def test_what_the_mail_server_says_of_the_body_decides(
    engine: Engine, smtp_sink: SmtpSink, answers: tuple[str | None, ...], outcomes: list[str]
) -> None:
    watching = archive.watchlist(desk=mail(smtp_sink))
    put_alert(engine, watching, 1)
    smtp_sink.script("DATA", *answers)
    run(engine, watching, end=60)
    assert log(engine) == outcomes
    assert len(smtp_sink.mails) == (1 if outcomes[-1] == "sent" else 0)


def test_a_mail_whose_acceptance_was_lost_is_repeated_under_its_own_name(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(desk=mail(smtp_sink))
    put_alert(engine, watching, 1)
    smtp_sink.script("DATA", DROP_ACCEPTED)
    run(engine, watching, end=60)
    first, second = smtp_sink.mails
    assert first.raw == second.raw
    assert states(engine) == ["sent"]


def test_slack_looks_for_its_message_before_it_sends_again(engine: Engine, slack: Slack) -> None:
    watching = archive.watchlist(desk=bot(slack))
    _, story = put_alert(engine, watching, 1)
    slack.fail(Trouble(hang_up=True, accept=True))
    run(engine, watching, end=60)
    put_alert(engine, watching, 2, story=story, new=["More."])
    slack.fail(Trouble(hang_up=True, accept=True))
    run(engine, watching, 65, 120)
    assert log(engine) == ["ambiguous", "found", "ambiguous", "found"]
    assert len(slack.posts) == 2
    assert deliveries(engine)[0].reference == slack.posts[0]["ts"] == slack.posts[1]["thread_ts"]


@pytest.mark.parametrize("word", ["missing_scope", "channel_not_found"])
def test_an_alert_that_cannot_be_looked_for_is_sent_again(engine: Engine, slack: Slack, word: str) -> None:
    watching = archive.watchlist(desk=bot(slack))
    put_alert(engine, watching, 1)
    slack.refuse["conversations.history"] = word
    slack.fail(Trouble(hang_up=True))
    run(engine, watching, end=60)
    assert log(engine) == ["ambiguous", "sent"]
    assert len(slack.posts) == 1


def test_an_uncertain_alert_stays_uncertain_when_the_next_attempt_certainly_failed(
    engine: Engine, slack: Slack
) -> None:
    watching = archive.watchlist(desk=bot(slack))
    put_alert(engine, watching, 1)
    slack.fail(Trouble(hang_up=True, accept=True), Trouble("service_unavailable"), Trouble("service_unavailable"))
    run(engine, watching, end=400)
    assert log(engine)[-1] == "found"
    assert len(slack.posts) == 1


def test_retry_after_pauses_the_channel_and_costs_no_attempt(engine: Engine, slack: Slack) -> None:
    watching = archive.watchlist(desk=hook(slack))
    put_alert(engine, watching, 1)
    put_alert(engine, watching, 2)
    slack.fail(Trouble(status=429, retry_after=40))
    assert run(engine, watching, end=35) == 1
    run(engine, watching, 45, 60)
    assert [row.attempts for row in deliveries(engine)] == [1, 1]
    assert len(slack.posts) == 2


def test_a_refusal_is_told_on_another_channel_once(engine: Engine, slack: Slack, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(team=bot(slack), post=mail(smtp_sink))
    slack.fail("channel_not_found", "channel_not_found")
    put_alert(engine, watching, 1)
    put_alert(engine, watching, 2)
    run(engine, watching, end=60)
    assert sorted(states(engine)) == ["dead", "dead", "sent", "sent", "sent"]
    (notice,) = notices(engine)
    assert "channel_not_found" in notice.body
    assert smtp_sink.mails[-1].message["X-Wirewatch-Verdict"] == "notice"


def test_an_alert_that_nobody_got_is_told_itself(engine: Engine, slack: Slack, smtp_sink: SmtpSink) -> None:
    both = archive.watchlist(team=bot(slack), post=mail(smtp_sink))
    slack.fail("is_archived", "is_archived")
    for number in (1, 2):
        put_alert(engine, archive.watchlist(team=bot(slack)), number)
    run(engine, both, end=60)
    assert [f"https://news.example/{number}" in one.body for number, one in enumerate(notices(engine), 1)] == [True] * 2
    assert len(smtp_sink.mails) == 2


def test_one_address_that_is_refused_repeats_no_other(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink, "gone@desk.example", "here@desk.example"))
    smtp_sink.refuse["gone@desk.example"] = "550 5.1.1 no such user"
    put_alert(engine, watching, 1)
    run(engine, watching, end=60)
    assert [one.recipients for one in smtp_sink.mails] == [("here@desk.example",)] * 2  # the alert and the notice
    assert states(engine)[0] == "dead"


def test_a_channel_that_is_down_loses_nothing_and_is_told_of_both_ways(
    engine: Engine, slack: Slack, smtp_sink: SmtpSink
) -> None:
    watching = archive.watchlist(team=hook(slack), post=mail(smtp_sink))
    smtp_sink.stop()
    for number in range(5):
        put_alert(engine, watching, number)
    run(engine, watching, end=700)
    upkeep.watch_channels(engine, watching, NOON + 700 * SECOND)
    upkeep.watch_channels(engine, watching, NOON + 710 * SECOND)
    run(engine, watching, 715, 720)
    assert len(slack.posts) == 6
    assert "post takes no alerts" in slack.posts[-1]["text"]
    smtp_sink.start()
    run(engine, watching, 725, 725 + 3600)
    assert len(smtp_sink.mails) == 5
    assert "post takes alerts again" in slack.posts[-1]["text"]
    assert len(notices(engine)) == 2


def test_when_the_server_is_back_what_waited_goes_out_at_once(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink))
    for number in range(4):
        put_alert(engine, watching, number)
    with writing(engine) as session:
        session.execute(update(models.Delivery).where(models.Delivery.id > 1).values(due_at=NOON + 3000 * SECOND))
        channels.failed(session, "post", NOON - 60 * SECOND)
    run(engine, watching, 1, 10)
    assert len(smtp_sink.mails) == 4


def test_a_channel_that_is_down_is_tried_every_few_seconds_however_much_waits(
    engine: Engine, smtp_sink: SmtpSink
) -> None:
    watching = archive.watchlist(post=mail(smtp_sink))
    for number in range(40):
        put_alert(engine, watching, number)
    smtp_sink.stop()
    assert 55 <= run(engine, watching, 0, 600) <= 120
    assert sum(row.attempts for row in deliveries(engine)) == 1  # it says nothing of the others
    smtp_sink.start()
    run(engine, watching, 605, 610)
    assert len(smtp_sink.mails) == 40


def test_an_alert_that_breaks_the_connection_does_not_keep_back_the_others(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink))
    smtp_sink.breaks_on = b"case 1 "
    put_alert(engine, watching, 1, title="Binance settles case 1 at last")
    for number in range(2, 62):
        put_alert(engine, watching, number, at=NOON + 10 * number * SECOND)
        run(engine, watching, 10 * number, 10 * number + 5)
    assert states(engine) == ["ambiguous"] + ["sent"] * 60
    assert len(smtp_sink.mails) == 60
    assert deliveries(engine)[0].attempts == len(log(engine)) - 60 < 20


def test_a_clock_set_back_holds_nothing_up(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink))
    put_alert(engine, watching, 1)
    put_alert(engine, watching, 2)
    with writing(engine) as session:
        session.execute(
            update(models.Delivery)
            .where(models.Delivery.id == 1)
            .values(state="sending", lease_token="x", lease_until=NOON + outbox.LEASE, attempts=1)
        )
        channels.pause(session, "post", NOON + 30 * SECOND, NOON)
    with reading(engine) as session:
        assert polling.left(session, NOON - 7200 * SECOND)["deliver"] == 2
    run(engine, watching, -7200, -7200)
    assert len(smtp_sink.mails) == 2
    with reading(engine) as session:
        assert polling.left(session, NOON - 7200 * SECOND)["deliver"] == 0


def test_an_outage_ends_by_age_and_not_for_a_clock_set_forward(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink))
    put_alert(engine, watching, 1)
    smtp_sink.stop()
    later = 73 * 3600
    run(engine, watching, later, later)
    assert states(engine) == ["pending"]
    with writing(engine) as session:
        session.execute(update(models.Delivery).values(due_at=NOON))
        tried(session, 1)
    run(engine, watching, later + 60, later + 60)
    assert states(engine) == ["dead"]
    smtp_sink.start()


def test_an_alert_that_cannot_be_shown_dies_too_and_stops_no_other(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink, "a@desk.example", "b@desk.example"))
    old, _ = put_alert(engine, watching, 1)
    put_alert(engine, watching, 2)
    with writing(engine) as session:  # as another version may have written it
        session.execute(update(models.Alert).where(models.Alert.id == old).values(kind="strange"))
        tried(session, 1, 2)
    later = 73 * 3600
    run(engine, watching, later, later)
    assert states(engine)[:4] == ["dead", "dead", "sent", "sent"]
    assert all("https://news.example/1" in one.body for one in notices(engine))
    assert {one.recipients[0] for one in smtp_sink.mails[2:]} == {"a@desk.example", "b@desk.example"}


def test_what_a_channel_outside_the_watchlist_was_to_get_waits_for_it_three_days(
    engine: Engine, smtp_sink: SmtpSink
) -> None:
    post, screen = mail(smtp_sink), {"type": "console"}
    put_alert(engine, archive.watchlist(post=post, screen=screen), 1)
    without = archive.watchlist(screen=screen)
    assert run(engine, without, end=10) == 1
    upkeep.watch_channels(engine, without, NOON + timedelta(hours=71))
    assert states(engine) == ["pending", "sent"]
    upkeep.watch_channels(engine, without, NOON + timedelta(hours=73))
    assert states(engine) == ["dead", "sent", "pending"]
    (said,) = notices(engine)
    assert said.title == "1 alert for post (desk@desk.example) was given up"


def test_what_waits_for_a_channel_that_was_renamed_goes_to_those_that_there_are(
    engine: Engine, smtp_sink: SmtpSink
) -> None:
    put_alert(engine, archive.watchlist(post=mail(smtp_sink)), 1)
    after = archive.watchlist(mails=mail(smtp_sink))
    for minute in (0, 5, 9):
        upkeep.watch_channels(engine, after, NOON + timedelta(minutes=minute))
        assert run(engine, after, minute * 60, minute * 60) == 0
    for minute in (10, 12, 20):
        upkeep.watch_channels(engine, after, NOON + timedelta(minutes=minute))
        run(engine, after, minute * 60, minute * 60)
    verdicts = [one.message["X-Wirewatch-Verdict"] for one in smtp_sink.mails]
    assert sorted(verdicts) == ["digest", "notice"]
    (digest,) = [one for one in smtp_sink.mails if one.message["X-Wirewatch-Verdict"] == "digest"]
    assert "https://news.example/1" in digest.message.as_string()
    (said,) = notices(engine)
    assert said.title == "1 alert for post (desk@desk.example) was passed on"
    assert set(states(engine)) == {"silent", "sent"}


def test_what_waits_for_a_channel_that_is_of_another_type_meanwhile_is_written_anew(
    engine: Engine, slack: Slack, capsys: pytest.CaptureFixture[str]
) -> None:
    put_alert(engine, archive.watchlist(desk=hook(slack)), 1)
    slack.fail(Trouble(status=503))
    assert run(engine, archive.watchlist(desk=hook(slack))) == 1
    assert states(engine) == ["pending"]
    run(engine, archive.watchlist(desk={"type": "console"}), 60, 60)
    assert states(engine) == ["sent"]
    assert "https://news.example/1" in capsys.readouterr().out


def test_what_a_sender_with_an_older_watchlist_is_taking_up_is_not_passed_on(
    postgresql_url: str, smtp_sink: SmtpSink
) -> None:
    engine = make_engine(postgresql_url)
    before, after = archive.watchlist(post=mail(smtp_sink)), archive.watchlist(mails=mail(smtp_sink))
    put_alert(engine, before, 1)
    upkeep.watch_channels(engine, after, NOON + upkeep.SILENT)
    now = NOON + 3 * upkeep.SILENT
    with writing(engine) as sender, writing(engine) as keeper:
        keeper.execute(text("SET LOCAL lock_timeout = '5s'"))
        assert deliver.take_up(sender, before, now) is not None
        assert not stranded.pass_on(keeper, after, now - upkeep.SILENT, now)
    assert states(engine) == ["sending"]
    engine.dispose()


def test_a_channel_that_is_back_within_minutes_gets_what_waited_for_it(engine: Engine, smtp_sink: SmtpSink) -> None:
    post, screen = archive.watchlist(post=mail(smtp_sink)), archive.watchlist(screen={"type": "console"})
    put_alert(engine, post, 1)
    for minute, watching in ((0, screen), (9, screen), (12, post), (13, screen), (18, screen)):
        upkeep.watch_channels(engine, watching, NOON + timedelta(minutes=minute))
    assert states(engine) == ["pending"]
    assert run(engine, post, 1100, 1100) == 1
    assert not notices(engine)


def test_a_sender_that_lost_its_lease_changes_nothing(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink))
    put_alert(engine, watching, 1)
    with writing(engine) as session:
        slow = deliver.take_up(session, watching, NOON)
    assert slow is not None
    after = (outbox.LEASE + SECOND).total_seconds()
    run(engine, watching, after, after)
    smtp_sink.script("RCPT", "451 too late")
    hand_over(engine, watching, slow, NOON, random.Random(1))
    assert states(engine) == ["sent"]
    assert log(engine) == ["sent", "certain"]


def test_four_senders_at_once_send_nothing_twice(engine: Engine, smtp_sink: SmtpSink, slack: Slack) -> None:
    watching = archive.watchlist(post=mail(smtp_sink), team=hook(slack))
    for number in range(20):
        put_alert(engine, watching, number)
    with ThreadPoolExecutor(4) as senders:
        for done in [senders.submit(run, engine, watching) for _ in range(4)]:
            done.result()
    assert len({one.message["Message-ID"] for one in smtp_sink.mails}) == len(smtp_sink.mails) == 20
    assert len(slack.posts) == 1  # all at one moment: the others wait for their turns
