"""``evcli compare``."""

from __future__ import annotations

from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.drawing import show_drawn
from evcli.commands.making import command
from evcli.commands.options import Draw, Output, Packs, Select
from evcli.commands.runtime import opened, wanted


@command(
    "compare",
    examples=(
        "evcli compare byd saic chery xpeng leapmotor --metric overseas-sales --year 2025",
        "evcli compare byd saic chery --metric overseas-sales --year 2025 --bars",
        "evcli compare cn.investment.ev-chain.to-abroad.rhodium "
        "cn.investment.ev-chain.to-cn.rhodium --period 2024",
    ),
    refuses=("by", "basis", "source"),
)
def compare(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="SERIES|WHO...",
            autocompletion=complete.series_or_subjects,
            help="Series, figures (SERIES@PERIOD) or subjects.",
        ),
    ],
    *,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Figures side by side: ratio and difference to the first, shares, and what is unlike.

    Never refused; unlike rows get no share, and the note says what makes them unlike.
    """
    from evcli.query.compare import compare_answer
    from evcli.query.operands import compared

    with opened(packs, output) as source:
        entries, notes = compared(source, names, wanted(source, select))
        show_drawn(compare_answer(source, entries, notes=notes), source, output, draw)
