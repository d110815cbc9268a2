"""``evcli sources``."""

from __future__ import annotations

from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.making import command
from evcli.commands.options import Output, Packs
from evcli.commands.runtime import opened, show


@command(
    "sources",
    examples=(
        "evcli sources",
        "evcli sources seed-003 --problems",
        "evcli sources --left-out --format csv",
    ),
    refuses=("include_deprecated",),
)
def sources(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", autocompletion=complete.sources, show_default=False,
                       help="Only these sources."),
    ] = None,
    *,
    problems: Annotated[
        bool, typer.Option("--problems", help="What is wrong in them, one row a problem.")
    ] = False,
    left_out: Annotated[
        bool, typer.Option("--left-out", help="Their numbers that are no facts, and why.")
    ] = False,
    packs: Packs,
    output: Output,
) -> None:  # fmt: skip
    """The documents behind the figures, who repeats whom, and what is wrong in them."""
    from evcli.model.errors import UsageError
    from evcli.query import listing

    if problems and left_out:
        raise UsageError("--problems and --left-out exclude each other", "give one of them")
    ask = (
        listing.problems_answer if problems
        else listing.left_out_answer if left_out else listing.sources_answer
    )  # fmt: skip
    with opened(packs, output) as source:
        show(ask(source, ids or ()), output)
