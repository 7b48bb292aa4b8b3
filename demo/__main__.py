"""``python -m demo``: the whole service on a small internet of its own, from the first report to the lookalike name.

Everything runs for real, feeds, pages, extraction, judgement and delivery; only the news is made up and comes fast.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from demo.site import Newsroom

HERE = Path(__file__).parent
PATIENCE = 60.0  # seconds for one step, on a slow machine
screen = Console(highlight=False)


def main() -> int:
    """Play the demo in a folder of its own; 0 when every article got the verdict that it should."""
    script = yaml.safe_load((HERE / "news.yaml").read_text(encoding="utf-8"))
    newsrooms = {article["site"]: Newsroom(article["site"]) for step in script for article in step["articles"]}
    with tempfile.TemporaryDirectory(prefix="wirewatch-demo-") as folder:
        watchlist = yaml.safe_load((HERE / "watchlist.yaml").read_text(encoding="utf-8"))
        watchlist["feeds"] = [
            {"url": f"{newsroom.address}/feed.xml", "name": newsroom.name} for newsroom in newsrooms.values()
        ]
        path = Path(folder) / "watchlist.yaml"
        path.write_text(yaml.safe_dump(watchlist, allow_unicode=True), encoding="utf-8")
        os.environ.update(
            WIREWATCH_WATCHLIST=str(path),
            DATABASE_URL=f"sqlite:///{folder}/demo.db",
            WIREWATCH_ALLOW_NETS="127.0.0.0/8",
            REDIS_URL="",
        )
        # imported here, because settings are read from the environment once
        from worker import logs, service  # noqa: PLC0415
        from worker.runtime import runtime  # noqa: PLC0415

        logs.setup("text", logging.WARNING)
        play = _play(script, newsrooms)
        service.run(runtime(), until=lambda: next(play, True))
        return _summary(script, newsrooms)


def _play(script: list[dict[str, Any]], newsrooms: dict[str, Newsroom]) -> Iterator[bool]:
    """Publish one step after another, each when the one before has been read and told."""
    for number, step in enumerate(script, 1):
        screen.print(Rule(Text(f"{number}. {step['step']}", style="bold"), align="left"))
        addresses = []
        for article in step["articles"]:
            screen.print(Text(f"   {article['site']}: {article['title']}", style="dim"))
            addresses.append(
                newsrooms[article["site"]].publish(
                    article["path"], article["title"], article.get("byline", ""), article["paragraphs"]
                )
            )
        end = time.monotonic() + PATIENCE
        while not _done(addresses):
            if time.monotonic() > end:
                screen.print(Text(f"step {number} has not been read after {PATIENCE:.0f} s", style="red"))
                return
            yield False
    yield False


def _done(addresses: list[str]) -> bool:
    """Whether the articles have all been judged, and what they led to was sent."""
    from worker.db import reading  # noqa: PLC0415
    from worker.runtime import runtime  # noqa: PLC0415
    from worker.store import archive  # noqa: PLC0415

    with reading(runtime().engine) as session:
        traces = [archive.find(session, address) for address in addresses]
        return all(
            trace is not None
            and trace.article.state == "judged"
            and all(delivery.state == "sent" for delivery in trace.deliveries)
            for trace in traces
        )


def _summary(script: list[dict[str, Any]], newsrooms: dict[str, Newsroom]) -> int:
    """Say what the desk got, what was kept silent, and why; 0 when it is what it should be."""
    from worker.cli.output import say, verdict  # noqa: PLC0415
    from worker.db import reading  # noqa: PLC0415
    from worker.runtime import runtime  # noqa: PLC0415
    from worker.store import archive  # noqa: PLC0415

    screen.print(Rule(Text("What the desk got, what was kept silent, and why", style="bold"), align="left"))
    right = True
    with reading(runtime().engine) as session:
        for step in script:
            for article in step["articles"]:
                trace = archive.find(session, newsrooms[article["site"]].address + article["path"])
                judgement = trace.judgement if trace is not None else None
                got = judgement.verdict if judgement is not None else None
                right = right and got == article["expect"]
                screen.print(Text("alerted  " if trace and trace.alert else "silent   "), verdict(got), end="  ")
                say(f"{article['site']}: {article['title']}")
                say(f"         {judgement.reason if judgement else trace.article.note if trace else ''}", style="dim")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
