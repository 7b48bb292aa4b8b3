"""The right to ask a host: one at a time, apart by the gap, and free again when the clock was set back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from worker.db import writing
from worker.store import leases

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOLD = timedelta(seconds=35)


def take(engine: Engine, host: str, at: datetime) -> bool:
    with writing(engine) as session:
        return leases.take_slot(session, host, at, HOLD)


def test_a_host_is_asked_by_one_at_a_time_and_not_before_a_long_gap_is_over(engine: Engine) -> None:
    gap = timedelta(minutes=20)
    assert take(engine, "a.example", NOW)
    assert not take(engine, "a.example", NOW + timedelta(seconds=1))
    assert take(engine, "b.example", NOW + timedelta(seconds=1))
    with writing(engine) as session:
        leases.give_slots(session, [("a.example", NOW + HOLD, NOW + gap)])
    assert not take(engine, "a.example", NOW + timedelta(minutes=19))
    assert take(engine, "a.example", NOW + timedelta(minutes=20))


def test_a_slot_whose_worker_died_is_free_after_its_hold(engine: Engine) -> None:
    assert take(engine, "a.example", NOW)
    assert take(engine, "a.example", NOW + HOLD)


def test_a_slot_from_before_the_clock_was_set_back_is_free(engine: Engine) -> None:
    assert take(engine, "a.example", NOW)
    assert take(engine, "a.example", NOW - timedelta(hours=1))
