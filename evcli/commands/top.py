"""``evcli top``."""

from __future__ import annotations

from typing import Annotated

from evcli.commands.factory import command
from evcli.commands.options import Draw, Output, Packs, Select, Words, option
from evcli.commands.session import in_ids, opened, show, wanted


@command(
    examples=(
        "evcli top",
        "evcli top 2024 --growth",
        "evcli top 5 destinations 2025",
        "evcli top destinations nev 2025",
        "evcli top exports 2025",
        "evcli top stores --limit 3 --format csv",
    ),
    refuses=("plans",),
    by=("subject", "destination"),
)
def top(
    words: Words = None,
    *,
    growth: Annotated[bool, option("--growth", None, "Rank by growth.")] = False,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Ranking from the largest down, with the positions that the bounds allow.

    Makers by what they sold abroad in the last full year, unless --metric or --year says
    otherwise; --by destination ranks countries by exports. Where most lack the year, the period
    that most have is ranked, and the title says so. What only has a lower bound has no place.
    """
    from evcli.query.ranking import top_answer

    with opened(packs, output, draw) as source:
        question = wanted(source, select, words, "top")
        if output.limit is None:
            output = output._replace(limit=question.limit)
        answer = top_answer(source, question, by_growth=growth, limit=output.limit)
        draw, field = draw._replace(bars=True), "yoy" if growth else "value"
        show(answer, output, draw, source, drawn=field, in_ids=in_ids("top", question))
