"""``evcli facts``: the commands of curators, each imported only when it is called."""

from __future__ import annotations

import importlib

import typer
from typer._click import Command, Context, HelpFormatter
from typer.core import TyperGroup, TyperOption
from typer.main import get_command

from evcli.commands.app import through_output, write_examples
from evcli.model.errors import UsageError, nearest

# name: (module:attribute, one line)
COMMANDS: dict[str, tuple[str, str]] = {
    "lint": ("facts_lint:lint", "Check fact files; every mistake with file, line and column"),
    "list": ("facts_list:facts_list", "Facts as they are written, with where they stand"),
    "new": ("facts_new:new", "A fact file to fill in, for a known or a new series"),
    "path": ("facts_path:path", "Where the packs and the compiled store are"),
}
EXAMPLES = (
    "evcli facts lint my-facts",
    "evcli facts list cn.exports.nev.caam",
    "evcli facts new cn.exports.nev.caam -o my-facts/caam.yaml",
    "evcli facts path",
)


class FactsGroup(TyperGroup):
    """Knows its commands by name and imports each only when it is called."""

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """``--help``, printed as everything else."""
        return through_output(super().get_help_option(ctx))

    def list_commands(self, ctx: Context) -> list[str]:
        """The names, in the order of the help."""
        return [*COMMANDS]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command of that name."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry[0].partition(":")
        found: Command = getattr(importlib.import_module(f"evcli.commands.{module}"), attribute)
        return found

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """The command that is meant, or the nearest names."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            close = nearest(args[0], COMMANDS)
            ctx.fail(
                f"no command named {args[0]!r}"
                + (f"; did you mean {' or '.join(map(repr, close))}?" if close else "")
            )
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Examples first."""
        write_examples(formatter, EXAMPLES)
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Each command with its line."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _facts(ctx: typer.Context) -> None:
    """Check, list, start and locate fact files."""
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
