"""``evcli compare``."""

from __future__ import annotations

from typing import Annotated

from evcli.commands import completion
from evcli.commands.factory import command
from evcli.commands.options import (
    WINDOWS,
    Draw,
    Output,
    Packs,
    Select,
    Wide,
    Words,
    option,
)
from evcli.commands.session import in_ids, opened, over_time, show, wanted


@command(
    examples=(
        "evcli compare byd chery --since 2023",
        "evcli compare byd saic chery xpeng leapmotor --year 2025 --bars",
        "evcli compare byd saic chery --since 2022 --index 2022",
        "evcli compare cn.investment.ev-chain.to-abroad.rhodium "
        "cn.investment.ev-chain.to-cn.rhodium --period 2024",
    ),
    refuses=("plans", "basis", "from_source"),
    by=WINDOWS,
)
def compare(
    words: Words = None,
    *,
    index: Annotated[
        str, option("--index", "PERIOD", "Show an index: this period is 100.", completion.periods)
    ] = "",
    wide: Wide = False,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Figures side by side over time: growth, the whole span, ratio of the first two, shares.

    Without a period: the newest window that all have, after the years before it. Windows of
    different length are never set against each other; the row says why.
    """
    from evcli.query.choice import operands_wanted
    from evcli.query.compare import compare_answer
    from evcli.query.selection import When

    with opened(packs, output, draw) as source:
        question = wanted(source, select, words, "compare")
        table = output.format == "table" and not (output.fields or output.sort or wide)
        base = When.parse(period=index).period
        answer = compare_answer(source, question, base=base, table=table)
        named = operands_wanted(source, question).ids if output.verbose else ()
        same = in_ids("compare", question, named)
        show(over_time(answer, wide), output, draw, source, in_ids=same)
