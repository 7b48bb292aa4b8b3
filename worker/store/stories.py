"""The archive of stories: who shares a hash with an article, what a story has said, and the verdict's rows.

These statements run for every article, under the lock that lets one article at a time be judged, so each is made once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Insert,
    Integer,
    Select,
    Table,
    TableValuedAlias,
    Text,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from worker import models, types
from worker.store.often import Often
from worker.stories.candidates import WIDEST, Candidate

MOST_ARTICLES: Final = 32  # of one story that are read
FORGOTTEN_AT_ONCE: Final = 1000  # articles


def _table(model: type[models.Base]) -> Table:
    found = model.__table__
    assert isinstance(found, Table)  # noqa: S101  # a mapped class has one; the checker cannot know
    return found


_STORY, _JUDGEMENT, _ARTICLE = _table(models.Story), _table(models.Judgement), _table(models.Article)
_POSTING, _MENTION = _table(models.Fingerprint), _table(models.Mention)
_ALERT, _DELIVERY = _table(models.Alert), _table(models.Delivery)


def hits(session: Session, hashes: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return who shares ``hashes``: of every hash the ``WIDEST`` latest articles with their stories, and one more.

    They are many, so they are what the driver gives: a hash, an article and a story, as in ``Hit``.
    """
    return _SHARING.rows(session, given=_as_one(session, hashes)) if hashes else []


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _as_one(session: Session, numbers: Sequence[int]) -> list[int] | str:
    """Return ``numbers`` as one parameter, so that a statement is the same however many there are."""
    return list(numbers) if _dialect(session) == "postgresql" else f"[{','.join(map(str, numbers))}]"


def _rows(dialect: str) -> TableValuedAlias:
    """Read the parameter ``given`` as rows with one ``value`` each."""
    value = column("value", Integer)
    if dialect == "postgresql":
        array = func.unnest(bindparam("given", type_=ARRAY(Integer)))
        return array.table_valued(value, name="given").render_derived()
    return func.json_each(bindparam("given", type_=Text)).table_valued(value, name="given")


def _sharing(dialect: str) -> Select[Any]:
    sought = _rows(dialect)
    other = _POSTING.alias()
    before = (
        select(other.c.article_id)
        .where(other.c.hash == sought.c.value)
        .order_by(other.c.article_id.desc())
        .limit(1)
        .offset(WIDEST + 1)
        .correlate(sought)
        .scalar_subquery()
    )
    latest = (_POSTING.c.hash == sought.c.value) & (_POSTING.c.article_id > func.coalesce(before, -1))
    return (
        select(_POSTING.c.hash, _POSTING.c.article_id, _POSTING.c.story_id).select_from(sought).join(_POSTING, latest)
    )


_SHARING: Final = Often(_sharing)


def _told(dialect: str) -> Select[Any]:
    """Of the stories in the parameter ``given``, the articles that alerted or had passages of their own."""
    return (
        select(_JUDGEMENT.c.story_id, _JUDGEMENT.c.article_id)
        .where(
            _JUDGEMENT.c.story_id.in_(select(_rows(dialect).c.value)),
            or_(
                *(_JUDGEMENT.c.verdict == verdict.value for verdict in types.Verdict if verdict.alerts),
                cast(_JUDGEMENT.c.new_sentences, Text) != "[]",
            ),
        )
        .order_by(_JUDGEMENT.c.article_id)
    )


_TOLD: Final = Often(_told)


def _texts(dialect: str) -> Select[Any]:
    """Read the articles in the parameter ``given``, oldest first."""
    published = func.coalesce(_ARTICLE.c.published_at, _ARTICLE.c.seen_at)
    columns = (_ARTICLE.c[name] for name in ("id", "url", "title", "text"))
    return (
        select(*columns, published, _ARTICLE.c.source, _ARTICLE.c.byline)
        .where(_ARTICLE.c.id.in_(select(_rows(dialect).c.value)))
        .order_by(published, _ARTICLE.c.id)
    )


_TEXTS: Final = Often(_texts)


def read(session: Session, candidates: Sequence[Candidate]) -> tuple[types.Story, ...]:
    """Return the stories of ``candidates`` with the articles that matter, oldest first.

    These are the ones that said something, which is all that alerted and all that had passages of their own, and the
    closest. Of a story with more than ``MOST_ARTICLES`` of them the first, the closest and the latest are read.
    """
    if not candidates:
        return ()
    told: dict[int, list[int]] = defaultdict(list)
    for story, article in _TOLD.rows(session, given=_as_one(session, [one.story for one in candidates])):
        told[story].append(article)
    chosen = {one.story: _chosen(told[one.story], one.articles) for one in candidates}
    sought = [article for articles in chosen.values() for article in articles]
    found = [types.Article(*row) for row in _TEXTS.rows(session, given=_as_one(session, sought))]
    return tuple(
        types.Story(story, tuple(article for article in found if article.id in articles))
        for story, articles in chosen.items()
    )


def _chosen(told: Sequence[int], closest: Sequence[int]) -> set[int]:
    closest = closest[: MOST_ARTICLES // 4]
    room = MOST_ARTICLES - len(closest)
    return {*closest, *(told if len(told) <= room else [told[0], *told[1 - room :]])}


def _verdict(_: str) -> Select[Any]:
    names = ("verdict", "reason", "story_id", "parent_id", "new_sentences", "evidence")
    return select(*(_JUDGEMENT.c[name] for name in names)).where(_JUDGEMENT.c.article_id == bindparam("article"))


_VERDICT: Final = Often(_verdict)


def judgement_of(session: Session, article: int) -> types.Judgement | None:
    """Return the verdict on record for an article, or None when it has not been judged."""
    for verdict, reason, story, parent, new_sentences, evidence in _VERDICT.rows(session, article=article):
        return types.Judgement(types.Verdict(verdict), reason, story, parent, tuple(new_sentences), evidence)
    return None


def _new(table: Table, *columns: str) -> Insert:
    return insert(table).values({name: bindparam(name) for name in columns})


_NEW_STORY: Final = Often(lambda _: _new(_STORY, "title", "created_at", "updated_at").returning(_STORY.c.id))
_CONTINUE: Final = Often(
    lambda _: update(_STORY).where(_STORY.c.id == bindparam("story")).values(updated_at=bindparam("now"))
)
_NEW_JUDGEMENT: Final = Often(lambda _: _new(_JUDGEMENT, *_JUDGEMENT.c.keys()))
_JUDGED: Final = Often(
    lambda _: (
        update(_ARTICLE)
        .where(_ARTICLE.c.id == bindparam("article"))
        .values(state="judged", lease_token=null(), lease_until=null())
    )
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
        ((story,),) = _NEW_STORY.rows(session, title=article.title, created_at=now, updated_at=now)
    else:
        story = judgement.story
        _CONTINUE.run(session, story=story, now=now)
    _NEW_JUDGEMENT.run(
        session,
        article_id=article.id,
        story_id=story,
        parent_id=judgement.parent,
        verdict=judgement.verdict.value,
        reason=judgement.reason,
        new_sentences=list(judgement.new_sentences),
        evidence=judgement.evidence,
        judged_at=now,
    )
    if mentions:
        given = [{"article_id": article.id, **_fields(one)} for one in mentions]
        session.connection().execute(_MENTION.insert(), given)
    _NEW_POSTINGS.run(session, article=article.id, story=story, given=_as_one(session, hashes))
    _JUDGED.run(session, article=article.id)
    return int(story)


def _new_postings(dialect: str) -> Insert:
    article, story = bindparam("article", type_=Integer), bindparam("story", type_=Integer)
    rows = select(_rows(dialect).c.value, article, story)
    # When a row fails, SQLite would take back those before it, and for that writes down every page that it changes,
    # which takes twice as long as the rows. Here a failure takes back the whole transaction.
    return insert(_POSTING).prefix_with("OR FAIL", dialect="sqlite").from_select(list(_POSTING.c), rows)


_NEW_POSTINGS: Final = Often(_new_postings)


def _fields(mention: types.Mention) -> dict[str, Any]:
    return {name: getattr(mention, name) for name in mention.__slots__}


_NEW_ALERT: Final = Often(
    lambda _: (
        _new(_ALERT, "key", "kind", "story_id", "article_id", "title", "created_at")
        .values(body="")
        .returning(_ALERT.c.id)
    )
)


def alert(
    session: Session,
    article: types.Article,
    judgement: types.Judgement,
    recipients: Iterable[tuple[str, str]],
    now: datetime,
) -> None:
    """Put an article's alert into the outbox: one delivery for every (channel, recipient)."""
    ((one,),) = _NEW_ALERT.rows(
        session,
        key=f"article:{article.id}",
        kind=judgement.verdict.value,
        story_id=judgement.story,
        article_id=article.id,
        title=article.title,
        created_at=now,
    )
    deliveries = [
        {"alert_id": one, "channel": channel, "recipient": recipient, "due_at": now, "created_at": now}
        for channel, recipient in dict.fromkeys(recipients)
    ]
    if deliveries:
        session.connection().execute(_DELIVERY.insert(), deliveries)


def forget(session: Session, before: datetime) -> int:
    """Take what was judged ``before`` out of the index, so that its stories end there; return how many hashes went.

    Looks at the ``FORGOTTEN_AT_ONCE`` oldest articles of the index and no further, so that nobody waits for it long.
    """
    first = select(func.min(_POSTING.c.article_id)).scalar_subquery()
    oldest = (
        select(_JUDGEMENT.c.article_id, _JUDGEMENT.c.judged_at)
        .where(_JUDGEMENT.c.article_id >= first)
        .order_by(_JUDGEMENT.c.article_id)
        .limit(FORGOTTEN_AT_ONCE)
        .subquery()
    )
    old = select(oldest.c.article_id).where(oldest.c.judged_at < before)
    return session.connection().execute(delete(_POSTING).where(_POSTING.c.article_id.in_(old))).rowcount
