"""``evcli sales``."""

from __future__ import annotations

from evcli.commands.complete import BY
from evcli.commands.making import command
from evcli.commands.options import Draw, Output, Packs, Select
from evcli.commands.topic import SubjectArgument, answer_topic


@command(
    "sales",
    examples=(
        "evcli sales --year 2025",
        "evcli sales chery",
        "evcli sales 奇瑞 --format csv",
        "evcli sales --destination GB --year 2025",
        "evcli sales --year 2025 --sort -value",
    ),
    refuses=("bars", "chart"),
    by=BY,
)
def sales(
    subjects: SubjectArgument = None,
    *,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """What makers sold overseas by their own count, one row a series.

    Registrations and market shares come with a maker or a place that is named. The year asked
    for, else the longest window from January, else the newest inside it.
    """
    answer_topic("sales", subjects, select, packs, output, draw)
