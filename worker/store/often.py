"""Statements that run for every article: compiled once, and handed to the driver with their parameters.

SQLAlchemy's own way to a statement takes several times as long as these take in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ClauseElement, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session


class Often:
    """A statement that is compiled once for each kind of database. Its parameters are given by their names."""

    def __init__(self, make: Callable[[str], ClauseElement]) -> None:
        """Let ``make`` give the statement for a kind of database, "sqlite" or "postgresql"."""
        self._make = make
        self._compiled: dict[str, _Compiled] = {}

    def run(self, session: Session, **values: object) -> None:
        """Run the statement, which gives nothing back, with ``values`` as SQLAlchemy would take them."""
        self.rows(session, **values)

    def rows(self, session: Session, **values: object) -> list[tuple[Any, ...]]:
        """Run the statement and return its rows; what goes in, comes out and is raised is as with SQLAlchemy.

        Its events of a statement are not called.
        """
        connection = session.connection()
        dialect = connection.dialect
        compiled = self._on(dialect)
        given = compiled.parameters(values)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(compiled.text, given)
            return compiled.read(cursor.fetchall()) if cursor.description else []
        except dialect.loaded_dbapi.Error as error:
            lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
            told = DBAPIError.instance(
                compiled.text, given, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
            )
            if lost:
                connection.invalidate(error)
            raise told from error
        finally:
            cursor.close()

    def _on(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._make(dialect.name), dialect)
        return compiled


class _Compiled:
    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._constant = {name: value for name, value in compiled.params.items() if value is not None}
        self._order = compiled.positiontup  # None where the driver takes them by name
        processors = {
            name: compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in compiled.params
        }
        self._processors = [(name, process) for name, process in processors.items() if process]
        columns = enumerate(compiled.statement.exported_columns)
        readers = ((at, one.type.dialect_impl(dialect).result_processor(dialect, None)) for at, one in columns)
        self._readers = [(at, process) for at, process in readers if process]

    def parameters(self, values: dict[str, object]) -> Any:  # noqa: ANN401
        given = {**self._constant, **values}
        for name, process in self._processors:
            given[name] = process(given[name])
        return given if self._order is None else tuple([given[name] for name in self._order])

    def read(self, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        if not self._readers:
            return [*rows]
        found = [list(row) for row in rows]
        for row in found:
            for at, process in self._readers:
                row[at] = process(row[at])
        return [tuple(row) for row in found]
