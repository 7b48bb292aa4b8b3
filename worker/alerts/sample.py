"""The sample alert of ``wirewatch send-test``: it looks like a real one, and says that it is none."""

from __future__ import annotations

from datetime import datetime

from worker.alerts.view import AlertKind, AlertView, Named, token
from worker.types import Entity

LEAD = (
    "This is a test: no article has named {name}, and a real alert looks like this one.",
    "A real alert shows here the sentences that no earlier article of the story had.",
)


def view(entity: Entity, now: datetime) -> AlertView:
    """An alert on a made-up article that names ``entity``."""
    sentence = LEAD[0].format(name=entity.name)
    return AlertView(
        token=token(f"sample:{now.isoformat()}", now),
        kind=AlertKind.NEW,
        at=now,
        headline=f"Test: what an alert on {entity.name} looks like",
        url="https://example.org/wirewatch-test",
        source="example.org",
        published=now,
        entities=(Named(entity.name, sentence, (entity.name,)),),
        sentences=(sentence, *LEAD[1:]),
        reason="sent by `wirewatch send-test`",
    )
