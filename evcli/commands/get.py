"""``evcli get``."""

from __future__ import annotations

from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.complete import BY
from evcli.commands.drawing import show_drawn
from evcli.commands.making import command
from evcli.commands.options import Draw, Output, Packs, Select
from evcli.commands.runtime import opened, wanted


@command(
    "get",
    examples=(
        "evcli get cn.exports.nev.caam --period 2025-05 --format json",
        "evcli get 'cn.exports.*' --year 2025",
        "evcli get '*.rhodium' --format csv",
        "evcli get cn.exports.all.caam --fields period,value,low,high --format csv",
    ),
    refuses=("bars", "chart"),
    by=BY,
)
def get(
    series: Annotated[
        list[str],
        typer.Argument(
            metavar="SERIES-OR-GLOB...",
            autocompletion=complete.series,
            help="Series ids; * and ? match any part of one.",
        ),
    ],
    *,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Any series: every stated window, oldest first.

    --year takes every window inside the year, --period exactly one.
    """
    from evcli.query.get import get_answer
    from evcli.query.selection import series_named

    with opened(packs, output) as source:
        question = wanted(source, select)
        answer = get_answer(source, series_named(source.store, series), question)
        show_drawn(answer, source, output, draw)
