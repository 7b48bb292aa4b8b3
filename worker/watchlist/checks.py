"""What must not stand twice. Works on the tree, so that it also finds what is wrong beside other mistakes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from worker.watchlist import values
from worker.watchlist.problems import Problem
from worker.watchlist.tree import Block, Mark, Row


def same_name(name: str) -> str:
    """Names that are equal under this are one name: case, spacing and Unicode's spelling make no difference."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def same_address(url: str) -> str:
    """Addresses that are equal under this are one feed: fragment, case of the host and default port off."""
    parts = urlsplit(url.strip())
    default = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    host = parts.netloc.casefold().removesuffix(default)
    return parts._replace(netloc=host, fragment="", path=parts.path or "/").geturl()


def duplicates(root: Block, file: str) -> list[Problem]:
    """Feeds, entities and aliases that are written twice."""
    return [*_feeds(root, file), *_entities(root, file), *_aliases(root, file)]


def _texts(items: object, key: str) -> Iterator[tuple[str, str, Mark]]:
    """The texts under ``key`` of a list's mappings: value, how it is written, where."""
    for item in items if isinstance(items, Row) else ():
        if isinstance(item, Block) and isinstance(item.get(key), str):
            yield item[key], item.written.get(key, item[key]), item.values_at[key]


def _feeds(root: Block, file: str) -> Iterator[Problem]:
    for key, noun in (("url", "address"), ("opml", "file")):
        seen: dict[str, Mark] = {}
        for text, written, mark in _texts(root.get("feeds"), key):
            try:
                same = same_address(text)
            except ValueError:
                continue  # no address at all; the schema tells it
            if same in seen:
                message = f"the {noun} {values.masked(written, 100)} stands twice: first in line {seen[same].line}"
                yield Problem(file, *mark, message, "keep one of the two")
            seen.setdefault(same, mark)


def _entities(root: Block, file: str) -> Iterator[Problem]:
    seen: dict[str, Mark] = {}
    for text, written, mark in _texts(root.get("entities"), "name"):
        same = same_name(text)
        if same and same in seen:
            message = f"the entity {written[:100]!r} stands twice: first in line {seen[same].line}"
            yield Problem(file, *mark, message, "make one entity of the two, with the aliases of both")
        seen.setdefault(same, mark)


def _aliases(root: Block, file: str) -> Iterator[Problem]:
    entities = root.get("entities")
    for item in entities if isinstance(entities, Row) else ():
        aliases = item.get("aliases") if isinstance(item, Block) else None
        if not isinstance(aliases, Row):
            continue
        seen: dict[str, Mark] = {}
        for index, alias in enumerate(aliases):
            if not isinstance(alias, str):
                continue
            same, mark = " ".join(alias.split()), aliases.values_at[index]
            if same in seen:
                first = seen[same]
                message = (
                    f"the alias {aliases.written.get(index, alias)[:100]!r} stands twice: first in line {first.line}"
                )
                yield Problem(file, *mark, f"{message}, column {first.column}", "keep one of the two")
            seen.setdefault(same, mark)
