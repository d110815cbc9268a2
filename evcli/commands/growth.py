"""``evcli growth``."""

from __future__ import annotations

from typing import Annotated

from evcli.commands.adornments import show_drawn
from evcli.commands.factory import command
from evcli.commands.options import (
    WINDOWS,
    Accept,
    Draw,
    Output,
    Packs,
    Select,
    Wide,
    Words,
    accepted,
    option,
)
from evcli.commands.session import opened, over_time, wanted


@command(
    "growth",
    examples=(
        "evcli growth nev exports 2025",
        "evcli growth cn.investment.ev-chain.to-cn.rhodium --period 2024",
        "evcli growth cn.investment.ev-chain.to-cn.rhodium --period 2024 --base 2022",
        "evcli growth 'cn.exports.*.caam' --year 2025 --format csv",
    ),
    refuses=("plans", "spark", "bars", "ascii"),
    by=WINDOWS,
)
def growth(
    words: Words = None,
    *,
    base: Annotated[
        str,
        option("--base", "PERIOD|SERIES@PERIOD", "Compare with this instead of the year before."),
    ] = "",
    lag: Annotated[
        str, option("--lag", "DURATION", "How far back: P1Y, P1M, P3M ...", show_default=True)
    ] = "P1Y",
    accept: Accept = "",
    wide: Wide = False,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Growth in percent on the same period a year before, or on any base.

    The closest that is known: as stated, by both levels, or what both of these allow.
    """
    from evcli.query.computed import growth_answer
    from evcli.query.operands import computed_title, in_ids, not_recorded, series_wanted

    with opened(packs, output, draw) as source:
        question = wanted(source, select, words, "growth")
        series = question.series or [each.id for each in series_wanted(source, question)]
        answer = growth_answer(source, series, question, base, lag, accepted(accept))
        against = base or ("the year before" if lag == "P1Y" else f"{lag} before")
        title = computed_title(source, f"Growth on {against}", series, question)
        hint = answer.hint if series else not_recorded(source, question)
        answer = over_time(answer._replace(title=title, hint=hint), wide)
        same = in_ids("growth", question, series)
        show_drawn(answer, source, output, draw, title=title, in_ids=same)
