"""``evcli share``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from evcli.commands import completion
from evcli.commands.adornments import Drawn, show_drawn
from evcli.commands.factory import command
from evcli.commands.options import WINDOWS, Accept, Draw, Output, Packs, Select, accepted, argument
from evcli.commands.session import opened, wanted

if TYPE_CHECKING:
    from evcli.query.figures import Figures


@command(
    "share",
    examples=(
        "evcli share cn.exports.nev.caam cn.exports.all.caam --period 2025-05",
        "evcli share cn.exports.nev.caam cn.exports.all.caam --year 2025 --format csv",
        "evcli share cn.exports.nev.caam cn.exports.all.caam --since 2025 --by month --bars",
    ),
    refuses=("plans", "subject", "metric", "scope", "destination", "publisher", "spark"),
    by=WINDOWS,
)
def share(
    part: Annotated[
        str, argument("PART", "A series, or a figure: SERIES@PERIOD.", completion.series)
    ],
    whole: Annotated[
        str, argument("WHOLE", "What it is part of: a series or a figure.", completion.series)
    ],
    *,
    accept: Accept = "",
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """PART as a percentage of WHOLE, for one period or for every period that both have.

    PART must lie within WHOLE in scope, destination or subject, and match it in all else.
    """
    from evcli.query.computed import share_answer

    with opened(packs, output, draw) as source:
        question = wanted(source, select)
        answer = share_answer(source, part, whole, question, accepted(accept))
        titles = [_title(source, each) for each in (part, whole)]
        drawn = Drawn(title=f"{titles[0]}, as a share of: {titles[1]}")
        show_drawn(answer, source, output, draw, drawn)


def _title(source: Figures, named: str) -> str:
    """What a series counts, as its title says it."""
    found = source.store.series([named.partition("@")[0]])
    return found[0].title if found else named
