"""Every option and argument, defined once.

A command takes whole groups of options (``select: Select``, ``packs: Packs``, ``output: Output``),
which :mod:`evcli.commands.factory` spreads into its signature; ``options.txt`` has what people read
of these, and of what is annotated with its type, its name there and, where that does not go by the
name, what completes it. By keyword it is an option, else an argument.
(Annotations here are real objects, not postponed ones: evaluating strings costs every command two
milliseconds.)
"""

import os
import re
from collections.abc import Callable, Collection, Mapping
from inspect import Parameter
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from evcli.commands import completion
from evcli.errors import UsageError
from evcli.model import EVENT_KINDS
from evcli.query.figures import VINTAGES
from evcli.query.selection import BASES, BY, BY_WINDOW, DIMENSIONS
from evcli.render import FORMATS, WORKBOOK
from evcli.text.lists import listed
from evcli.tuples import NamedTuple

NONE: list[str] = []  # shared, never changed
_ENDINGS = {"md": "markdown", "txt": "table"}  # all other formats are their own
WINDOWS = tuple(BY_WINDOW)
OUTPUT = "Output"  # heading in the help


class Select(NamedTuple):
    """Which figures a command is about."""

    year: str = ""
    period: str = ""
    since: str = ""
    until: str = ""
    subject: list[str] = NONE
    metric: list[str] = NONE
    scope: list[str] = NONE
    destination: list[str] = NONE
    publisher: list[str] = NONE
    source: list[str] = NONE
    basis: str = ""
    by: str = ""
    plans: bool = False


class Packs(NamedTuple):
    """Which fact files are read, and how far they are believed."""

    facts: list[str] = NONE
    no_builtin: bool = False
    as_of: str = ""
    vintage: str = ""
    include_deprecated: bool = False


class Output(NamedTuple):
    """How the answer is printed."""

    format: str = ""
    out: str = ""
    no_header: bool = False
    excel: bool = False
    fail_empty: bool = False
    fields: str = ""
    sort: str = ""
    limit: int | None = None
    all: bool = False
    notes: bool = False
    sources: bool = False
    verbose: bool = False
    no_color: bool = False
    quiet: bool = False

    def settled(self, more: Collection[str] = ()) -> "Output":
        """The same with the format asked for, or that of the file's ending; UsageError for what
        does not go together. *more* formats are those of the command alone.
        """
        ending = self.out.rpartition(".")[2].lower() if self.out else "txt"
        format = self.format or _ENDINGS.get(ending, ending)
        if format == WORKBOOK and not self.out:
            raise UsageError("a workbook is a file", "-o FILE.xlsx")
        if format not in (*FORMATS, WORKBOOK, *more):
            if self.format:
                raise UsageError.one_of("format", format, (*FORMATS, *more))
            how = "end it in .csv, .tsv, .xlsx, .json, .jsonl, .md or .txt, or give --format"
            raise UsageError(f"no format goes with the name {self.out!r}", how)
        if self.limit is not None and self.limit < 1:
            raise UsageError("--limit takes a whole number above zero")
        if self.no_header and format not in ("csv", "tsv"):
            raise UsageError(f"{format} has no line of names to leave out", "it is for csv and tsv")
        if self.excel and format not in ("csv", "tsv"):
            raise UsageError("--excel is for csv and tsv", "add --csv, or -o FILE.csv")
        return self._replace(format=format)


class Draw(NamedTuple):
    """What is drawn for people; machine formats are never changed by it."""

    bars: bool = False
    chart: str = ""

    def settled(self) -> "Draw":
        """The same; UsageError for a file that no chart can be written to."""
        if self.chart:
            from evcli.render.charts.drawing import check_chart

            check_chart(Path(self.chart))
        return self


class OtherTable(NamedTuple):
    """A table of somebody else's, and what its columns are; an answer is about it alone."""

    tabled: str = ""
    key: str = ""
    value: str = ""
    same: str = ""
    over: str = ""
    part: list[str] = NONE
    whole: str = ""
    precision: str = ""


def as_typed(group: Select | Packs) -> list[str]:
    """The options of a group that are set, as they would be typed."""
    typed: list[str] = []
    for name, value in group._asdict().items():
        for each in value if isinstance(value, list) else [value] if value else []:
            typed += [f"--{name.replace('_', '-')}", *([each] if each is not True else [])]
    return typed


GROUPS: dict[str, Any] = {"select": Select, "packs": Packs, "output": Output, "draw": Draw}
_PANELS = {Select: "Which figures", Packs: "Fact files", Output: OUTPUT, Draw: OUTPUT}
_PANELS[OtherTable] = "Other tables"
_OF_OUTPUT = ("wide", "extra")  # options of no group that are listed there all the same
_LINES = Path(__file__).with_name("options.txt").read_text("utf-8").splitlines()
# by name: how it is typed, what its value is called (- for a flag), help
_SAID = {field: said for field, *said in (re.split("  +", line) for line in _LINES)}
CHOICES: dict[str, Collection[str]] = {"by": BY, "format": FORMATS, "kind": EVENT_KINDS}
_COMPLETE: dict[str, Callable[..., Any]] = {
    **{kind: completion.names(kind) for kind in (*DIMENSIONS, "year", "period")},
    **dict.fromkeys(("since", "until", "index"), completion.periods),
    "jurisdiction": completion.names("destination"),
    "source": completion.sources,
    "basis": completion.choice(*BASES),
    "vintage": completion.choice(*VINTAGES),
}


def for_typer(
    parameter: Parameter,
    ours: Any,
    choices: Mapping[str, Collection[str]],
    group: type | None = None,
) -> Any:
    """The annotation that Typer reads, made of *ours*; *choices* are what options may be."""
    field, complete = parameter.name, None
    kind, name, *said = (ours, field) if group else get_args(ours) or (ours, "")
    if not name:  # the context, which nobody types
        return ours
    typed, metavar, text = _SAID[name]
    if "{" in text:
        text = text.format(**{name: listed(each, "or") for name, each in choices.items()})
    if "_EVCLI_COMPLETE" in os.environ:  # else Typer would read all their signatures for nothing
        by_name = completion.choice(*choices[field]) if field in choices else _COMPLETE.get(field)
        complete = said[0] if said else by_name
    metavar = None if kind is bool else metavar
    shared: dict[str, Any] = {"metavar": metavar, "autocompletion": complete}
    if parameter.kind is not Parameter.KEYWORD_ONLY:
        return Annotated[kind, typer.Argument(help=text, show_default=False, **shared)]
    panel = _PANELS[group] if group else OUTPUT if field in _OF_OUTPUT else None
    option = typer.Option(
        *typed.split(),
        help=text,
        rich_help_panel=panel,
        show_default=bool(parameter.default),
        **shared,
    )
    return Annotated[kind, option]


Accept = Annotated[str, "accept"]
Wide = Annotated[bool, "wide"]
Words = Annotated[list[str] | None, "words", completion.words]
Named = Annotated[list[str] | None, "named", completion.words]
AnySeries = Annotated[list[str] | None, "series", completion.series]


def accepted(text: str) -> tuple[str, ...]:
    """The fields that ``--accept`` waives, checked."""
    from evcli.core.comparability import check_accept

    return check_accept([name.strip() for name in text.split(",") if name.strip()])
