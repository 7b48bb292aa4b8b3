"""The fifth room's door: takes what is due out of the outbox, hands it over, and writes down how it went.

outbox ─► claim (lease) ─► render and freeze ─► send, in no transaction ─► sent | later | ambiguous | dead

A sender that dies leaves its row with a lease that ends; the next one treats it as one that may have arrived. That is
the whole window in which an alert can reach the desk twice, and none is ever lost.
"""

from __future__ import annotations

import traceback
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from worker import logs
from worker.alerts import registry, wishes
from worker.alerts.channel import Address, Blame, Channel, Failure, TransportError
from worker.alerts.route import Recipient, of_all, of_channel
from worker.alerts.view import AlertKind, token
from worker.http import bodies
from worker.store import channels, claims, digests, limits, outbox, stranded, views
from worker.store.outbox import Claimed
from worker.watchlist.model import Watchlist

FIRST_WAIT = timedelta(seconds=10)
SETTLE = timedelta(seconds=5)  # before asking: a server may still be taking in what was cut off
FIRST_PROBE = {Blame.SERVER: timedelta(seconds=5), Blame.LOGIN: timedelta(seconds=30)}
PROBE_MOST = timedelta(minutes=1)
PROBES = 180  # in a time as long as the channel has been down already
GIVE_UP = timedelta(hours=72)
GIVE_UP_TRIES = 8  # so that a clock set forward gives nothing up

log = logs.get(__name__)


def backoff(attempts: int, chance: float) -> timedelta:
    """How long an alert waits after ``attempts`` failures of its own: up to 10 s, doubling up to an hour, with jitter.

    ``chance`` is drawn evenly from [0, 1). See "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    doublings = min(max(attempts, 1) - 1, 12)
    return min(outbox.BACKOFF_MOST, FIRST_WAIT * (1 << doublings)) * chance


def probe(blame: Blame, down: timedelta) -> timedelta:
    """How long a channel rests that has been ``down`` for a while and through which nothing would get.

    Five seconds in the first quarter of an hour, so that a server that is back is not left waiting; then a 180th of the
    outage, up to a minute. A login that is refused is tried less often, for some servers lock out who tries too much.
    """
    return max(FIRST_PROBE[blame], min(down / PROBES, PROBE_MOST))


def take_up(
    session: Session, watchlist: Watchlist, now: datetime, to: Collection[Recipient] | None = None
) -> Claimed | None:
    """Take the delivery that has been due for longest, with its message written down; None when nothing is due.

    Only what goes to the recipients ``to``; None: to everybody.
    """
    claimed = _claim_due(session, watchlist, now, of_all(watchlist) if to is None else to)
    if claimed is None:
        return None
    form = watchlist.channels[claimed.channel].type
    if claimed.payload is not None and claimed.payload.get("form") == form:
        return replace(claimed, payload=claimed.payload["message"])
    claimed = replace(claimed, payload=None)  # also where the channel is of another type meanwhile
    try:
        with session.begin_nested():
            view = views.view(session, claimed.alert_id, claimed.id)
            address = Address(
                delivery=token(f"{view.token} {claimed.channel} {claimed.recipient}", view.at),
                recipient=claimed.recipient,
                thread=outbox.thread(session, claimed),
                edits=claimed.reference if view.kind is AlertKind.ASIDE else None,
            )
            payload = _channel(watchlist, claimed.channel).render(view, address)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001  # an alert that cannot be written must not stop the others
        log.error("alert cannot be written", delivery=claimed.id, error=_place(error))  # noqa: TRY400  # see _place
        return claimed
    frozen = {"form": form, "message": payload}
    if view.kind is AlertKind.ASIDE:
        outbox.freeze(session, claimed.id, frozen, shown=view.quiet_articles)
    else:
        outbox.freeze(session, claimed.id, frozen)
    return replace(claimed, payload=payload)


def _claim_due(session: Session, watchlist: Watchlist, now: datetime, to: Collection[Recipient]) -> Claimed | None:
    """Take what is due on a channel outside of its quiet hours; what is too much, or held, becomes a digest."""
    quiet = {name: until for name in watchlist.channels if (until := wishes.quiet_until(name, watchlist, now))}
    for channel, until in quiet.items():
        limits.put_off(session, channel, min(until, now + outbox.BACKOFF_MOST), now)
    recipients = [one for one in to if one.channel not in quiet]
    _compose(session, watchlist, recipients, now)
    terms = {name: _terms(name, watchlist, now) for name in watchlist.channels}
    claimed = claims.claim_due(session, recipients, terms, now)
    if claimed is None and _compose(session, watchlist, recipients, now):
        claimed = claims.claim_due(session, recipients, terms, now)
    fresh = claimed is not None and claimed.payload is None
    if claimed is not None and fresh and wishes.quiet_until(claimed.channel, watchlist, claimed.created_at):
        limits.join_story(session, claimed)
    return claimed


def _compose(session: Session, watchlist: Watchlist, recipients: Sequence[Recipient], now: datetime) -> int:
    rooms = {name: registry.CHANNELS[config.type].room for name, config in watchlist.channels.items()}
    told = {name: [entity for entity in watchlist.entities if name in entity.notify] for name in watchlist.channels}
    return digests.compose(session, recipients, rooms, told, now)


def _terms(channel: str, watchlist: Watchlist, now: datetime) -> limits.Terms:
    config = watchlist.channels[channel]
    limit = config.at_most
    return limits.Terms(
        pace=registry.CHANNELS[config.type].pace,
        at_most=limit.count if limit else None,
        per=limit.per if limit else timedelta(0),
        next_digest=wishes.next_digest(channel, watchlist, now) if limit else None,
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended; ``failure`` is None when the alert arrived."""

    name: str
    detail: str = ""
    failure: Failure | None = None
    blame: Blame = Blame.ALERT
    reference: str = ""
    retry_after: timedelta | None = None


@bodies()
def attempt(watchlist: Watchlist, claimed: Claimed) -> Outcome:
    """Send a claimed delivery, in no transaction, and say how it went. Raises nothing."""
    try:
        outcome = _attempt(watchlist, claimed)
    except Exception as error:  # noqa: BLE001  # whatever it was, the alert may have gone out
        log.error("channel failed", channel=claimed.channel, error=_place(error))  # noqa: TRY400  # see _place
        outcome = Outcome("ambiguous", f"unexpected {type(error).__name__}", Failure.AMBIGUOUS)
    say = log.info if outcome.failure is None else log.warning
    with logs.about(article=claimed.article_id):
        say("delivery", id=claimed.id, channel=claimed.channel, outcome=outcome.name, detail=outcome.detail)
    return outcome


def _channel(watchlist: Watchlist, name: str) -> Channel:
    return registry.make(name, watchlist.channels[name])


def _attempt(watchlist: Watchlist, claimed: Claimed) -> Outcome:
    if claimed.channel not in watchlist.channels:
        return Outcome("certain", "the channel has just left the watchlist", Failure.CERTAIN)
    payload: dict[str, Any] | None = claimed.payload
    if payload is None:
        return Outcome("certain", "the alert cannot be written in this channel's form; see the log", Failure.CERTAIN)
    channel = _channel(watchlist, claimed.channel)
    found = None
    try:
        if claimed.uncertain:
            found = channel.find(payload)
    except TransportError as error:  # the question failed, which says nothing of the alert: it is asked again
        return Outcome("certain", error.message, Failure.CERTAIN, error.blame, retry_after=error.retry_after)
    except Exception as error:  # noqa: BLE001  # then it cannot be told
        log.error("channel cannot look", channel=channel.name, error=_place(error))  # noqa: TRY400  # see _place
    if found is not None:
        return Outcome("found", "an earlier attempt had arrived", reference=found)
    try:
        return Outcome("sent", reference=channel.send(payload))
    except TransportError as error:
        return Outcome(error.failure.value, error.message, error.failure, error.blame, retry_after=error.retry_after)


def _place(error: Exception) -> str:
    """What failed and where; not what it says, which may hold a secret of the channel."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {last.filename}:{last.lineno}"


def conclude(
    session: Session, watchlist: Watchlist, claimed: Claimed, outcome: Outcome, *, now: datetime, chance: float
) -> None:
    """Write down how an attempt ended. ``chance`` is drawn evenly from [0, 1)."""
    if outcome.failure is None:
        ours = _arrived(session, watchlist, claimed, outcome, now)
    elif outcome.failure is Failure.PERMANENT or _too_old(session, claimed, outcome, now):
        ours = _died(session, watchlist, claimed, outcome, now)
    else:
        ours = _later(session, claimed, outcome, now, chance)
    note = outcome.detail if ours else f"{outcome.detail} (the lease had ended)".strip()
    outbox.log_attempt(session, claimed.id, outcome.name, note, now)


def _arrived(session: Session, watchlist: Watchlist, claimed: Claimed, outcome: Outcome, now: datetime) -> bool:
    ours = outbox.end_attempt(
        session, claimed, state="sent", reference=outcome.reference or None, sent_at=now, error="", due_at=now
    )
    digests.end(session, claimed.id, "sent", now)
    before = channels.worked(session, claimed.channel, now)
    if before is not None and before.told_at is not None:
        since = before.failing_since
        outbox.notice(
            session,
            f"back:{claimed.channel}:{since:%Y-%m-%dT%H:%M:%S}",
            f"{claimed.channel} takes alerts again",
            "What waited for it is being delivered.",
            recipients=of_all(watchlist, but=claimed.channel),
            now=now,
        )
    return ours


def _too_old(session: Session, claimed: Claimed, outcome: Outcome, now: datetime) -> bool:
    if outcome.retry_after is not None or now - claimed.created_at <= GIVE_UP:
        return False
    return outbox.tries(session, claimed.id) + 1 >= GIVE_UP_TRIES


def _later(session: Session, claimed: Claimed, outcome: Outcome, now: datetime, chance: float) -> bool:
    since = channels.failed(session, claimed.channel, now)
    uncertain = claimed.uncertain or outcome.failure is Failure.AMBIGUOUS
    state = "ambiguous" if uncertain else "pending"
    attempts = claimed.attempts
    if outcome.retry_after is not None:
        wait = min(outcome.retry_after, channels.PAUSE_MOST)
        channels.pause(session, claimed.channel, now + wait, now)
        attempts -= 1
    elif outcome.blame is Blame.ALERT:
        wait = backoff(attempts, chance)
    else:
        wait = probe(outcome.blame, now - since if since is not None else timedelta(0))
        channels.pause(session, claimed.channel, now + wait, now)
        if outcome.failure is Failure.AMBIGUOUS or (since is None and attempts > 1):
            # each try may be another copy; or others get through, so that it may be this one's trouble after all
            wait = max(wait, backoff(attempts, chance))
        elif since is not None:
            attempts -= 1
    due = now + max(wait, SETTLE if uncertain else timedelta(0))
    return outbox.end_attempt(session, claimed, state=state, error=outcome.detail, due_at=due, attempts=attempts)


def _died(session: Session, watchlist: Watchlist, claimed: Claimed, outcome: Outcome, now: datetime) -> bool:
    """Put the delivery aside for good, and tell the desk where it can still be told.

    An alert that somebody else got is told of once a day for each recipient; one that reached nobody is told itself.
    """
    ours = outbox.end_attempt(session, claimed, state="dead", error=outcome.detail)
    what = views.named(session, claimed.alert_id)  # not the whole view, which may be what cannot be made
    if not ours or what.kind in {AlertKind.NOTICE, AlertKind.ASIDE}:
        return ours
    others = _others(watchlist, claimed)
    taken_out = stranded.take_out(session, claimed.id, others, now)
    digests.end(session, claimed.id, "dead", now)
    to = f"{claimed.channel} ({claimed.recipient})" if claimed.recipient else claimed.channel
    reached = outbox.told_elsewhere(session, claimed)
    key = f"dead:{to}:{now:%Y-%m-%d}" if reached else f"dead:{claimed.id}"
    title = f"{to} refused an alert" if outcome.failure is Failure.PERMANENT else f"{to} took no alert for 72 hours"
    body = _obituary(what, outcome, reached, taken_out)
    outbox.notice(session, key, title, body, recipients=others, now=now)
    return ours


def _obituary(what: views.What, outcome: Outcome, reached: bool, taken_out: int) -> str:
    lines = [f"It said: {outcome.detail}", f"The alert: {what.headline}", what.url]
    if taken_out:
        lines.append(f"What was within it and nobody else got ({taken_out}) goes out here as a digest.")
    if reached:
        lines.append("Others are told of it. More refusals of today are not told one by one: see wirewatch status.")
    return "\n".join(filter(None, lines))


def _others(watchlist: Watchlist, claimed: Claimed) -> tuple[Recipient, ...]:
    """Everybody on the other channels; where there is none, the other addresses of the same channel."""
    others = of_all(watchlist, but=claimed.channel)
    if others or claimed.channel not in watchlist.channels:
        return others
    return tuple(one for one in of_channel(claimed.channel, watchlist) if one.recipient != claimed.recipient)
