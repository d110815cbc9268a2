"""A chart as a page of its own: the drawing, its words and the numbers behind it, no network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from evcli.model.answer import Rounding
from evcli.model.picture import Mark, Picture
from evcli.render.charts.svg import faces, themed
from evcli.render.numbers import human, places_for

LIGHT = "--ink:#1b1f24;--faint:#d0d7de;--paper:#ffffff;--link:#0550ae"
DARK = "--ink:#e6edf3;--faint:#3d444d;--paper:#0d1117;--link:#79c0ff"
STYLE = f"""
:root{{{LIGHT};color-scheme:light dark}}
@media (prefers-color-scheme:dark){{:root{{{DARK}}}}}
@media print{{:root{{{LIGHT}}}}}
body{{margin:0 auto;max-width:52rem;padding:1rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 Inter,'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif}}
svg{{max-width:100%;height:auto}}
table{{border-collapse:collapse;font-variant-numeric:tabular-nums}}
th,td{{padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--faint);text-align:left}}
td.n,th.n{{text-align:right}}
"""


def page(pictures: Sequence[Picture], svg: str) -> str:
    """The whole page, in light and dark."""
    title = "; ".join(picture.title for picture in pictures)
    tables = "".join(map(_table, pictures))
    return (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{faces()}{STYLE}</style></head><body><main>"
        f"<h1 hidden>{escape(title)}</h1><figure style='margin:0'>{themed(svg)}</figure>"
        f"<details><summary>The numbers</summary>{tables}</details></main></body></html>\n"
    )


def _table(picture: Picture) -> str:
    several = len(picture.strands) > 1
    head = (["Series"] if several else []) + ["", f"Value, {picture.unit}", "Low", "High", ""]
    rows = [
        ([strand.name] if several else []) + _cells(mark)
        for strand in picture.strands for mark in strand.marks if mark.drawn
    ]  # fmt: skip
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
