"""One process on an SQLite database: the lock beside the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from sqlalchemy import make_url


class AlreadyRunningError(RuntimeError):
    """Another process has this SQLite database."""


class FolderError(RuntimeError):
    """The folder of the SQLite database does not exist or cannot be written."""


@contextmanager
def alone(database_url: str) -> Iterator[bool]:
    """Hold the SQLite database for this process; say whether it is ours alone (PostgreSQL may have many users).

    The lock is on a file beside the database and goes with the process, however that ends.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield False
        return
    path = Path(f"{url.database}.lock")
    try:
        opened = path.open("a+")
    except OSError as error:
        raise FolderError(f"the folder of {url.database} cannot be used: {error.strerror}") from None
    with opened as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except OSError:
            raise AlreadyRunningError(f"another wirewatch is running on {url.database}; stop it first") from None
        yield True
