"""``evcli get``."""

from __future__ import annotations

from evcli.commands.adornments import show_drawn
from evcli.commands.factory import command
from evcli.commands.options import Draw, Output, Packs, Select, Wide, Words
from evcli.commands.session import opened, over_time, wanted
from evcli.query.selection import BY


@command(
    "get",
    examples=(
        "evcli get nev exports 2025",
        "evcli get cn.exports.nev.caam --period 2025-05 --format json",
        "evcli get 'cn.exports.*' --year 2025 -o exports.csv",
        "evcli get '*.rhodium' --csv --fail-empty",
        "evcli get cn.exports.all.caam --fields period,value,low,high --format csv",
    ),
    refuses=("bars", "chart"),
    by=BY,
)
def get(
    words: Words = None,
    *,
    wide: Wide = False,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Any series, by id or in words: every stated period, oldest first.

    --year takes every period within the year, --period exactly one.
    """
    with opened(packs, output) as source:
        question = wanted(source, select, words, "get")
        from evcli.query.operands import in_ids, series_wanted

        chosen = series_wanted(source, question)
        from evcli.query.get import get_answer  # a misspelt name comes sooner

        answer = over_time(get_answer(source, chosen, question), wide)
        same = in_ids("get", question, [each.id for each in chosen]) if words else ""
        show_drawn(answer, source, output, draw, in_ids=same)
