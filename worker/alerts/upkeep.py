"""What the outbox needs beside its deliveries, now and then: asides, channels that fall silent, alerts left behind."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from worker.alerts import registry
from worker.alerts.deliver import GIVE_UP
from worker.alerts.route import Recipient, of_all
from worker.db import writing
from worker.store import asides, channels, digests, outbox, stranded
from worker.watchlist.model import Watchlist

SILENT = timedelta(minutes=10)


def gather(engine: Engine, watchlist: Watchlist, now: datetime) -> None:
    """Put the asides of the stories that others have carried meanwhile into the outbox. To be called now and then."""
    able = [name for name, config in watchlist.channels.items() if registry.make(name, config).edits]
    with writing(engine) as session:
        asides.refresh(session, able, now)


def watch_channels(engine: Engine, watchlist: Watchlist, now: datetime) -> None:
    """Tell the desk of channels that have only failed for a while; pass on, or give up, what nobody is left to get.

    To be called every minute or so.
    """
    with writing(engine) as session:
        for state in channels.silent(session, now - SILENT):
            others = of_all(watchlist, but=state.channel)
            if state.channel in watchlist.channels and others:
                state.told_at = now
                outbox.notice(
                    session,
                    f"silent:{state.channel}:{state.failing_since:%Y-%m-%dT%H:%M:%S}",
                    f"{state.channel} takes no alerts",
                    f"Every attempt since {state.failing_since:%d %b, %H:%M} UTC has failed. Its alerts wait, for 72 "
                    "hours at most. wirewatch status shows what its server says.",
                    recipients=others,
                    now=now,
                )
        digests.end_left(session, now)
        for gone, count in sorted(stranded.pass_on(session, watchlist, now - SILENT, now).items()):
            why = "It is not in the watchlist any more, and nobody else was told of them."
            _tell_of_left(session, watchlist, gone, count, now, ending="passed on", why=why)
        for gone, count in sorted(outbox.abandon(session, of_all(watchlist), now - GIVE_UP).items()):
            why = "It is not in the watchlist any more, and they waited for 72 hours. `wirewatch stories` shows them."
            _tell_of_left(session, watchlist, gone, count, now, ending="given up", why=why)


def _tell_of_left(
    session: Session, watchlist: Watchlist, gone: Recipient, count: int, now: datetime, *, ending: str, why: str
) -> None:
    to = f"{gone.channel} ({gone.recipient})" if gone.recipient else gone.channel
    key = f"left:{to}:{ending}:{now:%Y-%m-%d}"
    title = f"{count} alert{'s' * (count != 1)} for {to} {'were' if count != 1 else 'was'} {ending}"
    outbox.notice(session, key, title, why, recipients=of_all(watchlist), now=now)
