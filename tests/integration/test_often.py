"""What a statement that is handed to the driver itself raises."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from worker.db import make_engine, writing
from worker.store import stories


def _ask_after_its_end(engine: Engine, other: Engine) -> None:
    """Ask for a verdict in a transaction whose connection the database has just ended."""
    with writing(engine) as session:
        backend = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with other.begin() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": backend})
        stories.judgement_of(session, 1)


def test_a_lost_connection_is_told_as_such_and_the_next_transaction_has_another(postgresql_url: str) -> None:
    engine, other = make_engine(postgresql_url), make_engine(postgresql_url)
    with pytest.raises(OperationalError, match="FROM judgement") as lost:
        _ask_after_its_end(engine, other)
    assert lost.value.connection_invalidated
    with writing(engine) as session:
        assert stories.judgement_of(session, 1) is None
    engine.dispose()
    other.dispose()
