from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from worker import replay
from worker.replay import BadLine, Line

ROW = {"id": "a1", "url": "https://e.example/1", "published": "2026-03-02T06:06:00+00:00", "title": "T", "text": "X"}


def read(*lines: bytes) -> list[Line | BadLine]:
    return list(replay.read(io.BytesIO(b"\n".join(lines))))


def row(**changes: Any) -> bytes:
    return json.dumps({key: value for key, value in {**ROW, **changes}.items() if value != "absent"}).encode()


def test_a_line_is_an_article_and_other_keys_are_ignored() -> None:
    (line,) = read(row(source="ignored", expect={"verdict": "new"}))
    assert line == Line(1, "a1", "https://e.example/1", datetime(2026, 3, 2, 6, 6, tzinfo=UTC), "T", "X")


def test_a_byte_order_mark_and_empty_lines_are_no_articles() -> None:
    assert [line.number for line in read(b"\xef\xbb\xbf" + row(), b"", b"  \r", row(id="a2"))] == [1, 4]


@pytest.mark.parametrize(
    ("published", "hour"),
    [
        ("2026-03-02T06:06:00Z", 6),
        ("2026-03-02T06:06:00", 6),
        ("2026-03-02T06:06:00+03:00", 3),
        (" 2026-03-02 06:06 ", 6),
    ],
)
def test_times_are_read_in_every_zone_and_without_one_as_utc(published: str, hour: int) -> None:
    (line,) = read(row(published=published))
    assert isinstance(line, Line)
    assert line.published == datetime(2026, 3, 2, hour, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "not JSON at its column 2"),
        (b"[1, 2]", "no JSON object"),
        (b"\xff\xfe", "not UTF-8 at its byte 1"),
        (b"[" * 100_000, "nested too deeply"),
        (row(id="absent"), 'lacks "id"'),
        (row(id=""), 'lacks "id"'),
        (row(text="absent"), 'lacks "text"'),
        (row(published=None), 'lacks "published"'),
        (row(text=["x"]), '"text" that is no string, but ["x"]'),
        (row(published="yesterday"), "'yesterday', which is no time; write it as 2026-"),
        (row(published="0001-01-01T00:00:00+14:00"), "which is no time"),
        (row(id="known"), "has the id 'known' of line 1"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_and_the_next_is_read(line: bytes, told: str) -> None:
    _, bad, after = read(row(id="known"), line, row(id="after"))
    assert isinstance(bad, BadLine)
    assert bad.number == 2
    assert told in bad.problem
    assert isinstance(after, Line)


def test_an_endless_line_is_left_out_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "LONGEST_LINE", 400)
    bad, good = read(row(text="x" * 5000), row())
    assert isinstance(bad, BadLine)
    assert "longer than 400 bytes" in bad.problem
    assert isinstance(good, Line)
    assert good.number == 2


def test_nuls_and_lone_surrogates_do_not_reach_the_database() -> None:
    (line,) = read(row(id="a\ud800", title="N\0", text="\udfff"))
    assert isinstance(line, Line)
    assert (line.id, line.title, line.text) == ("a ", "N ", " ")
