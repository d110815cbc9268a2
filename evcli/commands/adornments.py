"""What ``--spark`` and ``--bars`` add to the table that people read; machine formats stay as is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from evcli.commands.options import Draw, Output
from evcli.commands.session import are_taken, ordered, show

if TYPE_CHECKING:
    from fractions import Fraction

    from evcli.model.answer import Answer
    from evcli.model.picture import Picture
    from evcli.query.figures import Figures

_BAR, _LESS_BAR, _LEAST_BAR = 24, 16, 8  # cells


def show_drawn(
    answer: Answer,
    source: Figures,
    output: Output,
    draw: Draw,
    *,
    value: str = "value",
    unit: str = "",
    title: str = "",
    charts: Callable[[], Sequence[Picture]] | None = None,
    in_ids: str = "",
) -> None:
    """Print the answer with the columns that *draw* asks for, under its *charts* if it has any.

    An answer without charts of its own is drawn as bars, where a file or a report wants a picture:
    *value* is the field drawn, *unit* its unit (else that of the first row), *title* what stands
    above the picture where the title of the table does not say enough. ``--fields`` picks columns,
    so that it has none of these; what ``--limit`` cuts off does not scale the bars.
    """
    drawing = draw.spark or draw.bars
    ascii = draw.ascii or ((drawing or charts is not None) and _in_ascii())

    def picture(shown: Answer) -> Picture:
        from evcli.query.pictures import bars

        return bars(shown, title=title or shown.title, unit=unit or _unit_of(shown), value=value)

    def above(width: int | None, color: bool) -> Iterator[str]:
        from evcli.render.termchart import chart_lines

        for each in charts() if charts else ():
            for line in chart_lines(each, width=width or 80, color=color, ascii=ascii):
                yield line + "\n"
            yield "\n"

    is_table = output.format == "table" and not output.fields and not are_taken()
    if drawing and is_table and answer.views:
        answer = ordered(answer, output)
        if draw.bars:
            answer = _with_bars(answer, output, picture(answer), value, ascii)
        if draw.spark:
            answer = _with_sparks(answer, source, ascii)
    show(
        answer,
        output,
        above=above if charts else None,
        ascii=ascii,
        pictures=lambda shown: charts() if charts else (picture(shown),),
        chart=draw.chart,
        in_ids=in_ids,
    )


def _unit_of(answer: Answer) -> str:
    """The unit of the first row that has one."""
    return next((str(row["unit"]) for row in answer.rows if row.get("unit")), "")


def _in_ascii() -> bool:
    from evcli.text.characters import wants_ascii

    return wants_ascii(os.environ)


def _with_bars(answer: Answer, output: Output, picture: Picture, value: str, ascii: bool) -> Answer:
    """The bars of *picture* beside the rows that they are drawn of."""
    from evcli.query.pictures import has_bar
    from evcli.render import Stdout
    from evcli.render.table import room_beside
    from evcli.render.termchart import bar_texts

    columns = None if output.out else Stdout().width
    room = _BAR if columns is None else room_beside(answer, columns, _LESS_BAR)
    texts = iter(bar_texts(picture, max(_LEAST_BAR, min(_BAR, room)), ascii=ascii))
    drawn = [has_bar(row, picture.unit, value) for row in answer.rows]
    cells = [next(texts) if is_drawn else "" for is_drawn in drawn]
    others = (row for row, is_drawn in zip(answer.rows, drawn, strict=True) if not is_drawn)
    if any(row.get("unit") and not row.get("is_total") for row in others):
        answer = answer._replace(notes=(*answer.notes, f"bars are of {picture.unit} alone"))
    return _with_column(answer, "", "bar", cells)


def _with_sparks(answer: Answer, source: Figures, ascii: bool) -> Answer:
    """A sparkline of the windows up to that of each row."""
    from evcli.query.pictures import recent, row_period, shown_numbers
    from evcli.render.termchart import spark

    ids = [str(row.get("id", "")).partition("@")[0] for row in answer.rows]
    series = {each.id: each for each in source.store.series(ids)}
    shown = shown_numbers(answer.rows)
    cells = []
    for row, id in zip(answer.rows, ids, strict=True):
        period = row_period(row)
        numbers: Sequence[Fraction | None] = ()
        if period is not None and id in series:
            numbers = recent(source, series[id], period, shown=shown)
        cells.append(spark(numbers, ascii=ascii))
    width = max(map(len, cells), default=0)
    return _with_column(answer, "trend", "spark", [cell.rjust(width) for cell in cells])


def _with_column(answer: Answer, head: str, field: str, cells: list[str]) -> Answer:
    """The answer with a column in front of the sources, if there is anything in it."""
    from evcli.model.answer import HumanColumn, View

    if not any(cell.strip() for cell in cells):
        return answer
    views, column = answer.views, HumanColumn(head, View.DRAWN, (field,))
    at = next((at for at, view in enumerate(views) if view.view is View.SOURCES), len(views))
    rows = [{**row, field: cell} for row, cell in zip(answer.rows, cells, strict=True)]
    return answer._replace(rows=rows, views=(*views[:at], column, *views[at:]))
