"""``evcli total``."""

from __future__ import annotations

from evcli.commands.factory import command
from evcli.commands.options import Accept, Output, Packs, Select, Words, accepted
from evcli.commands.session import opened, show, wanted


@command(
    "total",
    examples=(
        "evcli total byd saic chery 2025",
        "evcli total cn.investment.ev-chain.to-abroad.rhodium "
        "cn.investment.ev-chain.to-cn.rhodium --period 2024",
        "evcli total chery.overseas-sales.nev.chery@2025 saic.overseas-sales.nev.saic@2025",
    ),
    refuses=("plans", "since", "until", "by", "basis", "from_source"),
)
def total(
    words: Words = None, *, accept: Accept = "", select: Select, packs: Packs, output: Output
) -> None:
    """The sum of figures that differ in one dimension and do not overlap."""
    from evcli.query.computed import nothing_computed, total_answer
    from evcli.query.operands import computed_title, in_ids, operands_wanted

    with opened(packs, output) as source:
        question = wanted(source, select, words, "total")
        ids, others, missing = operands_wanted(source, question)
        if missing:
            show(nothing_computed("total", missing), output)
            return
        answer = total_answer(source, ids, question, accepted(accept))
        title = computed_title(source, "Total of {all}", ids, question)
        answer = answer._replace(title=title, more=others)
        show(answer, output, in_ids=in_ids("total", question, ids))
