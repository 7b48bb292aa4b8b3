"""Two articles side by side in the terminal."""

from __future__ import annotations

from collections.abc import Collection
from difflib import SequenceMatcher
from typing import Protocol

from rich.table import Table
from rich.text import Text

from worker.cli.output import clean, plainly
from worker.stories.pieces import in_pieces
from worker.stories.text import words


class Shown(Protocol):
    """What is shown of an article."""

    @property
    def title(self) -> str: ...  # noqa: D102

    @property
    def url(self) -> str: ...  # noqa: D102

    @property
    def text(self) -> str: ...  # noqa: D102


def beside(a: Shown, b: Shown, only_a: Collection[str], only_b: Collection[str]) -> Table:
    """Return both texts sentence by sentence; ``only_a`` and ``only_b`` are those that the other does not say."""
    table = Table(expand=True, show_lines=False, padding=(0, 1))
    for article, name in ((a, "A"), (b, "B")):
        table.add_column(Text(clean(f"{name}: {article.title or article.url}")), ratio=1, overflow="fold")
    left, right = ([plainly(s.text) for s in in_pieces(article.text)] for article in (a, b))
    matcher = SequenceMatcher(
        None, [tuple(words(text)) for text in left], [tuple(words(text)) for text in right], False
    )
    for _, i, j, k, m in matcher.get_opcodes():
        table.add_row(_side(left[i:j], only_a, "red"), _side(right[k:m], only_b, "bold yellow"))
    return table


def _side(texts: list[str], only_here: Collection[str], style: str) -> Text:
    """Sentences as one cell: in ``style`` what the other text lacks, dim what both say."""
    return Text(" ").join(Text(text, style=style if text in only_here else "dim") for text in texts)
