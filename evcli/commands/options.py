"""Every option and argument that commands share, defined once.

A command takes whole groups of options (``select: Select``, ``packs: Packs``, ``output: Output``),
which :mod:`evcli.commands.factory` spreads into its signature. (Annotations here are real objects,
not postponed ones: evaluating strings costs every command two milliseconds.)
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import Annotated, Any, NamedTuple

import typer

from evcli.commands import completion
from evcli.errors import UsageError
from evcli.query.selection import BASES, BY, BY_WINDOW
from evcli.render import FORMATS

NONE_GIVEN: list[str] = []  # shared, never changed
_ENDINGS = {"md": "markdown", "txt": "table"}  # all other formats are their own
_WORKBOOKS = ("xlsx", "xls", "ods")
WINDOWS = tuple(BY_WINDOW)
SELECT, OUTPUT, FACTS = "Which figures", "Output", "Fact files"
Complete = Callable[..., Sequence[str | tuple[str, str]]]


def option(
    name: str,
    metavar: str | None,
    help_: str,
    complete: Complete | None = None,
    *,
    panel: str | None = None,
    show_default: bool = False,
) -> Any:
    """An option in the annotation of a parameter; *name* has all its spellings, by spaces.

    The help lists it under the heading *panel*, ``Options`` if there is none.
    """
    return typer.Option(
        *name.split(),
        metavar=metavar,
        help=help_,
        autocompletion=complete,
        rich_help_panel=panel,
        show_default=show_default,
    )


def argument(metavar: str, help_: str, complete: Complete | None = None) -> Any:
    """An argument in the annotation of a parameter."""
    return typer.Argument(metavar=metavar, help=help_, autocompletion=complete, show_default=False)


_select, _output, _packs = (partial(option, panel=panel) for panel in (SELECT, OUTPUT, FACTS))


def by_option(ways: Collection[str]) -> Any:
    """``--by`` of a command that can break down in these ways."""
    return _select("--by", "WHAT", f"Break down by {listed(ways)}.", completion.choice(*ways))


def listed(words: Iterable[str]) -> str:
    """Words as a sentence has them.

    >>> listed(["csv", "tsv", "json"]), listed(["fact"])
    ('csv, tsv or json', 'fact')
    """
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


class Select(NamedTuple):
    """Which figures a command is about."""

    year: Annotated[
        str,
        _select(
            "--year", "YEAR", "Calendar years: 2025, 2023-2025 or 2024,2025.", completion.years
        ),
    ] = ""
    period: Annotated[
        str,
        _select(
            "--period",
            "PERIOD",
            "Exactly this period: 2025, 2025-H1, 2025-Q3, 2025-05, 2025-01..05, may-2025, latest.",
            completion.periods,
        ),
    ] = ""
    since: Annotated[
        str, _select("--since", "PERIOD", "Only periods from this one on.", completion.periods)
    ] = ""
    until: Annotated[
        str,
        _select("--until", "PERIOD", "Only periods up to the end of this one.", completion.periods),
    ] = ""
    subject: Annotated[
        list[str],
        _select(
            "--subject", "NAME", "Who: an id, name or alias, also in Chinese.", completion.subjects
        ),
    ] = NONE_GIVEN
    metric: Annotated[
        list[str],
        _select(
            "--metric",
            "METRIC",
            "What is counted: exports, overseas-sales, investment ...",
            completion.metrics,
        ),
    ] = NONE_GIVEN
    scope: Annotated[
        list[str],
        _select("--scope", "SCOPE", "Which part: all, nev, bev, battery ...", completion.scopes),
    ] = NONE_GIVEN
    destination: Annotated[
        list[str],
        _select(
            "--destination",
            "PLACE",
            "Where to: a country (code or name) or a region.",
            completion.destinations,
        ),
    ] = NONE_GIVEN
    publisher: Annotated[
        list[str],
        _select(
            "--publisher",
            "NAME",
            "Who counted: caam, cpca, gacc, rhodium ...",
            completion.publishers,
        ),
    ] = NONE_GIVEN
    from_source: Annotated[
        list[str],
        _select("--from-source", "ID", "Only figures based on this source.", completion.sources),
    ] = NONE_GIVEN
    basis: Annotated[
        str,
        _select(
            "--basis", "BASIS", "Only stated or only derived figures.", completion.choice(*BASES)
        ),
    ] = ""
    by: Annotated[str, by_option(BY)] = ""
    plans: Annotated[
        bool, _select("--plans", None, "Include plans and targets (status forecast).")
    ] = False


class Packs(NamedTuple):
    """Which fact files are read, and how far they are believed."""

    facts: Annotated[
        list[str],
        _packs(
            "--facts",
            "DIR",
            "Add a pack: a directory of YAML fact files (also EVCLI_FACTS). May be repeated.",
        ),
    ] = NONE_GIVEN
    no_builtin: Annotated[
        bool, _packs("--no-builtin", None, "Leave out the built-in facts; their definitions stay.")
    ] = False
    as_of: Annotated[str, _packs("--as-of", "DATE", "Only what was published by this date.")] = ""
    include_deprecated: Annotated[
        bool,
        _packs("--include-deprecated", None, "Include deprecated figures (known to be wrong)."),
    ] = False


class Output(NamedTuple):
    """How the answer is printed."""

    format: Annotated[
        str,
        _output(
            "-f --format",
            "FORMAT",
            f"{listed(FORMATS)} (default: table, or what the name of FILE ends in).",
            completion.choice(*FORMATS),
        ),
    ] = ""
    out: Annotated[
        str, _output("-o --out", "FILE", "Write the answer to FILE, whole or not at all.")
    ] = ""
    no_header: Annotated[
        bool, _output("--no-header", None, "Leave out the line of names in csv and tsv.")
    ] = False
    fail_empty: Annotated[bool, _output("--fail-empty", None, "Exit 1 if there is no row.")] = False
    fields: Annotated[
        str, _output("--fields", "FIELDS", "Only these fields, in this order, comma-separated.")
    ] = ""
    sort: Annotated[
        str, _output("--sort", "FIELD", "Sort by a field; -FIELD puts the largest first.")
    ] = ""
    limit: Annotated[int | None, _output("--limit", "N", "At most this many rows.")] = None
    all: Annotated[bool, _output("--all", None, "All rows, however many screens.")] = False
    notes: Annotated[bool, _output("-n --notes", None, "Also the notes on the figures.")] = False
    sources: Annotated[bool, _output("-s --sources", None, "Also the sources by title.")] = False
    verbose: Annotated[
        bool,
        _output("-v --verbose", None, "Notes, sources, and the same command in ids, for scripts."),
    ] = False
    no_color: Annotated[
        bool, _output("--no-color", None, "No colour, whatever the environment says.")
    ] = False
    quiet: Annotated[
        bool, _output("-q --quiet", None, "No notes, warnings or hints on stderr.")
    ] = False

    def settled(self) -> "Output":
        """The same with a format: that asked for, else what the name of the file ends in, else
        a table; UsageError for a name that says none, and for a workbook.
        """
        ending = self.out.rpartition(".")[2].lower() if self.out else "txt"
        if ending in _WORKBOOKS:
            how = "write .csv, which spreadsheets open; from Python: Dataset.frame(...).to_excel()"
            raise UsageError(f"evcli writes no .{ending} files", how)
        format = self.format or _ENDINGS.get(ending, ending)
        if format not in FORMATS:
            if self.format:
                raise UsageError.one_of("format", format, FORMATS)
            raise UsageError(
                f"no format goes with the name {self.out!r}",
                "end it in .csv, .tsv, .json, .jsonl, .md or .txt, or give --format",
            )
        if self.no_header and format not in ("csv", "tsv"):
            raise UsageError(f"{format} has no line of names to leave out", "it is for csv and tsv")
        return self._replace(format=format)


class Draw(NamedTuple):
    """What is drawn for people; machine formats are never changed by it."""

    spark: Annotated[
        bool, _output("--spark", None, "Add a sparkline of the latest periods to the table.")
    ] = False
    bars: Annotated[
        bool,
        _output(
            "--bars", None, "Add bars to the table: solid to the lower bound, lighter to the upper."
        ),
    ] = False
    ascii: Annotated[
        bool, _output("--ascii", None, "Draw in plain ASCII. Machine formats hold no drawings.")
    ] = False
    chart: Annotated[
        str, _output("--chart", "FILE", "Also draw a chart: FILE.svg, FILE.png or FILE.html.")
    ] = ""


# -- what several commands take, without belonging to a group ------------------------------------

Accept = Annotated[
    str,
    option(
        "--accept",
        "FIELD,...",
        "Compute even though these fields differ (otherwise refused, exit 4); the note says so.",
    ),
]
Wide = Annotated[
    bool,
    option("--wide", None, "A row per series, a column per period.", panel=OUTPUT),
]
Words = Annotated[
    list[str] | None,
    argument(
        "[WORDS]...",
        "Who, where, which part, what, who counted, when: names and periods in any order, also "
        "in Chinese; or series ids. See evcli help words.",
        completion.words,
    ),
]
ANY_SERIES = argument(
    "[SERIES-OR-GLOB]...",
    "Series ids; * and ? are wildcards. All series if none is given.",
    completion.series,
)


def accepted(text: str) -> tuple[str, ...]:
    """The fields that ``--accept`` waives, checked."""
    from evcli.core.comparability import check_accept

    return check_accept([name.strip() for name in text.split(",") if name.strip()])
