from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from worker import edits, runtime
from worker.runtime import Runtime
from worker.settings import read
from worker.watchlist import Problem, WatchlistError

WHOLE = """\
feeds:
  - url: https://news.example/feed.xml
entities:
  - name: Binance
  - name: Kraken
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    """A runtime that looks at its file whenever it is asked."""
    monkeypatch.setattr(runtime, "LOOK_EVERY", 0.0)
    save(tmp_path / "watchlist.yaml", WHOLE)
    made = Runtime(
        read({"WIREWATCH_WATCHLIST": str(tmp_path / "watchlist.yaml"), "DATABASE_URL": f"sqlite:///{tmp_path}/w.db"})
    )
    made.watch()
    return made


def save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(time.time_ns(), time.time_ns()))


def names(here: Runtime) -> list[str]:
    return [entity.name for entity in here.watch().watchlist.entities]


def test_half_a_file_that_would_be_a_watchlist_is_not_taken_for_one(here: Runtime) -> None:
    path = here.settings.watchlist
    save(path, WHOLE[: WHOLE.index("  - name: Kraken")])
    assert names(here) == ["Binance", "Kraken"]
    assert not here.caught_up()
    save(path, WHOLE.replace("Kraken", "Coinbase"))
    assert names(here) == ["Binance", "Kraken"]
    assert names(here) == ["Binance", "Coinbase"]
    assert here.caught_up()


def test_a_bad_edit_leaves_the_last_good_one_until_a_good_one_follows(
    here: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = here.settings.watchlist
    save(path, WHOLE.replace("name", "nmae"))
    for _ in range(3):
        assert names(here) == ["Binance", "Kraken"]
    assert here.bad_edit is not None
    assert here.caught_up()
    path.unlink()
    for _ in range(3):
        assert names(here) == ["Binance", "Kraken"]
    assert "cannot be read" not in str(here.bad_edit)  # it may be on its way
    monkeypatch.setattr(runtime, "GONE", 0.0)
    here.watch()
    assert "cannot be read" in str(here.bad_edit)
    save(path, WHOLE.replace("Kraken", "Coinbase"))
    here.watch()
    assert names(here) == ["Binance", "Coinbase"]
    assert here.bad_edit is None


def test_a_file_that_a_bad_edit_waits_for_is_looked_for(here: Runtime) -> None:
    path = here.settings.watchlist
    save(path, WHOLE.replace("- url: https://news.example/feed.xml", "- opml: feeds.opml"))
    for _ in range(3):
        here.watch()
    assert here.bad_edit is not None
    outline = '<outline text="Wire" xmlUrl="https://wire.example/rss"/>'
    save(path.parent / "feeds.opml", f'<opml version="2.0"><body>{outline}</body></opml>')
    for _ in range(3):
        here.watch()
    assert here.bad_edit is None
    assert [feed.url for feed in here.watch().watchlist.feeds] == ["https://wire.example/rss"]


def test_a_variable_that_changes_in_the_env_file_counts(here: Runtime) -> None:
    env = here.settings.watchlist.parent / ".env"
    save(here.settings.watchlist, WHOLE.replace("Kraken", "${WHO}"))
    for _ in range(3):
        here.watch()
    assert "WHO is not set" in str(here.bad_edit)
    save(env, "\ufeffWHO=Okex\n")
    for _ in range(3):
        here.watch()
    assert names(here) == ["Binance", "Okex"]
    env.write_bytes("WHO=Cardano\n".encode("utf-16"))
    for _ in range(3):
        here.watch()
    assert names(here) == ["Binance", "Okex"]
    assert ".env is not UTF-8 text" in str(here.bad_edit)


def test_no_more_problems_are_told_than_anybody_reads() -> None:
    problems = [Problem("watchlist.yaml", line, 1, f"wrong {line}") for line in range(1, 14)]
    told = edits.told(WatchlistError(problems)).splitlines()
    assert told[9] == "watchlist.yaml:10:1: wrong 10"
    assert told[10:] == ["and 3 more: `wirewatch check` shows them all"]
