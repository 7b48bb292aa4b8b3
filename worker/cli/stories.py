"""``wirewatch stories`` and ``wirewatch story``."""

from __future__ import annotations

import click

from worker.cli.opened import opened
from worker.cli.output import as_json, dump, say, screen, table, verdict, when
from worker.db import reading
from worker.store import archive


@click.command()
@click.option("--entity", help="Only stories that name this entity.")
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 10_000), help="How many at most.")
@as_json
def stories(entity: str | None, limit: int, as_json: bool) -> None:
    """Show what the desk has been told, newest first.

    \b
    Example:
      wirewatch stories --entity Binance --limit 5
    """
    with reading(opened()) as session:
        found = archive.stories(session, limit, entity)
    if as_json:
        dump(
            [
                {
                    "id": line.id,
                    "title": line.title,
                    "entities": line.entities,
                    "first": line.created_at,
                    "last": line.updated_at,
                    "verdicts": line.verdicts,
                }
                for line in found
            ]
        )
        return
    if not found:
        say("The desk has not been told of anything yet. `wirewatch status` shows whether the feeds are being read.")
        return
    table(
        "",
        ("story", "last news", "entities", "title", "articles"),
        (
            (
                line.id,
                when(line.updated_at),
                ", ".join(line.entities),
                line.title,
                ", ".join(f"{count} {name}" for name, count in sorted(line.verdicts.items())),
            )
            for line in found
        ),
    )


@click.command()
@click.argument("story_id", metavar="ID", type=int)
@as_json
def story(story_id: int, as_json: bool) -> None:
    """Show one story: every article, its verdict, who carried it, and what was new when.

    \b
    Example:
      wirewatch story 12
    """
    with reading(opened()) as session:
        found = archive.story(session, story_id)
    if found is None:
        raise click.ClickException(f"there is no story {story_id}; `wirewatch stories` lists them")
    head, articles = found
    if as_json:
        dump(
            {
                "id": head.id,
                "title": head.title,
                "articles": [
                    {
                        "id": told.article.id,
                        "url": told.article.url,
                        "title": told.article.title,
                        "source": told.article.source,
                        "published": told.article.published_at,
                        "verdict": told.judgement.verdict,
                        "reason": told.judgement.reason,
                        "of": told.judgement.parent_id,
                        "new_sentences": told.judgement.new_sentences,
                        "alerted": told.alert is not None,
                    }
                    for told in articles
                ],
            }
        )
        return
    say(f"Story {head.id}: {head.title}", style="bold")
    for told in articles:
        screen.print()
        screen.print(verdict(told.judgement.verdict), end="  ")
        say(f"{when(told.article.published_at)}  {told.article.source}  {told.article.title}")
        say(f"  {told.article.url}", style="blue")
        say(f"  {told.judgement.reason}", style="dim")
        for sentence in told.judgement.new_sentences:
            say(f"  + {sentence}", style="green" if told.alert is not None else "dim")
