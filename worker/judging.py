"""The fourth room's door: an article becomes a verdict on record, in one serialised transaction.

article ─► hashes ─► candidates ─► stories ─► judge ─► story, verdict, mentions, hashes, alert, deliveries
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from worker import models
from worker.alerts.arrange import arrange
from worker.alerts.route import recipients
from worker.db import serialise_judging
from worker.entities.match import Matcher
from worker.store import articles, entries, feeds, newcomers
from worker.store import stories as archive
from worker.stories import candidates, fingerprint
from worker.stories.judge import judge, prepare
from worker.stories.learnt import Learnt
from worker.types import Article, Judgement, Mention, Story, Verdict
from worker.watchlist import Watchlist

learnt: Final = Learnt()

UNNAMED: Final = "names no watched entity"

_EARLY: Final = timedelta(days=1)
"""How long after a story's first article a copy does without marks: it is forgotten with those that have them."""

MOST_MENTIONS = 50  # of one entity in one article that are kept


def settle(
    session: Session, row: models.Article, watchlist: Watchlist, matcher: Matcher, now: datetime
) -> Judgement | None:
    """Finish a claimed article: judge it when it names a watched entity, else put the reason on record.

    Returns None for an article without a verdict.
    """
    mentions = _first_of_each(matcher.mentions(row.title, row.text, row.byline))
    if not mentions:
        articles.end(session, row, "judged", "; ".join(filter(None, (UNNAMED, row.note))))
        return None
    published = row.published_at or row.seen_at
    if row.first_sight and published < row.seen_at - watchlist.since:
        articles.end(session, row, "skipped", entries.TOO_OLD)
        return None
    article = Article(row.id, row.url, row.title, row.text, published, row.source, row.byline)
    named = dict.fromkeys(mention.entity for mention in mentions)
    told = recipients(named, watchlist, feeds.channels_of(session, row, watchlist))
    before = newcomers.names_on_record(session, row.id)
    judgement = judge_article(session, article, mentions, [(one.channel, one.recipient) for one in told], now)
    if judgement.verdict.alerts and not before:
        arrange(session, article, judgement, mentions, watchlist=watchlist, now=now)
    else:
        _tell_newcomers(session, article, judgement, mentions, before=before, watchlist=watchlist, now=now)
        articles.end(session, row, "judged", row.note)
    return judgement


def _tell_newcomers(
    session: Session,
    article: Article,
    judgement: Judgement,
    mentions: Sequence[Mention],
    *,
    before: Collection[str],
    watchlist: Watchlist,
    now: datetime,
) -> None:
    """Tell the channels that hear of the story only now, for a name that no other article of it has.

    ``before``: the names that stood on record when the article came in, because it has been judged before.
    """
    if judgement.story is None:
        return
    fresh = {mention.entity for mention in mentions}.difference(before)
    if before:  # else they were put on record with the verdict
        newcomers.name(session, article.id, [mention for mention in mentions if mention.entity in fresh])
    if fresh:
        fresh -= newcomers.names_of_others(session, judgement.story, article.id, fresh)
    if fresh and newcomers.tell(session, article, judgement, recipients(fresh, watchlist), now):
        news = judgement if judgement.verdict.alerts else replace(judgement, verdict=Verdict.NEW)
        arrange(session, article, news, mentions, watchlist=watchlist, now=now)


def _first_of_each(mentions: Sequence[Mention]) -> list[Mention]:
    """The first ``MOST_MENTIONS`` of each entity: a text may repeat a name ten thousand times."""
    seen: Counter[str] = Counter()
    kept = []
    for mention in mentions:
        seen[mention.entity] += 1
        if seen[mention.entity] <= MOST_MENTIONS:
            kept.append(mention)
    return kept


def _is_early(article: Article, copy: Judgement, held: Sequence[Story]) -> bool:
    """Whether an article, the ``copy`` of one of a story that is ``held``, came within a day of that story's first."""
    return any(
        article.published - min(one.published for one in story.articles) < _EARLY
        for story in held
        if story.id == copy.story
    )


def judge_article(
    session: Session,
    article: Article,
    mentions: Sequence[Mention],
    recipients: Iterable[tuple[str, str]],
    now: datetime,
) -> Judgement:
    """Judge one article of the archive and write everything that follows from the verdict; return it, with its story.

    ``recipients`` are the (channel, recipient) pairs that are told when the verdict alerts. An article that has its
    verdict keeps it, and nothing is written: a step that runs twice alerts once.

    Judging is serialised until the caller's transaction ends, so that of two copies that come at once the second finds
    the first. Call it before that transaction locks anything else, or two workers can wait for each other.
    """
    article, taken = learnt.without(article)
    ready = prepare(article)  # what needs no other article is done before the others have to wait, and kept
    hashes = fingerprint.prints(article, ready)
    serialise_judging(session)
    known = archive.judgement_of(session, article.id)
    if known is not None:
        return known
    close = candidates.rank(archive.hits(session, hashes.sought))
    held = archive.read(session, close)
    verdict = judge(article, held, {one.story: one.marks for one in close})
    stored = hashes.stored(copy=verdict.verdict is Verdict.REPRINT and _is_early(article, verdict, held))
    story = archive.record(session, article, verdict, mentions, hashes=stored, now=now)
    verdict = replace(verdict, story=story)
    learnt.note(article, story, taken)
    if verdict.verdict.alerts:
        archive.alert(session, article, verdict, recipients, now)
    return verdict
