from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from worker.cli import replay
from worker.settings import settings

LEAD = "The tanker Orion ran aground off Varna on Monday with nineteen sailors and 40,000 tonnes of crude on board."
BODY = (
    "Two tugs from Burgas were under way and would arrive before the wind turned north, the ministry said. "
    "No oil had leaked by noon, according to the captain, who blamed a chart that had not been renewed since 2009. "
    "Insurers had warned in spring that the channel was no longer dredged as deeply as ships of that size require."
)
UPDATE = (
    "Divers found a crack eleven metres long in the hull of the Orion on Tuesday, and the harbour of Varna was closed."
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    for name in ("WIREWATCH_WATCHLIST", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


def replayed(*options: str, lines: tuple[str, ...] | None = None) -> Result:
    articles = lines or (
        _line("a", 6, "Orion aground", f"{LEAD} {BODY}"),
        _line("b", 7, "Tanker aground", f"{LEAD} {BODY}"),
        _line(
            "other", 8, "Weather", "It will rain in Patras until Thursday, and the ferries to the islands may be late."
        ),
        _line("c", 30, "Crack in the Orion", f"{UPDATE} {BODY}"),
    )
    Path("articles.jsonl").write_text("\n".join(articles), encoding="utf-8")
    return CliRunner().invoke(replay.command, ["articles.jsonl", *options])


def _line(name: str, hour: int, title: str, text: str) -> str:
    published = f"2026-03-{2 + hour // 24:02}T{hour % 24:02}:00:00+00:00"
    return json.dumps(
        {"id": name, "url": f"https://{name}.example/1", "published": published, "title": title, "text": text}
    )


def decisions(result: Result) -> dict[str, dict[str, Any]]:
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    return {row["id"]: row for row in rows}


def watch(name: str) -> None:
    Path("watchlist.yaml").write_text(
        f"feeds: [{{url: 'https://feed.example/rss'}}]\nentities: [{{name: {name}, kind: company}}]\n", encoding="utf-8"
    )


def test_articles_are_judged_in_order_and_every_line_is_answered() -> None:
    watch("Orion")
    result = replayed("--json")
    assert result.exit_code == 0, result.output
    told = decisions(result)
    assert list(told) == ["a", "b", "other", "c"]
    assert {row["verdict"] for row in told.values()} == {"new", "reprint", "update", None}
    assert all(
        list(row) == ["id", "verdict", "story", "of", "reason", "entities", "new_sentences"] for row in told.values()
    )
    assert (told["b"]["of"], told["b"]["story"]) == ("a", told["a"]["story"])
    assert (told["c"]["verdict"], told["c"]["new_sentences"]) == ("update", [UPDATE])
    assert told["c"]["of"] in {"a", "b"}
    assert told["a"]["entities"] == ["Orion"]
    assert (told["other"]["reason"], told["other"]["story"]) == ("names no watched entity", None)


def test_all_judges_every_article_without_a_watchlist() -> None:
    told = decisions(replayed("--json", "--all"))
    assert [row["verdict"] for row in told.values()] == ["new", "reprint", "new", "update"]


def test_without_all_a_watchlist_is_needed() -> None:
    assert replayed("--json").exception is not None


def test_all_goes_on_with_a_watchlist_that_cannot_be_read_and_says_so() -> None:
    Path("watchlist.yaml").write_text("entities: 3\n", encoding="utf-8")
    result = replayed("--json", "--all")
    assert (result.exit_code, len(decisions(result))) == (0, 4)
    assert "watchlist.yaml:1" in result.stderr


def test_a_line_that_holds_no_article_is_named_and_the_exit_code_is_1() -> None:
    result = replayed("--json", "--all", lines=(_line("a", 6, "Orion", LEAD), "{oops", _line("b", 7, "Orion", LEAD)))
    assert result.exit_code == 1
    assert list(decisions(result)) == ["a", "b"]
    assert "articles.jsonl:2: the line is not JSON" in result.stderr


def test_for_people_it_prints_a_row_an_article_and_a_summary() -> None:
    result = replayed("--all")
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["new", "reprint", "new", "update", "+"]
    assert "2 new, 1 update, 1 reprint" in result.stderr
