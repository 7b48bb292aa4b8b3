"""Beat's scheduler: keeps no file, sleeps until an entry is due, and says in a line when the queue is away."""

from __future__ import annotations

from typing import Any

from celery.beat import ScheduleEntry, Scheduler, SchedulingError

from worker import logs


class Clock(Scheduler):
    """Celery's, which would wake ten milliseconds early and then ask again and again until the time has come."""

    def adjust(self, n: float, drift: float = 0.0) -> float:
        """Give back the seconds to the next entry as they are."""
        del drift
        return n

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:  # noqa: ANN401  # as Celery has it
        """Send an entry. One that cannot be sent is no loss: the next one does the same."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as error:
            logs.get(__name__).warning("queue unreachable", task=entry.name, error=str(error))
