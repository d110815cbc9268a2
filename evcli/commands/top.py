"""``evcli top``."""

from __future__ import annotations

from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.making import command
from evcli.commands.options import Output, Packs, Select
from evcli.commands.runtime import opened, show, wanted


@command(
    "top",
    examples=(
        "evcli top --metric overseas-sales --year 2025",
        "evcli top --metric overseas-sales --year 2025 --growth",
        "evcli top --metric stores --limit 3 --format csv",
    ),
    by=("subject", "destination"),
)
def top(
    series: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SERIES-OR-GLOB]...", autocompletion=complete.series,
                       help="What to rank; else give --metric.", show_default=False),
    ] = None,
    *,
    growth: Annotated[bool, typer.Option("--growth", help="Rank by growth.")] = False,
    select: Select,
    packs: Packs,
    output: Output,
) -> None:  # fmt: skip
    """Ranking from the largest down, with the positions that the bounds allow.

    One series a subject, the widest scope that has a figure; --by destination ranks places.
    """
    from evcli.query.choose import ranked
    from evcli.query.compare import top_answer

    with opened(packs, output) as source:
        question = wanted(source, select)
        entries = ranked(source, series or (), question)
        answer = top_answer(source, entries, by_growth=growth, limit=output.limit,
                            title="Ranking", hint="nothing to rank")  # fmt: skip
        show(answer, output._replace(limit=None))
