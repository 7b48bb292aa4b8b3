"""Every row of one database into another, empty one: from the file of the embedded mode to PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, Table, bindparam, func, insert, inspect, select, update

from worker.models import Base

BATCH: Final = 1000  # rows


class MoveError(RuntimeError):
    """A move that must not be made, or that did not bring over what it should; the message says what to do."""


def tables() -> tuple[Table, ...]:
    """All tables, those that others refer to first."""
    return tuple(Base.metadata.sorted_tables)


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables()}


def refuse_if_used(target: Connection) -> None:
    """Raise MoveError when a database holds rows of a wirewatch already, whatever its version."""
    there = set(inspect(target).get_table_names())
    held = {
        table.name: count
        for table in tables()
        if table.name in there and (count := target.scalar(select(func.count()).select_from(table)))
    }
    if held:
        raise MoveError(f"the target is not empty ({_listed(held)}); name a database that wirewatch has never run on")


def move(source: Connection, target: Connection, moved: Callable[[int], None]) -> dict[str, int]:
    """Copy every row, set the target's counters behind the last number, and check; return the rows of each table.

    Both connections are in a transaction of the caller's, which the target's rows are part of: what raises leaves
    nothing behind. ``moved`` is told how many rows have been copied, batch by batch.

    Raises MoveError when the target holds rows, or has not got what the source had.
    """
    refuse_if_used(target)
    expected = counts(source)
    for table in tables():
        _copy(source, target, table, moved)
        _count_on(target, table)
    arrived = counts(target)
    if arrived != expected:
        wrong = {name: arrived[name] for name in expected if arrived[name] != expected[name]}
        raise MoveError(
            f"not every row arrived ({_listed(wrong)}); nothing was kept, try again with the service stopped"
        )
    return arrived


def _copy(source: Connection, target: Connection, table: Table, moved: Callable[[int], None]) -> None:
    """Copy one table. What refers to its own table is filled in when all its rows are there, in whatever order."""
    own = [column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    later: list[dict[str, Any]] = []
    rows = source.execution_options(yield_per=BATCH).execute(select(table)).mappings()
    for part in rows.partitions(BATCH):
        copies = [dict(row) for row in part]
        for name in own:
            later += [{"b_id": copy["id"], name: copy[name]} for copy in copies if copy[name] is not None]
        target.execute(insert(table), [{**copy, **dict.fromkeys(own)} for copy in copies])
        moved(len(copies))
    for name in own:
        values = [one for one in later if name in one]
        if values:
            change = update(table).where(table.columns.id == bindparam("b_id")).values({name: bindparam(name)})
            target.execute(change, values)


def _count_on(target: Connection, table: Table) -> None:
    """PostgreSQL's counter knows nothing of numbers that were given by somebody else."""
    if target.dialect.name != "postgresql" or "id" not in table.columns:
        return
    last = target.scalar(select(func.max(table.columns.id)))
    if last is not None:
        target.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))


def _listed(rows: dict[str, int]) -> str:
    return ", ".join(f"{name}: {count} rows" for name, count in rows.items())
