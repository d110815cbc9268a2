"""How commands and groups are made: help that starts with examples, imports only when called."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import typer
from typer._click import Command, Context, HelpFormatter
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from evcli.commands.options import flattened


class ExamplesFirst(TyperCommand):
    """A command whose help starts with examples, then usage, then options by group."""

    examples: tuple[str, ...] = ()

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """``--help``, printed as everything else."""
        return through_output(super().get_help_option(ctx))

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Examples, then what every command prints."""
        write_examples(formatter, self.examples)
        super().format_help(ctx, formatter)

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """Arguments as manuals have them: bare where they are needed, [in brackets] where not."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Options under the heads of their groups."""
        panels: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                panel = getattr(parameter, "rich_help_panel", None) or (
                    "Arguments" if parameter.param_type_name == "argument" else "Options"
                )
                panels.setdefault(panel, []).append(record)
        for panel, records in sorted(panels.items(), key=lambda pair: _PANELS.index(pair[0])):
            with formatter.section(panel):
                formatter.write_dl(records)


_PANELS = ("Arguments", "Options", "Which figures", "Output", "Fact files")


def write_examples(formatter: HelpFormatter, examples: Sequence[str]) -> None:
    """The first lines of every help text."""
    formatter.write("Examples:\n")
    for example in examples:
        formatter.write(f"  {example}\n")
    formatter.write("\n")


def through_output(option: TyperOption | None) -> TyperOption | None:
    """The option ``--help``, printing by way of the one owner of stdout."""
    if option is not None:
        option.callback = _show_help
    return option


def _show_help(ctx: Context, _: object, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        print_text(ctx.get_help() + "\n")
        ctx.exit()


def print_text(text: str) -> None:
    """Print by way of the one owner of stdout."""
    from evcli.render.output import Output

    Output().write([text])


class LazyGroup(TyperGroup):
    """Knows its commands by name and imports each only when it is called.

    Subclasses fill the table: name to ``module:attribute``, heading, and one line for the help.
    """

    table: Mapping[str, tuple[str, str, str]] = MappingProxyType({})
    examples: tuple[str, ...] = ()

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """``--help``, printed as everything else."""
        return through_output(super().get_help_option(ctx))

    def list_commands(self, ctx: Context) -> list[str]:
        """Names in the order of the table."""
        return [*self.table]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Import the command that is called."""
        entry = self.table.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry[0].partition(":")
        found: Command = getattr(importlib.import_module(f"evcli.commands.{module}"), attribute)
        return found

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """Answer a misspelt name with the nearest."""
        if args and not args[0].startswith("-") and args[0] not in self.table:
            from evcli.errors import nearest

            close = nearest(args[0], self.table)
            ctx.fail(
                f"no command named {args[0]!r}"
                + (f"; did you mean {' or '.join(map(repr, close))}?" if close else "")
            )
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Examples, then the overview."""
        write_examples(formatter, self.examples)
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Commands by heading, with their lines from the table: none is imported for it."""
        headings: dict[str, list[tuple[str, str]]] = {}
        for name, (_, heading, summary) in self.table.items():
            headings.setdefault(heading, []).append((name, summary))
        for heading, records in headings.items():
            with formatter.section(heading):
                formatter.write_dl(records, col_max=14)


def command(
    name: str, examples: Sequence[str], *, refuses: Sequence[str] = (), by: Sequence[str] = ()
) -> Callable[[Callable[..., int | None]], Command]:
    """Make a Typer command of a function whose parameters may be whole option groups.

    Every command knows every shared option. Those that it cannot honour are in *refuses*: its
    help leaves them out, and using one is an error, for an answer that overlooks a filter is
    wrong. *by* are the ways in which it can unfold.
    """

    def build(function: Callable[..., int | None]) -> Command:
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(
            name,
            cls=ExamplesFirst,
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        )(flattened(function, name, refuses, by))
        made = get_command(app)
        made.name = name
        assert isinstance(made, ExamplesFirst)  # as asked for above
        made.examples = tuple(examples)
        return made

    return build
