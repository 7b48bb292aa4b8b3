"""How many threads of a process may work at one step, and the loop that each of them runs.

A slow page or a flood of articles must not keep the polls and the deliveries waiting, so each step has its own number
of hands. Together they are fewer than the worker's threads, which leaves the tick one of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from worker import logs
from worker.db import writing

HANDS = {"poll": 14, "extract": 10, "judge": 1, "deliver": 4}
THREADS = sum(HANDS.values()) + 3

stopping = threading.Event()
"""Set when the process is about to end: no step takes up anything more."""

_free = {step: threading.BoundedSemaphore(count) for step, count in HANDS.items()}
_again = {step: threading.Event() for step in HANDS}
Claimed = TypeVar("Claimed")


@contextmanager
def drain(
    step: str, engine: Engine, claim_next: Callable[[Session, datetime], Claimed | None]
) -> Iterator[Iterator[Claimed]]:
    """Give what is to be done at ``step``, one claimed row after another, until nothing is left or the process stops.

    Gives nothing when all hands of the step are busy: one of them looks again before it rests, so that a wake-up call
    that comes while the last row is being worked on is not lost.
    """
    with closing(_claimed(step, engine, claim_next)) as rows:
        yield rows


def _claimed(
    step: str, engine: Engine, claim_next: Callable[[Session, datetime], Claimed | None]
) -> Generator[Claimed]:
    _again[step].set()
    while _again[step].is_set() and _free[step].acquire(blocking=False):
        try:
            _again[step].clear()
            while not stopping.is_set():
                try:
                    with writing(engine) as session:
                        row = claim_next(session, datetime.now(UTC))
                except OperationalError as error:  # the database is away; the tick sends more calls when it is back
                    logs.get(__name__).warning("database unreachable", step=step, error=str(error.orig))
                    return
                if row is None:
                    break
                yield row
        finally:
            _free[step].release()
        if stopping.is_set():
            return
