"""Whether what a copy says otherwise is only the wording of an editor, whose hand went over it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from worker.stories.finding import Finding, Kind, Status
from worker.stories.view import EDITED, View

AS_IT_WAS = 0.85
"""From this share of a text word for word on, it stands as it was."""

_ENOUGH = 3
"""Sentences that tell something, however little each, are more than an editor's hand leaves by chance."""

_SOON = timedelta(hours=3)
"""Copies of a report come within hours, and what happens next mostly takes longer: support for what is in doubt."""

_LEAD_AT = 12
"""Words of a dateline or a heading that may stand before the first sentence of an article."""

_SAID = 0.6  # of a text that tells in other words what the story told
_BOTH_WAYS = 0.9  # of the two shares of a lead and its known version together, which run from 0 to 2
_WORDING = {None, Kind.VERB, Kind.STEP}


class Sign(StrEnum):
    """By what a sentence tells a development."""

    WORDS = "its own words"
    PLACE = "where it stands in a text that else is as it was"
    TITLE = "the title, which speaks of it too"
    TIME = "the time, at which no copy comes any more"


class Development(NamedTuple):
    """A sentence that tells what the story has not, and by what sign; None where the title alone tells it."""

    finding: Finding | None
    reason: str
    sign: Sign


def only_edited(one: View, found: Sequence[Development]) -> bool:
    """Whether all that was ``found`` are one or two slight signs in a text that an editor has gone over.

    Either little of it stands word for word, or its lead was written anew soon after that came.
    """
    telling = {development.finding.line.at: development.finding.slight for development in found if development.finding}
    if len(telling) >= _ENOUGH or not all(telling.values()):
        return False
    if one.copied and one.verbatim < EDITED and all(development.sign is not Sign.TIME for development in found):
        return True
    bare = all(development.sign is Sign.WORDS and _kind(development.finding) in _WORDING for development in found)
    return bare and (one.copied or one.measures["said"] >= _SAID) and _soon_anew(one)


def lead_anew(one: View, first: Finding) -> bool:
    """Whether the first sentence tells in other words what the lead of an article told soon before."""
    if first.status is not Status.REWORDED or first.of is None:
        return False
    return first.of.forward + first.of.back >= _BOTH_WAYS and _soon_anew(one)


def _kind(finding: Finding | None) -> Kind | None:
    return finding.change.kind if finding and finding.change else None


def _soon_anew(one: View) -> bool:
    """Whether the first sentence stands in the place of the lead of an article that came soon before.

    Who puts news on top of a text leaves its lead below; who edits a copy has none to leave.
    """
    first = one.first
    if first is None or first.of is None:
        return False
    lead = first.of.line
    carried = next((article for article in one.story.articles if article.id == first.of.article), None)
    if carried is None or one.new.article.published - carried.published > _SOON:
        return False
    gone = all(finding.line.key != lead.key for finding in one.findings)
    return (lead.at <= _LEAD_AT and gone) or one.verbatim < AS_IT_WAS
