"""Every option and argument that commands share, defined once.

A command takes whole groups of options (``select: Select``, ``packs: Packs``, ``output: Output``),
which :mod:`evcli.commands.factory` spreads into its signature. (Annotations here are real objects,
not postponed ones: evaluating strings costs every command two milliseconds.)
"""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import typer

from evcli.commands import completion
from evcli.query.selection import BASES, BY_DIMENSION, BY_WINDOW
from evcli.render import FORMATS

NONE_GIVEN: list[str] = []  # shared, never changed
WINDOWS = tuple(BY_WINDOW)
BY = (*BY_WINDOW, *BY_DIMENSION)
SELECT, OUTPUT, FACTS = "Which figures", "Output", "Fact files"


def _option(name: str, panel: str, help_: str, **more: Any) -> Any:
    return typer.Option(name, help=help_, rich_help_panel=panel, show_default=False, **more)


def by_option(ways: Sequence[str]) -> Any:
    """``--by`` of a command that can break down in these ways."""
    help_ = f"Break down by {listed(ways)}."
    return _option("--by", SELECT, help_, metavar="WHAT", autocompletion=completion.choice(*ways))


def listed(words: Sequence[str]) -> str:
    """Words as a sentence has them.

    >>> listed(["csv", "tsv", "json"]), listed(["fact"])
    ('csv, tsv or json', 'fact')
    """
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


class Select(NamedTuple):
    """Which figures a command is about."""

    year: Annotated[
        int | None, _option("--year", SELECT, "Only this calendar year.", metavar="YEAR")
    ] = None
    period: Annotated[
        str,
        _option(
            "--period",
            SELECT,
            "Exactly this period: 2025, 2025-H1, 2025-Q3, 2025-05, 2025-01..05, may-2025, latest.",
            metavar="PERIOD",
            autocompletion=completion.periods,
        ),
    ] = ""
    since: Annotated[
        str,
        _option(
            "--since",
            SELECT,
            "Only periods from this one on.",
            metavar="PERIOD",
            autocompletion=completion.periods,
        ),
    ] = ""
    until: Annotated[
        str,
        _option(
            "--until",
            SELECT,
            "Only periods up to the end of this one.",
            metavar="PERIOD",
            autocompletion=completion.periods,
        ),
    ] = ""
    subject: Annotated[
        list[str],
        _option(
            "--subject",
            SELECT,
            "Who: an id, name or alias, also in Chinese.",
            metavar="NAME",
            autocompletion=completion.subjects,
        ),
    ] = NONE_GIVEN
    metric: Annotated[
        list[str],
        _option(
            "--metric",
            SELECT,
            "What is counted: exports, overseas-sales, investment ...",
            metavar="METRIC",
            autocompletion=completion.metrics,
        ),
    ] = NONE_GIVEN
    scope: Annotated[
        list[str],
        _option(
            "--scope",
            SELECT,
            "Which part: all, nev, bev, battery ...",
            metavar="SCOPE",
            autocompletion=completion.scopes,
        ),
    ] = NONE_GIVEN
    destination: Annotated[
        list[str],
        _option(
            "--destination",
            SELECT,
            "Where to: a country (code or name) or a region.",
            metavar="PLACE",
            autocompletion=completion.destinations,
        ),
    ] = NONE_GIVEN
    publisher: Annotated[
        list[str],
        _option(
            "--publisher",
            SELECT,
            "Who counted: caam, cpca, gacc, rhodium ...",
            metavar="NAME",
            autocompletion=completion.publishers,
        ),
    ] = NONE_GIVEN
    source: Annotated[
        list[str],
        _option(
            "--source",
            SELECT,
            "Only figures based on this source.",
            metavar="ID",
            autocompletion=completion.sources,
        ),
    ] = NONE_GIVEN
    basis: Annotated[
        str,
        _option(
            "--basis",
            SELECT,
            "Only stated or only derived figures.",
            metavar="BASIS",
            autocompletion=completion.choice(*BASES),
        ),
    ] = ""
    by: Annotated[str, by_option(BY)] = ""


class Packs(NamedTuple):
    """Which fact files are read, and how far they are believed."""

    facts: Annotated[
        list[str],
        _option(
            "--facts",
            FACTS,
            "Add a pack: a directory of YAML fact files (also EVCLI_FACTS). May be repeated.",
            metavar="DIR",
        ),
    ] = NONE_GIVEN
    no_builtin: Annotated[
        bool,
        _option("--no-builtin", FACTS, "Leave out the built-in facts; their definitions stay."),
    ] = False
    as_of: Annotated[
        str, _option("--as-of", FACTS, "Only what was published by this date.", metavar="DATE")
    ] = ""
    include_deprecated: Annotated[
        bool,
        _option("--include-deprecated", FACTS, "Include deprecated figures (known to be wrong)."),
    ] = False


class Output(NamedTuple):
    """How the answer is printed."""

    format: Annotated[
        str,
        _option(
            "--format",
            OUTPUT,
            f"{listed(tuple(FORMATS))} (default: table).",
            metavar="FORMAT",
            autocompletion=completion.choice(*FORMATS),
        ),
    ] = "table"
    fields: Annotated[
        str,
        _option(
            "--fields",
            OUTPUT,
            "Only these fields, in this order, comma-separated.",
            metavar="FIELDS",
        ),
    ] = ""
    sort: Annotated[
        str,
        _option(
            "--sort", OUTPUT, "Sort by a field; -FIELD puts the largest first.", metavar="FIELD"
        ),
    ] = ""
    limit: Annotated[
        int | None, _option("--limit", OUTPUT, "At most this many rows.", metavar="N")
    ] = None
    no_color: Annotated[bool, _option("--no-color", OUTPUT, "Plain text on terminals, too.")] = (
        False
    )
    quiet: Annotated[
        bool,
        typer.Option(
            "-q",
            "--quiet",
            help="No notes, warnings or hints on stderr.",
            rich_help_panel=OUTPUT,
            show_default=False,
        ),
    ] = False


class Draw(NamedTuple):
    """What is drawn for people; machine formats are never changed by it."""

    spark: Annotated[
        bool, _option("--spark", OUTPUT, "Add a sparkline of the latest periods to the table.")
    ] = False
    bars: Annotated[
        bool,
        _option(
            "--bars",
            OUTPUT,
            "Add bars to the table: solid to the lower bound, lighter to the upper.",
        ),
    ] = False
    ascii: Annotated[
        bool, _option("--ascii", OUTPUT, "Draw in plain ASCII. Machine formats hold no drawings.")
    ] = False
    chart: Annotated[
        str,
        _option(
            "--chart", OUTPUT, "Also draw a chart: FILE.svg, FILE.png or FILE.html.", metavar="FILE"
        ),
    ] = ""


# -- what several commands take, without belonging to a group ------------------------------------

Accept = Annotated[
    str,
    typer.Option(
        "--accept",
        metavar="FIELD,...",
        help="Compute even though these fields differ (otherwise refused, exit 4); "
        "the note says so.",
        show_default=False,
    ),
]
SeriesOrGlobs = Annotated[
    list[str],
    typer.Argument(
        metavar="SERIES-OR-GLOB...",
        help="Series ids; * and ? are wildcards.",
        autocompletion=completion.series,
    ),
]
SeriesOrFigures = Annotated[
    list[str],
    typer.Argument(
        metavar="SERIES[@PERIOD]...",
        help="Series ids or globs; @PERIOD gives one a period of its own.",
        autocompletion=completion.series,
    ),
]
Makers = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[MAKER]...",
        help="Only of, or aimed at, this maker: an id, name or alias, also in Chinese.",
        autocompletion=completion.subjects,
        show_default=False,
    ),
]


def optional_series(help_: str) -> Any:
    """The argument of a command that can do without series."""
    return typer.Argument(
        metavar="[SERIES-OR-GLOB]...",
        help=help_,
        autocompletion=completion.series,
        show_default=False,
    )


ANY_SERIES = optional_series("Series ids; * and ? are wildcards. All series if none is given.")


def accepted(text: str) -> tuple[str, ...]:
    """The fields that ``--accept`` waives, checked."""
    from evcli.core.comparability import check_accept

    return check_accept([name.strip() for name in text.split(",") if name.strip()])
