"""Every shared option, defined once.

A command takes whole groups (``select: Select``, ``packs: Packs``, ``output: Output``);
:func:`flattened` spreads their fields into the flat signature that Typer reads. (Annotations
here are real objects, not postponed ones: evaluating strings costs every command two milliseconds.)
"""

import copy
import functools
import inspect
from collections.abc import Callable, Collection, Sequence
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

import typer

from evcli.commands import complete
from evcli.commands.option_types import IntOption, Repeated, TextOption
from evcli.errors import UsageError

NONE_GIVEN: list[str] = []  # shared, never changed
WINDOWS = complete.BY[:4]
SELECT, OUTPUT, FACTS = "Which figures", "Output", "Fact files"


def _text(name: str, panel: str, help_: str, **more: Any) -> Any:
    return typer.Option(name, help=help_, rich_help_panel=panel, show_default=False, **more)


def _by(ways: Sequence[str]) -> Any:
    told = " or ".join([", ".join(ways[:-1]), ways[-1]] if len(ways) > 1 else ways)
    return _text(
        "--by", SELECT, f"Unfold by {told}.", metavar="WHAT", autocompletion=complete.choice(*ways)
    )


class Select(NamedTuple):
    """Which figures a command is about."""

    year: Annotated[IntOption, _text("--year", SELECT, "Calendar year.", metavar="YEAR")] = None
    period: Annotated[
        TextOption,
        _text(
            "--period",
            SELECT,
            "Exactly this period: 2025, 2025-H1, 2025-Q3, 2025-05, 2025-01..05, may-2025, latest.",
            metavar="PERIOD",
            autocompletion=complete.periods,
        ),
    ] = ""
    since: Annotated[
        TextOption,
        _text(
            "--since",
            SELECT,
            "Windows from here on.",
            metavar="PERIOD",
            autocompletion=complete.periods,
        ),
    ] = ""
    until: Annotated[
        TextOption,
        _text(
            "--until",
            SELECT,
            "Windows up to the end of this.",
            metavar="PERIOD",
            autocompletion=complete.periods,
        ),
    ] = ""
    subject: Annotated[
        Repeated,
        _text(
            "--subject",
            SELECT,
            "Who: an id, a name or an alias, also Chinese.",
            metavar="NAME",
            autocompletion=complete.subjects,
        ),
    ] = NONE_GIVEN
    metric: Annotated[
        Repeated,
        _text(
            "--metric",
            SELECT,
            "What is counted: exports, overseas-sales, investment ...",
            metavar="METRIC",
            autocompletion=complete.metrics,
        ),
    ] = NONE_GIVEN
    scope: Annotated[
        Repeated,
        _text(
            "--scope",
            SELECT,
            "Which part: all, nev, bev, battery ...",
            metavar="SCOPE",
            autocompletion=complete.scopes,
        ),
    ] = NONE_GIVEN
    destination: Annotated[
        Repeated,
        _text(
            "--destination",
            SELECT,
            "Where to: a country code, name or region.",
            metavar="PLACE",
            autocompletion=complete.destinations,
        ),
    ] = NONE_GIVEN
    publisher: Annotated[
        Repeated,
        _text(
            "--publisher",
            SELECT,
            "Who counted: caam, cpca, gacc, rhodium ...",
            metavar="NAME",
            autocompletion=complete.publishers,
        ),
    ] = NONE_GIVEN
    source: Annotated[
        Repeated,
        _text(
            "--source",
            SELECT,
            "Only figures that rest on this source.",
            metavar="ID",
            autocompletion=complete.sources,
        ),
    ] = NONE_GIVEN
    basis: Annotated[
        TextOption,
        _text(
            "--basis",
            SELECT,
            "Only stated, or only derived figures.",
            metavar="BASIS",
            autocompletion=complete.choice("stated", "derived"),
        ),
    ] = ""
    by: Annotated[TextOption, _by(complete.BY)] = ""


class Packs(NamedTuple):
    """Which fact files are read, and how far they are believed."""

    facts: Annotated[
        Repeated,
        _text(
            "--facts",
            FACTS,
            "Add a pack: a directory of YAML fact files (also EVCLI_FACTS). May be repeated.",
            metavar="DIR",
        ),
    ] = NONE_GIVEN
    no_builtin: Annotated[bool, _text("--no-builtin", FACTS, "Leave the built-in facts out.")] = (
        False
    )
    as_of: Annotated[
        TextOption, _text("--as-of", FACTS, "Only what was published by that day.", metavar="DATE")
    ] = ""
    include_deprecated: Annotated[
        bool, _text("--include-deprecated", FACTS, "Show figures known to be wrong, too.")
    ] = False


class Output(NamedTuple):
    """How the answer is printed."""

    format: Annotated[
        TextOption,
        _text(
            "--format",
            OUTPUT,
            "table (unless said), csv, tsv, json, jsonl or markdown.",
            metavar="FORMAT",
            autocompletion=complete.choice(*complete.FORMATS),
        ),
    ] = "table"
    fields: Annotated[
        TextOption,
        _text(
            "--fields",
            OUTPUT,
            "Only these fields, in this order, comma-separated.",
            metavar="FIELDS",
        ),
    ] = ""
    sort: Annotated[
        TextOption,
        _text("--sort", OUTPUT, "Sort by a field; -FIELD for the largest first.", metavar="FIELD"),
    ] = ""
    limit: Annotated[IntOption, _text("--limit", OUTPUT, "At most so many rows.", metavar="N")] = (
        None
    )
    no_color: Annotated[
        bool, _text("--no-color", OUTPUT, "No colour, whatever the environment says.")
    ] = False
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
        bool, _text("--spark", OUTPUT, "Add a sparkline of the last windows to the table.")
    ] = False
    bars: Annotated[
        bool,
        _text(
            "--bars",
            OUTPUT,
            "Add bars to the table: full to the lower bound, lighter to the upper.",
        ),
    ] = False
    ascii: Annotated[
        bool, _text("--ascii", OUTPUT, "Draw in plain ASCII. These three change the table only.")
    ] = False
    chart: Annotated[
        TextOption,
        _text("--chart", OUTPUT, "Draw into FILE.svg, FILE.png or FILE.html, too.", metavar="FILE"),
    ] = ""


GROUPS = (Select, Packs, Output, Draw)


def flattened(
    function: Callable[..., int | None],
    command: str = "",
    refuses: Sequence[str] = (),
    by: Sequence[str] = (),
) -> Callable[..., int | None]:
    """The function with each option group replaced by that group's fields.

    The fields that *command* *refuses* are known but hidden, and an error when used; so is a
    ``by`` that is not among the ways given.
    """
    unused = set(refuses)
    hints = get_type_hints(function, include_extras=True)
    parameters: list[inspect.Parameter] = []
    groups: dict[str, Any] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        group = hints[name]
        if group not in GROUPS:
            parameters.append(parameter.replace(annotation=hints[name]))
            continue
        groups[name] = group
        parameters += [
            inspect.Parameter(
                member,
                inspect.Parameter.KEYWORD_ONLY,
                default=group._field_defaults[member],
                annotation=_suited(member, annotation, unused, by),
            )
            for member, annotation in group.__annotations__.items()
        ]
    parameters.sort(key=lambda each: each.kind)

    @functools.wraps(function)
    def flat(**values: Any) -> int | None:
        for name, group in groups.items():
            made = values[name] = group(**{each: values.pop(each) for each in group._fields})
            for each in refuses:
                if getattr(made, each, None) != group._field_defaults.get(each):
                    option = f"--{each.replace('_', '-')}"
                    raise UsageError(f"{command} cannot honour {option}", "leave it out")
            if by and getattr(made, "by", "") not in ("", *by):
                raise UsageError.one_of("way to unfold", made.by, by)
        return function(**values)

    # what inspect.signature reads first; functions do not declare it
    flat.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    flat.__annotations__ = {each.name: each.annotation for each in parameters}
    return flat


def _suited(name: str, annotation: Any, refused: Collection[str], by: Sequence[str]) -> Any:
    """The annotation of a field as one command has it: hidden, or with its own ways to unfold."""
    if name in refused:
        kind, option = get_args(annotation)
        hidden = copy.copy(option)
        hidden.hidden = True
        return Annotated[kind, hidden]
    return Annotated[TextOption, _by(by)] if name == "by" and by else annotation
