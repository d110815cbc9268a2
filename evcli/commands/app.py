"""The command line: commands are imported only when called, errors end in one place."""

from __future__ import annotations

import errno
import importlib
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from typer._click import Command, Context, HelpFormatter
from typer._click.exceptions import ClickException, NoArgsIsHelpError
from typer._click.exceptions import UsageError as ClickUsageError
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.exceptions import Abort
from typer.main import get_command

from evcli.commands.options import flattened
from evcli.diagnostics import Diagnostics, ExitCode
from evcli.model.errors import EvcliError, OutputError
from evcli.version import __version__

# name: (module:attribute, group of the overview, one line)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "exports": ("exports:exports", "Look up", "Vehicles exported from China"),
    "sales": ("sales:sales", "Look up", "What makers sold overseas"),
    "investment": ("investment:investment", "Look up", "Investment abroad and at home"),
    "plants": ("plants:plants", "Look up", "Plants abroad: capacity, status, start"),
    "policy": ("policy:policy", "Look up", "Trade measures and policy events"),
    "network": ("network:network", "Look up", "Stores, markets, battery swap stations"),
    "get": ("get:get", "Look up", "Any series by id or glob, every stated window"),
    "find": ("find:find", "Look up", "Search titles, names, notes and methods, also in Chinese"),
    "growth": ("growth:growth", "Compute", "Growth on the year before, or on any base"),
    "share": ("share:share", "Compute", "One series as a share of another"),
    "total": ("total:total", "Compute", "Sum of figures that do not overlap"),
    "top": ("top:top", "Compute", "Ranking, with the positions that the bounds allow"),
    "compare": ("compare:compare", "Compute", "Figures side by side: ratio, difference, share"),
    "explain": ("explain:explain", "Trust", "Where a number comes from, down to the paragraph"),
    "check": ("check:check", "Trust", "What cannot hold together, was restated, is not proved"),
    "verify": ("verify:verify", "Trust", "Facts against the text of their own source"),
    "sources": ("sources:sources", "Trust", "The documents behind the figures, and their problems"),
    "facts": ("facts:facts", "Curate", "Check, list, locate and start fact files"),
    "help": ("help_topics:help_topics", "Help", "Formats, periods, bounds, provenance, exit codes"),
}  # fmt: skip

EXAMPLES = (
    "evcli exports --year 2025",
    "evcli get cn.exports.nev.caam --since 2024 --format csv",
    "evcli compare byd saic chery --metric overseas-sales --year 2025",
    "evcli explain cn.exports.nev.caam@2025-05",
    "evcli find 奇瑞",
)
_EPILOG = "evcli help TOPIC explains formats, periods, bounds, provenance and exit codes."


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
        _print(ctx.get_help() + "\n")
        ctx.exit()


def _print(text: str) -> None:
    from evcli.render.output import Output

    Output().write([text])


class LazyGroup(TyperGroup):
    """Knows its commands by name and imports each only when it is called."""

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """``--help``, printed as everything else."""
        return through_output(super().get_help_option(ctx))

    def list_commands(self, ctx: Context) -> list[str]:
        """Names in the order of the overview."""
        return [*COMMANDS]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Import the command that is called."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry[0].partition(":")
        found: Command = getattr(importlib.import_module(f"evcli.commands.{module}"), attribute)
        return found

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """Answer a misspelt name with the nearest."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from evcli.model.errors import nearest

            close = nearest(args[0], COMMANDS)
            ctx.fail(
                f"no command named {args[0]!r}"
                + (f"; did you mean {' or '.join(map(repr, close))}?" if close else "")
            )
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Examples, then the overview."""
        write_examples(formatter, EXAMPLES)
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Commands by group, with their lines from the table above: none is imported for it."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, (_, group, summary) in COMMANDS.items():
            groups.setdefault(group, []).append((name, summary))
        for group, records in groups.items():
            with formatter.section(group):
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
        made.examples = tuple(examples)  # type: ignore[attr-defined]
        return made

    return build


def _show_version(wanted: bool) -> None:
    if wanted:
        _print(f"evcli {__version__}\n")
        raise typer.Exit


def _overview(
    ctx: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", "-V", help="Show the version and exit.", is_eager=True,
                     callback=_show_version),
    ] = False,
) -> None:  # fmt: skip
    """Figures on China's vehicle exports that you can defend.

    Every number comes with its period, unit, source and the bounds its wording allows.
    """
    if ctx.invoked_subcommand is None:
        from evcli.commands.welcome import welcome

        welcome()


def build() -> Command:
    """The whole command line."""
    app = typer.Typer(
        cls=LazyGroup,
        rich_markup_mode=None,
        invoke_without_command=True,
        epilog=_EPILOG,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(_overview)
    return get_command(app)


def run(argv: Sequence[str] | None = None) -> int:
    """Answer one command line; returns the exit code, never raises."""
    from evcli.render.output import ClosedPipe

    diagnostics = Diagnostics()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        result: Any = build().main(args=arguments, prog_name="evcli", standalone_mode=False)
        return int(result) if isinstance(result, int) else ExitCode.OK
    except ClosedPipe:
        return ExitCode.OK
    except EvcliError as error:
        return diagnostics.error(error)
    except NoArgsIsHelpError as error:
        return diagnostics.usage("arguments are missing", _path(error))
    except ClickUsageError as error:
        return diagnostics.usage(_sentence(error.format_message()), _path(error))
    except ClickException as error:
        return diagnostics.usage(_sentence(error.format_message()), "evcli")
    except (KeyboardInterrupt, Abort):
        return ExitCode.INTERRUPTED
    except SystemExit as leaving:  # how shell completion ends, and a pipe that Typer saw close
        pipe = isinstance(leaving.__context__, BrokenPipeError)
        return ExitCode.OK if pipe or not leaving.code else ExitCode.USAGE
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:  # Typer prints completion
            return diagnostics.error(OutputError(f"cannot write the answer: {error.strerror}"))
        return diagnostics.bug(error)


def _path(error: ClickUsageError) -> str:
    return error.ctx.command_path if error.ctx is not None else "evcli"


def _sentence(message: str) -> str:
    text = message.strip().rstrip(".")
    return text[:1].lower() + text[1:]
