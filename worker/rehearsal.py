"""What a watchlist would have told the desk, had it been in force: the archive's articles judged once more, aside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from worker import models, types
from worker.alerts.route import recipients
from worker.db import writing
from worker.entities.match import Matcher
from worker.judging import judge_article
from worker.store.archive import Carried
from worker.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """An alert that a watchlist would have raised: on which article, why, and to which channels."""

    url: str
    title: str
    source: str
    verdict: str
    reason: str
    entities: tuple[str, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What one edit changes in the alerts. ``moved`` are those that go to other channels: before and after."""

    added: tuple[Rehearsed, ...]
    removed: tuple[Rehearsed, ...]
    moved: tuple[tuple[Rehearsed, Rehearsed], ...]


def compare(before: Sequence[Rehearsed], after: Sequence[Rehearsed]) -> Change:
    """Lay the alerts of two rehearsals of the same articles side by side."""
    old, new = ({one.url: one for one in some} for some in (before, after))
    return Change(
        added=tuple(one for url, one in new.items() if url not in old),
        removed=tuple(one for url, one in old.items() if url not in new),
        moved=tuple((old[url], one) for url, one in new.items() if url in old and old[url].channels != one.channels),
    )


class Rehearsal:
    """One watchlist in force over an archive of its own. Nothing is sent, and nothing is kept."""

    def __init__(self, engine: Engine, watchlist: Watchlist) -> None:
        """Judge into the empty archive of ``engine`` (see ``worker.replay.empty_archive``)."""
        self.alerts: list[Rehearsed] = []
        self._engine = engine
        self._watchlist = watchlist
        self._matcher = Matcher(watchlist.entities)
        self._feeds = {feed.url: feed.notify for feed in watchlist.feeds}

    def judge(self, articles: Iterable[Carried]) -> None:
        """Judge articles in their order, those that a feed of the watchlist carried."""
        with writing(self._engine) as session:
            for carried in articles:
                if not self._feeds.keys().isdisjoint(carried.feeds):
                    self._judge(session, carried)

    def _judge(self, session: Session, carried: Carried) -> None:
        article = carried.article
        mentions = self._matcher.mentions(article.title, article.text, article.byline)
        if not mentions:
            return
        made = session.connection().execute(
            insert(models.Article).returning(models.Article.id),
            {
                "url": article.url,
                "url_key": str(article.id),
                "host": "",
                "source": article.source,
                "title": article.title,
                "byline": article.byline,
                "text": article.text,
                "published_at": article.published,
                "seen_at": carried.seen,
                "state": "extracted",
                "due_at": carried.seen,
            },
        )
        judgement = judge_article(session, replace(article, id=made.scalar_one()), mentions, (), carried.seen)
        if judgement.verdict.alerts:
            self.alerts.append(self._alert(carried, judgement, [mention.entity for mention in mentions]))

    def _alert(self, carried: Carried, judgement: types.Judgement, named: Sequence[str]) -> Rehearsed:
        also = [name for url, names in self._feeds.items() if url in carried.feeds for name in names]
        told = recipients(named, self._watchlist, also)
        return Rehearsed(
            url=carried.article.url,
            title=carried.article.title,
            source=carried.article.source,
            verdict=judgement.verdict.value,
            reason=judgement.reason,
            entities=tuple(dict.fromkeys(named)),
            channels=tuple(dict.fromkeys(one.channel for one in told)),
        )
