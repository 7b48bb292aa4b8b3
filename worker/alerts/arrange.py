"""Puts the desk's wishes on the deliveries of an alert that has just been judged, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from worker.alerts.wishes import News, Way, plan
from worker.entities.central import centrality
from worker.store import limits, mutes
from worker.store.outbox import BACKOFF_MOST
from worker.types import Article, Judgement, Mention
from worker.watchlist.model import Watchlist


def arrange(
    session: Session,
    article: Article,
    judgement: Judgement,
    mentions: Sequence[Mention],
    *,
    watchlist: Watchlist,
    now: datetime,
) -> None:
    """Let each delivery of the article's alert wait for a digest, or be silent, where the desk wants it so."""
    if judgement.story is None:
        return
    named = dict.fromkeys(mention.entity for mention in mentions)
    central = {name: _is_central(article, [one for one in mentions if one.entity == name]) for name in named}
    news = News(judgement.verdict, judgement.story, central)
    muted = mutes.in_force(session, now)
    for row in limits.of_article(session, article.id):
        if row.channel not in watchlist.channels:
            continue
        full = [
            name
            for name in named
            if (limit := watchlist.wishes[name].at_most if name in watchlist.wishes else None) is not None
            and limits.told_of(session, name, row, now - limit.per) >= limit.count
        ]
        way = plan(row.channel, news, watchlist, muted, full=full, now=now)
        due = min(way.due, now + BACKOFF_MOST) if way.way is Way.SEND else way.due
        row.state, row.due_at, row.error = way.way.value, due, way.reason if way.way is Way.SILENT else ""
    session.flush()


def _is_central(article: Article, mentions: Sequence[Mention]) -> bool:
    return centrality(mentions, article.title, article.text) == "central"
