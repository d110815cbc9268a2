"""``evcli trend``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.making import command
from evcli.commands.options import WINDOWS, Draw, Output, Packs, Select
from evcli.commands.runtime import opened, show, wanted
from evcli.model.picture import Picture


@command(
    "trend",
    examples=(
        "evcli trend cn.exports.nev.caam",
        "evcli trend cn.exports.nev.caam cn.exports.nev.gacc --since 2025 --by month",
        "evcli trend byd.overseas-sales.all.byd --by quarter --ascii",
        "evcli trend cn.exports.all.caam --by year --format csv",
    ),
    refuses=("bars",),
    by=WINDOWS,
)
def trend(
    series: Annotated[
        list[str],
        typer.Argument(
            metavar="SERIES-OR-GLOB...",
            autocompletion=complete.series,
            help="Series ids; * and ? match any part of one.",
        ),
    ],
    *,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """One or several series over time: a chart with bounds, and the figures under it.

    Months where they are known, else quarters, half-years or years; --by decides. What evcli
    derived is hollow, bounds are whiskers, and who counts differently has a line of its own.
    """
    from evcli.commands.drawing import adorned, check_chart_of, in_ascii
    from evcli.query.pictures import over_time
    from evcli.query.selection import series_named
    from evcli.query.trend import figures_of_trend, table_under_chart, trend_of

    check_chart_of(draw)

    def drawn() -> tuple[Picture, ...]:
        from evcli.render.termchart import MOST

        return over_time(trend_of(source, named, question, most=MOST).figures, source)

    with opened(packs, output) as source:
        named, question = series_named(source.store, series), wanted(source, select)
        if output.format != "table":
            answer = figures_of_trend(source, trend_of(source, named, question))
            show(answer, output, pictures=lambda _: drawn(), chart=draw.chart)
            return
        from evcli.render.termchart import MOST

        found = trend_of(source, named, question, most=MOST)
        pictures = over_time(found.figures, source)
        plain = output.fields or output.sort or output.limit
        answer = figures_of_trend(source, found) if plain else table_under_chart(source, found)
        ascii = in_ascii(draw)
        show(
            adorned(answer, source, output, draw),
            output,
            above=lambda width, color: _charts(pictures, width, color, ascii),
            ascii=ascii,
            pictures=lambda _: pictures,
            chart=draw.chart,
        )


def _charts(
    pictures: tuple[Picture, ...], width: int | None, color: bool, ascii: bool
) -> Iterator[str]:
    """Each picture with an empty line below."""
    from evcli.render.termchart import chart_lines

    for picture in pictures:
        for line in chart_lines(picture, width=width or 80, color=color, ascii=ascii):
            yield line + "\n"
        yield "\n"
