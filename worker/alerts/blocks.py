"""An alert in Slack's Block Kit, within its limits: 50 blocks, 150 characters a header, about 13,000 in all.

Texts from outside stand only in elements that Slack does not parse (``plain_text``, ``rich_text``), so that no mention
and no mark-up in them comes to life; see https://docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from worker.alerts.marks import Span
from worker.alerts.message import LINES_TITLE, PASSAGES_TITLE, Link, Shown, ShownLine, cut, footer, more, quote
from worker.alerts.view import AlertKind, AlertView

HEADER_MOST = 150
TEXT_MOST = 1500
LINE_MOST = 150
CONTEXT_MOST = 2000
ROUND = 40  # characters of a block around its parts
BLOCKS_MOST = 12_000  # characters of JSON; Slack refuses a message somewhat above 13,000 (msg_blocks_too_long)


def fallback(shown: Shown) -> str:
    """The text of notifications and of clients without blocks; it holds the article's address."""
    lines = [shown.subject, *([shown.link.url] if shown.link else []), *shown.paragraphs]
    lines += ["".join(span.text for span in spans) for spans in shown.sentences]
    for one in shown.lines:
        lines += [one.title, *([one.link.url] if one.link else [])]
    lines += [f"{names}: {quote(sentence)}" for names, sentence in shown.named]
    escaped = [escape(line) for line in lines]
    kept = escaped[:2]
    for line in escaped[2:]:
        if sum(map(len, kept)) + len(line) > TEXT_MOST:
            break
        kept.append(line)
    return "\n".join(kept)


def escape(text: str) -> str:
    """Escape the three characters that Slack parses in a message's text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def blocks(view: AlertView, shown: Shown) -> list[dict[str, Any]]:
    """The message in Block Kit, the least important parts left out until it is within Slack's limits."""
    tail = [_plain_context(*footer(view, shown))]
    if shown.kind is AlertKind.DIGEST:
        head = [{"type": "header", "text": _plain(cut(f"{shown.who} · {shown.kind}: {shown.headline}", HEADER_MOST))}]
        return [*head, *_lines(shown, BLOCKS_MOST - _size([*head, *tail])), *tail]
    head = [*_head(shown), *_new(shown, marks=True)]
    if _size([*head, *tail]) > BLOCKS_MOST:
        head = [*_head(shown), *_new(shown, marks=False)]
    head += _lines(shown, BLOCKS_MOST - _size([*head, *tail]))
    optional = [part for part in (_named(shown), _passages(shown), _carriers(shown), _so_far(shown)) if part]
    while optional and _size([*head, *optional, *tail]) > BLOCKS_MOST:
        optional.pop()
    return [*head, *optional, *tail]


def aside(shown: Shown) -> list[dict[str, Any]]:
    """What stands below a story: what fuller copies add, and who else carries it."""
    kept = len(shown.carriers)
    while True:
        left = shown.more_carriers + len(shown.carriers) - kept
        fewer = replace(shown, carriers=shown.carriers[:kept], more_carriers=left)
        parts = [part for part in (_passages(fewer), _carriers(fewer)) if part]
        if not kept or _size(parts) <= BLOCKS_MOST:
            return parts
        kept //= 2  # addresses can be very long


def _size(found: object) -> int:
    return len(json.dumps(found, ensure_ascii=False))


def _head(shown: Shown) -> list[dict[str, Any]]:
    line = f"{shown.who} · {shown.kind}: {shown.headline}"
    fits = len(line) <= HEADER_MOST
    title = line if fits else cut(f"{shown.who} · {shown.kind}", HEADER_MOST)
    found: list[dict[str, Any]] = [{"type": "header", "text": _plain(title)}]
    body: list[dict[str, Any]] = [] if fits else [_section([_literal(shown.headline, bold=True)])]
    if shown.link:
        body.append(_section([_link(shown.link), _literal(f" on {shown.link.host}")]))
    if shown.source:
        found.append(_plain_context(" · ".join(filter(None, (shown.source, shown.when, shown.since)))))
    return [*found, *([_rich(*body)] if body else [])]


def _new(shown: Shown, *, marks: bool) -> list[dict[str, Any]]:
    parts = [_section([_literal(paragraph)]) for paragraph in shown.paragraphs]
    if shown.sentences:
        items = [_spans(spans, marks=marks) for spans in shown.sentences]
        if shown.more_sentences:
            items.append([_literal(f"… and {more(shown.more_sentences, 'sentence')}")])
        parts += [_title(shown.sentences_title), _list(items)]
    return [_rich(*parts)] if parts else []


def _named(shown: Shown) -> dict[str, Any] | None:
    items = [[_literal(names, bold=True), _literal(f": {quote(sentence)}")] for names, sentence in shown.named]
    return _rich(_title("Named"), _list(items)) if items else None


def _lines(shown: Shown, room: int) -> list[dict[str, Any]]:
    """The alerts within this one as a list, those of one story below its first.

    As many as fit into ``room`` characters, and how many do not: a digest is made so that all do.
    """
    if not shown.lines:
        return []
    title = [] if shown.kind is AlertKind.DIGEST else [_title(LINES_TITLE)]
    for count in range(len(shown.lines), -1, -1):
        parts = list(title)
        for below, lines in groupby(shown.lines[:count], key=lambda line: line.below):
            parts.append({**_list([_line(line) for line in lines]), "indent": int(below)})
        if left := len(shown.lines) - count:
            parts.append(_section([_literal(f"… and {more(left, 'alert')}, see wirewatch stories")]))
        if _size(parts) + ROUND <= room:
            return [_rich(*parts)]
    return []


def _line(line: ShownLine) -> list[dict[str, Any]]:
    said = [_literal(cut(line.title, LINE_MOST), bold=True), _literal(f" — {line.source}, {line.when}")]
    return [*said, _literal(" — "), _link(line.link, line.link.host)] if line.link else said


def _passages(shown: Shown) -> dict[str, Any] | None:
    items = [
        [_literal(source, bold=True), _literal(f": {' '.join(sentences)}")] for source, sentences in shown.passages
    ]
    if shown.more_passages:
        items.append([_literal(f"… and {more(shown.more_passages, 'sentence')}")])
    return _rich(_title(PASSAGES_TITLE), _list(items)) if items else None


def _carriers(shown: Shown) -> dict[str, Any] | None:
    items = [
        [_literal(one.label), *([_literal(" — "), _link(one, one.host)] if one.url else [])] for one in shown.carriers
    ]
    if shown.more_carriers:
        items.append([_literal(f"and {more(shown.more_carriers, 'source')}")])
    return _rich(_title("Also carried by"), _list(items)) if items else None


def _so_far(shown: Shown) -> dict[str, Any] | None:
    items = [[_literal(f"{when}: {headline}")] for when, headline in shown.so_far]
    return _rich(_title("The story so far"), _list(items)) if items else None


_SYNTAX = re.compile(r"<(?=[!@#/a-zA-Z])")


def _defused(text: str) -> str:
    """Text for an element that is not parsed, without the opening of a mention or link, should it ever be."""
    return _SYNTAX.sub("‹", text)


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": _defused(text), "emoji": False}


def _plain_context(*lines: str) -> dict[str, Any]:
    return {"type": "context", "elements": [_plain(cut(line, CONTEXT_MOST)) for line in lines if line]}


def _literal(text: str, *, bold: bool = False) -> dict[str, Any]:
    return {"type": "text", "text": _defused(text), **({"style": {"bold": True}} if bold else {})}


def _link(link: Link, label: str = "") -> dict[str, Any]:
    return {"type": "link", "url": link.url, "text": label or link.label}


def _spans(spans: Sequence[Span], *, marks: bool) -> list[dict[str, Any]]:
    if not marks:
        return [_literal("".join(span.text for span in spans))]
    return [_literal(span.text, bold=span.strong) for span in spans]


def _title(text: str) -> dict[str, Any]:
    return _section([_literal(text, bold=True)])


def _section(elements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": [element for element in elements if element["text"]]}


def _list(items: list[list[dict[str, Any]]]) -> dict[str, Any]:
    sections = [one for one in map(_section, items) if one["elements"]]
    return {"type": "rich_text_list", "style": "bullet", "elements": sections}


def _rich(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [part for part in parts if part["elements"]]}
