"""What ``--spark`` and ``--bars`` add to the table that people read; machine formats stay as is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from evcli.commands.options import Draw, Output
from evcli.commands.session import are_taken, ordered, show
from evcli.model.period import PeriodError, parse_period

if TYPE_CHECKING:
    from evcli.model.answer import Answer, HumanColumn, Value
    from evcli.model.picture import Picture
    from evcli.query.figures import Figures

_BAR, _LESS_BAR, _LEAST_BAR = 24, 16, 8  # cells


class Drawn(NamedTuple):
    """The fields that bars are drawn of, and their unit: that of the first row if empty."""

    value: str = "value"
    low: str = "low"
    high: str = "high"
    unit: str = ""
    title: str = ""  # of the picture, where the table's does not say enough


VALUES = Drawn()


def show_drawn(
    answer: Answer,
    source: Figures,
    output: Output,
    draw: Draw,
    drawn: Drawn = VALUES,
    charts: Callable[[], Sequence[Picture]] | None = None,
    in_ids: str = "",
) -> None:
    """Print the answer with the columns that *draw* asks for, under its *charts* if it has any.

    An answer without charts of its own is drawn as bars, where a file or a report wants a picture.
    """
    ascii = draw.ascii or ((draw.spark or draw.bars or charts is not None) and _in_ascii(draw))
    show(
        _adorned(answer, source, output, draw, drawn),
        output,
        above=None
        if charts is None
        else lambda width, color: _chart_lines(charts(), width, color, ascii),
        ascii=ascii,
        pictures=lambda shown: (_bars_of(shown, drawn),) if charts is None else charts(),
        chart=draw.chart,
        in_ids=in_ids,
    )


def _chart_lines(
    pictures: Sequence[Picture], width: int | None, color: bool, ascii: bool
) -> Iterator[str]:
    """Each picture with an empty line below."""
    from evcli.render.termchart import chart_lines

    for picture in pictures:
        for line in chart_lines(picture, width=width or 80, color=color, ascii=ascii):
            yield line + "\n"
        yield "\n"


def _bars_of(answer: Answer, drawn: Drawn) -> Picture:
    """The rows as bars, those of one unit."""
    from evcli.query.pictures import bars

    value, low, high, unit, title = drawn
    unit = unit or _unit_of(answer)
    return bars(answer, title=title or answer.title, unit=unit, value=value, low=low, high=high)


def _unit_of(answer: Answer) -> str:
    """The unit of the first row that has one."""
    return next((str(row["unit"]) for row in answer.rows if row.get("unit")), "")


def _adorned(
    answer: Answer, source: Figures, output: Output, draw: Draw, drawn: Drawn = VALUES
) -> Answer:
    """The answer with the columns that *draw* asks for; ``--fields`` picks columns, so it has none.

    What ``--limit`` cuts off is not drawn, and so does not scale the bars.
    """
    if output.format != "table" or output.fields or not answer.views or are_taken():
        return answer
    if draw.bars or draw.spark:
        answer = ordered(answer, output)
    if draw.bars:
        answer = _with_bars(answer, output, draw, drawn)
    if draw.spark:
        answer = _with_sparks(answer, source, draw)
    return answer


def _in_ascii(draw: Draw) -> bool:
    """Whether pictures are drawn in plain ASCII: by option, or since there is nothing else."""
    from evcli.text.characters import wants_ascii

    return draw.ascii or wants_ascii(os.environ)


def _with_bars(answer: Answer, output: Output, draw: Draw, drawn: Drawn) -> Answer:
    from evcli.model.answer import HumanColumn, View
    from evcli.query.pictures import has_bar
    from evcli.render import Stdout
    from evcli.render.table import room_beside
    from evcli.render.termchart import bar_texts

    value, unit = drawn.value, drawn.unit or _unit_of(answer)
    columns = None if output.out else Stdout().width
    room = _BAR if columns is None else room_beside(answer, columns, _LESS_BAR)
    width = max(_LEAST_BAR, min(_BAR, room))
    texts = iter(bar_texts(_bars_of(answer, drawn), width, ascii=_in_ascii(draw)))
    cells = [next(texts) if has_bar(row, unit, value) else "" for row in answer.rows]
    others = sum(bool(row.get("unit")) and not has_bar(row, unit, value) for row in answer.rows)
    totals = sum(bool(row.get("is_total")) for row in answer.rows)
    if others > totals:
        notes = (*answer.notes, f"bars are of {unit} alone")
        answer = answer._replace(notes=notes)
    return _with_column(answer, HumanColumn("", View.DRAWN, ("bar",)), cells)


def _with_sparks(answer: Answer, source: Figures, draw: Draw) -> Answer:
    """A sparkline of the windows up to that of each row."""
    from evcli.model.answer import HumanColumn, View
    from evcli.query.pictures import recent, shown_numbers
    from evcli.render.termchart import spark

    ascii = _in_ascii(draw)
    ids = [str(row.get("id", "")).partition("@")[0] for row in answer.rows]
    series = {each.id: each for each in source.store.series(ids)}
    shown = shown_numbers(answer.rows)
    cells = []
    for row, id in zip(answer.rows, ids, strict=True):
        try:
            period = parse_period(str(row.get("period", "")), first_year=1)
        except PeriodError:
            cells.append("")
            continue
        numbers = recent(source, series[id], period, shown=shown) if id in series else ()
        cells.append(spark(numbers, ascii=ascii))
    width = max(map(len, cells), default=0)
    cells = [cell.rjust(width) for cell in cells]
    return _with_column(answer, HumanColumn("trend", View.DRAWN, ("spark",)), cells)


def _with_column(answer: Answer, column: HumanColumn, cells: list[str]) -> Answer:
    """The answer with a column in front of the sources, if there is anything in it."""
    from evcli.model.answer import View

    views = answer.views
    at = next((at for at, view in enumerate(views) if view.view is View.SOURCES), len(views))
    rows: list[Mapping[str, Value]] = [
        {**row, column.fields[0]: cell} for row, cell in zip(answer.rows, cells, strict=True)
    ]
    if not any(cell.strip() for cell in cells):
        return answer
    return answer._replace(rows=rows, views=(*views[:at], column, *views[at:]))
