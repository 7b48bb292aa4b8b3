"""Feeds out of an OPML file (http://opml.org/spec2.opml), as other feed readers export it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

# DOCTYPE is refused before an entity can be declared, and expat itself loads nothing.
from xml.parsers import expat

from pydantic_core import PydanticCustomError

from worker.watchlist import values
from worker.watchlist.problems import Problem, WatchlistError

MAX_BYTES: Final = 4_000_000
MAX_DEPTH: Final = 50


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in an OPML file, with its line there."""

    url: str
    name: str
    line: int


@dataclass(slots=True)
class _Walk:
    file: str
    parser: expat.XMLParserType
    outlines: list[Outline] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    depth: int = 0

    def tell(self, message: str, hint: str = "") -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        self.problems.append(Problem(self.file, line, column, message, hint))

    def stop(self, message: str, hint: str = "") -> None:
        self.tell(message, hint)
        raise WatchlistError(self.problems)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1 and tag.casefold() != "opml":
            self.stop(f"this is not OPML: it begins with <{tag[:40]}>", "export the subscriptions of a reader as OPML")
        if self.depth > MAX_DEPTH:
            self.stop(f"nested deeper than {MAX_DEPTH} levels")
        if tag.casefold() != "outline":
            return
        folded = {key.casefold(): value.strip() for key, value in attributes.items()}
        url = folded.get("xmlurl", "")
        if not url:  # a folder, or a link that is no feed
            return
        try:
            url = values.web(url)
        except PydanticCustomError as error:
            context = error.context or {}
            self.tell(f"xmlUrl {values.masked(url)} {context.get('said')}", str(context.get("hint", "")))
            return
        name = " ".join((folded.get("title") or folded.get("text") or "").split())
        self.outlines.append(Outline(url, name[:200], self.parser.CurrentLineNumber))

    def end(self, _tag: str) -> None:
        self.depth -= 1

    def doctype(self, *_declared: object) -> None:
        self.stop("a DOCTYPE, which is not allowed", "delete the line; OPML needs none")


def read(body: bytes, file: str) -> tuple[Outline, ...]:
    """All feeds of the file, in its order, out of folders too.

    Raises WatchlistError, whose problems name the OPML file, when it is too large, no OPML, or holds a wrong address.
    """
    if len(body) > MAX_BYTES:
        raise WatchlistError([Problem(file, 1, 1, f"larger than {MAX_BYTES:,} bytes", "split it")])
    parser = expat.ParserCreate()
    walk = _Walk(file, parser)
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.StartDoctypeDeclHandler = walk.doctype
    try:
        parser.Parse(body, True)
    except WatchlistError:
        raise
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        walk.problems.append(
            Problem(file, error.lineno, error.offset + 1, f"this is not XML: {said}", "export it anew")
        )
    except (LookupError, ValueError) as error:  # an encoding that Python does not have
        walk.problems.append(Problem(file, 1, 1, f"cannot be decoded: {error}", "save it as UTF-8"))
    if walk.problems:
        raise WatchlistError(walk.problems)
    return tuple(walk.outlines)
