"""Charts in the terminal: read by eye once, then held to the byte; and what holds for all."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.model.period import Period
from evcli.model.picture import ChartSeries, Mark, Picture, Shape
from evcli.model.quantity import Bounds
from evcli.render.charts import drawing
from evcli.render.layout import MOST, TOGETHER, Axis, apart, end_label, middle
from evcli.render.termchart import SHAPES, Chart, Span, chart_lines, spelt
from evcli.terminal import SERIES, width_of

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
)
OTHERS = ChartSeries(
    "New-energy vehicles (CAAM)",
    (month(3, 200, 200, 200), month(4, 100, 99, 101), month(5, 90, 90, 90, derived=True)),
    "cn.caam",
)
EVERYTHING = Picture(
    Shape.TIME,
    "Exports · 中国",
    "vehicles",
    (CUSTOMS, OTHERS),
    counted="counted by GACC and CAAM, each in its own way",
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
# Six makers, the first one's year four times the last one's
PANELS = Picture(
    Shape.TIME,
    "Overseas sales",
    "vehicles",
    tuple(
        ChartSeries(
            f"Maker {at}",
            tuple(
                Mark(str(year), Fraction(size * 1000), Bounds(), Period.of_year(year))
                for year, size in ((2023, 50), (2024, 100 + 50 * (6 - at)), (2025, 50 * (7 - at)))
            ),
        )
        for at in range(1, 7)
    ),
    counted="makers' own counts, each in its own way",
)
GOLDEN = {
    f"{name}-{width}": (picture, width)
    for name, picture in (("everything", EVERYTHING), ("fall", FALL), ("panels", PANELS))
    for width in (80, 40)
}


def drawn(picture: Picture, width: int = 80, *, color: bool = False) -> str:
    lines = chart_lines(picture, width=width, color=color)
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("name", GOLDEN)
def test_a_chart_is_drawn_as_it_was_approved(name: str) -> None:
    picture, width = GOLDEN[name]
    assert drawn(picture, width) == (CHARTS / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("width", [10, 24, 40, 80, 200])
@pytest.mark.parametrize("picture", [EVERYTHING, PANELS])
def test_a_chart_fits_its_width(width: int, picture: Picture) -> None:
    for line in drawn(picture, width).splitlines():
        assert width_of(line) <= max(width, 24)


def test_ascii_is_ascii_but_for_names() -> None:
    assert spelt(drawn(FALL)).isascii()
    foreign = [line for line in spelt(drawn(EVERYTHING)).splitlines() if not line.isascii()]
    assert len(foreign) == 2  # the title and the label of the series
    assert "| A A" in spelt("│ ● ●")


def test_a_line_is_labelled_with_its_newest_figure() -> None:
    """The plan of December is not the newest figure; CAAM's last month is May, which is said."""
    assert end_label(CUSTOMS, EVERYTHING) == "新能源汽车 330,000"
    assert end_label(OTHERS, EVERYTHING) == "New-energy vehicles (CAAM) May 2024: 90,000"
    alone = EVERYTHING._replace(series=(CUSTOMS,))
    assert end_label(CUSTOMS, alone) == "330,000"
    rivals = ChartSeries("x", (month(5, 90, 90, 90), month(5, 70, 70, 70)))
    assert end_label(rivals, EVERYTHING._replace(series=(rivals,))) == "90,000 or 70,000"
    opened = ChartSeries("x", (month(5, None, 90, None),))
    assert end_label(opened, EVERYTHING._replace(series=(opened,))) == "≥ 90,000"


def test_a_label_stands_beside_the_end_of_its_line() -> None:
    lines = drawn(FALL).splitlines()
    row = next(line for line in lines if "5 %" in line or line.endswith("● 5"))
    assert row.count("●") == 2  # the point of 2026 and the sign of the label


def test_labels_are_apart_and_in_the_order_of_their_lines() -> None:
    """Three that want row 5, two lines each, in twelve rows: 5, 7, 9; the last wanted below."""
    assert apart([5, 5, 5], [2, 2, 2], 12) == [5, 7, 9]
    assert apart([11, 10, 0], [2, 2, 2], 12) == [10, 8, 0]


def test_more_than_five_series_have_a_panel_each_on_one_axis() -> None:
    text = drawn(PANELS)
    assert len(PANELS.series) > TOGETHER
    assert text.count("400 ┤") == 6  # the greatest is 350,000
    assert [text.count(f"● Maker {at} ") for at in range(1, 7)] == [1] * 6
    assert "▲" not in text  # one shape for all


def test_colour_changes_nothing_but_colour() -> None:
    import re

    coloured = drawn(EVERYTHING, color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == drawn(EVERYTHING)
    assert {SERIES[0], SERIES[1]} <= set(re.findall(r"38;5;\d+", coloured))


def test_the_colours_are_those_of_files() -> None:
    """Each is no more than a step of the 6 x 6 x 6 cube from the colour in the same place."""
    levels = (0, 95, 135, 175, 215, 255)
    template = Path(drawing.__file__).with_name("templates.json")
    palette = json.loads(template.read_text("utf-8"))["time"]["encoding"]["color"]["scale"]["range"]
    for code, hex_ in zip(SERIES, palette, strict=True):
        wanted = [int(hex_[at : at + 2], 16) for at in (1, 3, 5)]
        steps = [min(range(6), key=lambda step: abs(levels[step] - part)) for part in wanted]
        number = int(code.removeprefix("38;5;")) - 16
        shown = [number // 36, number // 6 % 6, number % 6]
        assert all(abs(one - other) <= 1 for one, other in zip(steps, shown, strict=True))


def test_no_two_series_look_alike_without_colour() -> None:
    signs = "".join(SHAPES)
    assert len(set(signs)) == len(signs) == 2 * TOGETHER == 2 * len(SERIES)
    assert {width_of(sign) for sign in signs} == {1}


def test_more_series_than_can_be_told_apart_are_refused() -> None:
    crowd = FALL._replace(series=FALL.series * (MOST + 1))
    with pytest.raises(ValueError, match="12 series"):
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
    assert text.count("●") == 2  # in the chart and in its label
    assert "2021" in text


def test_a_line_joins_only_windows_that_follow_each_other() -> None:
    """2024 and 2026 lie apart, so no dot may stand between their columns."""
    chart = Chart(FALL, 80)
    before, after = (chart.columns[middle(Period.of_year(year))] for year in (2024, 2026))
    assert all(set(row[before + 1 : after]) <= {" ", "╌"} for row in chart.canvas.rows())
    joined, next_ = (chart.columns[middle(Period.of_year(year))] for year in (2021, 2022))
    assert any(set(row[joined + 1 : next_]) - {" ", "╌"} for row in chart.canvas.rows())


def test_an_axis_that_does_not_begin_at_zero_says_so() -> None:
    near = (100, 101, 102)
    marks = tuple(month(at, value, value, value) for at, value in enumerate(near, 1))
    picture = EVERYTHING._replace(series=(ChartSeries("BYD", marks),), notes=())
    assert "the axis does not begin at zero" in drawn(picture)
    assert "the axis does not begin at zero" not in drawn(EVERYTHING)


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


pictures = st.lists(st.lists(marks(), max_size=12), min_size=1, max_size=TOGETHER).map(picture_of)


@given(pictures, st.integers(24, 130))
def test_every_mark_is_inside_the_canvas(picture: Picture, width: int) -> None:
    chart = Chart(picture, width)
    for mark in picture.marks:
        assert chart.axis is not None
        assert 12 <= chart.axis.height <= 20
        assert 0 <= chart.column(mark) < chart.canvas.width
        span = Span.of(chart.axis, mark)
        assert 0 <= span.top <= span.bottom < chart.axis.height
    assert all(width_of(line) <= width for line in drawn(picture, width).splitlines())


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
