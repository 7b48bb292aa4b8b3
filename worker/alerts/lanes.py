"""Deliveries side by side: each channel has its own lane, so that one that is down holds nobody up.

A lane is a channel, or one of its recipients where each has a server of its own. However many lanes wait for servers
that are silent, the others have their turns.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from worker import logs
from worker.alerts import deliver, registry
from worker.alerts.channel import DEADLINE
from worker.alerts.deliver import Outcome
from worker.alerts.route import of_all
from worker.hands import AWAY, Done, Settled, stopping
from worker.store import outbox
from worker.store.outbox import Claimed
from worker.watchlist.model import Watchlist

AT_ONCE = 2  # of one lane
PATIENCE = int(outbox.LEASE.total_seconds() - DEADLINE)  # tries to record, a second apart: as long as the lease is ours


def settle(
    watchlist: Callable[[], Watchlist],
    session: Session,
    done: Sequence[Done[Claimed, Outcome]],
    under_way: Sequence[tuple[Claimed, float]],
) -> Settled[Claimed]:
    """Record how attempts ended, and claim what is due in the lanes that have room: one transaction."""
    watching, chance = watchlist(), random.SystemRandom()
    for one in sorted(done, key=lambda one: (one.row.channel, one.row.id)):  # sorted: fewer deadlocks
        _record(session, watching, one, chance.random())
    claimed: list[Claimed] = []
    busy = Counter(_lane(watching, row.channel, row.recipient) for row, _ in under_way)
    while not stopping.is_set():
        open_to = [one for one in of_all(watching) if busy[_lane(watching, *one)] < AT_ONCE]
        row = deliver.claim(session, watching, datetime.now(UTC), open_to)
        if row is None:
            break
        claimed.append(row)
        busy[_lane(watching, row.channel, row.recipient)] += 1
    return Settled(claimed, 0)


def _record(session: Session, watching: Watchlist, one: Done[Claimed, Outcome], chance: float) -> None:
    """Write down how an attempt ended; where that fails, at least that it was made, for it must not be made again."""
    try:
        with session.begin_nested():
            deliver.record(session, watching, one.row, one.result, now=one.at, chance=chance)
    except AWAY:
        raise
    except Exception:  # noqa: BLE001  # whatever it is, the others are recorded
        logs.get(__name__).exception("outcome not recorded in full", delivery=one.row.id, outcome=one.result.name)
        state = "ambiguous" if one.result.failure else "sent"
        outbox.settle(session, one.row, state=state, sent_at=one.at, due_at=one.at + outbox.BACKOFF_MOST)


def _lane(watching: Watchlist, channel: str, recipient: str) -> tuple[str, str]:
    config = watching.channels.get(channel)
    apart = config is not None and registry.CHANNELS[config.type].apart
    return channel, recipient if apart else ""
