"""``evcli growth``."""

from __future__ import annotations

from typing import Annotated

from evcli.commands.adornments import Drawn, show_drawn
from evcli.commands.factory import command
from evcli.commands.options import (
    WINDOWS,
    Accept,
    Draw,
    Output,
    Packs,
    Select,
    SeriesOrFigures,
    accepted,
    option,
)
from evcli.commands.session import opened, wanted


@command(
    "growth",
    examples=(
        "evcli growth cn.investment.ev-chain.to-cn.rhodium --period 2024",
        "evcli growth cn.investment.ev-chain.to-cn.rhodium --period 2024 --base 2022",
        "evcli growth 'cn.exports.*.caam' --year 2025 --format csv",
    ),
    refuses=("plans", "spark", "bars", "ascii"),
    by=WINDOWS,
)
def growth(
    series: SeriesOrFigures,
    *,
    base: Annotated[
        str,
        option("--base", "PERIOD|SERIES@PERIOD", "Compare with this instead of the year before."),
    ] = "",
    lag: Annotated[
        str, option("--lag", "DURATION", "How far back: P1Y, P1M, P3M ...", show_default=True)
    ] = "P1Y",
    accept: Accept = "",
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Growth in percent on the same period a year before, or on any base.

    Computed from both levels where both are known, otherwise as the source states it.
    """
    from evcli.query.computed import growth_answer

    with opened(packs, output, draw) as source:
        question = wanted(source, select)
        answer = growth_answer(source, series, question, base, lag, accepted(accept))
        against = base or ("the year before" if lag == "P1Y" else f"{lag} before")
        show_drawn(answer, source, output, draw, Drawn(title=f"Growth on {against}"))
