"""Whatever an alert holds, what goes to Slack is within its limits, and says at least what it is about.

https://docs.slack.dev/reference/block-kit/blocks: 50 blocks, 150 characters a header, 3,000 a section; in all about
13,000 characters of JSON (``msg_blocks_too_long``).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from worker.alerts.channel import Address
from worker.alerts.slack import Slack
from worker.alerts.view import AlertKind, AlertView, Carrier, Line, Named, Passage, Told
from worker.store import digests
from worker.watchlist.schema import SlackChannel

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
LETTERS = ("a", "Binance ", "binance,", '"', "\\", "&", "<", "ж ", "ß", "株", "😀", "a. ", "\n", "1,000 ", "<!channel>")
SEEDS = range(40)


def words(chance: random.Random, most: int) -> str:
    """Up to ``most`` characters of whatever is hard to shorten or to escape."""
    some = chance.choices(LETTERS, k=chance.randint(1, 4))
    return "".join(chance.choices(some, k=most))[: chance.choice((0, 1, most // 10, most, most))]


def address(chance: random.Random) -> str:
    return f"https://news.example/{'a%22' * chance.choice((0, 5, 400, 600))}"


def some(chance: random.Random) -> int:
    return chance.choice((0, 1, 2, 7, 60))


def alert(seed: int) -> AlertView:
    chance = random.Random(seed)
    return AlertView(
        token=f"{seed}",
        kind=chance.choice([AlertKind.NEW, AlertKind.UPDATE, AlertKind.NOTICE, AlertKind.ASIDE]),
        at=NOON,
        headline=words(chance, 3000),
        story=chance.choice((None, 12, 10**15)),
        url=address(chance),
        source=words(chance, 500),
        published=NOON,
        entities=tuple(
            Named(words(chance, 300) or "x", words(chance, 2000), (words(chance, 60) or "y",))
            for _ in range(some(chance))
        ),
        sentences=tuple(words(chance, 2000) for _ in range(some(chance))),
        carriers=tuple(Carrier(words(chance, 300), address(chance)) for _ in range(some(chance))),
        passages=tuple(Passage(words(chance, 300), (words(chance, 3000),) * 3) for _ in range(some(chance))),
        so_far=tuple(Told(NOON, words(chance, 500)) for _ in range(some(chance))),
        known_figures=frozenset({"1000"}),
        reason=words(chance, 2000),
        lines=tuple(line(chance) for _ in range(chance.choice((0, 0, 1, 30)))),
        body=words(chance, 9000),
    )


def line(chance: random.Random) -> Line:
    kind = chance.choice((AlertKind.NEW, AlertKind.UPDATE))
    names = ("Binance" * chance.choice((1, 9)),) * some(chance)  # the desk's own, from the watchlist
    return Line(
        kind, words(chance, 900), address(chance), words(chance, 200), NOON, names, (words(chance, 900),), some(chance)
    )


def rendered(view: AlertView) -> dict[str, Any]:
    config = {"type": "slack", "token": "xoxb-1", "channel": "C1"}
    return Slack("team", SlackChannel.model_validate(config)).render(view, Address(delivery="d"))


def texts(found: object) -> Iterator[str]:
    """What stands in the text elements of a block."""
    if isinstance(found, dict):
        if isinstance(found.get("text"), str):
            yield found["text"]
        for each in found.values():
            yield from texts(each)
    elif isinstance(found, list):
        for each in found:
            yield from texts(each)


def sections(found: object) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        if found.get("type") == "rich_text_section":
            yield found
        for each in found.values():
            yield from sections(each)
    elif isinstance(found, list):
        for each in found:
            yield from sections(each)


def unfit(payload: dict[str, Any]) -> list[str]:
    """Which limits a message breaks."""
    blocks = payload["blocks"]
    broken = [f"{len(blocks)} blocks"] if len(blocks) > 50 else []
    for block in blocks:
        if block["type"] == "header" and not 0 < len(block["text"]["text"]) <= 150:
            broken.append("header")
        if block["type"] == "context" and not all(0 < len(one["text"]) <= 2000 for one in block["elements"]):
            broken.append("context")
    broken += [
        "section" for one in sections(blocks) if not one["elements"] or sum(len(text) for text in texts(one)) > 3000
    ]
    if (size := len(json.dumps(blocks, ensure_ascii=False))) > 13_000:
        broken.append(f"{size} characters")
    if not 0 < len(payload["text"]) <= 40_000:
        broken.append(f"text of {len(payload['text'])}")
    return broken


@pytest.mark.parametrize("seed", SEEDS)
def test_any_alert_is_within_the_limits(seed: int) -> None:
    assert not unfit(rendered(alert(seed)))


@pytest.mark.parametrize("seed", SEEDS)
def test_any_digest_is_within_the_limits(seed: int) -> None:
    """As many lines as are put into one message, however long each of them is."""
    chance = random.Random(seed)
    lines = [line(chance) for _ in range(80)]
    costs = [digests.cost(one.url, one.source, one.headline) for one in lines]
    view = replace(alert(seed), kind=AlertKind.DIGEST, entities=(), sentences=(), headline="", body="41 kept silent")
    for part in digests.parts(range(80), costs, Slack.room):
        payload = rendered(replace(view, lines=tuple(lines[number] for number in part)))
        assert not unfit(payload)
        assert "more alert" not in str(payload["blocks"])


def test_an_alert_that_is_shortened_still_says_what_it_is_about() -> None:
    view = replace(alert(3), kind=AlertKind.UPDATE, headline="Binance settles", url="https://news.example/1")
    said = json.dumps(rendered(view), ensure_ascii=False)
    assert "Binance settles" in said
    assert "https://news.example/1" in said
