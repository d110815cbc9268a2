"""What is drawn of a picture: every mark, its bounds, and no line where nothing is known."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evcli.model.period import parse_period
from evcli.model.picture import ChartSeries, Mark, Picture, Shape
from evcli.model.quantity import Bounds
from evcli.render.charts.drawing import legend, spec_of


def mark(period: str, value: int | None, low: int | None, high: int | None, **more: Any) -> Mark:
    def number(each: int | None) -> Fraction | None:
        return None if each is None else Fraction(each)

    bounds = Bounds(number(low), number(high))
    return Mark(period, number(value), bounds, parse_period(period), **more)


def picture(*marks: Mark, shape: Shape = Shape.TIME) -> Picture:
    return Picture(shape, "Exports", "vehicles", (ChartSeries("NEV", marks, "x.nev"),))


def chart(drawn: Picture) -> dict[str, Any]:
    """What lies between the words above and those below."""
    found: dict[str, Any] = spec_of([drawn])["vconcat"][0]["vconcat"][0]
    return found


def rows(drawn: Picture) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = chart(drawn)["data"]["values"]
    return found


def test_a_point_stands_over_the_middle_of_its_window() -> None:
    # May has 31 days, its middle is noon of the 16th; 2024 has 366, its middle begins 2 July
    drawn = picture(mark("2025-05", 5, 4, 6), mark("2024", 9, 8, 10))
    middles = [2 * date(2025, 5, 16).toordinal() + 1, 2 * date(2024, 7, 2).toordinal()]
    assert [row["at"] for row in rows(drawn)] == sorted(middles)
    axis = chart(drawn)["encoding"]["x"]["axis"]
    assert axis["values"] == sorted(middles)
    assert axis["labelExpr"].startswith('{"1478138": "2024", "')


def test_large_numbers_are_told_in_millions() -> None:
    drawn = picture(mark("2025", 7_098_000, 7_097_500, 7_098_500))
    assert rows(drawn)[0]["value"] == 7.098
    assert chart(drawn)["title"]["subtitle"] == ["Million vehicles"]


def test_only_windows_that_follow_each_other_are_joined() -> None:
    shown = rows(
        picture(
            mark("2025-01", 1, 1, 1),
            mark("2025-02", 2, 2, 2),
            mark("2025-04", 4, 4, 4),  # March is missing
            mark("2025-05", None, 3, 6),  # only bounds
            mark("2025-06", 6, 6, 6),
        )
    )
    runs = [row["run"] for row in shown]
    assert runs[0] == runs[1]
    assert len({runs[1], runs[2], runs[4]}) == 3


def test_no_line_runs_to_what_is_open_disputed_or_planned() -> None:
    """Joined are January to February alone, and October to November."""
    shown = rows(
        picture(
            mark("2025-01", 1, 1, 1),
            mark("2025-02", 2, 2, 2),
            mark("2025-03", 3, 3, None),  # over 3
            mark("2025-04", 4, 4, 4),
            mark("2025-05", 5, None, 5),  # under 5
            mark("2025-06", 6, 6, 6),
            mark("2025-07", 7, 7, 7),  # disputed
            mark("2025-07", 9, 9, 9),
            mark("2025-08", 8, 8, 8),
            mark("2025-09", 9, 9, 9, forecast=True),
            mark("2025-10", 10, 10, 10),
            mark("2025-11", 11, 11, 11),
        )
    )
    runs = [row["run"] for row in shown]
    assert [one == other for one, other in pairwise(runs)] == [True, *[False] * 9, True]


def test_what_nobody_states_is_hollow_and_said_so() -> None:
    drawn = picture(mark("2025-01", 1, 0, 2), mark("2025-02", 2, 1, 3, derived=True))
    assert [row["hollow"] for row in rows(drawn)] == [False, True]
    assert "Hollow: derived" in legend(drawn)
    assert "Hollow" not in legend(picture(mark("2025-01", 1, 0, 2)))


def test_an_open_end_is_told() -> None:
    drawn = picture(mark("2025-01", 67_000, 67_000, None))
    assert rows(drawn)[0]["high"] is None
    assert "Arrows: at least (up) or at most (down) so much." in legend(drawn)
    below = picture(mark("2025", 5, None, 5), shape=Shape.BARS)
    assert "Arrows: at least (right) or at most (left) so much." in legend(below)
    assert "Arrows" not in legend(picture(mark("2025-01", 1, 0, 2)))


def test_a_sign_goes_from_the_outermost_number_that_is_drawn() -> None:
    ends = [(5, 4, None), (5, None, 6), (None, 4, None), (None, None, 6)]
    shown = rows(picture(*(mark(f"202{at}", *each) for at, each in enumerate(ends))))
    assert [row["end"] for row in shown] == [5, 5, 4, 6]


def test_the_axis_starts_at_zero_unless_all_is_far_from_it() -> None:
    def zero(*values: int) -> bool:
        marks = [mark(f"2025-{at + 1:02}", each, each, each) for at, each in enumerate(values)]
        layer = chart(picture(*marks))["layer"][0]
        return bool(layer["encoding"]["y"]["scale"]["domain"][0] == 0)

    assert zero(10, 100)
    assert not zero(90, 100)


def test_bars_stand_in_the_order_given_and_may_share_a_name() -> None:
    bars = picture(mark("2025", 5, 4, 6), mark("2025", 9, 8, 10), shape=Shape.BARS)
    assert [row["order"] for row in rows(bars)] == [0, 1]
    axis = chart(bars)["encoding"]["y"]["axis"]
    assert axis["labelExpr"] == '["2025", "2025"][datum.value]'


def test_series_differ_in_colour_and_shape() -> None:
    series = tuple(ChartSeries(f"s{at}", (mark("2025", at, at, at),)) for at in range(1, 4))
    drawn = Picture(Shape.TIME, "t", "u", series)
    spec = chart(drawn)
    shape = next(layer for layer in spec["layer"] if "shape" in layer["encoding"])
    for channel in (spec["encoding"]["color"], shape["encoding"]["shape"]):
        assert channel["scale"]["domain"] == ["s1", "s2", "s3"]
        first = channel["scale"]["range"][:3]
        assert len(set(first)) == 3


def test_a_label_stands_at_the_end_of_its_line_and_none_over_another() -> None:
    """Two lines end at 100 of 100 on 320 pixels: the second label 16 pixels, 5 units, lower."""
    series = [ChartSeries(n, (mark("2024", 0, 0, 0), mark("2025", 100, 100, 100))) for n in "ab"]
    drawn = chart(Picture(Shape.TIME, "t", "u", tuple(series)))
    labels = next(layer["data"]["values"] for layer in drawn["layer"] if "data" in layer)
    assert [(row["said"], row["at"]) for row in labels] == [(["a 100"], 100), (["b 100"], 95)]


def test_bars_say_their_numbers_and_no_axis_repeats_them() -> None:
    drawn = picture(mark("2024", 90, 85, 95), mark("2025", -5, -6, -4), shape=Shape.BARS)
    assert [row["said"] for row in rows(drawn)] == ["90", "-5"]
    # behind what is drawn, whiskers included, but before a bar that lies below zero
    assert [(row["behind"], row["gap"]) for row in rows(drawn)] == [(95, 6), (-6, -6)]
    assert chart(drawn)["layer"][0]["encoding"]["x"]["axis"] is None
    opened = picture(mark("2025", None, 67_000, None), shape=Shape.BARS)
    assert [row["said"] for row in rows(opened)] == ["at least 67,000"]


def test_a_range_over_zero_has_no_bar() -> None:
    """Of -2 to 4 nothing is sure, of 2 to 4 two, of -4 to -2 two below."""
    ends = [(-2, 4), (2, 4), (-4, -2)]
    drawn = picture(*(mark("2025", None, *each) for each in ends), shape=Shape.BARS)
    assert [row["length"] for row in rows(drawn)] == [0, 2, -2]


def test_more_than_five_series_have_a_panel_each_in_their_order() -> None:
    series = tuple(ChartSeries(n, (mark("2025", at, at, at),), n) for at, n in enumerate("fedcba"))
    drawn = chart(Picture(Shape.TIME, "t", "u", series))
    assert drawn["facet"]["sort"] == list("fedcba")
    assert drawn["facet"]["header"]["labelExpr"].startswith('{"f": ["f 0"], "e": ["e 1"]')
    assert drawn["spec"]["encoding"]["color"]["scale"]["range"] == ["#0072b2"]
    assert "facet" not in chart(Picture(Shape.TIME, "t", "u", series[:5]))


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 1000)), min_size=1, max_size=30))
def test_every_number_is_drawn_within_its_bounds(values: list[tuple[int, int]]) -> None:
    marks = [
        mark(f"{2000 + at}", value, value - half, value + half)
        for at, (value, half) in enumerate(values)
    ]
    shown = rows(picture(*marks))
    largest = max(value + half for value, half in values)
    size = 10**6 if largest >= 10**6 else 1000 if largest >= 10**4 else 1
    assert [row["value"] for row in shown] == [value / size for value, _ in values]
    assert all(row["low"] <= row["value"] <= row["high"] for row in shown)
