"""``wirewatch why``."""

from __future__ import annotations

import click

from worker.cli.opened import opened
from worker.cli.output import as_json, dump, plainly, say, screen, verdict, when
from worker.cli.sides import beside
from worker.db import reading
from worker.entities.central import centrality
from worker.models import Delivery
from worker.store import archive
from worker.stories.pieces import in_pieces
from worker.stories.text import words


@click.command()
@click.argument("url")
@click.option("--beside", "side_by_side", is_flag=True, help="Show it side by side with the closest known article.")
@as_json
def command(url: str, side_by_side: bool, as_json: bool) -> None:
    """Tell why an article was, or was not, alerted.

    Shows the names that it mentions in their sentences, the verdict with its reason, and what became of the alert.

    \b
    Example:
      wirewatch why https://www.coindesk.com/policy/2026/03/02/an-article/
      wirewatch why --beside https://www.coindesk.com/policy/2026/03/02/an-article/
    """
    with reading(opened()) as session:
        trace = archive.find(session, url)
    if trace is None:
        raise click.ClickException(
            f"{url} is not on record: no feed of the watchlist has carried it under this address"
        )
    if as_json:
        dump(_as_dict(trace))
        return
    _show(trace)
    if side_by_side:
        _show_beside(trace)


def _outcome(trace: archive.Trace) -> str:
    if trace.alert is not None and trace.deliveries and all(one.state == "silent" for one in trace.deliveries):
        return f"kept silent: {trace.deliveries[0].error}"
    if trace.alert is not None:
        said = {"sent": "alerted on", "dead": "given up on", "silent": "kept silent on"}
        channels: dict[str, set[str]] = {}
        for one in trace.deliveries:
            channels.setdefault(said.get(one.state, "waiting for"), set()).add(one.channel)
        order = sorted(channels, key=[*said.values(), "waiting for"].index)
        return "; ".join(f"{words} {', '.join(sorted(channels[words]))}" for words in order) or "alerted on no channel"
    if trace.judgement is not None:
        return "kept silent"
    return {"pending": "not fetched yet", "extracted": "not judged yet"}.get(trace.article.state, "not alerted")


def _as_dict(trace: archive.Trace) -> dict[str, object]:
    judgement = trace.judgement
    return {
        "url": trace.article.url,
        "title": trace.article.title,
        "source": trace.article.source,
        "published": trace.article.published_at,
        "seen": trace.article.seen_at,
        "feeds": trace.feeds,
        "state": trace.article.state,
        "note": trace.article.note,
        "text_from": trace.article.text_from,
        "outcome": _outcome(trace),
        "verdict": judgement.verdict if judgement else None,
        "reason": judgement.reason if judgement else trace.article.note,
        "story": judgement.story_id if judgement else None,
        "of": trace.parent.url if trace.parent else None,
        "evidence": judgement.evidence if judgement else {},
        "new_sentences": judgement.new_sentences if judgement else [],
        "mentions": [
            {
                "entity": mention.entity,
                "central": _is_central(trace, mention.entity),
                "form": mention.form,
                "sentence": mention.sentence,
                "rule": mention.rule,
            }
            for mention in trace.mentions
        ],
        "deliveries": [
            {
                "channel": delivery.channel,
                "recipient": delivery.recipient,
                "state": delivery.state,
                "attempts": delivery.attempts,
                "sent": delivery.sent_at,
                "error": delivery.error,
            }
            for delivery in trace.deliveries
        ],
        "read_again": [_as_dict(one) for one in trace.again],
    }


def _became(delivery: Delivery) -> str:
    """What became of a delivery, in words."""
    sent = f", {when(delivery.sent_at)}" if delivery.sent_at else ""
    error = f": {delivery.error}" if delivery.error else ""
    if delivery.state == "silent":
        return f"kept silent{error}"
    if delivery.state == "held":
        return (
            "in a digest that is on its way"
            if delivery.within_id
            else f"waits for the digest of {when(delivery.due_at)}"
        )
    if delivery.within_id is not None:
        return f"{delivery.state} within a digest{sent}{error}"
    return f"{delivery.state} after {delivery.attempts} attempts{sent}{error}"


def _show(trace: archive.Trace) -> None:
    article = trace.article
    say(article.title or "(no title)", style="bold")
    say(f"{article.url}\n{article.source}, published {when(article.published_at)}, seen {when(article.seen_at)} UTC")
    say(f"carried by: {', '.join(trace.feeds) or 'no feed of the watchlist any more'}")
    if article.note:
        say(f"text: {article.note}")
    screen.print()
    _show_verdict(trace)
    for one in trace.again:
        screen.print()
        what = "read again" if one.article.revision_of else "another entry with this link, seen"
        say(f"{what} {when(one.article.seen_at)} UTC: {one.article.title or '(no title)'}", style="bold")
        if one.article.note:
            say(f"text: {one.article.note}")
        _show_verdict(one)


def _show_beside(trace: archive.Trace) -> None:
    """Show the closest known article and this one, each with what the other does not say."""
    if trace.parent is None or trace.judgement is None:
        say("There is no known article to show it beside.")
        return
    told = {plainly(sentence) for sentence in trace.judgement.new_sentences}
    said = {tuple(words(sentence.text)) for sentence in in_pieces(trace.article.text)}
    left_out = {
        plainly(sentence.text) for sentence in in_pieces(trace.parent.text) if tuple(words(sentence.text)) not in said
    }
    screen.print(beside(trace.parent, trace.article, left_out, told))


def _show_verdict(trace: archive.Trace) -> None:
    """What was decided on one reading of the page, and what became of it."""
    judgement = trace.judgement
    say(_outcome(trace), style="bold")
    if judgement is not None:
        screen.print(verdict(judgement.verdict), end="  ")
        say(f"story {judgement.story_id}: {judgement.reason}")
        if trace.parent is not None:
            say(f"closest known article: {trace.parent.title}  {trace.parent.url}")
        for sentence in judgement.new_sentences:
            say(f"  + {sentence}", style="green")
    for entity in dict.fromkeys(mention.entity for mention in trace.mentions):
        say(f"{entity} is {_weight(trace, entity)}")
    for mention in trace.mentions:
        say(f"names {mention.entity} as “{mention.form}” ({mention.rule}): {mention.sentence}")
    for delivery in trace.deliveries:
        say(f"{delivery.channel} {delivery.recipient}: {_became(delivery)}")
    for attempt in trace.attempts:
        say(f"  {when(attempt.at)} {attempt.outcome} {attempt.detail}", style="dim")


def _is_central(trace: archive.Trace, entity: str) -> bool:
    mentions = [mention for mention in trace.mentions if mention.entity == entity]
    return centrality(mentions, trace.article.title, trace.article.text) == "central"


def _weight(trace: archive.Trace, entity: str) -> str:
    return "what the article is about" if _is_central(trace, entity) else "named in passing"
