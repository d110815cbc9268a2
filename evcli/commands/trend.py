"""``evcli trend``."""

from __future__ import annotations

from evcli.commands.factory import command
from evcli.commands.options import WINDOWS, Draw, Output, Packs, Select, Words
from evcli.commands.session import in_ids, opened, show, wanted


@command(
    examples=(
        "evcli trend nev exports",
        "evcli trend cn.exports.nev.caam",
        "evcli trend cn.exports.nev.caam cn.exports.nev.gacc --since 2025 --by month",
        "evcli trend byd.overseas-sales.all.byd --by quarter --ascii",
        "evcli trend cn.exports.all.caam --by year --format csv",
    ),
    refuses=("bars",),
    by=WINDOWS,
)
def trend(words: Words = None, *, select: Select, packs: Packs, output: Output, draw: Draw) -> None:
    """One or several series over time: a chart with bounds, and the figures below it.

    Months where they are known, otherwise quarters, half-years or years, unless --by says which.
    Derived values are hollow, bounds are whiskers, and each way of counting has its own line.
    """
    from evcli.query.operands import series_wanted
    from evcli.query.pictures import over_time
    from evcli.query.trend import figures_of_trend, table_under_chart, trend_of
    from evcli.render.termchart import MOST

    table = output.format == "table"
    with opened(packs, output) as source:
        question = wanted(source, select, words, "trend")
        named = series_wanted(source, question)
        found = trend_of(source, named, question, most=MOST if table else None)
        plain = not table or output.fields or output.sort or output.limit
        answer = figures_of_trend(source, found) if plain else table_under_chart(source, found)
        same = in_ids("trend", question, [each.id for each in named])
        show(
            answer,
            output,
            draw,
            source,
            charts=lambda: over_time(found.figures, source, most=MOST),
            in_ids=same,
        )
