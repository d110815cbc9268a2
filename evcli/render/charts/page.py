"""A chart as a page of its own: the drawing, its words and the numbers behind it, no network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from evcli.model.answer import Rounding
from evcli.model.picture import Mark, Picture
from evcli.render.charts.svg import faces, themed
from evcli.render.pages import style
from evcli.text.numbers import human, places_for


def page(pictures: Sequence[Picture], svg: str) -> str:
    """The whole page, in light and dark."""
    title = "; ".join(picture.title for picture in pictures)
    tables = "".join(map(_table, pictures))
    return (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{faces()}{style()}</style></head><body><main>"
        f"<h1 hidden>{escape(title)}</h1><figure>{themed(svg)}</figure>"
        f"<details><summary>The numbers</summary>{tables}</details></main></body></html>\n"
    )


def _table(picture: Picture) -> str:
    several = len(picture.strands) > 1
    head = (["Series"] if several else []) + ["", f"Value, {picture.unit}", "Low", "High", ""]
    rows = [
        ([strand.name] if several else []) + _cells(mark)
        for strand in picture.strands
        for mark in strand.marks
        if mark.drawn
    ]
    numeric = range(len(head) - 4, len(head) - 1)
    lines = [_row(head, numeric, "th"), *(_row(cells, numeric, "td") for cells in rows)]
    return f"<table><caption>{escape(picture.title)}</caption>{''.join(lines)}</table>"


def _cells(mark: Mark) -> list[str]:
    low, high = mark.bounds
    places = places_for(low, high)
    said = "derived" if mark.derived else "plan or target" if mark.forecast else ""
    value = "" if mark.value is None else human(mark.value, places)
    least = "" if low is None else human(low, places, Rounding.DOWN)
    most = "" if high is None else human(high, places, Rounding.UP)
    return [mark.label, value, least, most, said]


def _row(cells: Sequence[str], numeric: range, tag: str) -> str:
    inner = "".join(
        f"<{tag}{' class=n' if at in numeric else ''}>{escape(cell)}</{tag}>"
        for at, cell in enumerate(cells)
    )
    return f"<tr>{inner}</tr>"
