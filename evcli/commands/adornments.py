"""What is drawn for people: bars and sparklines in the table, charts above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evcli.commands.options import Draw
from evcli.model.answer import Answer, HumanColumn, View
from evcli.model.picture import Picture
from evcli.query.figures import Figures
from evcli.query.pictures import bars, recent, unit_of_bars, with_bar
from evcli.render import Options
from evcli.render.table import room_beside
from evcli.render.termchart import bar_texts, chart_lines, spark

_BAR, _LESS_BAR, _LEAST_BAR = 24, 16, 8  # cells


def charts_above(pictures: Sequence[Picture], options: Options) -> Iterator[str]:
    """Each picture with an empty line below."""
    for picture in pictures:
        width = options.width or 80
        for line in chart_lines(picture, width=width, color=options.color, ascii=options.ascii):
            yield line + "\n"
        yield "\n"


def adorned(answer: Answer, source: Figures, options: Options, draw: Draw, field: str) -> Answer:
    """The answer with the columns that *draw* asks for: bars of *field*, then sparklines."""
    if draw.bars:
        room = _BAR if options.width is None else room_beside(answer, options.width, _LESS_BAR)
        width = max(_LEAST_BAR, min(_BAR, room))
        texts = iter(bar_texts(bars(answer, field), width, ascii=options.ascii))
        figures = with_bar(answer, field)
        cells = [next(texts) if each else "" for each in figures]
        pairs = zip(answer.rows, figures, strict=True)
        others = sum(bool(row.get("unit")) and not each for row, each in pairs)
        if others > sum(bool(row.get("is_total")) for row in answer.rows):
            note = f"bars are of {unit_of_bars(answer, field)} alone"
            answer = answer._replace(notes=(*answer.notes, note))
        answer = _with_column(answer, "", "bar", cells)
    if draw.spark:  # of the windows up to that of each row
        shown = map(answer.figure, answer.rows)
        runs = (recent(source, each, answer.figures) if each else () for each in shown)
        cells = [spark(numbers, ascii=options.ascii) for numbers in runs]
        width = max(map(len, cells), default=0)
        answer = _with_column(answer, "trend", "spark", [cell.rjust(width) for cell in cells])
    return answer


def _with_column(answer: Answer, head: str, field: str, cells: list[str]) -> Answer:
    """The answer with a column in front of the sources, if there is anything in it."""
    if not any(cell.strip() for cell in cells):
        return answer
    views, column = answer.views, HumanColumn(head, View.DRAWN, (field,))
    at = next((at for at, view in enumerate(views) if view.view is View.SOURCES), len(views))
    rows = [{**row, field: cell} for row, cell in zip(answer.rows, cells, strict=True)]
    return answer._replace(rows=rows, views=(*views[:at], column, *views[at:]))
