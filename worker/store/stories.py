"""The archive of stories: who shares a hash with an article, what a story has said, and the verdict's rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    FromClause,
    Table,
    Text,
    cast,
    column,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from worker import models, types
from worker.stories.candidates import Candidate, Hit

WIDEST: Final = 64  # of each hash the latest postings are read, no more: boilerplate has as many as there are articles
MOST_ARTICLES: Final = 32  # of one story that are read


def hits(session: Session, hashes: Sequence[int]) -> list[Hit]:
    """Return who shares ``hashes``: of every hash the ``WIDEST`` latest articles, with their stories."""
    if not hashes:
        return []
    sought, one = _rows_of(session, hashes)
    posting, other = models.Fingerprint, aliased(models.Fingerprint)
    last = (
        select(other.article_id)
        .where(other.hash == one)
        .order_by(other.article_id.desc())
        .limit(1)
        .offset(WIDEST)
        .correlate(sought)
        .scalar_subquery()
    )
    found = (
        select(posting.hash, posting.article_id, models.Judgement.story_id)
        .select_from(sought)
        .join(posting, (posting.hash == one) & (posting.article_id > func.coalesce(last, -1)))
        .join(models.Judgement, models.Judgement.article_id == posting.article_id)
    )
    return [Hit(*row) for row in session.execute(found)]


def _rows_of(session: Session, hashes: Sequence[int]) -> tuple[FromClause, ColumnElement[int]]:
    """Hand ``hashes`` over as one parameter, so that the statement is the same for every article."""
    if session.get_bind().dialect.name == "postgresql":
        rows = func.unnest(cast(list(hashes), ARRAY(BigInteger))).table_valued(
            column("value", BigInteger), name="sought"
        )
        return rows, rows.c.value
    listed = "[" + ",".join(map(str, hashes)) + "]"
    rows = func.json_each(listed).table_valued(column("value", BigInteger), name="sought")
    return rows, rows.c.value


def read(session: Session, candidates: Iterable[Candidate]) -> tuple[types.Story, ...]:
    """Return the stories of ``candidates`` with the articles that matter, oldest first.

    These are the ones that said something, which is all that alerted and all that had passages of their own, and the
    closest. Of a story with more than ``MOST_ARTICLES`` of them the first, the closest and the latest are read.
    """
    return tuple(types.Story(one.story, _articles(session, one)) for one in candidates)


def _articles(session: Session, candidate: Candidate) -> tuple[types.Article, ...]:
    verdict = models.Judgement
    closest = candidate.articles[: MOST_ARTICLES // 4]
    told = list(
        session.scalars(
            select(verdict.article_id)
            .where(
                verdict.story_id == candidate.story,
                or_(
                    verdict.verdict.in_([one.value for one in types.Verdict if one.alerts]),
                    cast(verdict.new_sentences, Text) != "[]",
                ),
            )
            .order_by(verdict.article_id)
        )
    )
    if len(told) > MOST_ARTICLES - len(closest):
        told = [told[0], *told[-(MOST_ARTICLES - len(closest) - 1) :]]
    row = models.Article
    found = session.execute(
        select(row.id, row.url, row.title, row.text, row.published_at, row.seen_at, row.source, row.byline)
        .where(row.id.in_({*told, *closest}))
        .order_by(func.coalesce(row.published_at, row.seen_at), row.id)
    )
    return tuple(
        types.Article(
            id=one.id,
            url=one.url,
            title=one.title,
            text=one.text,
            published=one.published_at or one.seen_at,
            source=one.source,
            byline=one.byline,
        )
        for one in found
    )


def judgement_of(session: Session, article: int) -> types.Judgement | None:
    """Return the verdict on record for an article, or None when it has not been judged."""
    row = session.get(models.Judgement, article)
    if row is None:
        return None
    return types.Judgement(
        verdict=types.Verdict(row.verdict),
        reason=row.reason,
        story=row.story_id,
        parent=row.parent_id,
        new_sentences=tuple(row.new_sentences),
        evidence=row.evidence,
    )


def record(
    session: Session,
    article: types.Article,
    judgement: types.Judgement,
    mentions: Sequence[types.Mention],
    *,
    hashes: Sequence[int],
    now: datetime,
) -> int:
    """Write the verdict on an article, its mentions and its hashes, and mark it judged. Return its story's id."""
    if judgement.story is None:
        made = insert(models.Story).values(title=article.title, created_at=now, updated_at=now)
        story = int(session.execute(made.returning(models.Story.id)).scalar_one())
    else:
        story = judgement.story
        session.execute(update(models.Story).where(models.Story.id == story).values(updated_at=now))
    _insert(
        session,
        models.Judgement,
        [
            {
                "article_id": article.id,
                "story_id": story,
                "parent_id": judgement.parent,
                "verdict": judgement.verdict.value,
                "reason": judgement.reason,
                "new_sentences": list(judgement.new_sentences),
                "evidence": judgement.evidence,
                "judged_at": now,
            }
        ],
    )
    _insert(
        session,
        models.Mention,
        [
            {
                "article_id": article.id,
                "entity": one.entity,
                "form": one.form,
                "field": one.field,
                "start": one.start,
                "end": one.end,
                "sentence": one.sentence,
                "rule": one.rule,
            }
            for one in mentions
        ],
    )
    _insert(session, models.Fingerprint, [{"hash": one, "article_id": article.id} for one in hashes])
    session.execute(
        update(models.Article)
        .where(models.Article.id == article.id)
        .values(state="judged", lease_token=None, lease_until=None)
    )
    return story


def alert(
    session: Session,
    article: types.Article,
    judgement: types.Judgement,
    recipients: Iterable[tuple[str, str]],
    now: datetime,
) -> None:
    """Put an article's alert into the outbox: one delivery for every (channel, recipient)."""
    made = insert(models.Alert).values(
        key=f"article:{article.id}",
        kind=judgement.verdict.value,
        story_id=judgement.story,
        article_id=article.id,
        title=article.title,
        created_at=now,
    )
    one = int(session.execute(made.returning(models.Alert.id)).scalar_one())
    _insert(
        session,
        models.Delivery,
        [
            {
                "alert_id": one,
                "channel": channel,
                "recipient": recipient,
                "state": "pending",
                "due_at": now,
                "attempts": 0,
                "error": "",
                "created_at": now,
            }
            for channel, recipient in dict.fromkeys(recipients)
        ],
    )


def forget(session: Session, before: datetime) -> int:
    """Take what was judged ``before`` out of the index, so that no story is continued after that; return the rows."""
    old = select(models.Judgement.article_id).where(models.Judgement.judged_at < before)
    gone = session.execute(delete(models.Fingerprint).where(models.Fingerprint.article_id.in_(old)))
    return int(getattr(gone, "rowcount", 0))


def _insert(session: Session, table: type[models.Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        at: Table = table.__table__  # type: ignore[assignment]
        session.connection().execute(at.insert(), rows)
