"""A delivery whose sender was killed is taken up by the next as soon as it is certain, and not before."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from sqlalchemy import Engine, select

from servers import archive
from servers.archive import NOON, put_alert
from worker.alerts import deliver
from worker.db import reading, writing
from worker.models import Delivery
from worker.store import leases, outbox

TAKE_UP = """
import sys
from datetime import datetime
from servers import archive
from worker.alerts import deliver
from worker.db import make_engine, writing
with writing(make_engine(sys.argv[1])) as session:
    deliver.take_up(session, archive.watchlist(screen={"type": "console"}), datetime.fromisoformat(sys.argv[2]))
print("taken", flush=True)
sys.stdin.readline()
"""


def leased(engine: Engine) -> bool:
    with reading(engine) as session:
        until = session.scalars(select(Delivery.lease_until)).one()
    return until is not None and until > NOON + timedelta(seconds=5)


def clean_up(engine: Engine) -> None:
    with writing(engine) as session:
        leases.end_those_of_the_dead(session, NOON + timedelta(seconds=5))


def test_the_lease_of_a_killed_sender_ends_at_once_and_that_of_a_silent_one_does_not(engine: Engine) -> None:
    put_alert(engine, archive.watchlist(screen={"type": "console"}), 1)
    url = engine.url.render_as_string(hide_password=False)
    sender = subprocess.Popen(
        [sys.executable, "-c", TAKE_UP, url, NOON.isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert sender.stdout is not None
    assert sender.stdout.readline() == "taken\n"
    clean_up(engine)  # it has no heartbeat, but it is there
    assert leased(engine)
    sender.kill()
    sender.communicate()
    clean_up(engine)
    assert not leased(engine) or sys.platform != "linux"


def test_the_lease_of_a_sender_elsewhere_runs_its_time(engine: Engine) -> None:
    watching = archive.watchlist(screen={"type": "console"})
    put_alert(engine, watching, 1)
    with writing(engine) as session:
        assert deliver.take_up(session, watching, NOON) is not None
        session.scalars(select(Delivery)).one().lease_token = "0123456789ab-999999999-x.y"
    clean_up(engine)
    assert leased(engine)
    assert timedelta(seconds=100) < outbox.LEASE
