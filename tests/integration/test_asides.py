"""Who else carries a story, and what fuller copies add: below the story, without another alert, edited in place."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from servers import archive
from servers.archive import NOON, deliveries, put_alert, put_quiet
from servers.sending import deliver_next
from servers.slack import CHANNEL, TOKEN, Slack, Trouble
from servers.smtp import SmtpSink
from worker.alerts import upkeep
from worker.watchlist.model import Watchlist

SECOND = timedelta(seconds=1)


def bot(slack: Slack) -> dict[str, Any]:
    return {"type": "slack", "token": TOKEN, "channel": CHANNEL, "api_url": slack.api_url}


def run(engine: Engine, watching: Watchlist, start: float, end: float) -> None:
    """Gather and deliver from ``start`` to ``end`` seconds after noon, looking every five seconds."""
    at = start
    while at <= end:
        upkeep.gather(engine, watching, NOON + at * SECOND)
        while deliver_next(engine, watching, NOON + at * SECOND, random.Random(1)):
            pass
        at += 5


def test_carriers_and_fuller_passages_go_below_the_story_and_are_edited_there(engine: Engine, slack: Slack) -> None:
    watching = archive.watchlist(team=bot(slack))
    _, story = put_alert(engine, watching, 1)
    run(engine, watching, 0, 60)
    put_quiet(engine, story, 1, source="Morning Paper")
    put_quiet(engine, story, 2, source="Evening Paper", new=["The fine is due by 1 March."])
    run(engine, watching, 65, 120)
    root, aside = slack.posts
    assert aside["thread_ts"] == root["ts"]
    assert "reply_broadcast" not in aside
    said = json.dumps(aside["blocks"])
    assert all(each in said for each in ("Morning Paper", "Evening Paper", "The fine is due by 1 March."))
    put_quiet(engine, story, 3, verdict="coverage", source="Night Paper")
    run(engine, watching, 125, 200)
    assert len(slack.posts) == 2
    assert "Night Paper" in json.dumps(slack.posts[1]["blocks"])
    assert len(deliveries(engine)) == 2


def test_an_aside_waits_for_its_story_and_keeps_no_update_waiting(engine: Engine, slack: Slack) -> None:
    watching = archive.watchlist(team=bot(slack))
    _, story = put_alert(engine, watching, 1)
    put_quiet(engine, story, 1)
    slack.fail(*["service_unavailable"] * 3)
    run(engine, watching, 0, 10)
    assert not slack.posts
    run(engine, watching, 15, 200)
    slack.fail(*["service_unavailable"] * 2)
    put_quiet(engine, story, 2)
    upkeep.gather(engine, watching, NOON + 300 * SECOND)
    put_alert(engine, watching, 2, story=story, new=["More."], at=NOON + 301 * SECOND)
    run(engine, watching, 330, 600)
    assert [("thread_ts" in post, "[aside]" in post["text"]) for post in slack.posts] == [
        (False, False),
        (True, True),
        (True, False),
    ]


def test_an_aside_whose_answer_was_lost_is_not_posted_twice(engine: Engine, slack: Slack) -> None:
    watching = archive.watchlist(team=bot(slack))
    _, story = put_alert(engine, watching, 1)
    run(engine, watching, 0, 5)
    put_quiet(engine, story, 1)
    slack.fail(Trouble(hang_up=True, accept=True))
    run(engine, watching, 10, 120)
    put_quiet(engine, story, 2, source="Later Paper")
    slack.fail(Trouble(hang_up=True, accept=True))
    run(engine, watching, 125, 300)
    assert len(slack.posts) == 2
    assert "Later Paper" in json.dumps(slack.posts[1]["blocks"])


@pytest.mark.parametrize("gone", ["root", "aside"])
def test_what_was_deleted_in_slack_alerts_nobody(engine: Engine, slack: Slack, gone: str) -> None:
    watching = archive.watchlist(team=bot(slack))
    _, story = put_alert(engine, watching, 1)
    run(engine, watching, 0, 5)
    if gone == "aside":
        put_quiet(engine, story, 1)
        run(engine, watching, 10, 60)
    del slack.posts[-1]
    put_quiet(engine, story, 2)
    run(engine, watching, 65, 120)
    assert [post for post in slack.posts[gone == "aside" :] if "thread_ts" not in post] == []
    assert len(slack.posts) == (2 if gone == "aside" else 0)
    assert {row.state for row in deliveries(engine)} == {"sent"}


def test_mail_and_webhook_carry_it_in_the_next_alert(engine: Engine, slack: Slack, smtp_sink: SmtpSink) -> None:
    mail = {"type": "email", "smtp": smtp_sink.url, "from": "wire@desk.example", "to": ["desk@desk.example"]}
    watching = archive.watchlist(hook={"type": "slack", "webhook": slack.webhook}, post=mail)
    _, story = put_alert(engine, watching, 1)
    put_quiet(engine, story, 1, source="Evening Paper", new=["The fine is due by 1 March."], at=NOON + SECOND)
    run(engine, watching, 5, 100)
    assert (len(slack.posts), len(smtp_sink.mails)) == (1, 1)
    put_alert(engine, watching, 2, story=story, new=["More."], at=NOON + 101 * SECOND)
    run(engine, watching, 105, 110)
    text = smtp_sink.mails[-1].message.get_body(("plain",))
    assert text is not None
    for said in (text.get_content(), json.dumps(slack.posts[-1]["blocks"])):
        assert "Evening Paper" in said
        assert "The fine is due by 1 March." in said
