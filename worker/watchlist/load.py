"""Reads the file and puts the steps together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from worker.watchlist import checks, explain, opml, tree
from worker.watchlist.model import Watchlist
from worker.watchlist.problems import Problem, WatchlistError
from worker.watchlist.resolve import resolve
from worker.watchlist.tree import Block, Mark, Row

MAX_BYTES: Final = 8_000_000


def load(path: Path, environ: Mapping[str, str]) -> Watchlist:
    """Read the watchlist at ``path``; ``${NAME}`` is taken from ``environ``, OPML files from beside the watchlist.

    Raises WatchlistError with every problem that was found, also when the file is missing or cannot be read.
    """
    file = str(path)
    try:
        text = _bounded(path, MAX_BYTES).decode("utf-8")
    except OSError as error:
        hint = "set WIREWATCH_WATCHLIST to its place, or write one" if isinstance(error, FileNotFoundError) else ""
        raise WatchlistError([Problem(file, 1, 1, f"cannot be read: {_why(error)}", hint)], [file]) from None
    except UnicodeDecodeError as error:
        before: bytes = error.object[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
        problem = Problem(file, line, column, "this is not UTF-8 text", "save the file in the encoding UTF-8")
        raise WatchlistError([problem], [file]) from None
    return parse(text, file, environ, lambda name: _bounded(path.parent / name, opml.MAX_BYTES))


def _bounded(path: Path, most: int) -> bytes:
    if path.is_dir():
        raise OSError("it is a folder, not a file")
    if path.exists() and not path.is_file():
        raise OSError("it is no plain file")
    with path.open("rb") as stream:
        body = stream.read(most + 1)
    if len(body) > most:
        raise OSError(f"it is larger than {most:,} bytes")
    return body


def parse(text: str, filename: str, environ: Mapping[str, str], read_opml: Callable[[str], bytes]) -> Watchlist:
    """Make a watchlist of a text. ``read_opml`` gives the bytes of an OPML file by the name in the text, or OSError.

    Raises WatchlistError with every problem that was found.
    """
    if not text.strip().removeprefix("\ufeff").strip():
        raise WatchlistError(
            [Problem(filename, 1, 1, "the file is empty", "write `feeds:` and `entities:`")], [filename]
        )
    try:
        root, problems = tree.read(text, filename, environ)
    except WatchlistError as error:
        raise WatchlistError(error.problems, [filename]) from None
    if not isinstance(root, Block):
        what = "the file holds comments only" if root is None else "the file must be keys and values"
        problem = Problem(filename, 1, 1, what, "begin with `feeds:` and `entities:`")
        raise WatchlistError(problems or [problem], [filename])
    document, wrong = explain.check(root, filename)
    outlines, unread = _outlines(root, filename, read_opml)
    problems += [*wrong, *checks.duplicates(root, filename), *unread]
    files = (filename, *(str(Path(filename).parent / name) for name in _opml_files(root)))
    if problems or document is None:
        raise WatchlistError(problems, files)
    return resolve(document, root, filename, outlines, files)


def _opml_files(root: Block) -> dict[str, tuple[str, Mark]]:
    """The OPML files that the text names: for each how it is written, and where."""
    feeds = root.get("feeds")
    named: dict[str, tuple[str, Mark]] = {}
    for item in feeds if isinstance(feeds, Row) else ():
        name = item.get("opml") if isinstance(item, Block) else None
        if isinstance(name, str) and name.strip():
            named.setdefault(name.strip(), (item.written.get("opml", name).strip(), item.values_at["opml"]))
    return named


def _outlines(
    root: Block, filename: str, read_opml: Callable[[str], bytes]
) -> tuple[dict[str, tuple[opml.Outline, ...]], list[Problem]]:
    found: dict[str, tuple[opml.Outline, ...]] = {}
    problems: list[Problem] = []
    for name, (label, mark) in _opml_files(root).items():
        try:
            found[name] = opml.read(read_opml(name), label)
        except WatchlistError as error:
            problems += error.problems
        except (OSError, ValueError) as error:
            message = f"the OPML file {label[:100]!r} cannot be read: {_why(error)}"
            problems.append(Problem(filename, *mark, message, "its path is relative to the watchlist"))
    return found, problems


def _why(error: Exception) -> str:
    """The reason in the system's words, without the path, which stands in the message."""
    return str(getattr(error, "strerror", None) or error).lower()
