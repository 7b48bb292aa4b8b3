"""The watchlist is edited again and again, in place and badly, while the service polls fifty feeds."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from servers.newsroom import Newsroom
from servers.service import Service, until
from servers.web import Web

FEEDS, EDITS = 50, 200
CITIES = "Porto Lagos Quito Turin Osaka Perth Lyon Cusco Bergen Accra".split()


def text(web: Web, number: int) -> str:
    """Edition ``number``: Kraken stands last, so that half of the file is a watchlist without it."""
    feeds = [{"url": web.url(f"/site{feed}/feed.xml"), "every": "1s"} for feed in range(FEEDS)]
    entities = [{"name": "Binance", "aliases": [f"Alias{number}"]}, {"name": "Kraken"}]
    head = {"defaults": {"host_gap": "0s", "every": "1s"}, "feeds": feeds}
    return yaml.safe_dump(head) + yaml.safe_dump({"entities": entities}, sort_keys=False)


def save_slowly(path: Path, whole: str, chance: random.Random) -> None:
    """Write in place, as some editors and all copies over a network do, with a pause in the middle."""
    middle = whole.index("- name: Kraken") if chance.random() < 0.5 else chance.randrange(len(whole))
    with path.open("w", encoding="utf-8") as file:
        file.write(whole[:middle])
        file.flush()
        time.sleep(0.05)
        file.write(whole[middle:])


@pytest.mark.timeout(300)
def test_two_hundred_edits_lose_no_article_and_none_is_judged_with_half_a_watchlist(tmp_path: Path) -> None:
    chance = random.Random(7)
    service = Service(tmp_path, f"sqlite:///{tmp_path / 'wirewatch.db'}")
    path = tmp_path / "watchlist.yaml"
    published: list[str] = []
    with Web() as web:
        rooms = [Newsroom(web, f"site{number}") for number in range(FEEDS)]
        path.write_text(text(web, 0), encoding="utf-8")
        with service:
            until(lambda: "running" in service.output)
            for number in range(1, EDITS + 1):
                whole = text(web, number)
                broken = whole.replace("feeds:", "feds:") if number % 3 == 0 else whole
                save_slowly(path, broken, chance)
                city, room = CITIES[number % 10], rooms[number % FEEDS]
                lead = f"Binance and Kraken opened office number {number} in {city} on Monday, their lawyers said."
                published.append(room.publish(f"a{number}", f"Office {number} in {city}", [lead, lead[::-1]]))
                time.sleep(2.5 if number % 20 == 7 else 0.1)  # now and then an edition is left to take effect
            until(lambda: "watchlist refused" in service.output)
            with sqlite3.connect(tmp_path / "wirewatch.db") as database:
                count = "SELECT count(*) FROM article WHERE state = 'judged'"
                until(lambda: database.execute(count).fetchone() == (EDITS,))
            reads = service.output.count("watchlist read")
            path.write_text(text(web, 1000), encoding="utf-8")
            until(lambda: service.output.count("watchlist read") > reads, 10)
            rooms[0].publish("last", "Alias1000 opens", ["Alias1000 has opened an office in Riga, it said."])
            with sqlite3.connect(tmp_path / "wirewatch.db") as database:
                named_by_it = "SELECT count(*) FROM mention WHERE form = 'Alias1000'"
                until(lambda: database.execute(named_by_it).fetchone() != (0,))
            service.stop()
    with sqlite3.connect(tmp_path / "wirewatch.db") as database:
        named: dict[str, set[str]] = defaultdict(set)
        for url, entity in database.execute("SELECT url, entity FROM mention JOIN article ON article.id = article_id"):
            named[url].add(entity)
    assert {url: named[url] for url in published} == {url: {"Binance", "Kraken"} for url in published}
    assert reads >= 5
