"""``evcli facts``: the commands of curators, each imported only when it is called."""

from __future__ import annotations

import typer

from evcli.commands.click_compat import Command
from evcli.commands.factory import group
from evcli.errors import UsageError

# name: (module:attribute, heading, one line)
COMMANDS: dict[str, tuple[str, str, str]] = {
    name: (f"facts_files:{function}", "Commands", line)
    for name, function, line in (
        ("lint", "lint", "Check fact files; every mistake with file, line and column"),
        ("list", "list_", "Facts as written, with their place in the files"),
        ("new", "new", "A fact file to fill in, for a known or a new series"),
        ("import", "import_", "A fact file from a table, and what could not be read in it"),
        ("schema", "schema", "The JSON Schema of fact files, for editors"),
        ("path", "path", "Where the packs and the compiled store are"),
    )
}


def _facts(ctx: typer.Context) -> None:
    """Check, list, start, import and locate fact files."""
    if ctx.invoked_subcommand is None:
        raise UsageError("facts needs a command", f"one of {', '.join(COMMANDS)}")


def facts(name: str) -> Command:
    """The group of these commands."""
    return group(_facts, COMMANDS, name=name, add_completion=False)
