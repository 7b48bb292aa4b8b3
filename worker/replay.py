"""Judges a file of articles in order against an empty archive: the same steps as the service, and nothing is sent."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final

from sqlalchemy import Engine, event, insert
from sqlalchemy.orm import Session

from worker import models, types
from worker.db import make_engine, writing
from worker.entities.match import Matcher
from worker.judging import UNNAMED, judge_article
from worker.stories.host import host_of
from worker.stories.text import without_rubbish

LONGEST_LINE: Final = 32_000_000  # bytes
BATCH: Final = 100  # articles that are read and put into the archive at once


@dataclass(frozen=True, slots=True)
class Line:
    """An article of the file: ``id`` is the file's own name for it, ``number`` the line it stands in."""

    number: int
    id: str
    url: str
    published: datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no article, and what is wrong with it."""

    number: int
    problem: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article. ``verdict`` is None when it names no watched entity; ``of`` is the parent's id."""

    id: str
    verdict: types.Verdict | None
    story: int | None
    of: str | None
    reason: str
    entities: tuple[str, ...] = ()
    new_sentences: tuple[str, ...] = ()


def read(stream: BinaryIO) -> Iterator[Line | BadLine]:
    """Read articles, one JSON object a line, and say what is wrong with a line that holds none. Skips empty lines."""
    seen: dict[str, int] = {}
    number = 0
    while raw := stream.readline(LONGEST_LINE):
        number += 1
        if len(raw) >= LONGEST_LINE and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(LONGEST_LINE)
            yield BadLine(number, f"is longer than {LONGEST_LINE:,} bytes")
            continue
        if not raw.strip():
            continue
        try:
            line = _line(raw, number)
        except ValueError as error:
            yield BadLine(number, str(error))
            continue
        if line.id in seen:
            yield BadLine(number, f"has the id {line.id!r} of line {seen[line.id]}")
            continue
        seen[line.id] = number
        yield line


def _line(raw: bytes, number: int) -> Line:
    """Raise ValueError, in words, for what is no article."""
    try:
        row = json.loads(raw.rstrip(b"\r\n").decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8 at its byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON at its column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise ValueError("is JSON that is nested too deeply") from None
    if not isinstance(row, dict):
        raise ValueError('is no JSON object; it takes {"id", "url", "published", "title", "text"}')  # noqa: TRY004
    if isinstance(row.get("id"), int):
        row["id"] = str(row["id"])
    if not row.get("id"):
        raise ValueError('lacks "id", by which other lines refer to it')
    id_, published, text = (_text(row, key) for key in ("id", "published", "text"))
    return Line(
        number=number,
        id=id_,
        url=_text(row, "url", ""),
        published=_time(published),
        title=_text(row, "title", ""),
        text=text,
    )


def _text(row: dict[str, Any], key: str, default: str | None = None) -> str:
    value = row.get(key, default)
    if value is None and default is not None:
        return default
    if value is None:
        raise ValueError(f'lacks "{key}"')
    if not isinstance(value, str):
        raise ValueError(f'has a "{key}" that is no string, but {json.dumps(value)[:40]}')  # noqa: TRY004
    return without_rubbish(value)


def _time(value: str) -> datetime:
    try:
        time = datetime.fromisoformat(value.strip())
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            f'has "published": {value[:40]!r}, which is no time; write it as 2026-03-02T06:06:00+00:00'
        ) from None


@contextmanager
def empty_archive() -> Iterator[Engine]:
    """An archive in a temporary file for one ``Replay``, gone at the end; it gives up durability for speed."""
    with TemporaryDirectory(prefix="wirewatch-replay-") as folder:
        path = Path(folder) / "archive.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA page_size=16384")  # most rows are those of the index, which stays in the cache
            connection.execute("VACUUM")  # from here on it holds
        engine = make_engine(f"sqlite:///{path}")
        event.listen(engine, "connect", _in_haste)
        models.Base.metadata.create_all(engine)
        for table in models.Base.metadata.tables.values():
            if table is not models.Judgement.__table__:  # the indices of the others serve what comes after judging
                for index in table.indexes:
                    index.drop(engine)
        try:
            yield engine
        finally:
            engine.dispose()


def _in_haste(dbapi: Any, _: object) -> None:  # noqa: ANN401
    cursor = dbapi.cursor()
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-65536", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class Replay:
    """One pass through a file; ``judged`` and ``unnamed`` count what it met."""

    def __init__(self, engine: Engine, matcher: Matcher, *, every_article: bool = False) -> None:
        """Judge into the archive of ``engine`` what names an entity of ``matcher``, or ``every_article``."""
        self._engine = engine
        self._matcher = matcher
        self._every_article = every_article
        self._names: dict[int, str] = {}

    def run(self, lines: Iterable[Line]) -> Iterator[Outcome]:
        """Judge the articles in their order. What is published counts as seen at that time: nothing is too old.

        It is one transaction, and nobody else may use the archive meanwhile: with every commit SQLite would write most
        of the index anew, for an archive that goes.
        """
        waiting = iter(lines)
        with writing(self._engine) as session:
            while batch := list(islice(waiting, BATCH)):
                yield from self._judge(session, batch)

    def _judge(self, session: Session, batch: Sequence[Line]) -> list[Outcome]:
        mentions = [self._matcher.mentions(line.title, line.text) for line in batch]
        judged = [line for line, found in zip(batch, mentions, strict=True) if found or self._every_article]
        articles = {line.number: article for line, article in zip(judged, archived(session, judged), strict=True)}
        self._names.update((article.id, line.id) for line, article in zip(judged, articles.values(), strict=True))
        return [
            self._outcome(session, line, articles[line.number], found)
            if line.number in articles
            else Outcome(line.id, None, None, None, UNNAMED)
            for line, found in zip(batch, mentions, strict=True)
        ]

    def _outcome(
        self, session: Session, line: Line, article: types.Article, mentions: Sequence[types.Mention]
    ) -> Outcome:
        verdict = judge_article(session, article, mentions, (), line.published)
        return Outcome(
            id=line.id,
            verdict=verdict.verdict,
            story=verdict.story,
            of=None if verdict.parent is None else self._names[verdict.parent],
            reason=verdict.reason,
            entities=tuple(dict.fromkeys(mention.entity for mention in mentions)),
            new_sentences=verdict.new_sentences,
        )


_NEW_ARTICLES: Final = insert(models.Article).returning(models.Article.id, sort_by_parameter_order=True)


def archived(session: Session, lines: Sequence[Line]) -> list[types.Article]:
    """Add the articles of ``lines`` to the archive, as extracted and not judged; return them in the same order."""
    if not lines:
        return []
    rows = [
        {
            "url": line.url,
            "url_key": line.id,  # every line is an article, also when two have one address
            "host": host_of(line.url),
            "source": host_of(line.url),
            "title": line.title,
            "text": line.text,
            "text_from": "feed",
            "published_at": line.published,
            "seen_at": line.published,
            "state": "extracted",
            "due_at": line.published,
        }
        for line in lines
    ]
    made = session.connection().execute(_NEW_ARTICLES, rows).scalars()
    return [
        types.Article(number, line.url, line.title, line.text, line.published, source=host_of(line.url))
        for number, line in zip(made, lines, strict=True)
    ]
