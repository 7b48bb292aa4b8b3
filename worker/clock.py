"""Beat's scheduler: keeps no file, and sleeps until an entry is due."""

from __future__ import annotations

from celery.beat import Scheduler


class Clock(Scheduler):
    """Celery's, which would wake ten milliseconds early and then ask again and again until the time has come."""

    def adjust(self, n: float, drift: float = 0.0) -> float:
        """Give back the seconds to the next entry as they are."""
        del drift
        return n
