"""Every month that is asked for is a row: stated, derived, or empty with the reason."""

from __future__ import annotations

import pytest

from tests.query.conftest import Ask

PACK = """\
vocabulary:
  publishers: [{id: bureau, name: Bureau, precision: 1}]
sources: [{id: page, title: Page, outlet: O, published: 2026}]
series:
  - id: x
    title: X
    subject: CN
    metric: exports
    scope: all
    unit: vehicles
    publisher: bureau
    method: maker-reported
    facts:
      - {period: 2025-Q1, stated: "631", source: page, at: p1}
      - {period: 2025-01/2025-02, stated: "411", source: page, at: p1}
      - {period: 2025-Q2, stated: "over 600", source: page, at: p1}
      - {period: 2025-04, stated: "201", source: page, at: p1}
      - {period: 2025-05, stated: "202", source: page, at: p1}
      - {period: 2025-06, stated: "203", yoy: "+100%", source: page, at: p1}
      - {period: 2024-05, stated: "101", source: page, at: p1}
      - {period: 2024-07, stated: "301", source: page, at: p1}
      - {period: 2025-07, yoy: "+10%", source: page, at: p1}
      - {period: 2025-Q3, stated: "1,003", source: page, at: p1}
      - {period: 2025-08, stated: "341", source: page, at: p1}
      - {period: 2025-09, stated: "331", source: page, at: p1}
"""


@pytest.fixture
def months(ask_pack: Ask, make_pack) -> Ask:
    folder = make_pack(PACK)
    return lambda *arguments: ask_pack(folder, "get", "x", *arguments)


def test_a_month_that_is_not_known_says_why(months: Ask) -> None:
    told = months("--by", "month", "--year", "2025")
    first, second, third = told.rows[:3]
    # January and February are known only together; March is the quarter less the two
    for row in (first, second):
        assert (row["value"], row["low"], row["high"]) == (None, None, None)
        assert row["basis"] == ""
        assert row["note"] == "no source states it, and it is not separable from 2025-01/2025-02"
        assert row["sources"] == []
    assert (third["value"], third["basis"]) == (220, "derived")
    # nothing is stated after September
    assert told.of("period")[-1] == "2025-09"


def test_a_month_that_nothing_is_derived_for_names_the_window_around_it(
    ask_pack: Ask, make_pack
) -> None:
    # the quarter less February and March leaves 199, a growth of 10 % to February about 92
    head, _, _ = PACK.partition("      - {period")
    folder = make_pack(
        head + '      - {period: 2023-Q1, stated: "501", source: page, at: p1}\n'
        '      - {period: 2023-02, stated: "101", mom: "+10%", source: page, at: p1}\n'
        '      - {period: 2023-03, stated: "201", source: page, at: p1}\n'
    )
    january = ask_pack(folder, "get", "x", "--by", "month").rows[0]
    assert (january["value"], january["basis"]) == (None, "")
    assert "nothing derived: " in january["note"]
    assert january["note"].endswith("; smallest window known around it: 2023-Q1")


def test_months_before_the_first_figure_are_rows_if_they_were_asked_for(months: Ask) -> None:
    # the first figure is of May 2024; what ends after September 2025 is not over yet
    asked = months("--by", "quarter", "--since", "2024", "--until", "2025")
    assert asked.of("period") == [
        "2024-Q1",
        "2024-Q2",
        "2024-Q3",
        "2024-Q4",
        "2025-Q1",
        "2025-Q2",
        "2025-Q3",
    ]
    assert asked.rows[0]["note"] == "no source states it, and nothing stated leads there"
    assert months("--by", "quarter").of("period")[0] == "2024-Q2"


def test_a_filter_on_the_basis_wants_figures_only(months: Ask) -> None:
    for basis in ("stated", "derived"):
        told = months("--by", "month", "--year", "2025", "--basis", basis)
        assert told.rows
        assert None not in told.of("value")


@pytest.mark.parametrize(
    "asked", [("--period", "2025-Q2"), ("--year", "2025"), ("--by", "quarter", "--year", "2025")]
)
def test_stated_months_close_a_quarter_that_is_stated_openly(
    months: Ask, asked: tuple[str, ...]
) -> None:
    # 201 + 202 + 203
    (quarter,) = (row for row in months(*asked).rows if row["period"] == "2025-Q2")
    assert (quarter["value"], quarter["low"], quarter["high"]) == (606, 606, 606)
    assert (quarter["basis"], quarter["qualifier"]) == ("both", "")
    assert quarter["note"] == "narrowed by what other facts allow; stated: over 600 (page)"


def test_what_follows_more_closely_narrows_what_is_stated_openly(ask_pack: Ask, make_pack) -> None:
    head, _, _ = PACK.partition("      - {period")
    folder = make_pack(
        head + '      - {period: 2025-Q3, stated: "over 600", source: page, at: p1}\n'
        '      - {period: 2025-08/2025-10, stated: "871", source: page, at: p1}\n'
        '      - {period: 2025-10, stated: "301", source: page, at: p1}\n'
        '      - {period: 2025-07, stated: "61", source: page, at: p1}\n'
    )
    # 61 + 871 - 301
    for asked in (("--period", "2025-Q3"), ("--year", "2025")):
        rows = ask_pack(folder, "get", "x", *asked).rows
        (quarter,) = (row for row in rows if row["period"] == "2025-Q3")
        assert [quarter[name] for name in ("value", "low", "high")] == [631, 631, 631]
        assert (quarter["basis"], quarter["qualifier"]) == ("both", "")
        assert quarter["note"] == "narrowed by what other facts allow; stated: over 600 (page)"
    # what the source says, and what follows without it
    (stated,) = ask_pack(folder, "get", "x", "--period", "2025-Q3", "--basis", "stated").rows
    assert (stated["value"], stated["low"], stated["high"]) == (600, 600, None)
    (derived,) = ask_pack(folder, "get", "x", "--period", "2025-Q3", "--basis", "derived").rows
    assert (derived["value"], derived["basis"]) == (631, "derived")


@pytest.mark.parametrize("asked", [("--period", "2025-07"), ("--year", "2025")])
def test_a_level_that_follows_stands_with_the_growth_that_is_stated(
    months: Ask, asked: tuple[str, ...]
) -> None:
    # 1,003 less 341 and 331 is 331; the page states the growth, which 331 on 301 fits
    (july,) = (row for row in months(*asked).rows if row["period"] == "2025-07")
    assert (july["value"], july["low"], july["high"]) == (331, 331, 331)
    assert july["basis"] == "derived"
    assert july["yoy"] == pytest.approx((331 / 301 - 1) * 100)  # 9.97, which is printed as 10 %
