"""Why a text is not YAML, in words that help."""

from __future__ import annotations

from typing import Final

import yaml

from worker.watchlist.problems import Problem

# libyaml's words, and what the person at the editor should know instead.
_PLAIN: Final[tuple[tuple[str, str, str], ...]] = (
    ("mapping values are not allowed", "a `:` where no key can stand",
     "put a value that holds `: ` in quotes; else the line is indented too far"),
    ("did not find expected key", "this line does not fit the ones above it",
     "keys of one block begin in the same column; a value that begins with a quote ends with it"),
    ("did not find expected '-'", "a list goes on here, and this line is no item of it",
     "begin an item with `- `, or indent the line as the key it belongs to"),
    ("could not find expected ':'", "a key without its `:`", "write `key: value`"),
    ("found unexpected end of stream", "a quote that is opened and never closed", "close it"),
    ("did not find expected ',' or", "a `{` or `[` that is not closed, or a comma that is missing",
     'inside { } and [ ] put ${NAME} and text with , { } [ ] in quotes: "${NAME}"'),
    ("did not find expected node content", "a bracket or comma where a value should be",
     "put text that begins with it in quotes"),
    ("found unknown escape character", "a backslash in double quotes begins an escape, and this is none",
     "use single quotes, or double the backslash"),
    ("invalid Unicode character escape", "an escape that names no character", "write the character itself"),
    ("incompatible YAML document", "the %YAML line names a version that cannot be read", "delete the line"),
)  # fmt: skip


def explain(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """The parser's error in plain words, at the place that the person has to look at."""
    problem, context = error.problem or "", error.context or ""
    place = error.problem_mark or error.context_mark
    # Where a quote or an alias begins helps; where the parser gave up does not.
    if error.context_mark and ("end of stream" in problem or "alias" in context or "anchor" in context):
        place = error.context_mark
    line, column = (place.line, place.column) if place else (0, 0)
    lines = text.split("\n")
    here = lines[line] if line < len(lines) else ""
    message, hint = _words(problem, context, here, column)
    return Problem(file, line + 1, column + 1, message, hint)


def _words(problem: str, context: str, here: str, column: int) -> tuple[str, str]:
    """What is wrong and what to do, from the parser's words, the line, and the column (from 0) in it."""
    character = here[column : column + 1]
    if character == "\t" or "\t" in here[: len(here) - len(here.lstrip())]:
        return "a tab in the indentation", "indent with spaces; YAML takes no tabs there"
    if "alias" in context or "anchor" in context or "cannot start any token" in problem:
        return f"`{character}` cannot begin a value", "put the text in quotes"
    if "flow" in context and not character:
        return "a `{` or `[` that is opened and never closed", "close it"
    if "flow" in context and here[:column].endswith("$"):
        return "a variable inside { } or [ ] without quotes", 'write "${NAME}"'
    for theirs, message, hint in _PLAIN:
        if theirs in problem:
            return message, hint
    return f"this is not YAML: {problem}", "put unusual text in quotes"
