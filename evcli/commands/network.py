"""``evcli network``."""

from __future__ import annotations

from evcli.commands.complete import BY
from evcli.commands.making import command
from evcli.commands.options import Draw, Output, Packs, Select
from evcli.commands.topic import SubjectArgument, answer_topic


@command(
    "network",
    examples=(
        "evcli network",
        "evcli network nio",
        "evcli network --by subject --format csv",
    ),
    refuses=("bars", "chart"),
    by=BY,
)
def network(
    subjects: SubjectArgument = None,
    *,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Stores, markets, battery swap stations, local teams: the newest count of each.

    Plans and targets have the status forecast.
    """
    answer_topic("network", subjects, select, packs, output, draw)
