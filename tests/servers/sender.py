"""A sender in a process of its own, to be killed: ``python sender.py DATABASE_URL WATCHLIST``.

Says ``ready`` and then delivers until it is killed or nothing is left. It starts as the service does: knowing that no
other process lives, it ends the leases of the one that died. Slack's pace is put aside, which a test cannot wait for.
"""

from __future__ import annotations

import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from worker import logs, models
from worker.alerts import deliver
from worker.alerts.slack import Slack
from worker.db import make_engine, reading, writing
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
    while True:
        if deliver.deliver_next(engine, watching, datetime.now(UTC), random.Random()):
            continue
        with reading(engine) as session:
            open_rows = select(func.count()).where(models.Delivery.state.in_(("pending", "sending", "ambiguous")))
            if not session.scalar(open_rows):
                return
        time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
