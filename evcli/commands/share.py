"""``evcli share``."""

from __future__ import annotations

from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.arguments import Accept, accepted
from evcli.commands.drawing import Drawn, show_drawn
from evcli.commands.making import command
from evcli.commands.options import WINDOWS, Draw, Output, Packs, Select
from evcli.commands.runtime import opened, wanted
from evcli.query.figures import Figures


@command(
    "share",
    examples=(
        "evcli share cn.exports.nev.caam cn.exports.all.caam --period 2025-05",
        "evcli share cn.exports.nev.caam cn.exports.all.caam --year 2025 --format csv",
        "evcli share cn.exports.nev.caam cn.exports.all.caam --since 2025 --by month --bars",
    ),
    refuses=("subject", "metric", "scope", "destination", "publisher", "spark"),
    by=WINDOWS,
)
def share(
    part: Annotated[
        str,
        typer.Argument(
            metavar="PART",
            autocompletion=complete.series,
            help="A series, or a figure: SERIES@PERIOD.",
        ),
    ],
    whole: Annotated[
        str,
        typer.Argument(
            metavar="WHOLE", autocompletion=complete.series, help="What it is a part of, likewise."
        ),
    ],
    *,
    accept: Accept = "",
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """PART in percent of WHOLE, for one period or for every one that both have.

    The part must lie in the whole: in scope, destination or subject, and equal in all else.
    """
    from evcli.query.computed import share_answer

    with opened(packs, output) as source:
        question = wanted(source, select)
        answer = share_answer(source, part, whole, question, accepted(accept))
        titles = [_title(source, each) for each in (part, whole)]
        drawn = Drawn(title=f"{titles[0]}, as a share of: {titles[1]}")
        show_drawn(answer, source, output, draw, drawn)


def _title(source: Figures, named: str) -> str:
    """What a series counts, as its title says it."""
    found = source.store.series([named.partition("@")[0]])
    return found[0].title if found else named
