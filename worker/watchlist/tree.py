"""YAML into plain values that remember where they stand.

Every scalar is text, so that ``no``, ``1:30``, ``0777`` and ``1e3`` mean what they look like; the schema gives each its
type. The parser's events are read in a loop, never by recursion, so that a file of brackets cannot exhaust the stack.
Aliases are refused: a few hundred bytes of them expand to gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import yaml

from worker.watchlist.problems import Problem, WatchlistError
from worker.watchlist.syntax import explain

MAX_DEPTH: Final = 12
MAX_TEXT: Final = 20_000
# YAML's printable characters: anything else is a broken or a binary file.
_CONTROL: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VARIABLE: Final = re.compile(r"\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{")
_SHOWN: Final = 60
# More than this helps nobody, and a file of rubbish could bring a million.
_MAX_PROBLEMS: Final = 1000


class Mark(NamedTuple):
    """A place in the file, counted from 1."""

    line: int
    column: int


class Broken:
    """Stands for a value whose problem is already told, so that nothing else is said of it."""


BROKEN: Final = Broken()


class Block(dict[str, Any]):
    """A mapping: also where it, its keys and its values stand, and the text of values before ``${NAME}`` was put in."""

    def __init__(self, at: Mark) -> None:
        """Begin an empty mapping at ``at``."""
        super().__init__()
        self.at = at
        self.keys_at: dict[str, Mark] = {}
        self.values_at: dict[str | int, Mark] = {}
        self.written: dict[str | int, str] = {}


class Row(list[Any]):
    """A list: also where it and its items stand, and the text of items before ``${NAME}`` was put in."""

    def __init__(self, at: Mark) -> None:
        """Begin an empty list at ``at``."""
        super().__init__()
        self.at = at
        self.values_at: dict[str | int, Mark] = {}
        self.written: dict[str | int, str] = {}


def child(node: object, part: str | int) -> tuple[object, Mark] | None:
    """What stands under a key or an index of a container, and where; None where nothing is written."""
    if isinstance(node, Block) and part in node.values_at:
        return node[str(part)], node.values_at[part]
    if isinstance(node, Row) and isinstance(part, int) and part < len(node):
        return node[part], node.values_at[part]
    return None


def mark_of(root: Block, *path: str | int) -> Mark:
    """Where the place stands, or the nearest above it that is written (one text may stand for a list)."""
    node: object = root
    mark = root.at
    for part in path:
        found = child(node, part)
        if found is None:
            break
        node, mark = found
    return mark


def written(root: Block, *path: str | int) -> str:
    """The text of the file at a place, with its ``${NAME}`` as it stands there; empty where there is none."""
    *above, last = path
    node: object = root
    for part in above:
        found = child(node, part)
        node = found[0] if found else None
    found = child(node, last)
    if not isinstance(node, (Block, Row)) or not found or not isinstance(found[0], str):
        return ""
    return node.written.get(last, found[0])


def read(text: str, file: str, environ: Mapping[str, str]) -> tuple[object, list[Problem]]:
    """Read one YAML document. Gives the root (a Block when the file is right) and the problems found on the way.

    Raises WatchlistError where reading cannot go on: a syntax error, a second document, nesting that is too deep.
    """
    text = text.removeprefix("\ufeff")
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
        message = f"a character that no text file should hold (code {ord(found[0]):#x})"
        raise WatchlistError([Problem(file, line, column, message, "delete it, or save the file as plain UTF-8 text")])
    builder = _Builder(file, environ)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise WatchlistError([*builder.problems, explain(error, text, file)]) from None
    except yaml.YAMLError as error:
        raise WatchlistError([Problem(file, 1, 1, f"this is not YAML: {error}")]) from None
    return builder.root, builder.problems


@dataclass(slots=True)
class _Builder:
    file: str
    environ: Mapping[str, str]
    root: object = None
    problems: list[Problem] = field(default_factory=list)
    # The containers that are open, each with the key that waits for its value. None is a wrong key: no value for it.
    stack: list[tuple[Block | Row, list[str | None]]] = field(default_factory=list)
    documents: int = 0

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self.scalar(event)
            case yaml.MappingStartEvent():
                self.open(event, Block(_mark(event)))
            case yaml.SequenceStartEvent():
                self.open(event, Row(_mark(event)))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.stack.pop()
            case yaml.AliasEvent():
                self.refuse(event, f"`*{event.anchor}` at the start of a word is a YAML alias, which is not allowed")
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self.stop(event, "a second YAML document begins", "delete the line `---`: one file, one document")

    def open(self, event: yaml.CollectionStartEvent, container: Block | Row) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self.stop(event, f"nested deeper than {MAX_DEPTH} levels", "nothing in a watchlist goes so deep")
        if self.wants_key():
            self.stop(event, "a key must be a plain word, not a list or a mapping", "put text with { or [ in quotes")
        self.decorated(event)
        self.place(container, container.at)
        self.stack.append((container, []))

    def scalar(self, event: yaml.ScalarEvent) -> None:
        mark = _mark(event)
        if self.decorated(event):
            self.place(BROKEN, mark)
        elif len(event.value) > MAX_TEXT:
            self.stop(event, f"one text of more than {MAX_TEXT:,} characters", "a quote may be closed too late")
        elif self.wants_key():
            self.key(event.value, mark)
        elif not event.style and _lines(event) > 1:
            hint = "indent the next line as its neighbours; a text that is meant to be so long stands in quotes"
            self.problem(mark, "this text goes on in the next line", hint)
            self.place(BROKEN, mark)
        elif event.value == "" and not event.style:
            self.place(None, mark)
        elif "${" not in event.value:
            self.place(self.clean(event.value, mark), mark)
        else:
            self.place(self.clean(self.filled(event.value, mark), mark), mark, event.value)

    def decorated(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> bool:
        """Tell of an anchor or a tag at a node; give whether there was one."""
        if event.anchor is not None:
            self.problem(_mark(event), f"`&{event.anchor}` is a YAML anchor, which is not allowed", _QUOTE)
        elif event.tag is not None:
            self.problem(_mark(event), f"`{event.tag}` is a YAML tag, which is not allowed", _QUOTE)
        else:
            return False
        return True

    def refuse(self, event: yaml.Event, message: str) -> None:
        mark = _mark(event)
        hint = "put the text in quotes; the `*` that matches any ending stands at the end of a word"
        self.problem(mark, message, hint)
        self.place(BROKEN, mark)

    def wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1][0], Block) and not self.stack[-1][1]

    def key(self, key: str, mark: Mark) -> None:
        block, waiting = self.stack[-1]
        if not isinstance(block, Block):
            return
        if self.clean(key, mark) is BROKEN:
            waiting.append(None)
        elif key in block.keys_at:
            first = block.keys_at[key]
            self.problem(mark, f"`{key[:_SHOWN]}` stands twice: first in line {first.line}", "keep one of the two")
            waiting.append(None)
        else:
            block.keys_at[key] = mark
            waiting.append(key)

    def place(self, value: object, mark: Mark, written: str | None = None) -> None:
        if not self.stack:
            self.root = value
            return
        container, waiting = self.stack[-1]
        at: str | int | None
        if isinstance(container, Row):
            at = len(container)
            container.append(value)
        elif not waiting:  # an alias, an anchor or a tag where a key should be: told already
            waiting.append(None)
            return
        else:
            at = waiting.pop()
            if at is None:
                return
            container[at] = value
        container.values_at[at] = mark
        if written is not None:
            container.written[at] = written

    def clean(self, value: str | Broken, mark: Mark) -> str | Broken:
        """Refuse the control characters that only an escape or a variable can bring in."""
        if isinstance(value, str) and _CONTROL.search(value):
            self.problem(mark, "the text holds a control character", "take it out")
            return BROKEN
        return value

    def filled(self, written: str, mark: Mark) -> str | Broken:
        """Put the environment's values in; the problems name the variables and never show a value."""
        told = len(self.problems)

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if found[0] == "$${":
                return "${"
            if name is None:
                self.problem(mark, "`${` begins a variable here", "write ${NAME}, or $${ for the characters themselves")
                return ""
            text = self.environ.get(name, "").strip()
            if not text:
                state = "is empty" if name in self.environ else "is not set"
                self.problem(
                    mark, f"the environment variable {name} {state}", "set it, or put it into .env beside the watchlist"
                )
            return text

        text = _VARIABLE.sub(value, written)
        return text if len(self.problems) == told else BROKEN

    def problem(self, mark: Mark, message: str, hint: str = "") -> None:
        self.problems.append(Problem(self.file, mark.line, mark.column, message, hint))
        if len(self.problems) >= _MAX_PROBLEMS:
            raise WatchlistError(self.problems)

    def stop(self, event: yaml.Event, message: str, hint: str) -> None:
        self.problem(_mark(event), message, hint)
        raise WatchlistError(self.problems)


_QUOTE: Final = "put the text in quotes if it begins with this character"


def _lines(event: yaml.Event) -> int:
    start, end = event.start_mark, event.end_mark
    return end.line - start.line + 1 if start and end else 1


def _mark(event: yaml.Event) -> Mark:
    at = event.start_mark
    return Mark(at.line + 1, at.column + 1) if at else Mark(1, 1)
