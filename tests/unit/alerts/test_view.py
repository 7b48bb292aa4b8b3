from __future__ import annotations

from datetime import UTC, datetime, timedelta

from worker.alerts.view import token

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_two_archives_never_name_two_alerts_alike() -> None:
    assert token("article:1", NOON) != token("article:1", NOON + timedelta(microseconds=1))
    assert token("article:1", NOON) == token("article:1", NOON)
