"""Articles whose page has not been read → their text, from the page or from the feed."""

from __future__ import annotations

from datetime import UTC, datetime

from worker import extraction
from worker.celery import app, wake
from worker.db import writing
from worker.hands import drain
from worker.runtime import runtime
from worker.store import articles


@app.task(name="tasks.extract.extract_articles")
def extract_articles() -> None:
    """Read one article's page after another; each text is committed before its judgement is called for."""
    here = runtime()
    with drain("extract", here.engine, extraction.claim) as rows:
        for row in rows:
            with articles.on_record(here.engine, row):
                watchlist = here.watch().watchlist
                result = extraction.read(row, watchlist)
                with writing(here.engine) as session:
                    ready = extraction.record(session, row, result, watchlist, datetime.now(UTC), tries=here.tries)
                if ready:
                    wake("judge")
