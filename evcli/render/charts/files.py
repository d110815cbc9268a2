"""Pictures written to a file: SVG, PNG or HTML by the name's ending, all of one drawing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from evcli.errors import UsageError
from evcli.files import write_whole
from evcli.model.picture import Picture

ENDINGS = (".svg", ".png", ".html")
EXTRA = 'pip install "evcli[charts]"'
_SCALE = 2.0  # PNG for screens of double density


def check_chart(path: Path) -> None:
    """Refuse a file that no picture can be written to, before any work is done.

    Raises UsageError for another ending, a missing folder or a missing extra.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(f"no picture is written as {path.name!r}", f"end it in {_told(ENDINGS)}")
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
            content = png(svg)
        case _:
            from evcli.render.charts.page import page

            content = page(shown, svg).encode()
    write_whole(path, content)


def drawn(pictures: Sequence[Picture]) -> str:
    """The SVG image of *pictures*."""
    from evcli.render.charts.svg import composed

    return composed(pictures, lambda spec: drawer().vegalite_to_svg(spec, vl_version="5.21"))


def png(svg: str) -> bytes:
    """The same image as PNG."""
    image: bytes = drawer().svg_to_png(svg, scale=_SCALE)
    return image


def drawer() -> ModuleType:
    """The library that draws; UsageError where the extra is not installed."""
    try:
        import vl_convert
    except ImportError:
        raise UsageError("drawing pictures needs an extra", EXTRA) from None
    from evcli.render.charts.svg import FONTS

    vl_convert.register_font_directory(str(FONTS))
    module: ModuleType = vl_convert
    return module


def _told(endings: Sequence[str]) -> str:
    return f"{', '.join(endings[:-1])} or {endings[-1]}"
