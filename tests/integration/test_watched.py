"""What is new in a watchlist: told in one line, looked for in what came lately, and never a flood."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine, select

from servers import archive
from servers.archive import NOON, notices
from worker import alarms, edits, judging
from worker.db import reading, writing
from worker.entities.match import Matcher
from worker.models import Alert, Article, Delivery, Heartbeat, Mention
from worker.store import articles, coverage, leases
from worker.types import Entity
from worker.watchlist.model import FeedSpec, Watchlist

HOUR = timedelta(hours=1)


def watching(feeds: int, *entities: str) -> Watchlist:
    made = archive.watchlist(desk={"type": "console"}, other={"type": "console"})
    return replace(
        made,
        feeds=tuple(FeedSpec(f"https://feed.example/{n}", f"Feed {n}", timedelta(minutes=5)) for n in range(feeds)),
        entities=tuple(Entity(name, notify=("desk",)) for name in entities),
        digest=f"{feeds}:{'+'.join(entities)}",
    )


def settle(engine: Engine, watchlist: Watchlist, after: timedelta = timedelta(0)) -> None:
    with writing(engine) as session:
        edits.settle(session, watchlist, None, NOON + after, edited=True)


def put_unnamed(engine: Engine, number: int, age: timedelta) -> None:
    """An article that named nobody."""
    with writing(engine) as session:
        url = f"https://news.example/{number}"
        session.add(
            Article(
                url=url,
                url_key=url,
                host="news.example",
                title="Kraken moves",
                published_at=NOON - age,
                seen_at=NOON - age,
                text="Kraken moved on Monday.",
                state="judged",
                note="names no watched entity",
                due_at=NOON - age,
            )
        )


def test_of_two_machines_with_different_files_the_one_edited_last_counts(engine: Engine) -> None:
    ours, theirs = watching(1, "Binance"), watching(2, "Okex")
    reader = f"{leases.ALIVE}there"

    def in_force() -> str:
        with reading(engine) as session:
            return session.get_one(Heartbeat, coverage.IN_FORCE).detail

    def strays(after: timedelta) -> list[str]:
        with reading(engine) as session:
            found = alarms.holding(coverage.picture(session, NOON + after))
        return [alarm.title for alarm in found if alarm.key == "strays"]

    settle(engine, theirs)
    for edited, wins in ((False, theirs), (True, ours), (False, ours)):
        with writing(engine) as session:
            leases.beat(session, reader, NOON, edits.reads(theirs, None))
            edits.settle(session, ours, None, NOON, edited=edited)
        assert in_force() == wins.digest
    assert strays(timedelta(minutes=1)) == []  # it may still catch up
    with writing(engine) as session:
        leases.beat(session, reader, NOON + HOUR, edits.reads(theirs, None))
    assert strays(HOUR) == [f"workers read different watchlists: {socket.gethostname()}"]
    with writing(engine) as session:
        edits.settle(session, theirs, None, NOON + HOUR, edited=False)
    assert in_force() == theirs.digest  # nobody who lives reads ours any more


def test_all_that_is_new_is_one_line_for_everybody_and_told_once(engine: Engine) -> None:
    settle(engine, watching(0, "Binance"))
    assert not notices(engine)  # who starts the service knows what it watches
    settle(engine, watching(40, "Binance", "Okex"), HOUR)
    settle(engine, watching(40, "Binance", "Okex"), HOUR)
    settle(engine, watching(41, "Binance", "Kraken"), 2 * HOUR)
    settle(engine, watching(40, "Binance"), 3 * HOUR)
    settle(engine, watching(40, "Binance", "Kraken"), 4 * HOUR)
    assert [one.title for one in notices(engine)] == [
        "Watched from now on: 1 entity and 40 feeds",
        "Watched from now on: 1 entity and 1 feed",
        "Watched from now on: 1 entity",
    ]
    first = notices(engine)[0].body.splitlines()
    assert first[0] == "Okex"
    assert first[1].endswith("Feed 8, Feed 9 and 30 more")
    assert "longer than 1d ago" in first[2]
    with reading(engine) as session:
        assert len(session.scalars(select(Delivery)).all()) == 3 * 2


TEXT = (
    "Binance moved two billion dollars on Monday after a court in Riga had ordered it to, the exchange said. "
    "Gleb Kostarev, who once ran its office, said that he had nothing to add to the papers of the court."
)


def judge(engine: Engine, watchlist: Watchlist, after: timedelta) -> list[tuple[str, str | None]]:
    """Judge what is to be judged; give the channels of the deliveries that there are, and their articles."""
    matcher = Matcher(watchlist.entities)
    while True:
        with writing(engine) as session:
            row = articles.claim_for_judgement(session, NOON + after)
            if row is None:
                break
            judging.settle(session, row, watchlist, matcher, NOON + after)
    with reading(engine) as session:
        rows = session.execute(
            select(Delivery.channel, Article.url)
            .join(Alert, Alert.id == Delivery.alert_id)
            .outerjoin(Article, Article.id == Alert.article_id)
            .where(Alert.kind != "notice")
            .order_by(Delivery.id)
        )
        return [(channel, url) for channel, url in rows]


def put(engine: Engine, number: int, text: str, after: timedelta = timedelta(0)) -> str:
    """An article that waits for its verdict."""
    url = f"https://news{number}.example/{number}"
    with writing(engine) as session:
        session.add(
            Article(
                url=url,
                url_key=url,
                host=f"news{number}.example",
                source=f"News {number}",
                title="Court orders Binance to move two billion dollars",
                published_at=NOON + after,
                seen_at=NOON + after,
                text=text,
                state="extracted",
                due_at=NOON + after,
            )
        )
    return url


def two(*entities: Entity) -> Watchlist:
    return replace(watching(1), entities=entities, digest=str(len(entities)))


BINANCE = Entity("Binance", notify=("desk",))
KOSTAREV = Entity("Gleb Kostarev", kind="person", notify=("other",))


def test_the_channel_of_a_new_name_is_told_of_what_was_judged_already_and_the_others_are_not_again(
    engine: Engine,
) -> None:
    settle(engine, two(BINANCE))
    url = put(engine, 1, TEXT)
    assert judge(engine, two(BINANCE), timedelta(0)) == [("desk", url)]
    settle(engine, two(BINANCE, KOSTAREV), HOUR)
    for _ in range(2):
        assert judge(engine, two(BINANCE, KOSTAREV), HOUR) == [("desk", url), ("other", url)]
    with reading(engine) as session:
        assert set(session.scalars(select(Article.state))) == {"judged"}
        assert set(session.scalars(select(Mention.entity))) == {"Binance", "Gleb Kostarev"}


def test_a_name_that_only_a_reprint_has_reaches_the_channel_that_watches_it(engine: Engine) -> None:
    both = two(BINANCE, KOSTAREV)
    first = put(engine, 1, TEXT.partition(" Gleb")[0])
    assert judge(engine, both, timedelta(0)) == [("desk", first)]
    again = put(engine, 2, TEXT, HOUR)
    found = judge(engine, both, HOUR)
    put(engine, 3, TEXT, 2 * HOUR)
    assert judge(engine, both, 2 * HOUR) == found
    assert ("other", again) in found
    assert found.count(("desk", first)) == 1


def test_a_new_name_is_looked_for_in_what_came_lately_and_in_nothing_older(engine: Engine) -> None:
    settle(engine, watching(1, "Binance"))
    put_unnamed(engine, 1, HOUR)
    put_unnamed(engine, 2, 30 * HOUR)
    settle(engine, watching(2, "Binance"), HOUR)
    with reading(engine) as session:
        assert set(session.scalars(select(Article.state))) == {"judged"}
    settle(engine, watching(2, "Binance", "Kraken"), 2 * HOUR)
    with reading(engine) as session:
        rows = session.execute(select(Article.url, Article.state).order_by(Article.id)).all()
    assert [tuple(row) for row in rows] == [
        ("https://news.example/1", "extracted"),
        ("https://news.example/2", "judged"),
    ]
