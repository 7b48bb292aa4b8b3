"""What nobody asks for and the house needs: channels that fall silent, fingerprints that have grown old."""

from __future__ import annotations

from datetime import UTC, datetime

from worker.alerts import deliver
from worker.celery import app
from worker.db import writing
from worker.runtime import runtime
from worker.store import stories


@app.task(name="tasks.upkeep.keep_up")
def keep_up() -> None:
    """Tell of channels that take nothing, and take old articles out of the index. Beat calls it each minute."""
    here, now = runtime(), datetime.now(UTC)
    watchlist = here.watch().watchlist
    deliver.watch_channels(here.engine, watchlist, now)
    with writing(here.engine) as session:
        stories.forget(session, now - watchlist.retention)
