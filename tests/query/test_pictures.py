"""Pictures of the small market: what they show follows from its pack by hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from evcli.commands.session import open_packs
from evcli.diagnostics import Diagnostics
from evcli.model.answer import Answer, Column, Value
from evcli.model.figure import Derived, Figure
from evcli.model.period import parse_period
from evcli.model.picture import ChartSeries, Picture, Shape
from evcli.model.quantity import Bounds
from evcli.model.records import Series
from evcli.query.figures import Figures
from evcli.query.pictures import bars, over_time
from evcli.query.selection import series_named
from evcli.render.layout import described


@pytest.fixture
def source(market: Path) -> Iterator[Figures]:
    with open_packs([str(market)], True, Diagnostics(quiet=True)) as store:
        yield Figures(store, include_deprecated=True)


def pictures(source: Figures, *asked: str) -> tuple[Picture, ...]:
    """The pictures of figures named ``SERIES@PERIOD``."""
    figures = []
    for each in asked:
        name, _, period = each.partition("@")
        [series] = series_named(source.store, [name])
        figures += source.figures_at(series, parse_period(period))
    return over_time(figures, source)


def test_one_chart_series_per_series_in_order_of_time(source: Figures) -> None:
    [picture] = pictures(source, "m.exports.all@2024", "m.exports.all@2023", "m.exports.nev@2024")
    assert (picture.shape, picture.unit) == (Shape.TIME, "vehicles")
    assert [each.id for each in picture.series] == ["m.exports.all", "m.exports.nev"]
    assert [mark.label for mark in picture.series[0].marks] == ["2023", "2024"]
    mark = picture.series[1].marks[0]
    assert mark.value == 300_000
    assert mark.bounds == Bounds(Fraction(299_500), Fraction(300_500))  # precision 1000
    assert "Yearbook (Bureau, 2025-02-01)" in picture.sources


def test_plans_and_derived_figures_are_marked(source: Figures) -> None:
    [picture] = pictures(source, "m.exports.all@2026", "m.exports.all@2024-H2")
    half, plan = picture.series[0].marks
    # 1,200,000 - 500,000; each lies within 500 of what is printed
    assert (half.derived, half.forecast, half.label) == (True, False, "H2 2024")
    assert half.bounds == Bounds(Fraction(699_000), Fraction(701_000))
    assert (plan.derived, plan.forecast) == (False, True)


def test_what_is_known_to_be_wrong_is_not_drawn(source: Figures) -> None:
    assert pictures(source, "m.exports.all@2022") == ()


def test_a_change_has_its_bounds(source: Figures) -> None:
    [picture] = pictures(source, "m.exports.nev@2025-H1")
    mark = picture.series[0].marks[0]
    assert mark.change == 60
    assert mark.change_bounds == Bounds(Fraction(119, 2), Fraction(121, 2))


def test_counters_are_told_apart_and_the_picture_says_who_counted(source: Figures) -> None:
    [picture] = pictures(source, "m.exports.nev@2024", "m.exports.nev.rival@2024")
    assert [each.name for each in picture.series] == ["Bureau", "RIVAL"]
    assert picture.counted == "counted by Bureau and RIVAL, each in its own way"
    [alone] = pictures(source, "m.exports.nev@2024")
    assert alone.counted == "counted by Bureau"


def test_who_cannot_see_it_is_told_what_it_shows(source: Figures) -> None:
    [picture] = pictures(source, "m.exports.all@2023", "m.exports.all@2024")
    assert described(picture) == "All vehicles (vehicles). 2023 900,000; 2024 1,200,000."
    first, last = picture.series[0].marks
    middle = first._replace(label="mid", value=Fraction(5), bounds=Bounds(), derived=True)
    three = picture._replace(series=(ChartSeries("x", (first, middle, last)),))
    assert described(three) == (
        "All vehicles (vehicles). first 2023 900,000; last 2024 1,200,000; least mid 5; "
        "greatest 2024 1,200,000; 1 of 3 derived."
    )


def test_bars_leave_out_totals_and_other_units() -> None:
    series = Series("a", "", "", "", "", "", "vehicles", "", "")
    five, bounds = Fraction(5), Bounds(Fraction(4), Fraction(6))
    year = Figure("a@2025", series, parse_period("2025"), five, bounds, unit="vehicles")
    before = Figure("a@2024", series, parse_period("2024"), five, bounds, Derived("sum", (year,)))
    figures = {
        "a@2025": year,
        "b@2025": year._replace(unit="USD"),
        "a@2024": before._replace(unit="vehicles"),
    }
    row: dict[str, Value] = {"id": "a@2025", "what": "A", "period": "2025", "unit": "vehicles"}
    answer = Answer(
        (Column("id"),),
        [
            row,
            {**row, "id": "b@2025", "what": "B"},
            {**row, "is_total": True},
            {**row, "id": "a@2024", "period": "2024"},
            {"what": "a measure"},
        ],
        figures=figures,
    )
    picture = bars(answer._replace(title="T"))
    [drawn] = picture.series
    assert picture.shape is Shape.BARS
    assert [(mark.label, mark.derived) for mark in drawn.marks] == [
        ("A, 2025", False),
        ("A, 2024", True),
    ]
    assert described(picture) == "T (vehicles). A, 2025 5; A, 2024 5."
