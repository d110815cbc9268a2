"""The files themselves: what other programs find in them, and what is left when it goes wrong."""

from __future__ import annotations

import errno
import os
import re
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from evcli.errors import OutputError, UsageError
from evcli.files import write_whole
from evcli.model.period import parse_period
from evcli.model.picture import ChartSeries, Mark, Picture, Shape
from evcli.model.quantity import Bounds
from evcli.render.charts import drawing
from evcli.render.charts.drawing import check_chart, drawn, write_chart

pytest.importorskip("vl_convert", reason="the extra that draws is not installed")

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"]
SVG = "{http://www.w3.org/2000/svg}"
MARKS = tuple(
    Mark(
        f"{year}",
        Fraction(year),
        Bounds(Fraction(year - 9), Fraction(year + 9)),
        parse_period(str(year)),
        derived=year == 2022,
    )
    for year in (2021, 2022, 2023)
)
PICTURE = Picture(
    Shape.TIME,
    "Exports of 比亚迪 & others",
    "vehicles",
    (ChartSeries("BYD", MARKS, "byd"),),
    sources=("A page (Outlet, 2024)",),
    counted="counted by BYD",
)


def test_svg_says_what_it_shows_and_needs_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "chart.svg"
    write_chart([PICTURE], path)
    root = ElementTree.parse(path).getroot()
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Exports of 比亚迪 & others"
    assert root.findtext(f"{SVG}desc") == (
        "Exports of 比亚迪 & others (vehicles). first 2021 2,021; last 2023 2,023; "
        "least 2021 2,021; greatest 2023 2,023; 1 of 3 derived."
    )
    texts = ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]
    assert "Exports of 比亚迪 & others" in texts
    assert "Source: A page (Outlet, 2024)" in texts
    assert "Vehicles, counted by BYD" in texts
    assert "2,023" in texts  # the newest, at the end of the line
    content = path.read_text("utf-8")
    assert content.count("data:font/woff2;base64,") == 2
    addresses = set(re.findall(r"https?://[^\"' )<]+", content))
    assert addresses == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_the_three_formats_hold_the_same_drawing(tmp_path: Path) -> None:
    plain = PICTURE._replace(title="Exports of BYD & others")  # in letters of every font
    for ending in ("svg", "png", "html"):
        write_chart([plain], tmp_path / f"chart.{ending}")
    svg = (tmp_path / "chart.svg").read_text("utf-8")
    page = (tmp_path / "chart.html").read_text("utf-8")
    lines = re.findall(r' d="M[^"]+"', svg)
    assert len(lines) > 10
    assert re.findall(r' d="M[^"]+"', page) == lines
    png = (tmp_path / "chart.png").read_bytes()
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = (float(each) for each in re.findall(r'(?:width|height)="([\d.]+)"', svg)[:2])
    assert int.from_bytes(png[16:20], "big") == round(width * 2)
    assert abs(int.from_bytes(png[20:24], "big") - height * 2) <= 1


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert drawn([PICTURE]) == drawn([PICTURE])


NO_FONT_HAS = "\U0001df00\U0001df01"  # letters of a script of 2021


def test_a_png_says_which_letters_cannot_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    module = drawing.drawer()

    def noted(svg: str, **how: float) -> bytes:
        shown.append(svg)
        return bytes(module.svg_to_png(svg, **how))

    drawer = SimpleNamespace(svg_to_png=noted, vegalite_to_svg=module.vegalite_to_svg)
    monkeypatch.setattr(drawing, "drawer", lambda: drawer)
    write_chart([PICTURE._replace(title="Exports of BYD")], tmp_path / "chart.png")
    assert "also stands for letters" not in shown[-1]
    picture = PICTURE._replace(title=f"Exports of {NO_FONT_HAS}", sources=(f"X ({NO_FONT_HAS})",))
    write_chart([picture], tmp_path / "chart.png")
    assert ">Exports of ??</text>" in shown[-1]
    assert ">Source: X (??)</text>" in shown[-1]
    assert "'?' also stands for letters that no installed font has" in shown[-1]
    write_chart([picture], tmp_path / "chart.svg")  # where it is read there may be a font
    assert NO_FONT_HAS in (tmp_path / "chart.svg").read_text("utf-8")


def test_signs_of_open_ends_stand_beside_the_figure_and_look_like_no_series() -> None:
    """At least, at most, at least without a number of its own: each apart from every dot."""
    first = MARKS[0]
    number = first.value
    marks = (
        first._replace(bounds=Bounds(number, None)),
        MARKS[1]._replace(bounds=Bounds(None, number), value=number),
        MARKS[2]._replace(bounds=Bounds(number, None), value=None),
    )
    series = tuple(ChartSeries(f"s{at}", marks, f"s{at}") for at in range(5))
    for shape in (Shape.TIME, Shape.BARS):
        one = PICTURE._replace(shape=shape, series=series[:1])
        svg = drawn([one])
        placed = re.findall(r'transform="translate\(([\d.,-]+)\)" d="([^"]+)"', svg)
        places = [place for place, path in placed if "L" in path or "A" in path]
        assert len(places) == len(set(places)) >= 3, places
    svg = drawn([PICTURE._replace(series=series)])
    symbols = re.findall(r'translate\([\d.,-]+\)" d="(M[^"]+)" fill="([^"]+)"', svg)
    paths: dict[str, set[str]] = {}
    for path, colour in symbols:
        paths.setdefault(colour, set()).add(path)
    signs = set.intersection(*(paths[each] for each in COLOURS))
    assert len(signs) == 2  # the arrow up and the arrow down, alike for all
    shapes = [paths[each] - signs for each in COLOURS]
    assert all(shapes)
    assert all(one.isdisjoint(other) for one, other in combinations(shapes, 2))


def test_pictures_of_two_units_stand_under_each_other() -> None:
    other = PICTURE._replace(title="Money", unit="USD")
    root = ElementTree.fromstring(drawn([PICTURE, other]))
    texts = ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]
    order = [texts.index(each) for each in (PICTURE.title, "Money", "USD, counted by BYD")]
    assert order == sorted(order)
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", ["chart.gif", "chart", "missing/chart.svg"])
def test_what_cannot_be_written_is_refused_first(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        check_chart(tmp_path / name)


def test_nothing_to_draw_is_said(tmp_path: Path) -> None:
    empty = PICTURE._replace(series=(ChartSeries("BYD", ()),))
    with pytest.raises(UsageError, match="nothing to draw"):
        write_chart([empty], tmp_path / "chart.svg")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "chart.svg"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="no space left on device"):
        write_whole(path, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["chart.svg"]
    assert path.read_text() == "old"
