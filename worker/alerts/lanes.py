"""Deliveries side by side: each channel has its own lane, so that one that is down holds nobody up.

A lane is a channel, or one of its recipients where each has a server of its own. However many lanes wait for servers
that are silent, the others have their turns.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from worker import logs
from worker.alerts import deliver, registry
from worker.alerts.channel import DEADLINE
from worker.alerts.deliver import Outcome
from worker.alerts.route import of_all
from worker.hands import AWAY, Done, Turn, stopping
from worker.store import outbox
from worker.store.outbox import Claimed
from worker.watchlist.model import Watchlist

AT_ONCE = 2  # of one lane
SLOW = 8.0  # seconds after which an attempt leaves its place to another: its server may be back, and answer a new one
MOST = 6  # of one lane, with those that are slow
_Lane = tuple[str, str]
PATIENCE = int(outbox.LEASE.total_seconds() - DEADLINE)  # tries to record, a second apart: as long as the lease is ours


def take_turn(
    watchlist: Callable[[], Watchlist],
    session: Session,
    done: Sequence[Done[Claimed, Outcome]],
    under_way: Sequence[tuple[Claimed, float]],
) -> Turn[Claimed]:
    """Record how attempts ended, or else claim one delivery that is due in a lane that has room.

    Not both in one transaction, and no more than one: an alert that has arrived and is not on record yet would arrive
    twice if the process were killed, and to claim one takes longer than to record it.
    """
    watching, chance = watchlist(), random.SystemRandom()
    if done:
        for one in sorted(done, key=lambda one: (one.row.channel, one.row.id)):  # sorted: fewer deadlocks
            _conclude(session, watching, one, chance.random())
        return Turn((), again=True)
    if stopping.is_set():
        return Turn(())
    busy: defaultdict[_Lane, list[float]] = defaultdict(list)
    for waiting, age in under_way:
        busy[_lane(watching, waiting.channel, waiting.recipient)].append(age)
    open_to = [one for one in of_all(watching) if _has_room(busy[_lane(watching, *one)])]
    row = deliver.take_up(session, watching, datetime.now(UTC), open_to)
    return Turn((row,), again=True) if row is not None else Turn(())


def _conclude(session: Session, watching: Watchlist, one: Done[Claimed, Outcome], chance: float) -> None:
    """Write down how an attempt ended; where that fails, at least that it was made, for it must not be made again."""
    try:
        with session.begin_nested():
            deliver.conclude(session, watching, one.row, one.result, now=one.at, chance=chance)
    except AWAY:
        raise
    except Exception:  # noqa: BLE001  # whatever it is, the others are recorded
        logs.get(__name__).exception("outcome not recorded in full", delivery=one.row.id, outcome=one.result.name)
        state = "ambiguous" if one.result.failure else "sent"
        outbox.end_attempt(session, one.row, state=state, sent_at=one.at, due_at=one.at + outbox.BACKOFF_MOST)


def _has_room(ages: Sequence[float]) -> bool:
    """Whether a lane takes another attempt beside those that are as many seconds old."""
    return len(ages) < AT_ONCE or (len(ages) < MOST and min(ages) >= SLOW)


def _lane(watching: Watchlist, channel: str, recipient: str) -> _Lane:
    config = watching.channels.get(channel)
    apart = config is not None and registry.CHANNELS[config.type].apart
    return channel, recipient if apart else ""
