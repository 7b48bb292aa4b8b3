"""The command ``wirewatch``. Each command is a module beside this file, imported when it is asked for."""

from __future__ import annotations

import importlib
import sys
from io import TextIOWrapper

import click
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from worker import logs, settings
from worker.db import DatabaseUrlError
from worker.locks import AlreadyRunningError, FolderError
from worker.migrate import MigrationError
from worker.watchlist import WatchlistError

COMMANDS = {
    "init": "init",
    "run": "run",
    "check": "check",
    "once": "once",
    "replay": "replay",
    "compare": "compare",
    "stories": "stories:stories",
    "story": "stories:story",
    "why": "why",
    "names": "names",
    "mute": "mute:mute",
    "unmute": "mute:unmute",
    "mutes": "mute:listed",
    "status": "status",
    "send-test": "send_test",
    "migrate": "migrate",
    "watchlist": "watchlist",
    "feeds": "feeds",
    "ask-again": "ask_again",
    "export": "export",
    "move-to": "move_to",
}


WORDS = (
    WatchlistError,
    settings.SettingsError,
    DatabaseUrlError,
    MigrationError,
    AlreadyRunningError,
    FolderError,
)
"""Errors whose text tells a user what is wrong and what to do."""


class Lazy(click.Group):
    """A group whose commands are imported only when they are used, so that ``--help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which a new user needs them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command: ``module`` or ``module:attribute``, the attribute being ``command`` by default."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(importlib.import_module(f"worker.cli.{module}"), attribute or "command")
        return found


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wirewatch")
def cli() -> None:
    """Read the news for a few names, and tell the desk only when something new happened.

    What is watched stands in watchlist.yaml (or where WIREWATCH_WATCHLIST says). Start with `wirewatch check`, then
    `wirewatch run`.
    """
    logs.setup(settings.settings().log_format)


def main() -> None:
    """Run the command line; what a user can mend is told in words, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter is no reason to stop
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        cli.main(standalone_mode=True)
    except WORDS as error:
        errors.print(f"wirewatch: {error}", style="red", markup=False)
        sys.exit(2)
    except DBAPIError as error:
        errors.print(f"wirewatch: the database answered: {error.orig}", style="red", markup=False)
        errors.print("Is DATABASE_URL right and the server up? `wirewatch migrate` makes the tables.", markup=False)
        sys.exit(2)
