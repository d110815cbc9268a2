"""``evcli plants``."""

from __future__ import annotations

from typing import Annotated

from evcli.commands.factory import command
from evcli.commands.options import Output, Packs, Select, Words, option
from evcli.commands.session import in_ids, opened, show, wanted


@command(
    examples=(
        "evcli plants",
        "evcli plants hungary",
        "evcli plants catl europe",
        "evcli plants byd hungary --history",
        "evcli plants byd brazil --by fact --format csv",
    ),
    refuses=("plans", "metric", "scope", "publisher", "basis"),
    by=("fact",),
)
def plants(
    words: Words = None,
    *,
    history: Annotated[
        bool, option("--history", None, "What was said of each plant before, day by day.")
    ] = False,
    select: Select,
    packs: Packs,
    output: Output,
) -> None:
    """Plants abroad, one row each: newest status, start, capacity and investment.

    Words name makers and places: catl hungary, byd europe. A maker includes its brands and
    partners. Sorted by country, city and maker; --by fact shows every fact.
    """
    from evcli.errors import UsageError
    from evcli.query.plants import plants_answer

    if history and select.by:
        raise UsageError("--history and --by exclude each other", "give one of them")
    with opened(packs, output) as source:
        question = wanted(source, select, words, "plants")
        answer = plants_answer(source, question, every_fact=bool(select.by), history=history)
        show(answer, output, in_ids=in_ids("plants", question) if output.verbose else "")
