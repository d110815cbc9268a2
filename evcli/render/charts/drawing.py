"""Pictures written to a file: SVG, PNG or HTML, all of one drawing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from types import ModuleType

from evcli.errors import UsageError
from evcli.files import write_whole
from evcli.model.answer import Rounding
from evcli.model.picture import Mark, Picture
from evcli.render.charts.svg import FONTS, composed, faces, themed
from evcli.render.report import style
from evcli.text.lists import listed
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
    several = len(picture.series) > 1
    head = (["Series"] if several else []) + ["", f"Value, {picture.unit}", "Low", "High", ""]
    rows = [
        ([each.name] if several else []) + _cells(mark)
        for each in picture.series
        for mark in each.marks
        if mark.drawn
    ]
    numeric = range(len(head) - 4, len(head) - 1)
    lines = [_row(head, numeric, "th"), *(_row(cells, numeric, "td") for cells in rows)]
    return f"<table><caption>{escape(picture.title)}</caption>{''.join(lines)}</table>"


def _cells(mark: Mark) -> list[str]:
    low, high = mark.bounds
    places = places_for(low, high)
    kind = "derived" if mark.derived else "plan or target" if mark.forecast else ""
    value = "" if mark.value is None else human(mark.value, places)
    least = "" if low is None else human(low, places, Rounding.DOWN)
    most = "" if high is None else human(high, places, Rounding.UP)
    return [mark.label, value, least, most, kind]


def _row(cells: Sequence[str], numeric: range, tag: str) -> str:
    inner = "".join(
        f"<{tag}{' class=n' if at in numeric else ''}>{escape(cell)}</{tag}>"
        for at, cell in enumerate(cells)
    )
    return f"<tr>{inner}</tr>"


ENDINGS = (".svg", ".png", ".html")
EXTRA = 'pip install "evcli[charts]"'
_SCALE = 2.0  # PNG for screens of double density


def check_chart(path: Path) -> None:
    """Refuse a file that no picture can be written to, before any work is done.

    Raises UsageError for another ending, a missing folder or a missing extra.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(
            f"no picture is written as {path.name!r}", f"end it in {listed(ENDINGS, 'or')}"
        )
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {str(path.parent)!r}", "make it, or name another")
    drawer()


def write_chart(pictures: Sequence[Picture], path: Path) -> None:
    """Draw *pictures* one under the other into the file *path*, whole or not at all."""
    shown = [picture for picture in pictures if picture.marks]
    if not shown:
        raise UsageError("there is nothing to draw: no figure has a number", "ask for others")
    svg = drawn(shown)
    match path.suffix.lower():
        case ".svg":
            content = svg.encode()
        case ".png":
            content = drawer().svg_to_png(svg, scale=_SCALE)
        case _:
            content = page(shown, svg).encode()
    write_whole(path, content)


def drawn(pictures: Sequence[Picture]) -> str:
    """The SVG image of *pictures*."""
    return composed(pictures, lambda spec: drawer().vegalite_to_svg(spec, vl_version="5.21"))


def drawer() -> ModuleType:
    """The library that draws; UsageError where the extra is not installed."""
    try:
        import vl_convert
    except ImportError:
        raise UsageError("drawing pictures needs an extra", EXTRA) from None
    vl_convert.register_font_directory(str(FONTS))
    module: ModuleType = vl_convert
    return module
