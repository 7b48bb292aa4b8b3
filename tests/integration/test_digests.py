"""Alerts as the desk wants them: digests, quiet hours, limits, floods and mutes; nothing is dropped."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from servers import archive
from servers.archive import LEAD, NOON, deliveries, put_alert, put_quiet
from servers.sending import deliver_next
from servers.slack import CHANNEL, TOKEN, Slack
from servers.smtp import SmtpSink
from worker.alerts import deliver
from worker.alerts.arrange import arrange
from worker.db import reading, writing
from worker.models import Alert
from worker.models import Article as Row
from worker.store import mutes
from worker.store.entries import TOO_OLD
from worker.types import Article, Judgement, Mention, Verdict
from worker.watchlist.model import Watchlist, Wish
from worker.watchlist.times import Rate

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def mail(sink: SmtpSink, **wishes: object) -> dict[str, Any]:
    return {"type": "email", "smtp": sink.url, "from": "wire@desk.example", "to": ["desk@desk.example"], **wishes}


def bot(slack: Slack, **wishes: object) -> dict[str, Any]:
    return {"type": "slack", "token": TOKEN, "channel": CHANNEL, "api_url": slack.api_url, **wishes}


def tell(
    engine: Engine,
    watching: Watchlist,
    number: int,
    *,
    story: int | None = None,
    new: Iterable[str] = (),
    at: datetime = NOON,
) -> int:
    """Put an alert into the outbox as judging does, with the desk's wishes on it; gives the story."""
    alert, story_of = put_alert(engine, watching, number, story=story, new=new, at=at)
    with writing(engine) as session:
        article = session.get_one(Alert, alert).article_id
        assert article is not None
        verdict = Verdict.NEW if story is None else Verdict.UPDATE
        arrange(
            session,
            Article(article, f"https://news.example/{number}", f"Binance settles case {number}", LEAD, at),
            Judgement(verdict, "", story_of),
            [Mention("Binance", "Binance", "text", 0, 7, LEAD, "full name")],
            watchlist=watching,
            now=at,
        )
    return story_of


def run(engine: Engine, watching: Watchlist, start: timedelta, end: timedelta, step: timedelta = 60 * SECOND) -> None:
    at = start
    while at <= end:
        while deliver_next(engine, watching, NOON + at, random.Random(1)):
            pass
        at += step


def states(engine: Engine) -> list[str]:
    return [row.state for row in deliveries(engine)]


def body(sink: SmtpSink, number: int = -1) -> str:
    part = sink.mails[number].message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_a_digest_holds_all_alerts_by_story_and_ends_with_what_was_kept_silent(
    engine: Engine, smtp_sink: SmtpSink
) -> None:
    watching = archive.watchlist(post=mail(smtp_sink, digest="17:00"))
    first = tell(engine, watching, 1)
    tell(engine, watching, 2)
    tell(engine, watching, 3, story=first, new=["The fine rose to $5 billion."], at=NOON + HOUR)
    put_quiet(engine, first, 4)
    run(engine, watching, 0 * HOUR, 5 * HOUR - SECOND)
    assert not smtp_sink.mails
    run(engine, watching, 5 * HOUR, 5 * HOUR)
    (digest,) = smtp_sink.mails
    assert digest.message["X-Wirewatch-Verdict"] == "digest"
    assert "3 alerts on 2 stories: Binance" in digest.message["Subject"]
    said = body(smtp_sink)
    assert re.findall(r"https://news\.example/(\d)", said) == ["1", "3", "2"]
    assert "The fine rose to $5 billion." in said
    assert said.rstrip().endswith("muted or not wanted here") is False
    assert states(engine) == ["sent"] * 4
    run(engine, watching, 6 * HOUR, 48 * HOUR, HOUR)
    assert len(smtp_sink.mails) == 1


def test_reprints_of_watched_names_are_counted_at_the_end(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink, digest="every 2h", only="new"))
    story = tell(engine, watching, 1, at=NOON + SECOND)
    tell(engine, watching, 2, story=story, new=["More."], at=NOON + SECOND)
    run(engine, watching, 2 * HOUR, 2 * HOUR)
    assert "1 kept silent: 1 muted or not wanted here" in body(smtp_sink).splitlines()[-1]
    assert "news.example/2" not in body(smtp_sink)
    assert states(engine) == ["sent", "silent", "sent"]
    assert deliveries(engine)[1].error == "post wants only: new"


def test_what_was_too_old_is_counted_where_its_title_names_somebody(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink, digest="17:00"))
    tell(engine, watching, 1)
    with writing(engine) as session:
        for number, title in enumerate(["BINANCE opens", "Binancebook closes", "Rain in Riga", "More of Binance’s"]):
            url = f"https://old.example/{number}"
            session.add(
                Row(
                    url=url,
                    url_key=url,
                    host="old.example",
                    title=title,
                    seen_at=NOON,
                    state="skipped",
                    note=TOO_OLD,
                    due_at=NOON,
                )
            )
    run(engine, watching, 5 * HOUR, 5 * HOUR)
    assert body(smtp_sink).splitlines()[-1].strip() == "2 kept silent: 2 too old when first seen"


def test_a_digest_that_was_cut_off_is_repeated_as_it_was(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink, digest="17:00"))
    tell(engine, watching, 1)
    smtp_sink.script("DATA", "451 later")
    run(engine, watching, 5 * HOUR, 5 * HOUR)
    tell(engine, watching, 2, at=NOON + 5 * HOUR + SECOND)
    assert states(engine) == ["held", "pending", "held"]
    run(engine, watching, 5 * HOUR + 60 * SECOND, 5 * HOUR + 120 * SECOND)
    assert states(engine) == ["sent", "sent", "held"]
    run(engine, watching, 29 * HOUR, 29 * HOUR)
    assert states(engine) == ["sent"] * 4
    assert ["news.example/2" in body(smtp_sink, number) for number in (0, 1)] == [False, True]


def test_a_digest_that_is_refused_is_told_elsewhere_and_its_alerts_end_with_it(
    engine: Engine, smtp_sink: SmtpSink, slack: Slack
) -> None:
    watching = archive.watchlist(post=mail(smtp_sink, digest="17:00"), team=bot(slack))
    tell(engine, watching, 1)
    smtp_sink.script("DATA", "554 no")
    run(engine, watching, 0 * HOUR, 5 * HOUR, HOUR)
    run(engine, watching, 5 * HOUR + 2 * SECOND, 5 * HOUR + 2 * SECOND)
    assert [row.state for row in deliveries(engine) if row.channel == "post"] == ["dead", "dead"]
    assert "post (desk@desk.example) refused an alert" in slack.posts[-1]["text"]


def test_what_a_refused_digest_held_and_nobody_else_got_goes_to_the_others(
    engine: Engine, smtp_sink: SmtpSink, slack: Slack
) -> None:
    post, team = mail(smtp_sink, digest="17:00"), bot(slack)
    tell(engine, archive.watchlist(post=post), 1)
    tell(engine, archive.watchlist(post=post, team=team), 2)
    smtp_sink.script("DATA", "554 no")
    run(engine, archive.watchlist(post=post, team=team), 0 * HOUR, 5 * HOUR, HOUR)
    run(engine, archive.watchlist(post=post, team=team), 5 * HOUR + 2 * SECOND, 5 * HOUR + 8 * SECOND, 2 * SECOND)
    assert [re.findall(r"\[\w+\]", post["text"])[0] for post in slack.posts] == ["[new]", "[notice]", "[digest]"]
    told = [re.findall(r'"https://news\.example/(\d)"', json.dumps(post["blocks"])) for post in slack.posts]
    assert told == [["2"], [], ["1"]]


def test_in_quiet_hours_nothing_is_sent_and_each_story_is_one_message_after(engine: Engine, slack: Slack) -> None:
    watching = archive.watchlist(team=bot(slack, quiet="11:00-17:00"))
    first = tell(engine, watching, 1)
    tell(engine, watching, 2)
    tell(engine, watching, 3, story=first, new=["The fine rose to $5 billion."], at=NOON + HOUR)
    with writing(engine) as session:
        deliver.outbox.notice(session, "x", "A notice", "", recipients=deliver.of_all(watching), now=NOON)
    run(engine, watching, 0 * HOUR, 5 * HOUR - SECOND, 600 * SECOND)
    assert not slack.posts
    run(engine, watching, 5 * HOUR, 5 * HOUR + 10 * SECOND, 2 * SECOND)
    stories = [post for post in slack.posts if "[new]" in post["text"]]
    assert len(slack.posts) == 3
    assert len(stories) == 2
    whole = json.dumps(stories[0]["blocks"])
    assert "https://news.example/1" in whole
    assert "https://news.example/3" in whole
    assert set(states(engine)) == {"sent"}
    tell(engine, watching, 4, story=first, new=["And more."], at=NOON + 6 * HOUR)
    run(engine, watching, 6 * HOUR, 6 * HOUR)
    assert slack.posts[-1]["thread_ts"] == stories[0]["ts"]


def test_what_was_to_go_out_within_an_alert_that_joins_a_digest_joins_it_too(
    engine: Engine, smtp_sink: SmtpSink
) -> None:
    watching = archive.watchlist(post=mail(smtp_sink, quiet="11:00-17:00", at_most="1 per hour"))
    first = tell(engine, watching, 1)
    tell(engine, watching, 2, story=first, new=["The fine rose to $5 billion."], at=NOON + HOUR)
    tell(engine, watching, 3)
    smtp_sink.script("RCPT", "451 4.7.1 greylisted")
    run(engine, watching, 5 * HOUR, 6 * HOUR, 600 * SECOND)
    assert [one.message["X-Wirewatch-Verdict"] for one in smtp_sink.mails] == ["new", "digest"]
    assert re.findall(r"https://news\.example/\d", body(smtp_sink, 0)) == ["https://news.example/3"]
    assert re.findall(r"https://news\.example/\d", body(smtp_sink)) == [f"https://news.example/{n}" for n in (1, 2)]
    assert set(states(engine)) == {"sent"}


def test_what_is_more_than_the_limit_joins_the_next_digest(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink, at_most="3 per hour"))
    for number in range(8):
        tell(engine, watching, number)
    run(engine, watching, SECOND, HOUR - SECOND)
    assert len(smtp_sink.mails) == 3
    run(engine, watching, HOUR, HOUR)
    assert smtp_sink.mails[-1].message["X-Wirewatch-Verdict"] == "digest"
    assert "5 alerts on 5 stories" in smtp_sink.mails[-1].message["Subject"]
    told = [one.message["X-Wirewatch-Url"] for one in smtp_sink.mails[:3]]
    told += re.findall(r"https://news\.example/\d", body(smtp_sink))
    assert sorted(told) == [f"https://news.example/{number}" for number in range(8)]
    tell(engine, watching, 9, at=NOON + HOUR + 5 * SECOND)
    run(engine, watching, HOUR + 6 * SECOND, HOUR + 6 * SECOND)
    assert smtp_sink.mails[-1].message["X-Wirewatch-Url"] == "https://news.example/9"


def test_a_digest_by_mail_is_never_so_long_that_a_reader_cuts_it_off(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink, at_most="1 per hour"))
    for number in range(201):
        put_alert(
            engine, watching, number, title=f"Росфинмониторинг внёс биржу в перечень, дело {number}: " + "и ещё " * 9
        )
    run(engine, watching, SECOND, HOUR, HOUR - SECOND)
    digests = [one.message.get_body(("html",)) for one in smtp_sink.mails[1:]]
    pages = [str(part.get_content()) for part in digests if part is not None]
    assert max(len(page.encode()) for page in pages) < 100_000
    told = [link for page in pages for link in re.findall(r'href="https://news\.example/(\d+)"', page)]
    assert sorted(map(int, told)) == list(range(1, 201))
    threads = {one.message["In-Reply-To"] for one in smtp_sink.mails[2:]}
    assert threads == {smtp_sink.mails[1].message["Message-ID"]}


def test_an_entity_has_a_limit_of_its_own(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink))
    watching = replace(watching, wishes={"Binance": Wish(at_most=Rate(2, HOUR))})
    for number in range(4):
        tell(engine, watching, number)
    run(engine, watching, SECOND, HOUR + 60 * SECOND)
    verdicts = [one.message["X-Wirewatch-Verdict"] for one in smtp_sink.mails]
    assert verdicts == ["new", "new", "digest"]


def test_a_flood_on_slack_becomes_a_digest_in_which_nothing_is_left_out(engine: Engine, slack: Slack) -> None:
    watching = archive.watchlist(team=bot(slack))
    for number in range(200):
        put_alert(engine, watching, number)
    run(engine, watching, 0 * SECOND, 60 * SECOND, 2 * SECOND)
    assert len(slack.posts) < 20
    assert all("[digest]" in post["text"] for post in slack.posts)
    assert {post.get("thread_ts") for post in slack.posts[1:]} == {slack.posts[0]["ts"]}
    told = re.findall(r'"https://news\.example/(\d+)"', json.dumps([post["blocks"] for post in slack.posts]))
    assert sorted(map(int, told)) == list(range(200))
    assert set(states(engine)) == {"sent"}


def test_a_mute_keeps_silent_until_it_ends_and_says_so(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink))
    story = tell(engine, watching, 1)
    run(engine, watching, 0 * HOUR, 0 * HOUR)
    tell(engine, watching, 2, story=story, new=["Waits."])
    with writing(engine) as session:
        mutes.mute(session, f"story:{story}", NOON + HOUR, NOON)
        assert mutes.stop(session, story, NOON) == 1
    tell(engine, watching, 3, story=story, new=["Muted."], at=NOON + HOUR / 2)
    run(engine, watching, HOUR / 2, HOUR)
    tell(engine, watching, 4, story=story, new=["Told."], at=NOON + HOUR)
    run(engine, watching, HOUR, HOUR + 60 * SECOND)
    assert [one.message["X-Wirewatch-Url"][-1] for one in smtp_sink.mails] == ["1", "4"]
    assert states(engine) == ["sent", "silent", "silent", "sent"]
    assert "muted until 2023-11-14 13:00 UTC" in deliveries(engine)[2].error
    with reading(engine) as session:
        assert [one.matter for one in mutes.listed(session, NOON)] == [f"story:{story}"]
        assert list(mutes.listed(session, NOON + HOUR)) == []


def test_an_hour_back_and_a_day_forward_lose_no_digest(engine: Engine, smtp_sink: SmtpSink) -> None:
    watching = archive.watchlist(post=mail(smtp_sink, digest="17:00"))
    tell(engine, watching, 1)
    run(engine, watching, -1 * HOUR, -1 * HOUR)
    assert not smtp_sink.mails
    run(engine, watching, 24 * HOUR, 24 * HOUR)
    assert len(smtp_sink.mails) == 1
    tell(engine, watching, 2, at=NOON + 72 * HOUR)
    run(engine, watching, 0 * HOUR, 0 * HOUR)
    assert len(smtp_sink.mails) == 2
