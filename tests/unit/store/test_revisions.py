"""When a known entry is a reason to read its page again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.store.revisions import Change, change, digest, may_read, worth_reading
from worker.types import Entry

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(
    title: str = "Bank fined", published: datetime | None = NOW - 5 * HOUR, updated: datetime | None = None
) -> str:
    return digest(Entry("1", "https://a.example/1", title, published, "A summary", updated=updated), NOW)


@pytest.mark.parametrize(
    ("new", "what"),
    [
        (entry(), Change.NOTHING),
        (entry(title="Bank closed"), Change.WORDS),
        (entry(updated=NOW - HOUR), Change.DATE),
        (entry(published=NOW - HOUR), Change.DATE),
        (entry(published=NOW - 5 * HOUR + timedelta(seconds=30)), Change.NOTHING),
        (entry(published=NOW - 9 * HOUR), Change.NOTHING),
        (entry(updated=NOW + 9 * HOUR), Change.NOTHING),
        (entry(published=None), Change.NOTHING),
    ],
)
def test_new_words_and_a_later_date_are_changes(new: str, what: Change) -> None:
    assert change(entry(), new) is what


def test_a_feed_that_dates_its_entries_anew_has_not_rewritten_them() -> None:
    dated = {str(number): Change.DATE for number in range(6)}
    assert worth_reading(dated, 10) == {}
    assert worth_reading(dated | {"w": Change.WORDS}, 10) == {"w": Change.WORDS}
    assert worth_reading(dated, 100) == dated
    assert worth_reading({"1": Change.DATE}, 1) == {"1": Change.DATE}


def test_readings_without_an_end_come_ever_further_apart_and_never_stop() -> None:
    minute = timedelta(minutes=1)
    assert all(may_read(Change.WORDS, readings, timedelta()) for readings in range(6))
    assert not may_read(Change.WORDS, 6, 9 * minute)
    assert may_read(Change.WORDS, 6, 10 * minute)
    assert not may_read(Change.WORDS, 8, 39 * minute)
    assert may_read(Change.WORDS, 1000, 12 * HOUR)
    assert may_read(Change.DATE, 1, timedelta())
    assert not may_read(Change.DATE, 2, 9 * minute)
