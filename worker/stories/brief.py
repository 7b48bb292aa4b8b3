"""What is told in a reason, kept short: it is stored with the verdict and shown in the alert."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import Final

MOST: Final = 4
"""Names, figures or words of a list that are shown."""

LONGEST: Final = 40
"""Characters that are shown of each of them."""

QUOTE: Final = 90
"""Characters that are shown of a sentence."""


def some(found: Collection[str]) -> str:
    """Return the first four of ``found`` with commas, and how many more there are."""
    shown = ", ".join([cut(one, LONGEST) for one in islice(found, MOST)])
    return f"{shown} and {len(found) - MOST} more" if len(found) > MOST else shown


def cut(text: str, most: int = QUOTE) -> str:
    """Return ``text``, or its beginning if it has more than ``most`` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
