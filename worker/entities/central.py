"""How central an entity is to an article: what the article is about, or named in passing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from worker.stories.text import sentences

_LEAD_SENTENCES = 2
_OFTEN = 4  # mentions in the text that make an entity central wherever they stand
_HALF_OFTEN = 3  # as many do when they begin in the first half
_LEAD_REACH = 3000  # characters in which the lead is looked for


class Place(Protocol):
    """Where a mention stands: a ``Mention``, or its row."""

    @property
    def field(self) -> str:
        """The field of the article."""

    @property
    def start(self) -> int:
        """The offset in that field."""


Centrality = Literal["central", "passing"]


def centrality(mentions: Sequence[Place], title: str, text: str) -> Centrality:
    """Tell from the mentions of one entity how central it is to the article with this title and text.

    Central: named in the title or in the first two sentences, or four times, or three times from the first half on. The
    byline does not count. Journalism puts the matter into headline and lead (the inverted pyramid).
    """
    if any(mention.field == "title" for mention in mentions):
        return "central"
    places = [mention.start for mention in mentions if mention.field == "text"]
    if not places:
        return "passing"
    head = sentences(text[:_LEAD_REACH])
    # Some publishers repeat the headline as the text's first line.
    lead = [sentence for sentence in head if sentence.text.strip() != title.strip()][:_LEAD_SENTENCES]
    if lead and min(places) < lead[-1].end:
        return "central"
    often = len(places) >= _OFTEN or (len(places) >= _HALF_OFTEN and min(places) < len(text) / 2)
    return "central" if often else "passing"
