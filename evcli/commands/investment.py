"""``evcli investment``."""

from __future__ import annotations

from evcli.commands.complete import BY
from evcli.commands.making import command
from evcli.commands.options import Draw, Output, Packs, Select
from evcli.commands.topic import SubjectArgument, answer_topic


@command(
    "investment",
    examples=(
        "evcli investment --year 2024",
        "evcli investment --destination HU",
        "evcli investment --metric outbound-fdi --by destination --format csv",
    ),
    refuses=("bars", "chart"),
    by=BY,
)
def investment(
    subjects: SubjectArgument = None,
    *,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Investment of the Chinese EV supply chain, abroad and at home; then other measures.

    The year asked for, else the longest window from January, else the newest inside it. Measures
    that count otherwise stand apart.
    """
    answer_topic("investment", subjects, select, packs, output, draw)
