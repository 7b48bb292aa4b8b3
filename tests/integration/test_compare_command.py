from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from servers.web import Web
from worker.cli import compare
from worker.settings import settings
from worker.stories.pieces import MOST_WORDS

SENTENCES = (
    "The tanker Orion ran aground off Varna on Monday with nineteen sailors and 40,000 tonnes of crude on board.",
    "Two tugs from Burgas were under way and would arrive before the wind turned north, the ministry said.",
    "No oil had leaked by noon, according to the captain, who blamed a chart that had not been renewed since 2009.",
    "Insurers had warned in spring that the channel was no longer dredged as deeply as ships of that size require.",
    "The channel has been the subject of a quarrel of the city and the state, each of which sends the other the bill.",
    "Shares of the owner, a company registered in Valletta, fell by four per cent before trading in them was stopped.",
)
SEEDS = sorted((Path(__file__).parents[3] / "shared" / "seeds").glob("*.txt"))


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WIREWATCH_ALLOW_NETS", "127.0.0.0/8")
    settings.cache_clear()
    yield
    settings.cache_clear()


def compared(*arguments: str) -> Result:
    return CliRunner().invoke(compare.command, [*arguments], env={"COLUMNS": "160"})


def plain(*arguments: str) -> dict[str, Any]:
    result = compared(*arguments, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def text(name: str, *sentences: str, title: str = "Tanker aground") -> str:
    Path(name).write_text(f"{title}\n\n" + "\n\n".join(sentences), encoding="utf-8")
    return name


def page(*sentences: str) -> str:
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return (
        f"<!doctype html><html><head><title>Tanker aground</title></head><body><article>{paragraphs}</article></body>"
    )


def test_of_a_text_without_full_stops_the_piece_that_is_new_is_shown() -> None:
    endless = [word.strip(".,") for word in " ".join(SENTENCES * 4).split()]
    endless = [f"{word}{chr(97 + at % 23)}{chr(97 + at % 19)}" for at, word in enumerate(endless)]
    put_in = "and a second tanker sank off Burgas"
    told = plain(text("a.txt", " ".join(endless)), text("b.txt", " ".join([*endless[:250], put_in, *endless[250:]])))
    assert told["verdict"] == "update"
    (piece,) = told["new_sentences"]
    assert put_in in piece
    assert len(piece.split()) <= MOST_WORDS


def test_a_copy_with_a_passage_of_its_own_is_a_reprint_and_the_passage_is_shown() -> None:
    first, second = text("a.txt", *SENTENCES[:4]), text("b.txt", *SENTENCES[:3], SENTENCES[5])
    told = plain(first, second)
    assert (told["verdict"], told["reprint"]) == ("reprint", True)
    assert told["new_sentences"] == [SENTENCES[5]]
    assert told["missing_sentences"] == [SENTENCES[3]]
    assert told["b"]["title"] == "Tanker aground"
    shown = compared(first, second)
    assert shown.exit_code == 0
    assert shown.stdout.startswith("B is a reprint of A\nWhy: ")
    assert f"+ {SENTENCES[5]}" in shown.stdout


def test_what_is_taken_for_the_sites_is_shown_as_such() -> None:
    of_site = [
        "VARNA, May 4 (Newswire) -",
        "Read also: Ten ferries to avoid",
        "We use cookies to improve your experience.",
    ]
    dateline, *lines = of_site
    report = [f"{dateline} {SENTENCES[0]}", SENTENCES[1], lines[0], SENTENCES[2], lines[1]]
    files = text("a.txt", *SENTENCES[:3]), text("b.txt", *report)
    told = plain(*files)
    assert told["reprint"]
    assert told["left_out"] == of_site
    assert f"- {lines[0]}" in compared(*files).stdout


def test_another_story_is_told_as_such() -> None:
    other = text(
        "b.txt", "It will rain in Patras until Thursday, and the ferries to the islands may be late.", title="Rain"
    )
    told = plain(text("a.txt", *SENTENCES), other)
    assert (told["verdict"], told["reprint"]) == ("new", False)
    assert len(told["missing_sentences"]) == len(SENTENCES)


def test_pages_are_read_from_files_and_from_addresses(web: Web) -> None:
    web.page("/article", page(*SENTENCES), "text/html; charset=utf-8")
    Path("saved.html").write_text(page(*SENTENCES), encoding="utf-8")
    told = plain(web.url("/article"), "saved.html")
    assert told["reprint"]
    assert told["a"]["words"] == told["b"]["words"] > 100


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("absent.txt", "absent.txt: no such file"),
        (".", "is a directory"),
        ("empty.txt", "empty.txt: there is no text in it"),
        ("http://127.0.0.1:1/", "127.0.0.1"),
        ("http://[", "http"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_reason(place: str, said: str) -> None:
    Path("empty.txt").write_text("\n", encoding="utf-8")
    result = compared(text("a.txt", *SENTENCES), place)
    assert result.exit_code == 1
    assert said in result.stderr


@pytest.mark.skipif(len(SEEDS) != 2, reason="the two carriers of one agency report are not beside the repository")
@pytest.mark.parametrize("order", [1, -1])
def test_two_carriers_that_kept_different_parts_of_one_report_are_reprints(order: int) -> None:
    first, second = map(str, SEEDS[::order])
    told = plain(first, second)
    assert told["reprint"], told["reason"]
    assert told["new_sentences"]
