"""``evcli plants``."""

from __future__ import annotations

from evcli.commands.factory import command
from evcli.commands.options import Makers, Output, Packs, Select
from evcli.commands.session import opened, show, wanted


@command(
    "plants",
    examples=(
        "evcli plants",
        "evcli plants byd --format csv",
        "evcli plants --destination europe",
        "evcli plants --destination HU --by fact",
    ),
    refuses=("plans", "metric", "scope", "publisher", "basis"),
    by=("fact",),
)
def plants(makers: Makers = None, *, select: Select, packs: Packs, output: Output) -> None:
    """Plants abroad, one row each: the newest undisputed status, start, capacity and investment.

    Sorted by country, city and maker. --destination is a country, or a region such as EU or
    europe; a maker includes its brands and partners; --by fact shows every fact.
    """
    from evcli.query.plants import plants_answer

    with opened(packs, output) as source:
        question = wanted(source, select, makers)
        answer = plants_answer(source, question, every_fact=select.by == "fact")
        show(answer, output)
