"""``evcli exports``."""

from __future__ import annotations

from evcli.commands.complete import BY
from evcli.commands.making import command
from evcli.commands.options import Draw, Output, Packs, Select
from evcli.commands.topic import SubjectArgument, answer_topic


@command(
    "exports",
    examples=(
        "evcli exports --year 2025",
        "evcli exports --period 2025-05 --scope nev",
        "evcli exports horgos --format csv",
        "evcli exports --year 2025 --by destination",
        "evcli exports --year 2025 --spark",
    ),
    refuses=("bars", "chart"),
    by=BY,
)
def exports(
    subjects: SubjectArgument = None,
    *,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Exports from China to the world, one row a series; a maker's, if one is named.

    The year asked for, else the longest window from January, else the newest inside it. Other
    scopes, places and values come when they are asked for.
    """
    answer_topic("exports", subjects, select, packs, output, draw)
