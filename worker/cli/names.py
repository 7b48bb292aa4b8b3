"""``wirewatch names``."""

from __future__ import annotations

import click

from worker.cli.output import as_json, dump, say, table
from worker.entities.forms import Form
from worker.entities.names import forms
from worker.settings import settings
from worker.watchlist import load


@click.command()
@click.argument("entity")
@as_json
def command(entity: str, as_json: bool) -> None:
    """Show every written form of a watched name, where it comes from, and when it counts.

    A form that should not count goes into the entity's `forbid`. With `generate: false` only what is listed counts.

    \b
    Example:
      wirewatch names "Gleb Kostarev"
    """
    watched = {each.name.casefold(): each for each in load(settings().watchlist, settings().environ).entities}
    if entity.casefold() not in watched:
        has = ", ".join(each.name for each in watched.values())
        raise click.ClickException(f"{entity} is not an entity of the watchlist; it has {has}")
    found = watched[entity.casefold()]
    made = forms(found)
    if as_json:
        dump([{"form": form.text, "rule": form.rule, "counts": _when(form, bool(found.near))} for form in made])
        return
    table(
        "", ("form", "where from", "counts"), ((form.text, form.rule, _when(form, bool(found.near))) for form in made)
    )
    say(f"{len(made)} forms")


def _when(form: Form, near: bool) -> str:
    conditions = []
    if form.needs_full:
        conditions.append("beside the full name")
    elif form.single_word and near:
        conditions.append("beside the full name or a word of `near`")
    if form.capital:
        conditions.append("in capitals" if form.capital == "all" else "with its capital")
    return ", ".join(conditions) or "always"
