"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), which feedparser does not read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from worker.dates import when
from worker.feeds.raw import RawEntry, RawFeed
from worker.feeds.xmltext import MAX_ENTRIES, FeedError


def read(text: str) -> RawFeed:
    """The feed in a JSON text.

    Raises:
        FeedError: not JSON, or JSON without a list of items.
    """
    try:
        document = json.loads(text, strict=False)  # line ends within texts are a common mistake
    except (ValueError, RecursionError) as error:
        raise FeedError(f"it starts like a JSON Feed and cannot be read as JSON: {error}") from None
    items = document.get("items") if isinstance(document, Mapping) else None
    if not isinstance(items, list):
        raise FeedError("it is JSON and no JSON Feed: it has no list of items")
    entries = [_entry(item) for item in items[:MAX_ENTRIES] if isinstance(item, Mapping)]
    return RawFeed(title=_text(document, "title"), home=_text(document, "home_page_url"), entries=entries)


def _entry(item: Mapping[str, Any]) -> RawEntry:
    return RawEntry(
        guid=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        published=when(_text(item, "date_published") or _text(item, "date_modified")),
        summary=_text(item, "summary"),
        content=_text(item, "content_html"),
        plain_content=_text(item, "content_text"),
        updated=when(_text(item, "date_modified")),
        author=", ".join(filter(None, map(_author, _authors(item)))),
    )


def _authors(item: Mapping[str, Any]) -> list[Any]:
    authors = item.get("authors")
    return authors[:10] if isinstance(authors, list) else [item.get("author")]


def _author(author: object) -> str:
    return _text(author, "name") if isinstance(author, Mapping) else ""


def _text(mapping: Mapping[str, Any], name: str) -> str:
    value = mapping.get(name)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
