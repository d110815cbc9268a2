"""``evcli sources``."""

from __future__ import annotations

from typing import Annotated

from evcli.commands import completion
from evcli.commands.cite import Style, print_citation
from evcli.commands.factory import command
from evcli.commands.options import Output, Packs, argument, option
from evcli.commands.session import NO_ROWS, opened, show
from evcli.errors import UsageError


@command(
    "sources",
    examples=(
        "evcli sources",
        "evcli sources seed-003 --problems",
        "evcli sources --left-out --format csv",
        "evcli sources --style bibtex",
    ),
    refuses=("include_deprecated",),
)
def sources(
    ids: Annotated[
        list[str] | None, argument("[ID]...", "Only these sources.", completion.sources)
    ] = None,
    *,
    problems: Annotated[
        bool, option("--problems", None, "List what is wrong in them, one row per problem.")
    ] = False,
    left_out: Annotated[
        bool, option("--left-out", None, "List their numbers that are not facts, and why.")
    ] = False,
    style: Style = "",
    packs: Packs,
    output: Output,
) -> None:
    """The documents behind the figures, who repeats whom, and what is wrong in them."""
    from evcli.query import catalogue

    if problems and left_out:
        raise UsageError("--problems and --left-out exclude each other", "give one of them")
    ask = catalogue.left_out_answer if left_out else catalogue.sources_answer
    ask = catalogue.problems_answer if problems else ask
    if style:
        _check(style, output, problems or left_out)
    with opened(packs, output) as source:
        if style:
            from evcli.publish.citation import sources_cited

            print_citation(sources_cited(source, ids or ()), style)
            return
        show(ask(source, ids or ()), output)


def _check(style: str, output: Output, other_rows: bool) -> None:
    """Refuse, before anything is read, what a reference list cannot honour."""
    from evcli.publish.styles import check_style

    check_style(style)
    if other_rows:
        raise UsageError("--style lists sources, not what is wrong in them", "leave one out")
    for name in NO_ROWS:
        if getattr(output, name) != getattr(Output().settled(), name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"--style and {option} exclude each other", "give one of them")
