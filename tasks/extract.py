"""Articles whose page has not been read → their text, from the page or from the feed."""

from __future__ import annotations

from worker.celery import app, wake
from worker.extraction import Extraction
from worker.hands import rounds
from worker.runtime import runtime
from worker.watchlist import Watchlist


@app.task(name="tasks.extract.extract_articles")
def extract_articles() -> None:
    """Read the pages that wait, many at once; texts are committed before their judgement is called for."""
    here = runtime()

    def watchlist() -> Watchlist:
        return here.watch().watchlist

    work = Extraction(here.engine, watchlist, tries=here.tries)
    for ready in rounds("extract", here.engine, work.ask, work.settle):
        if ready:
            wake("judge")
