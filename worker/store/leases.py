"""Work is claimed in the database: a lease says until when a row is taken, and ends by itself when its worker dies."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import uuid4

from sqlalchemy import ColumnElement, bindparam, delete, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from worker.models import Article, Delivery, Feed, Heartbeat, HostSlot

CLOCK_SLACK: Final = timedelta(minutes=1)  # how far the clocks of two machines may be apart
BEGUN: Final = "begun"
"""The heartbeat from which on one that has never come is counted."""

ALIVE: Final = "alive:"
SILENT: Final = timedelta(seconds=20)  # after which a process counts as dead
_RANDOM: Final = uuid4().hex[:12]

Leased = TypeVar("Leased", Feed, Article, Delivery)


@cache
def _machine() -> str:
    """What process numbers of this machine, and of this container, have in common; empty where it cannot be told."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return sha256(f"{boot} {Path('/proc/self/ns/pid').stat().st_ino}".encode()).hexdigest()[:12]
    except OSError:
        return ""


def owner() -> str:
    """This process, in the tokens of its leases and in its heartbeat."""
    return f"{_machine()}-{os.getpid()}-{_RANDOM}"


def _has_ended(name: str) -> bool:
    """Whether a process, by its name as an owner, has certainly ended: it ran on this machine, and is not there."""
    machine, _, rest = name.partition("-")
    number = rest.partition("-")[0]
    if not machine or machine != _machine() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def insert_for(session: Session) -> Any:  # noqa: ANN401  # the two dialects' constructors share no type
    """The INSERT of the session's database, which knows ``on_conflict_do_update`` and ``on_conflict_do_nothing``."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


def claim(
    session: Session,
    model: type[Leased],
    *ready: ColumnElement[bool],
    order_by: Any,  # noqa: ANN401  # a column or several
    now: datetime,
    lease: timedelta,
    changes: dict[str, Any] | None = None,
) -> Leased | None:
    """Take the first row that is ready and that nobody has, for as long as ``lease``; None where there is none.

    One statement on both databases. A lease that ends later than twice its length from ``now`` was given before the
    clock was set back, and counts as ended. ``changes`` are set in the same statement.
    """
    picked = (
        select(model.id)
        .where(*ready, free(model, now, lease))
        .order_by(*(order_by if isinstance(order_by, tuple) else (order_by,)))
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    statement = (
        update(model)
        .where(model.id.in_(select(picked.c.id)))
        .values(lease_token=new_token(), lease_until=now + lease, **(changes or {}))
        .returning(model)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def new_token() -> str:
    """A lease of this process, which no other claim has."""
    return f"{owner()}.{uuid4().hex}"


def free(model: type[Leased], now: datetime, lease: timedelta) -> ColumnElement[bool]:
    """Whether nobody has the row: no lease, one that has ended, or one from before the clock was set back."""
    return or_(model.lease_until.is_(None), model.lease_until <= now, model.lease_until > now + 2 * lease)


def end_all(session: Session, now: datetime) -> None:
    """End every lease and free every host: for the start of a process that knows to be the only one."""
    for model in (Feed, Article, Delivery):
        session.execute(update(model).where(model.lease_until.is_not(None)).values(lease_until=now))
    session.execute(delete(HostSlot))
    session.execute(update(Heartbeat).where(Heartbeat.name.startswith(ALIVE)).values(detail=""))


def alive(session: Session, now: datetime, reads: str = "") -> None:
    """Record that this process lives, and which watchlist it ``reads`` (see ``worker.edits.reads``)."""
    beat(session, f"{ALIVE}{owner()}", now, reads)


def leave(session: Session) -> None:
    """Record that this process is about to end, and that its watchlist does not count any more."""
    session.execute(update(Heartbeat).where(Heartbeat.name == f"{ALIVE}{owner()}").values(detail=""))


def others(session: Session, now: datetime) -> list[str]:
    """Which watchlists the other living processes read."""
    living = Heartbeat.name.startswith(ALIVE), Heartbeat.name != f"{ALIVE}{owner()}", Heartbeat.at > now - SILENT
    return [detail for detail in session.scalars(select(Heartbeat.detail).where(*living)) if detail]


def end_those_of_the_dead(session: Session, now: datetime) -> None:
    """End the leases of processes that have certainly ended, and on feeds and articles of those that are silent.

    To do a poll or a page twice is harmless. A delivery might reach the desk twice because the database, not the
    process, was away: so its lease is only ended when its process was on this machine and is not there any more.
    """
    living = select(Heartbeat.name).where(Heartbeat.name.startswith(ALIVE), Heartbeat.at > now - SILENT)
    owners = {name.removeprefix(ALIVE) for name in session.scalars(living)}
    for model in (Feed, Article, Delivery):
        tokens = session.scalars(select(model.lease_token).where(model.lease_until > now)).all()
        held = {token: token.partition(".")[0] for token in tokens if token}
        dead = [
            token for token, name in held.items() if _has_ended(name) or (model is not Delivery and name not in owners)
        ]
        if dead:
            session.execute(update(model).where(model.lease_token.in_(dead)).values(lease_until=now))
    session.execute(delete(Heartbeat).where(Heartbeat.name.startswith(ALIVE), Heartbeat.at < now - timedelta(days=1)))


def take_slot(session: Session, host: str, now: datetime, hold: timedelta) -> bool:
    """Take the right to ask ``host`` once, for ``hold`` at most; False where another has it or it is too soon."""
    return host in take_slots(session, [host], now, hold)


def take_slots(session: Session, hosts: Iterable[str], now: datetime, hold: timedelta) -> set[str]:
    """Take the right to ask each of ``hosts`` once, for ``hold`` at most; return those that were free.

    A slot that was taken in the future, and so before the clock was set back, is free.
    """
    one = {"next_at": now + hold, "taken_at": now}
    wanted = [{"host": host, **one} for host in sorted(set(hosts))]  # sorted: no two workers deadlock
    if not wanted:
        return set()
    statement = insert_for(session)(HostSlot)
    statement = statement.on_conflict_do_update(
        index_elements=[HostSlot.host],
        set_={"next_at": statement.excluded.next_at, "taken_at": statement.excluded.taken_at},
        where=or_(HostSlot.next_at <= now, HostSlot.taken_at > now + CLOCK_SLACK),
    ).returning(HostSlot.host)
    return set(session.connection().execute(statement, wanted).scalars())


def busy(host: InstrumentedAttribute[str], now: datetime) -> ColumnElement[bool]:
    """Whether another request to ``host`` is under way, or was a moment ago."""
    return exists().where(HostSlot.host == host, HostSlot.next_at > now, HostSlot.taken_at <= now + CLOCK_SLACK)


_GIVE: Final = (
    update(HostSlot)
    .where(HostSlot.host == bindparam("of"), HostSlot.next_at == bindparam("held_until"))
    .values(next_at=bindparam("at"))
)


def give_slots(session: Session, given: Iterable[tuple[str, datetime, datetime]]) -> None:
    """End requests: of each a host, until when its slot was held, and when the next request may go out.

    A slot that was not given back in time, and that another has taken meanwhile, stays with the other.
    """
    rows = [{"of": host, "held_until": held_until, "at": at} for host, held_until, at in sorted(given)]
    if rows:
        session.connection().execute(_GIVE, rows)


def beat(session: Session, name: str, now: datetime, detail: str = "") -> None:
    """Record that ``name`` happened now."""
    statement = insert_for(session)(Heartbeat).values(name=name, at=now, detail=detail)
    session.execute(
        statement.on_conflict_do_update(index_elements=[Heartbeat.name], set_={"at": now, "detail": detail})
    )


def begin(session: Session, now: datetime) -> None:
    """Record when the service ran on this database for the first time, if it never did."""
    session.execute(insert_for(session)(Heartbeat).values(name=BEGUN, at=now, detail="").on_conflict_do_nothing())
