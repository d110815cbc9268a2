"""Every option and argument that commands share, defined once.

A command takes whole groups of options (``select: Select``, ``packs: Packs``, ``output: Output``),
which :mod:`evcli.commands.factory` spreads into its signature. What may be typed, in a group or for
one command, is annotated with its type, what its value is called, None for a flag, its help and,
where that does not go by the name, what completes it. By keyword it is an option, else an argument.
(Annotations here are real objects, not postponed ones: evaluating strings costs every command two
milliseconds.)
"""

import os
from collections.abc import Callable, Collection
from inspect import Parameter
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from evcli.commands import completion
from evcli.errors import UsageError
from evcli.query.figures import VINTAGES
from evcli.query.selection import BASES, BY_WINDOW, DIMENSIONS
from evcli.render import FORMATS
from evcli.text.lists import listed
from evcli.tuples import NamedTuple

NONE: list[str] = []  # shared, never changed
_ENDINGS = {"md": "markdown", "txt": "table"}  # all other formats are their own
_WORKBOOKS = ("xlsx", "xls", "ods")
WINDOWS = tuple(BY_WINDOW)
OUTPUT = "Output"  # heading in the help


class Select(NamedTuple):
    """Which figures a command is about."""

    year: Annotated[str, "YEAR", "Calendar years: 2025, 2023-2025 or 2024,2025."] = ""
    period: Annotated[
        str,
        "PERIOD",
        "Exactly this period: 2025, 2025-H1, 2025-Q3, 2025-05, 2025-01..05, may-2025, latest.",
    ] = ""
    since: Annotated[str, "PERIOD", "Only periods from this one on."] = ""
    until: Annotated[str, "PERIOD", "Only periods up to the end of this one."] = ""
    subject: Annotated[list[str], "NAME", "Who: an id, name or alias, also in Chinese."] = NONE
    metric: Annotated[
        list[str], "METRIC", "What is counted: exports, overseas-sales, investment ..."
    ] = NONE
    scope: Annotated[list[str], "SCOPE", "Which part: all, nev, bev, battery ..."] = NONE
    destination: Annotated[
        list[str], "PLACE", "Where to: a country (code or name) or a region."
    ] = NONE
    publisher: Annotated[list[str], "NAME", "Who counted: caam, cpca, gacc, rhodium ..."] = NONE
    source: Annotated[list[str], "ID", "Only figures based on this source."] = NONE
    basis: Annotated[str, "BASIS", "Only stated or only derived figures."] = ""
    by: Annotated[str, "WHAT", "Break down by {}."] = ""
    plans: Annotated[bool, None, "Include plans and targets (status forecast)."] = False


class Packs(NamedTuple):
    """Which fact files are read, and how far they are believed."""

    facts: Annotated[
        list[str],
        "DIR",
        "Add a pack: a directory of YAML fact files (also EVCLI_FACTS). May be repeated.",
    ] = NONE
    no_builtin: Annotated[bool, None, "Leave out the built-in facts; their definitions stay."] = (
        False
    )
    as_of: Annotated[str, "DATE", "Only what was published by this date."] = ""
    vintage: Annotated[
        str, "WHICH", "Figures as first printed (first), or as they stand now (now)."
    ] = ""
    include_deprecated: Annotated[bool, None, "Include deprecated figures (known to be wrong)."] = (
        False
    )


class Output(NamedTuple):
    """How the answer is printed."""

    format: Annotated[
        str,
        "FORMAT",
        f"{listed(FORMATS, 'or')} (default: table, or what the name of FILE ends in).",
    ] = ""
    out: Annotated[str, "FILE", "Write the answer to FILE, whole or not at all."] = ""
    no_header: Annotated[bool, None, "Leave out the line of names in csv and tsv."] = False
    excel: Annotated[
        bool, None, "For Excel: csv or tsv with a byte order mark, and no text a formula."
    ] = False
    fail_empty: Annotated[bool, None, "Exit 1 if there is no row."] = False
    fields: Annotated[str, "FIELDS", "Only these fields, in this order, comma-separated."] = ""
    sort: Annotated[str, "FIELD", "Sort by a field; -FIELD puts the largest first."] = ""
    limit: Annotated[int | None, "N", "At most this many rows."] = None
    all: Annotated[bool, None, "All rows, however many screens."] = False
    notes: Annotated[bool, None, "Also the notes on the figures."] = False
    sources: Annotated[bool, None, "Also the sources by title."] = False
    verbose: Annotated[bool, None, "Notes, sources, and the same command in ids, for scripts."] = (
        False
    )
    no_color: Annotated[bool, None, "No colour, whatever the environment says."] = False
    quiet: Annotated[bool, None, "No notes, warnings or hints on stderr."] = False

    def settled(self) -> "Output":
        """The same with a format: that asked for, else what the name of the file ends in, else
        a table; UsageError for a name that says none, for a workbook, and for a limit below one.
        """
        ending = self.out.rpartition(".")[2].lower() if self.out else "txt"
        if ending in _WORKBOOKS:
            how = "write .csv, which spreadsheets open; from Python: Dataset.frame(...).to_excel()"
            raise UsageError(f"evcli writes no .{ending} files", how)
        format = self.format or _ENDINGS.get(ending, ending)
        if format not in FORMATS:
            if self.format:
                raise UsageError.one_of("format", format, FORMATS)
            how = "end it in .csv, .tsv, .json, .jsonl, .md or .txt, or give --format"
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

    spark: Annotated[bool, None, "Add a sparkline of the latest periods to the table."] = False
    bars: Annotated[
        bool, None, "Add bars to the table: solid to the lower bound, lighter to the upper."
    ] = False
    ascii: Annotated[bool, None, "Draw in plain ASCII. Machine formats hold no drawings."] = False
    chart: Annotated[str, "FILE", "Also draw a chart: FILE.svg, FILE.png or FILE.html."] = ""

    def settled(self) -> "Draw":
        """The same; UsageError for a file that no chart can be written to."""
        if self.chart:
            from evcli.render.charts.drawing import check_chart

            check_chart(Path(self.chart))
        return self


def as_typed(group: Select | Packs) -> list[str]:
    """The options of a group that are set, as they would be typed."""
    typed: list[str] = []
    for name, value in group._asdict().items():
        for each in value if isinstance(value, list) else [value] if value else []:
            typed += [f"--{name.replace('_', '-')}", *([each] if each is not True else [])]
    return typed


GROUPS: dict[str, Any] = {"select": Select, "packs": Packs, "output": Output, "draw": Draw}
_PANELS = {Select: "Which figures", Packs: "Fact files", Output: OUTPUT, Draw: OUTPUT}
_OF_OUTPUT = ("wide", "extra")  # options of no group that are listed there all the same
_NAMES = {  # where an option does not just go by the name of its parameter
    "format": "-f --format",
    "out": "-o --out",
    "notes": "-n --notes",
    "sources": "-s --sources",
    "verbose": "-v --verbose",
    "quiet": "-q --quiet",
    "extra": "--with",
    "new_file": "-o --output",
}
_COMPLETE: dict[str, Callable[..., Any]] = {
    **{kind: completion.names(kind) for kind in (*DIMENSIONS, "year", "period")},
    "since": completion.periods,
    "until": completion.periods,
    "source": completion.sources,
    "basis": completion.choice(*BASES),
    "vintage": completion.choice(*VINTAGES),
    "format": completion.choice(*FORMATS),
}


def for_typer(parameter: Parameter, ways: Collection[str] = (), group: type | None = None) -> Any:
    """The annotation that Typer reads, made of ours; *ways* are those of ``--by``."""
    kind, metavar, help_, *completions = get_args(parameter.annotation)
    field, complete = parameter.name, None
    if "_EVCLI_COMPLETE" in os.environ:  # else Typer would read all their signatures for nothing
        by_name = completion.choice(*ways) if field == "by" else _COMPLETE.get(field)
        complete = completions[0] if completions else by_name
    shared: dict[str, Any] = {"metavar": metavar, "autocompletion": complete}
    if parameter.kind is not Parameter.KEYWORD_ONLY:
        return Annotated[kind, typer.Argument(help=help_, show_default=False, **shared)]
    panel = _PANELS[group] if group else OUTPUT if field in _OF_OUTPUT else None
    option = typer.Option(
        *_NAMES.get(field, f"--{field.replace('_', '-')}").split(),
        help=help_.format(listed(ways, "or")) if field == "by" else help_,
        rich_help_panel=panel,
        show_default=bool(parameter.default),
        **shared,
    )
    return Annotated[kind, option]


# -- what several commands take, without belonging to a group ------------------------------------

Accept = Annotated[
    str,
    "FIELD,...",
    "Compute even though these fields differ (otherwise refused, exit 4); the note says so.",
]
Wide = Annotated[bool, None, "A row per series, a column per period."]
Words = Annotated[
    list[str] | None,
    "[WORDS]...",
    "Who, where, which part, what, who counted, when: names and periods in any order, also "
    "in Chinese; or series ids. See evcli help words.",
    completion.words,
]
Named = Annotated[
    list[str] | None,
    "WORDS|ID...",
    "What figure, in words; or ids of figures, computed figures, facts, events, measures, "
    "plants or sources.",
    completion.words,
]
AnySeries = Annotated[
    list[str] | None,
    "[SERIES-OR-GLOB]...",
    "Series ids; * and ? are wildcards. All series if none is given.",
    completion.series,
]


def accepted(text: str) -> tuple[str, ...]:
    """The fields that ``--accept`` waives, checked."""
    from evcli.core.comparability import check_accept

    return check_accept([name.strip() for name in text.split(",") if name.strip()])
