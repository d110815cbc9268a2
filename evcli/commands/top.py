"""``evcli top``."""

from __future__ import annotations

from typing import Annotated

from evcli.commands.adornments import Drawn, show_drawn
from evcli.commands.factory import command
from evcli.commands.options import Draw, Output, Packs, Select, option, optional_series
from evcli.commands.session import opened, wanted


@command(
    "top",
    examples=(
        "evcli top --metric overseas-sales --year 2025",
        "evcli top --metric overseas-sales --year 2025 --growth",
        "evcli top --metric exports --by destination --year 2025",
        "evcli top --metric overseas-sales --year 2025 --bars --spark",
        "evcli top --metric stores --limit 3 --format csv",
    ),
    refuses=("plans",),
    by=("subject", "destination"),
)
def top(
    series: Annotated[
        list[str] | None, optional_series("What to rank; without it, give --metric.")
    ] = None,
    *,
    growth: Annotated[bool, option("--growth", None, "Rank by growth.")] = False,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Ranking from the largest down, with the positions that the bounds allow.

    Ranks one measure over one period: the year, or the longest period most series have. A maker
    is ranked by its widest scope; --by destination ranks countries. Notes say what is left out.
    """
    from evcli.query.ranking import top_answer

    with opened(packs, output, draw) as source:
        question = wanted(source, select)
        answer = top_answer(source, series or (), question, by_growth=growth, limit=output.limit)
        drawn = Drawn("yoy", "yoy_low", "yoy_high", "percent") if growth else Drawn()
        show_drawn(answer, source, output, draw, drawn)
