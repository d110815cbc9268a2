"""How commands and groups are made: options by the group, help that starts with examples.

A command takes whole groups of options (``packs: Packs``), or all (``asked: Asked``), which
:func:`command` spreads into the flat signature that Typer reads.

Typer has its own copy of Click, a private package that it exports little of: this module alone
reaches for it. Checked with Typer 0.27 and 0.28 (``pyproject.toml`` allows no other).
"""

import functools
import importlib
import inspect
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast, get_type_hints

import typer
from typer._click import Command as Command
from typer._click import Context as Context
from typer._click import HelpFormatter
from typer._click import Parameter as Parameter
from typer._click.exceptions import ClickException as ClickException
from typer._click.exceptions import NoArgsIsHelpError as NoArgsIsHelpError
from typer._click.exceptions import NoSuchOption as NoSuchOption
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from evcli.errors import UsageError, check_one_of, did_you_mean
from evcli.grouping import grouped
from evcli.render import Stdout

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
EXAMPLES, DETAILS = "examples.txt", "details.txt"  # by command, what its help says
_ALIASES = {"--json": "--format=json", "--csv": "--format=csv", "--to": "--destination"}
_PANELS = ("Arguments", "Options", "Which figures", "Other tables", "Output", "Fact files")


class _Helpful(Command):
    """What commands and groups share: help that starts with examples, printed by way of Stdout."""

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """``--help``, printed as everything else."""
        option: TyperOption | None = super().get_help_option(ctx)
        if option is not None:
            option.callback = _show_help
        return option

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Examples, then what every command prints."""
        formatter.write(f"Examples:\n{lines_on(ctx.command_path)}\n\n")
        super().format_help(ctx, formatter)


class ExamplesFirst(_Helpful, TyperCommand):
    """A command whose help starts with examples, then usage, then options by group."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the arguments, short spellings that the help keeps to itself among them."""
        return super().parse_args(ctx, _in_full(args))

    def given(self, ctx: Context, args: Sequence[str]) -> list[Parameter]:
        """The parameters that *args* give, as :meth:`parse_args` reads them; nothing is run."""
        return self.make_parser(ctx).parse_args(_in_full(args))[2]

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """Arguments as manuals have them: bare where they are needed, [in brackets] where not."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Options under the heads of their groups."""
        panels: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            if (record := parameter.get_help_record(ctx)) is not None:
                panel = getattr(parameter, "rich_help_panel", None) or (
                    "Arguments" if parameter.param_type_name == "argument" else "Options"
                )
                panels.setdefault(panel, []).append(record)
        for panel, records in sorted(panels.items(), key=lambda pair: _PANELS.index(pair[0])):
            with formatter.section(panel):
                formatter.write_dl(records)


def _in_full(args: Sequence[str]) -> list[str]:
    parts = (each.partition("=") for each in args)
    return [_ALIASES.get(name, name) + equals + value for name, equals, value in parts]


class LazyGroup(_Helpful, TyperGroup):
    """Knows its commands by their ``table`` (``commands_of``), imports each when it is called."""

    table: Mapping[str, tuple[str, str, str]] = MappingProxyType({})
    otherwise = ""  # the command that is given words whose first names no command

    def list_commands(self, ctx: Context) -> list[str]:
        """Names in the order of the table."""
        return [*self.table]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Import the command that is called."""
        entry = self.table.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry[0].partition(":")
        found = getattr(importlib.import_module(f"evcli.commands.{module}"), attribute)
        made: Command = found(cmd_name)
        more = inspect.cleandoc(lines_on(f"{ctx.command_path} {cmd_name}", DETAILS))
        made.help = "\n\n".join(filter(None, (made.help, more)))
        return made

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """Words that name no command go to the one for words; else the nearest is offered."""
        if args and not args[0].startswith("-") and args[0] not in self.table:
            if self.otherwise:
                return super().resolve_command(ctx, [self.otherwise, *args])
            ctx.fail(no_command(args[0], self.table))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Commands by heading, with their lines from the table: none is imported for it."""
        formatter.write("\n")
        # without empty lines between, to be one page
        for heading, names in grouped(self.table, lambda name: self.table[name][1]).items():
            formatter.write(f"{heading}:\n")
            with formatter.indentation():
                formatter.write_dl([(name, self.table[name][2]) for name in names], col_max=14)


def _show_help(ctx: Context, _: object, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        print_text(ctx.get_help() + "\n")
        ctx.exit()


def print_text(text: str) -> None:
    """Print by way of the one owner of stdout."""
    Stdout().write([text])


def lines_on(path: str, file: str = EXAMPLES) -> str:
    """The lines of *file* under a command, such as ``evcli facts add``."""
    text = Path(__file__).with_name(file).read_text("utf-8")
    return f"\n{text}".partition(f"\n{path}:\n")[2].partition("\n\n")[0].rstrip("\n")


def commands_of(group: str = "") -> dict[str, tuple[str, str, str]]:
    """What ``commands.txt`` has on a group: by name ``module:attribute``, heading, one line."""
    text = Path(__file__).with_name("commands.txt").read_text("utf-8")
    found = {}
    for line in text.splitlines():
        path, where, heading, said = re.split("  +", line)
        of, _, name = path.rpartition(" ")
        if of == group:
            found[name] = where, heading, said
    return found


def no_command(name: str, table: Collection[str]) -> str:
    """That no command has this *name*, with those that are near."""
    return "; ".join(filter(None, (f"no command named {name!r}", did_you_mean(name, table))))


def group(
    function: Callable[..., None],
    table: Mapping[str, tuple[str, str, str]],
    otherwise: str = "",
    **settings: Any,
) -> Command:
    """A group of the commands of *table*; words that name none go to the command *otherwise*."""
    app = typer.Typer(
        cls=LazyGroup,
        rich_markup_mode=None,
        invoke_without_command=True,
        context_settings=_CONTEXT,
        **settings,
    )
    app.callback()(function)
    made = cast(LazyGroup, get_command(app))
    made.table, made.otherwise = table, otherwise
    return made


def command(
    *,
    description: str | None = None,
    refuses: Sequence[str] = (),
    by: Collection[str] = (),
    formats: Collection[str] = (),
    tables: bool = False,
) -> Callable[[Callable[..., int | None]], Callable[[str], Command]]:
    """What makes a Typer command, given its name, of a function that may take whole option groups.

    Options in *refuses* it cannot honour: an answer that overlooks a filter is wrong. *by* are the
    ways in which it can break down, *formats* those that it alone writes; with *tables* it answers
    from a table of the user's, too. The *description* is its docstring unless one is given.
    """

    def made_of(function: Callable[..., int | None]) -> Callable[[str], Command]:
        def named(name: str) -> Command:
            app = typer.Typer(add_completion=False, rich_markup_mode=None)
            app.command(name, cls=ExamplesFirst, help=description, context_settings=_CONTEXT)(
                _flattened(function, name, refuses, by, formats, tables)
            )
            return get_command(app)

        return named

    return made_of


def _flattened(
    function: Callable[..., int | None],
    command: str,
    refuses: Sequence[str],
    by: Collection[str],
    formats: Collection[str],
    tables: bool,
) -> Callable[..., int | None]:
    """The function as Typer reads it: option groups replaced by their fields without *refuses*."""
    from evcli.commands.options import CHOICES, GROUPS, OtherTable, for_typer

    choices = CHOICES | {"format": (*CHOICES["format"], *formats)} | ({"by": by} if by else {})
    hints = get_type_hints(function, include_extras=True)
    declared = inspect.signature(function).parameters
    asks = "asked" in declared
    groups = {
        name: [member for member in GROUPS[name]._fields if member not in refuses]
        for name in (GROUPS if asks else filter(GROUPS.__contains__, declared))
    }
    own = (each for name, each in declared.items() if name not in (*GROUPS, "asked"))
    parameters = [
        each.replace(annotation=for_typer(each, hints[each.name], choices)) for each in own
    ]
    only = inspect.Parameter.KEYWORD_ONLY
    spread = [(GROUPS[name], members) for name, members in groups.items()]
    for group, members in (*spread, (OtherTable, OtherTable._fields * tables)):
        for member in members:
            each = inspect.Parameter(member, only, default=group._field_defaults[member])
            typed = for_typer(each, group.__annotations__[member], choices, group)
            parameters.append(each.replace(annotation=typed))

    @functools.wraps(function)
    def flat(**values: Any) -> int | None:
        table = OtherTable(*(values.pop(each) for each in OtherTable._fields * tables))
        if table.tabled:
            from evcli.commands.tabled import answer_table

            usual = {each.name: each.default or None for each in parameters}
            given = [name for name, value in values.items() if (value or None) != usual[name]]
            return answer_table(command, table, values, given)
        for each in filter(table._asdict().get, OtherTable._fields):
            raise UsageError(f"--{each} goes with --table", f"see 'evcli {command} --help'")
        for name, members in groups.items():
            made: Any = GROUPS[name](**{each: values.pop(each) for each in members})
            if by and getattr(made, "by", ""):
                check_one_of("way to break down", made.by, by)
            said = [formats] if name == "output" else []
            values[name] = made.settled(*said) if hasattr(made, "settled") else made
        if asks:
            from evcli.commands.session import Asked

            values["draw"] = values["draw"] if groups["draw"] else None
            values["asked"] = Asked(command=command, **{each: values.pop(each) for each in GROUPS})
        return function(**values)

    signed: Any = flat  # functions do not declare what inspect.signature reads first
    signed.__signature__ = inspect.Signature(parameters)
    flat.__annotations__ = {each.name: each.annotation for each in parameters}
    return flat
