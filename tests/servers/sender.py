"""A sender in a process of its own, to be killed: ``python sender.py DATABASE_URL WATCHLIST``.

Says ``ready`` and then delivers, as the service's own step does, until it is killed or nothing is left. It starts as
the service does: knowing that no other process lives, it ends the leases of the one that died. Slack's pace is put
aside, which a test cannot wait for.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from worker import logs, models
from worker.alerts import deliver, lanes
from worker.alerts.slack import Slack
from worker.db import make_engine, reading, writing
from worker.hands import rounds
from worker.store import leases
from worker.watchlist import load


def main(url: str, watchlist: str) -> None:
    logs.setup("text", level=40)
    Slack.pace = timedelta(0)
    deliver.SETTLE = timedelta(0)
    engine = make_engine(url)
    watching = load(Path(watchlist), os.environ)
    with writing(engine) as session:
        leases.end_all(session, datetime.now(UTC))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    turn, attempt = partial(lanes.take_turn, lambda: watching), partial(deliver.attempt, watching)
    while True:
        for _ in rounds("deliver", engine, attempt, turn, pause=0.0):
            pass
        with reading(engine) as session:
            open_rows = select(func.count()).where(models.Delivery.state.in_(("pending", "sending", "ambiguous")))
            if not session.scalar(open_rows):
                return
        time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
