"""Charts in the terminal: read by eye once, then held to the byte; and what holds for all."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.model.period import Period
from evcli.model.picture import ChartSeries, Mark, Picture, Shape
from evcli.model.quantity import Bounds
from evcli.render.table import width_of
from evcli.render.termchart import LETTERS, MOST, SHAPES, Axis, Canvas, Chart, Span, chart_lines
from evcli.terminal import SERIES

CHARTS = Path(__file__).parent / "charts"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month(
    at: int,
    value: int | None,
    low: int | None,
    high: int | None,
    *,
    derived: bool = False,
    forecast: bool = False,
    change: int | None = None,
) -> Mark:
    """A figure for a month of 2024, *at* from 1; numbers in thousands."""
    numbers = [None if each is None else Fraction(each * 1000) for each in (value, low, high)]
    return Mark(
        f"{MONTHS[at - 1]} 2024",
        numbers[0],
        Bounds(numbers[1], numbers[2]),
        Period.of_months(2024, at, 1),
        derived,
        forecast,
        None if change is None else Fraction(change),
        change_bounds=Bounds() if change is None else Bounds.around(Fraction(change), Fraction(1)),
    )


# Everything that a chart knows: a derived month, wide bounds, a range, a missing month (July),
# an end that is open, a plan; and a second counter whose March is the first one's March
CUSTOMS = ChartSeries(
    "新能源汽车",
    (
        month(1, 100, 100, 100),
        month(2, 120, 60, 180),
        month(3, 200, 200, 200, derived=True),
        month(4, None, 150, 310),
        month(5, 240, 239, 241),
        month(6, 260, 260, 260),
        month(8, 300, 300, None),
        month(9, None, None, 320),
        month(10, 310, 309, 311),
        month(11, 330, 330, 330, change=25),
        month(12, 400, 400, 400, forecast=True),
    ),
    "cn.customs",
    "GACC",
)
OTHERS = ChartSeries(
    "New-energy vehicles (CAAM)",
    (month(3, 200, 200, 200), month(4, 100, 99, 101), month(5, 90, 90, 90, derived=True)),
    "cn.caam",
    "CAAM",
)
EVERYTHING = Picture(
    Shape.TIME,
    "Exports · 中国",
    "vehicles",
    (CUSTOMS, OTHERS),
    notes=("GACC, CAAM each count in their own way: their lines are not joined",),
)
# The numbers of a growth: below zero and above
FALL = Picture(
    Shape.TIME,
    "Growth",
    "%",
    (
        ChartSeries(
            "BYD",
            tuple(
                Mark(
                    str(year),
                    Fraction(value),
                    Bounds(Fraction(value) - 1, Fraction(value) + 1),
                    Period.of_year(year),
                )
                for year, value in ((2021, 40), (2022, -30), (2023, -5), (2024, 20), (2026, 5))
            ),
        ),
    ),
)
GOLDEN = {
    f"{name}-{width}{'-ascii' if ascii else ''}": (picture, width, ascii)
    for name, picture in (("everything", EVERYTHING), ("fall", FALL))
    for width in (80, 40)
    for ascii in (False, True)
}


def drawn(picture: Picture, width: int = 80, *, ascii: bool = False, color: bool = False) -> str:
    lines = chart_lines(picture, width=width, ascii=ascii, color=color)
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("name", GOLDEN)
def test_a_chart_is_drawn_as_it_was_approved(name: str) -> None:
    picture, width, ascii = GOLDEN[name]
    assert drawn(picture, width, ascii=ascii) == (CHARTS / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("width", [10, 24, 40, 80, 200])
@pytest.mark.parametrize("ascii", [False, True])
def test_a_chart_fits_its_width(width: int, ascii: bool) -> None:
    for line in drawn(EVERYTHING, width, ascii=ascii).splitlines():
        assert width_of(line) <= max(width, 24)


def test_ascii_is_ascii_but_for_names() -> None:
    assert drawn(FALL, ascii=True).isascii()
    foreign = [line for line in drawn(EVERYTHING, ascii=True).splitlines() if not line.isascii()]
    assert len(foreign) == 2  # the title and the name of the series


def test_colour_changes_nothing_but_colour() -> None:
    import re

    coloured = drawn(EVERYTHING, color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == drawn(EVERYTHING)
    assert {SERIES[0], SERIES[1]} <= set(re.findall(r"\x1b\[38;5;\d+m", coloured))


def test_the_colours_are_those_of_okabe_and_ito() -> None:
    """Each is the nearest colour of the 6 x 6 x 6 cube to one of the palette's seven."""
    palette = ("56B4E9", "D55E00", "009E73", "E69F00", "CC79A7", "0072B2", "F0E442")
    levels = (0, 95, 135, 175, 215, 255)
    for code, hex_ in zip(SERIES, palette, strict=True):
        wanted = [int(hex_[at : at + 2], 16) for at in (0, 2, 4)]
        steps = [min(range(6), key=lambda step: abs(levels[step] - part)) for part in wanted]
        assert code == f"\x1b[38;5;{16 + 36 * steps[0] + 6 * steps[1] + steps[2]}m"


def test_no_two_series_look_alike_without_colour() -> None:
    for shapes in (SHAPES, LETTERS):
        signs = "".join(shapes)
        assert len(set(signs)) == len(signs) == 2 * MOST
        assert {width_of(sign) for sign in signs} == {1}


def test_more_series_than_can_be_told_apart_are_refused() -> None:
    crowd = FALL._replace(series=FALL.series * (MOST + 1))
    with pytest.raises(ValueError, match="8 series"):
        drawn(crowd)


@pytest.mark.parametrize(
    "series",
    [
        (),
        (ChartSeries("nothing", ()),),
        (ChartSeries("open", (Mark("2024", None, Bounds(), Period.of_year(2024)),)),),
    ],
    ids=["no series", "no mark", "all open"],
)
def test_nothing_to_draw_is_said(series: tuple[ChartSeries, ...]) -> None:
    empty = Picture(Shape.TIME, "Exports", "vehicles", series)
    assert drawn(empty) == "Exports\nnothing to draw: no value and no bound is known\n"


def test_one_window_is_a_chart_too() -> None:
    one = FALL._replace(series=(ChartSeries("BYD", FALL.series[0].marks[:1]),))
    text = drawn(one)
    assert text.count("●") == 2  # in the chart and in the legend
    assert "2021" in text


def test_a_line_joins_only_windows_that_follow_each_other() -> None:
    """2024 and 2026 lie apart, so no dot may stand between their columns."""
    chart = Chart(FALL, 80)
    before, after = (chart.columns[Period.of_year(year)] for year in (2024, 2026))
    assert all(set(row[before + 1 : after]) <= {" ", "╌"} for row in chart.canvas.rows())
    joined, next_ = (chart.columns[Period.of_year(year)] for year in (2021, 2022))
    assert any(set(row[joined + 1 : next_]) - {" ", "╌"} for row in chart.canvas.rows())


def test_an_axis_that_does_not_begin_at_zero_says_so() -> None:
    near = (100, 101, 102)
    marks = tuple(month(at, value, value, value) for at, value in enumerate(near, 1))
    picture = EVERYTHING._replace(series=(ChartSeries("BYD", marks),), notes=())
    assert "the axis does not begin at zero" in drawn(picture)
    assert "the axis does not begin at zero" not in drawn(EVERYTHING)


def test_a_canvas_refuses_what_lies_outside() -> None:
    with pytest.raises(ValueError, match="not on 3 by 2"):
        Canvas(3, 2).put(3, 0, "x")


# --- what holds for every picture ---------------------------------------------------------------

numbers = st.integers(-(10**7), 10**10).map(lambda number: Fraction(number, 7))


@st.composite
def marks(draw: st.DrawFn) -> Mark:
    at = draw(st.integers(0, 40))
    some = sorted(draw(st.lists(numbers, min_size=3, max_size=3)))
    known = draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
    low, value, high = (
        number if there else None for number, there in zip(some, known, strict=True)
    )
    period = Period.of_months(2020 + at // 12, at % 12 + 1, 1)
    return Mark(
        "x 2024", value, Bounds(low, high), period, draw(st.booleans()), draw(st.booleans())
    )


def picture_of(series: list[list[Mark]]) -> Picture:
    named = tuple(ChartSeries(f"s{at}", tuple(each)) for at, each in enumerate(series))
    return Picture(Shape.TIME, "T", "vehicles", named)


pictures = st.lists(st.lists(marks(), max_size=12), min_size=1, max_size=MOST).map(picture_of)


@given(pictures, st.integers(24, 130), st.booleans())
def test_every_mark_is_inside_the_canvas(picture: Picture, width: int, ascii: bool) -> None:
    chart = Chart(picture, width, ascii=ascii)
    for mark in picture.marks:
        assert chart.axis is not None
        assert 12 <= chart.axis.height <= 20
        assert 0 <= chart.column(mark) < chart.canvas.width
        span = Span.of(chart.axis, mark)
        assert 0 <= span.top <= span.bottom < chart.axis.height
    assert all(width_of(line) <= width for line in drawn(picture, width, ascii=ascii).splitlines())


@given(numbers, numbers, st.lists(numbers, min_size=2, max_size=6), st.sampled_from([12, 16, 20]))
def test_the_row_of_a_value_is_monotone_in_the_value(
    one: Fraction, other: Fraction, values: list[Fraction], height: int
) -> None:
    axis = Axis.over(min(one, other, *values), max(one, other, *values), height)
    rows = [axis.row(value) for value in sorted([one, other, *values])]
    assert rows == sorted(rows, reverse=True)
    assert [axis.place(tick) % 1 for tick in axis.ticks] == [0] * len(axis.ticks)
    assert axis.ticks[0] == axis.low <= min(values)
    assert axis.ticks[-1] == axis.high >= max(values)


@given(pictures)
def test_the_ends_of_a_whisker_enclose_the_mark(picture: Picture) -> None:
    chart = Chart(picture, 80)
    for mark in picture.marks:
        assert chart.axis is not None
        span = Span.of(chart.axis, mark)
        if span.at is not None:
            assert span.top <= span.at <= span.bottom
