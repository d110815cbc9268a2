"""``evcli facts``: the commands of curators, each imported only when it is called."""

from __future__ import annotations

import typer
from typer._click import Command
from typer.main import get_command

from evcli.commands.making import LazyGroup
from evcli.errors import UsageError

# name: (module:attribute, heading, one line)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "lint": (
        "facts_lint:lint",
        "Commands",
        "Check fact files; every mistake with file, line and column",
    ),
    "list": (
        "facts_list:facts_list",
        "Commands",
        "Facts as they are written, with where they stand",
    ),
    "new": ("facts_new:new", "Commands", "A fact file to fill in, for a known or a new series"),
    "import": (
        "facts_import:import_table",
        "Commands",
        "A fact file from a table, and what was not understood in it",
    ),
    "schema": ("facts_schema:schema", "Commands", "The JSON Schema of fact files, for editors"),
    "path": ("facts_path:path", "Commands", "Where the packs and the compiled store are"),
}
EXAMPLES = (
    "evcli facts lint my-facts",
    "evcli facts list cn.exports.nev.caam",
    "evcli facts new cn.exports.nev.caam -o my-facts/caam.yaml",
    "evcli facts import figures.csv -o my-facts/figures.yaml",
    "evcli facts path",
)


class FactsGroup(LazyGroup):
    """The commands of curators."""

    table = COMMANDS
    examples = EXAMPLES


def _facts(ctx: typer.Context) -> None:
    """Check, list, start, import and locate fact files."""
    if ctx.invoked_subcommand is None:
        raise UsageError("facts needs a command", f"one of {', '.join(COMMANDS)}")


def _group() -> Command:
    app = typer.Typer(
        name="facts",
        cls=FactsGroup,
        rich_markup_mode=None,
        add_completion=False,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(_facts)
    return get_command(app)


facts = _group()
