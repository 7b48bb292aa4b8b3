"""``wirewatch compare``."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.text import Text

from worker import charset, http
from worker.articles.extract import MAX_BYTES, extract
from worker.cli.output import clean, plainly
from worker.cli.sides import beside
from worker.sandbox import Sandbox, SandboxError, SandboxLimits
from worker.stories.boilerplate import left_out
from worker.stories.judge import judge
from worker.stories.pieces import in_pieces
from worker.stories.prepared import MAX_CHARS
from worker.stories.text import without_rubbish, words
from worker.types import Article, Judgement, Page, Story, Verdict

EXTRACTION_SECONDS: Final = 15
_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)
_HTML: Final = re.compile(r"<(?:!doctype\s+html|html|head|body|article|div|p)\b", re.IGNORECASE)
_LONGEST_TITLE: Final = 200  # characters

SAYS: Final = {
    Verdict.REPRINT: "B is a reprint of A",
    Verdict.COVERAGE: "B tells the same as A in its own words and adds nothing",
    Verdict.UPDATE: "B is an update of A: it belongs to the same story and tells something new",
    Verdict.NEW: "B is another story than A",
}


@dataclass(frozen=True, slots=True)
class _Comparison:
    """``judgement`` is on B against A; ``only_a`` and ``only_b`` are the sentences that the other does not say."""

    judgement: Judgement
    only_a: frozenset[str]
    only_b: frozenset[str]


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(a: str, b: str, as_json: bool) -> None:
    """Say whether B is a reprint of A and why, and show what B has that A lacks.

    A and B are files (text or HTML) or addresses.

    \b
    Example:
      wirewatch compare first.txt second.txt
      wirewatch compare https://news.example/1 saved.html
    """
    now = datetime.now(UTC)
    one, other = _read(1, a, now), _read(2, b, now + timedelta(hours=1))
    found = _compare(one, other)
    if as_json:
        sys.stdout.write(json.dumps(_plain(one, other, found), ensure_ascii=False, indent=2) + "\n")
    else:
        _show(Console(), one, other, found)


def _compare(one: Article, other: Article) -> _Comparison:
    judgement = judge(other, [Story(1, (one,))])
    back = judge(one, [Story(1, (other,))])
    return _Comparison(judgement, _told(one, back), _told(other, judgement))


def _told(article: Article, judgement: Judgement) -> frozenset[str]:
    """Return the sentences that are new, or all of them where the two are not even of one story."""
    if judgement.story is None:
        return frozenset(plainly(sentence.text) for sentence in in_pieces(article.text))
    return frozenset(map(plainly, judgement.new_sentences))


def _plain(one: Article, other: Article, found: _Comparison) -> dict[str, object]:
    return {
        "verdict": found.judgement.verdict.value,
        "reprint": found.judgement.verdict is Verdict.REPRINT,
        "reason": found.judgement.reason,
        "new_sentences": _in_order(other, found.only_b),
        "missing_sentences": _in_order(one, found.only_a),
        "left_out": _left_out(other),
        "evidence": found.judgement.evidence,
        "a": {"from": one.url, "title": one.title, "words": len(words(one.text))},
        "b": {"from": other.url, "title": other.title, "words": len(words(other.text))},
    }


def _in_order(article: Article, told: frozenset[str]) -> list[str]:
    return [text for sentence in in_pieces(article.text) if (text := plainly(sentence.text)) in told]


def _left_out(article: Article) -> list[str]:
    """Return what is taken for the site's and not compared."""
    return [plainly(line) for line in left_out(article.text[:MAX_CHARS], article.title)]


def _show(console: Console, one: Article, other: Article, found: _Comparison) -> None:
    colour = "yellow" if found.judgement.verdict.alerts else "green"
    console.print(Text(SAYS[found.judgement.verdict], style=f"bold {colour}"))
    console.print(Text(clean(f"Why: {found.judgement.reason}")))
    measures = {key: value for key, value in found.judgement.evidence.items() if isinstance(value, int | float)}
    if measures:
        console.print(Text("Measured: " + ", ".join(f"{key} {value}" for key, value in measures.items()), style="dim"))
    console.print()
    console.print(beside(one, other, found.only_a, found.only_b))
    of_site = _left_out(other)
    if of_site:
        console.print(Text("Taken for the site's in B, and not compared:", style="bold"))
        for line in of_site:
            console.print(Text(f"- {line}", style="dim"))
    fresh = _in_order(other, found.only_b)
    if not fresh:
        console.print(Text("B has nothing that A lacks."))
        return
    console.print(
        Text(f"What B has that A lacks ({len(fresh)} of {len(in_pieces(other.text))} sentences):", style="bold")
    )
    for sentence in fresh:
        console.print(Text(f"+ {sentence}", style="yellow"))


def _read(number: int, place: str, now: datetime) -> Article:
    """Read a file or an address; tell in words what is wrong with it."""
    page = _fetched(place) if _ADDRESS.match(place) else _opened(place)
    if not page.text.strip():
        raise click.ClickException(f"{place}: {page.note or 'there is no text in it'}")
    title, text = without_rubbish(page.title), without_rubbish(page.text)
    return Article(number, place, title, text, page.published or now, source=page.site_name, byline=page.byline)


def _fetched(url: str) -> Page:
    try:
        answer = http.fetch(url, limits=http.Limits(body=MAX_BYTES))
    except http.FetchError as error:
        raise click.ClickException(f"{http.redact(url)}: {error}") from None
    if answer.status != 200:  # noqa: PLR2004
        raise click.ClickException(f"{http.redact(url)}: the server answered {answer.status}")
    return _extracted(answer.body, answer.url, answer.headers.get("content-type", ""))


LOOKED_AT = 10_000  # characters
MOST_ODD = 0.02  # of them that no text has


def _opened(path: str) -> Page:
    try:
        with Path(path).open("rb") as stream:
            body = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise click.ClickException(f"{path}: {(error.strerror or str(error)).lower()}") from None
    if len(body) > MAX_BYTES:
        raise click.ClickException(f"{path}: is larger than {MAX_BYTES:,} bytes")
    text = charset.decode(body)
    if sum(not (char.isprintable() or char.isspace()) for char in text[:LOOKED_AT]) > len(text[:LOOKED_AT]) * MOST_ODD:
        raise click.ClickException(f"{path}: is no text")
    if _HTML.search(text[:2000]):
        return _extracted(body, path, "text/html")
    first, _, rest = text.lstrip("\ufeff\n\r").partition("\n")
    if rest[:1] in "\r\n" and rest.strip() and len(first) <= _LONGEST_TITLE and first.rstrip()[-1:] not in ".…":
        return Page(text=rest.strip(), title=first.strip())
    return Page(text=text)


def _extracted(body: bytes, url: str, content_type: str) -> Page:
    sandbox = Sandbox(SandboxLimits(children=1))
    try:
        return sandbox.run(extract, body, url, content_type, timeout=EXTRACTION_SECONDS)
    except SandboxError as error:
        raise click.ClickException(f"{http.redact(url)}: the page could not be read: {error}") from None
    finally:
        sandbox.close()
