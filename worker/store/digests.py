"""Digests: what was held for a recipient, put into as few messages as it fits in.

A digest is an alert with a delivery of its own. The held deliveries name it in ``within_id`` and end as it does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import Session

from worker.alerts.route import Recipient
from worker.alerts.safe import clean, host, link
from worker.alerts.view import AlertKind
from worker.models import Alert, Article, Delivery, Judgement, Mention
from worker.store.entries import TOO_OLD
from worker.types import Entity, Verdict

LONGEST: Final = timedelta(hours=26)  # between two digests, on a day that is an hour longer; more: a clock was set back
DAY: Final = timedelta(days=1)
LINE: Final = 380  # characters that a line takes beside its address, source and headline
HEADLINE: Final = 150
SOURCE: Final = 80
TITLES_MOST: Final = 1000


def held(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What makes a held delivery ready to go into a digest."""
    due = or_(Delivery.due_at <= now, Delivery.due_at > now + LONGEST)
    return (Delivery.state == "held", Delivery.within_id.is_(None), due)


def compose(
    session: Session,
    recipients: Collection[Recipient],
    rooms: Mapping[str, int],
    entities: Mapping[str, Collection[Entity]],
    now: datetime,
) -> int:
    """Put the held deliveries whose time has come into digests; says how many digests that makes.

    ``rooms`` is how many characters a message of each channel takes; what does not fit makes another message, nothing
    is left out. ``entities`` are those of which each channel is told: what was kept silent is counted for them.
    """
    rows = session.execute(
        select(
            Delivery.id, Delivery.channel, Delivery.recipient, Alert.story_id, Alert.title, Article.url, Article.source
        )
        .join(Alert, Alert.id == Delivery.alert_id)
        .outerjoin(Article, Article.id == Alert.article_id)
        .where(*held(now))
        .order_by(Delivery.channel, Delivery.recipient, Delivery.id)
        .with_for_update(of=Delivery, skip_locked=True)
    ).all()
    made = 0
    for (channel, recipient), group in groupby(rows, key=lambda row: (row.channel, row.recipient)):
        if Recipient(channel, recipient) not in recipients:
            continue
        together = list(group)
        first: dict[int | None, int] = {}
        for row in together:
            first.setdefault(row.story_id, row.id)
        together.sort(key=lambda row: (first[row.story_id], row.id))
        costs = [cost(row.url or "", row.source or "", row.title) for row in together]
        silent = _kept_silent(session, channel, recipient, entities.get(channel, ()), now)
        batch = f"digest:{channel}:{recipient}:{now.isoformat()}:{together[0].id}"
        messages = list(parts([row.id for row in together], costs, rooms[channel]))
        for number, part in enumerate(messages, 1):
            title = f"part {number} of {len(messages)}" if len(messages) > 1 else ""
            alert = Alert(
                key=f"{batch}:{number}",
                kind=AlertKind.DIGEST.value,
                title=title,
                body=silent if number == len(messages) else "",
                created_at=now,
            )
            _put(session, alert, Recipient(channel, recipient), part)
        made += len(messages)
    return made


def cost(url: str, source: str, headline: str) -> int:
    """How many characters an alert may take in a digest, as JSON."""
    said = f"{clean(headline)[:HEADLINE]}{clean(source)[:SOURCE]}"
    return LINE + len(link(url)) + len(host(url)) + len(json.dumps(said, ensure_ascii=False))


def parts(ids: Iterable[int], costs: Iterable[int], room: int) -> Iterator[list[int]]:
    """Share deliveries out among messages that have ``room`` for so many characters, in order."""
    part: list[int] = []
    left = room
    for number, cost in zip(ids, costs, strict=True):
        if part and cost > left:
            yield part
            part, left = [], room
        part.append(number)
        left -= cost
    if part:
        yield part


def _put(session: Session, alert: Alert, to: Recipient, ids: Sequence[int]) -> None:
    session.add(alert)
    session.flush()
    at = alert.created_at
    row = Delivery(alert_id=alert.id, channel=to.channel, recipient=to.recipient, due_at=at, created_at=at)
    session.add(row)
    session.flush()
    session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(within_id=row.id))


def _kept_silent(session: Session, channel: str, recipient: str, entities: Collection[Entity], now: datetime) -> str:
    """What was kept silent since the digest before, counted by reason; empty where nothing was."""
    before = session.scalar(
        select(func.max(Alert.created_at))
        .join(Delivery, Delivery.alert_id == Alert.id)
        .where(
            Alert.kind == AlertKind.DIGEST.value,
            Alert.created_at < now,
            Delivery.channel == channel,
            Delivery.recipient == recipient,
        )
    )
    since = max(before, now - DAY) if before is not None else now - DAY
    named = exists().where(
        Mention.article_id == Judgement.article_id, Mention.entity.in_(sorted(one.name for one in entities))
    )
    counted = (
        select(Judgement.verdict, func.count())
        .where(Judgement.judged_at > since, Judgement.judged_at <= now, named)
        .group_by(Judgement.verdict)
    )
    verdicts = {row[0]: row[1] for row in session.execute(counted)}
    unwanted = select(func.count()).where(
        Delivery.channel == channel,
        Delivery.recipient == recipient,
        Delivery.state == "silent",
        Delivery.created_at > since,
        Delivery.created_at <= now,
    )
    reprints = verdicts.get(Verdict.REPRINT.value, 0)
    counts = [
        (reprints, "reprint" if reprints == 1 else "reprints"),
        (verdicts.get(Verdict.COVERAGE.value, 0), "told before in other words"),
        (_too_old(session, entities, since, now), "too old when first seen"),
        (session.scalar(unwanted) or 0, "muted or not wanted here"),
    ]
    total = sum(count for count, _ in counts)
    said = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f"{total} kept silent: {said}" if total else ""


def _too_old(session: Session, entities: Collection[Entity], since: datetime, now: datetime) -> int:
    """How many entries were too old when first seen and name an entity in their title; their text was never read."""
    titles = session.scalars(
        select(Article.title)
        .where(Article.state == "skipped", Article.note == TOO_OLD, Article.seen_at > since, Article.seen_at <= now)
        .order_by(Article.id.desc())
        .limit(TITLES_MOST)
    ).all()
    written = {name.casefold() for entity in entities for name in (entity.name, *entity.aliases) if name}
    return sum(any(_stands_in(name, title.casefold()) for name in written) for title in titles)


def _stands_in(name: str, title: str) -> bool:
    return name in title and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", title) is not None


def end(session: Session, delivery: int, state: str, now: datetime, *, reference: str | None = None) -> None:
    """Let what went out within a delivery end as it did: ``sent`` or ``dead``."""
    values = {"sent_at": now, "error": ""} if state == "sent" else {"error": "the message that it was in was refused"}
    session.execute(
        update(Delivery)
        .where(Delivery.within_id == delivery, Delivery.state == "held")
        .values(state=state, reference=reference, **values)
    )


def end_left(session: Session, now: datetime) -> None:
    """End what went out within a delivery that has ended, where its own end could not be recorded."""
    for state in ("sent", "dead"):
        ended = select(Delivery.id).where(
            Delivery.state == state, Delivery.id.in_(select(Delivery.within_id).where(Delivery.state == "held"))
        )
        for delivery in session.scalars(ended).all():
            end(session, delivery, state, now)
