"""``evcli top``."""

from __future__ import annotations

from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.drawing import Drawn, show_drawn
from evcli.commands.making import command
from evcli.commands.options import Draw, Output, Packs, Select
from evcli.commands.runtime import opened, wanted


@command(
    "top",
    examples=(
        "evcli top --metric overseas-sales --year 2025",
        "evcli top --metric overseas-sales --year 2025 --growth",
        "evcli top --metric exports --by destination --year 2025",
        "evcli top --metric overseas-sales --year 2025 --bars --spark",
        "evcli top --metric stores --limit 3 --format csv",
    ),
    by=("subject", "destination"),
)
def top(
    series: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SERIES-OR-GLOB]...",
            autocompletion=complete.series,
            help="What to rank; else give --metric.",
            show_default=False,
        ),
    ] = None,
    *,
    growth: Annotated[bool, typer.Option("--growth", help="Rank by growth.")] = False,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Ranking from the largest down, with the positions that the bounds allow.

    One count in one window: the year, or what most have inside it. A maker stands with its
    widest scope; --by destination ranks countries. Notes say what is left out.
    """
    from evcli.query.ranking import ranked, top_answer

    with opened(packs, output) as source:
        question = wanted(source, select)
        ranking = ranked(source, series or (), question)
        answer = top_answer(source, ranking, by_growth=growth, limit=output.limit)
        drawn = Drawn("yoy", "yoy_low", "yoy_high", "percent") if growth else Drawn()
        show_drawn(answer, source, output, draw, drawn)
