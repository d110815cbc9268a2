"""``evcli compare``."""

from __future__ import annotations

from typing import Annotated

from evcli.commands import completion
from evcli.commands.adornments import show_drawn
from evcli.commands.factory import command
from evcli.commands.options import Draw, Output, Packs, Select, argument
from evcli.commands.session import opened, wanted


@command(
    "compare",
    examples=(
        "evcli compare byd saic chery xpeng leapmotor --metric overseas-sales --year 2025",
        "evcli compare byd saic chery --metric overseas-sales --year 2025 --bars",
        "evcli compare cn.investment.ev-chain.to-abroad.rhodium "
        "cn.investment.ev-chain.to-cn.rhodium --period 2024",
    ),
    refuses=("plans", "by", "basis", "from_source"),
)
def compare(
    names: Annotated[
        list[str],
        argument(
            "SERIES|WHO...",
            "Series, figures (SERIES@PERIOD) or subjects.",
            completion.series_or_subjects,
        ),
    ],
    *,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Figures side by side: ratio and difference to the first, shares, and how they differ.

    Never refused: figures that are not comparable get no share, and the note says why.
    """
    from evcli.query.compare import compare_answer

    with opened(packs, output, draw) as source:
        answer = compare_answer(source, names, wanted(source, select))
        show_drawn(answer, source, output, draw)
