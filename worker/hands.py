"""How many threads of a process may work at one step, and the loops that they run.

A slow page or a flood of articles must not keep the polls and the deliveries waiting, so each step has its own number
of hands. Together they are fewer than the worker's threads, which leaves the tick one of its own.

``drain`` is the loop of a step that takes one row at a time. ``rounds`` is that of a step whose work is waiting for
servers: many threads wait, and one claims and records for all of them, a batch in one transaction.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from worker import logs
from worker.db import writing

HANDS = {"poll": 1, "extract": 1, "judge": 1, "deliver": 1}
THREADS = sum(HANDS.values()) + 3
MOST_CALLS = {
    **HANDS,
    "poll": 4,
    "extract": 4,
    "deliver": 4,
}  # wake-up calls that are of use at once: other processes have hands too

stopping = threading.Event()
"""Set when the process is about to end: no step takes up anything more."""

_free = {step: threading.BoundedSemaphore(count) for step, count in HANDS.items()}
_again = {step: threading.Event() for step in HANDS}
Row = TypeVar("Row")
Result = TypeVar("Result")


@contextmanager
def drain(step: str, engine: Engine, claim_next: Callable[[Session, datetime], Row | None]) -> Iterator[Iterator[Row]]:
    """Give what is to be done at ``step``, one claimed row after another, until nothing is left or the process stops.

    Gives nothing when all hands of the step are busy: one of them looks again before it rests, so that a wake-up call
    that comes while the last row is being worked on is not lost.
    """
    with closing(_claimed(step, engine, claim_next)) as rows:
        yield rows


def _claimed(step: str, engine: Engine, claim_next: Callable[[Session, datetime], Row | None]) -> Generator[Row]:
    for _ in _shifts(step):
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


def _shifts(step: str) -> Generator[None]:
    """Give the step one of its hands, and once more when a wake-up call came in the meantime."""
    _again[step].set()
    while _again[step].is_set() and not stopping.is_set() and _free[step].acquire(blocking=False):
        try:
            _again[step].clear()
            yield
        finally:
            _free[step].release()


def rest(step: str, seconds: float) -> bool:
    """Wait until nobody works at ``step``, a step with one hand; False where that takes longer than ``seconds``."""
    resting = _free[step].acquire(timeout=seconds)
    if resting:
        _free[step].release()
    return resting


@dataclass(frozen=True, slots=True)
class Done(Generic[Row, Result]):
    """A claimed row, what came of the work on it, and when (UTC)."""

    row: Row
    result: Result
    at: datetime


@dataclass(frozen=True, slots=True)
class Turn(Generic[Row]):
    """What a round's transaction came to: the rows it claimed, and how much it made for the next step to do.

    ``again``: it left something to be done in a transaction of its own, at once.
    """

    claimed: Sequence[Row]
    fresh: int = 0
    again: bool = False


PAUSE = 0.02  # seconds in which more results are gathered: a commit costs as much for one as for fifty
PATIENCE = 30  # times that recording is tried when the database is away, a second apart
AWAY = (OperationalError, InterfaceError, PoolTimeoutError)


class Rounds(Generic[Row, Result]):
    """The threads of one step while there is something to do. Its methods are for the one thread that leads them."""

    def __init__(self, work: Callable[[Row], Result]) -> None:
        """``work`` is what the threads do with a row; it must not raise."""
        self._work = work
        self._todo: SimpleQueue[Row | None] = SimpleQueue()
        self._done: SimpleQueue[Done[Row, Result] | None] = SimpleQueue()
        self._threads = 0
        self._under_way: dict[int, tuple[Row, float]] = {}

    def under_way(self) -> list[tuple[Row, float]]:
        """The rows that are being worked on, and for how many seconds."""
        now = time.monotonic()
        return [(row, now - since) for row, since in self._under_way.values()]

    def give(self, rows: Sequence[Row]) -> None:
        """Have ``rows`` worked on at once, each in a thread of its own."""
        for row in rows:
            self._under_way[id(row)] = row, time.monotonic()
            self._todo.put(row)
        while self._threads < len(self._under_way):
            self._threads += 1
            threading.Thread(target=self._hand, daemon=True).start()

    def gather(self, timeout: float, pause: float = PAUSE) -> list[Done[Row, Result]]:
        """Wait for a result, at most ``timeout`` seconds, and give it back with those of ``pause`` seconds after it.

        Gives what there is, be it nothing, when there is more to do.
        """
        found: list[Done[Row, Result]] = []
        end = time.monotonic() + timeout
        while len(found) < max(len(self._under_way), 1):
            try:
                one = self._done.get(timeout=max(end - time.monotonic(), 0))
            except Empty:
                break
            if one is None:
                break
            found.append(one)
            if len(found) == 1:
                end = min(end, time.monotonic() + pause)
        for each in found:
            del self._under_way[id(each.row)]
        return found

    def hear(self) -> None:
        """Let the thread that leads look for more to do at once, though it may be waiting. For any thread."""
        self._done.put(None)

    def end(self) -> None:
        """Send the threads home; one that is still waiting for a server goes when it has its answer."""
        for _ in range(self._threads):
            self._todo.put(None)

    def _hand(self) -> None:
        while (row := self._todo.get()) is not None:
            result = self._work(row)
            self._done.put(Done(row, result, datetime.now(UTC)))


_leading: dict[str, Rounds[Any, Any]] = {}


def rounds(
    step: str,
    engine: Engine,
    work: Callable[[Row], Result],
    take_turn: Callable[[Session, Sequence[Done[Row, Result]], Sequence[tuple[Row, float]]], Turn[Row]],
    patience: int = PATIENCE,
    *,
    pause: float = PAUSE,
    to_the_end: bool = False,
) -> Iterator[int]:
    """Work at ``step`` until nothing is left, in rounds; give how much each has made for the next step to do.

    ``take_turn`` gets the session of a round's one transaction, what has come back, and the rows that are still under
    way with their ages in seconds. It records the former and claims others. Where the database is away the results are
    kept and recorded when it is back, if that is within ``patience`` tries, a second apart. Results are gathered for
    ``pause`` seconds before they are recorded. ``to_the_end`` goes on trying when the process is about to end.
    """
    if (leading := _leading.get(step)) is not None:
        leading.hear()
    for _ in _shifts(step):
        crew = _leading[step] = Rounds(work)
        try:
            done: list[Done[Row, Result]] = []
            failures = 0
            while True:
                try:
                    with writing(engine) as session:
                        turn = take_turn(session, done, crew.under_way())
                except AWAY as error:
                    failures += 1
                    logs.get(__name__).warning("database unreachable", step=step, error=str(error).splitlines()[0])
                    if to_the_end:
                        time.sleep(1.0)
                    if failures > patience or (not to_the_end and stopping.wait(1.0)):
                        return
                    continue
                failures = 0
                crew.give(turn.claimed)
                yield turn.fresh
                if not turn.again and not crew.under_way():
                    break
                done = crew.gather(0.0 if turn.again else 1.0, pause)
        finally:
            _leading.pop(step, None)
            crew.end()
