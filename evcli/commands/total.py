"""``evcli total``."""

from __future__ import annotations

from evcli.commands.factory import command
from evcli.commands.options import Accept, Output, Packs, Select, SeriesOrFigures, accepted
from evcli.commands.session import opened, show, wanted


@command(
    "total",
    examples=(
        "evcli total cn.investment.ev-chain.to-abroad.rhodium "
        "cn.investment.ev-chain.to-cn.rhodium --period 2024",
        "evcli total chery.overseas-sales.nev.chery@2025 saic.overseas-sales.nev.saic@2025",
    ),
    refuses=("plans", "since", "until", "by", "basis", "from_source"),
)
def total(
    series: SeriesOrFigures, *, accept: Accept = "", select: Select, packs: Packs, output: Output
) -> None:
    """The sum of figures that differ in one dimension and do not overlap."""
    from evcli.query.computed import total_answer

    with opened(packs, output) as source:
        question = wanted(source, select)
        show(total_answer(source, series, question, accepted(accept)), output)
