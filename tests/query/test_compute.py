"""Growth, share and total at their edges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.query.conftest import Ask
from tests.query.packs import ALL, HU, NEV

EDGES = """\
vocabulary:
  publishers: [{id: bureau, name: Bureau, precision: 1000}]
sources:
  - {id: r1, title: Release 1, outlet: B, publisher: bureau, published: 2025-01-10}
  - {id: r2, title: Release 2, outlet: B, publisher: bureau, published: 2025-06-10}
  - {id: paper-a, title: Paper A, outlet: A}
  - {id: paper-b, title: Paper B, outlet: B}
series:
  - id: e.zero
    title: From nothing
    subject: CN
    metric: exports
    scope: bev
    unit: vehicles
    publisher: bureau
    facts:
      - {period: 2023, stated: "0", source: paper-a, at: p1}
      - {period: 2024, stated: "5,000", source: paper-a, at: p1}
      - {period: 2025, stated: "9,000", status: forecast, source: paper-a, at: p1}
  - id: e.disputed
    title: Disputed
    subject: CN
    metric: exports
    scope: phev
    unit: vehicles
    publisher: bureau
    facts:
      - {period: 2023, stated: "80,000", source: paper-a, at: p2}
      - {period: 2024, stated: "100,000", source: paper-a, at: p2}
      - {period: 2024, stated: "200,000", source: paper-b, at: p2}
  - id: e.revised
    title: Revised
    subject: CN
    metric: exports
    scope: fcev
    unit: vehicles
    publisher: bureau
    facts:
      - {period: 2023, stated: "60,000", source: r1, at: p3}
      - {period: 2024, stated: "100,000", source: r1, at: p3}
      - {period: 2024, stated: "120,000", source: r2, at: p3}
  - id: e.stores
    title: Stores
    subject: CN
    metric: stores
    scope: all
    unit: stores
    publisher: bureau
    facts:
      - {as_of: 2023, stated: "11", source: paper-a, at: p4}
      - {as_of: 2024, stated: "22", source: paper-a, at: p4}
"""


@pytest.fixture
def edges(ask_pack: Ask, make_pack) -> Ask:
    folder = make_pack(EDGES)
    return lambda *arguments: ask_pack(folder, *arguments)


def test_a_base_of_zero_has_no_growth_and_says_so(edges: Ask) -> None:
    told = edges("growth", "e.zero", "--period", "2024")
    assert told.code == 0
    assert told.of("value", "low", "high") == [(None, None, None)]
    assert told.rows[0]["note"] == "the base is not above zero: no growth"
    assert edges("get", "e.zero", "--period", "2024").rows[0]["yoy"] is None
    assert edges("share", "e.zero@2023", "e.zero@2023").code == 0


def test_a_missing_base_has_no_growth_and_says_so(edges: Ask) -> None:
    (row,) = edges("growth", "e.zero", "--period", "2023").rows
    assert row["value"] is None
    assert row["note"].startswith("e.zero@2022: no source states it")


@pytest.mark.parametrize("base", ["nearly 400,000", "over 400,000", "up to 400,000"])
def test_growth_alone_stands_where_its_base_has_an_open_end(
    ask_pack: Ask, make_pack: Callable[[str], Path], base: str
) -> None:
    facts = f"""\
      - {{period: 2022, stated: "{base}", source: paper-a, at: p1}}
      - {{period: 2023, yoy: "+102.8%", source: paper-b, at: p1}}
"""
    start = EDGES.index("      - {period: 2023, stated")
    pack = make_pack(EDGES[:start] + facts)
    (row,) = ask_pack(pack, "growth", "e.zero", "--period", "2023").rows
    assert (row["value"], row["low"], row["high"]) == (102.8, 102.75, 102.85)
    assert row["note"].startswith("growth as stated")


@pytest.mark.parametrize("when", [("--period", "0001"), ("--period", "2024", "--lag", "P9999Y")])
def test_a_base_before_the_calendar_is_told(edges: Ask, when: tuple[str, ...]) -> None:
    told = edges("growth", "e.zero", *when)
    assert told.code == 2
    assert "the calendar has no year" in told.err


def test_a_forecast_is_not_computed_with(edges: Ask) -> None:
    (row,) = edges("growth", "e.zero", "--period", "2025").rows
    assert (row["value"], row["low"], row["high"]) == (None, None, None)
    assert "only a plan or target is stated: not computed with" in row["note"]
    assert edges("growth", "e.zero").of("period") == ["2023", "2024"]
    assert edges("top", "--metric", "exports", "--scope", "bev", "--year", "2025").rows == []


def test_disputed_figures_are_computed_with_their_hull(edges: Ask) -> None:
    rows = edges("get", "e.disputed", "--period", "2024").rows
    assert [(row["id"], row["value"], row["note"].partition(";")[0]) for row in rows] == [
        ("e.disputed@2024#paper-a", 100_000, "disputed by paper-b"),
        ("e.disputed@2024#paper-b", 200_000, "disputed by paper-a"),
    ]
    (row,) = edges("growth", "e.disputed", "--period", "2024").rows
    # 99,500 / 80,500 - 1 and 200,500 / 79,500 - 1
    assert row["value"] is None
    assert row["low"] == pytest.approx(100 * (99.5 / 80.5 - 1))
    assert row["high"] == pytest.approx(100 * (200.5 / 79.5 - 1))
    assert "range of all of them" in row["note"]
    (row,) = edges("total", "e.disputed@2024", "e.disputed@2023").rows
    assert (row["value"], row["low"], row["high"]) == (None, 179_000, 281_000)
    assert "computed from the range of all of them" in row["note"]


def test_the_newer_release_replaces_the_older(edges: Ask) -> None:
    (row,) = edges("get", "e.revised", "--period", "2024").rows
    assert (row["value"], row["sources"]) == (120_000, ["r2"])
    assert row["note"] == ("revised: 100,000 in r1 before; growth computed from e.revised@2023")
    assert row["yoy"] == 100
    (before,) = edges("get", "e.revised", "--period", "2024", "--as-of", "2025-03").rows
    assert before["value"] == 100_000


def test_a_stock_does_not_add_up_over_time(edges: Ask) -> None:
    told = edges("total", "e.stores@2023", "e.stores@2024")
    assert told.code == 4
    assert "it does not add up over time" in told.err
    assert edges("growth", "e.stores", "--period", "2024").of("value") == [100]


def test_the_month_before(ask: Ask) -> None:
    (row,) = ask("growth", f"{ALL}@2025-06", "--lag", "P1M").rows
    # 120 / 110 - 1; 119.5 / 110.5 - 1 and 120.5 / 109.5 - 1
    assert row["value"] == pytest.approx(100 / 11)
    assert (row["low"], row["high"]) == (
        pytest.approx(100 * (119.5 / 110.5 - 1)),
        pytest.approx(100 * (120.5 / 109.5 - 1)),
    )
    assert row["inputs"] == [f"{ALL}@2025-06", f"{ALL}@2025-05"]


def test_windows_without_a_counterpart_are_left_out_aloud(ask: Ask) -> None:
    told = ask("growth", ALL, "--lag", "P1M")
    assert told.of("period") == ["2025-05", "2025-06"]
    assert told.err == (
        "evcli: note: no window of the same kind lies P1M before 2023, 2024-H1, 2024, 2025-H1\n"
    )
    # asked for by name it is refused
    assert ask("growth", ALL, "--lag", "P1M", "--period", "2024").code == 4
    assert ask("growth", f"{ALL}@2024", "--lag", "P1M").code == 4


@pytest.mark.parametrize("lag", ["1Y", "P0M", "P1D", "year", "P1Y6M", "P-1Y"])
def test_lags_that_are_none(ask: Ask, lag: str) -> None:
    told = ask("growth", ALL, f"--lag={lag}")
    assert told.code == 2
    assert "write P1Y for a year or P1M for a month" in told.err


@pytest.mark.parametrize("base", ["2024H1", f"{ALL}@2024-H1", f"{ALL}@2024H1"])
def test_another_base(ask: Ask, base: str) -> None:
    (row,) = ask("growth", ALL, "--period", "2025-H1", "--base", base).rows
    assert row["value"] == 30  # 650 on 500


def test_a_base_that_is_no_period_is_refused(ask: Ask) -> None:
    told = ask("growth", ALL, "--period", "2025-H1", "--base", "latest")
    assert (told.code, told.rows) == (2, [])
    assert "--base: 'latest' is not a period" in told.err


def test_a_base_counted_otherwise_needs_leave(ask: Ask) -> None:
    arguments = ("growth", f"{NEV}.rival@2024", "--base", f"{NEV}@2024")
    told = ask(*arguments)
    assert (told.code, told.rows) == (4, [])
    assert "publisher (rival / bureau)" in told.err
    assert "add --accept publisher" in told.err
    (row,) = ask(*arguments, "--accept", "publisher").rows
    assert row["value"] == pytest.approx(100 * 10 / 300)
    assert "accepted: publisher differs (rival / bureau)" in row["note"]
    assert ask(*arguments, "--accept", "publishers").code == 2


def test_a_base_that_is_another_window_is_refused(ask: Ask) -> None:
    told = ask("growth", ALL, "--period", "2025-H1", "--base", "2024")
    assert told.code == 4
    assert "window (half-year / year)" in told.err


def test_growth_beside_a_stated_one(ask: Ask) -> None:
    # stated +60 %; the base is not stated
    (row,) = ask("growth", f"{NEV}@2025-H1").rows
    assert (row["value"], row["low"], row["high"]) == (60, 59.5, 60.5)
    assert row["note"].startswith("growth as stated")


def test_shares(ask: Ask) -> None:
    told = ask("share", NEV, ALL)
    # 300 of 1,200 and 200 of 650
    assert told.of("period", "value") == [("2024", 25), ("2025-H1", pytest.approx(400 / 13))]
    assert told.rows[0]["low"] == pytest.approx(100 * 299.5 / 1200.5)
    assert told.rows[0]["high"] == pytest.approx(100 * 300.5 / 1199.5)
    assert ask("share", NEV, ALL, "--period", "latest").of("period") == ["2025-H1"]
    assert ask("share", HU, ALL).of("value") == [2]
    assert ask("share", f"{NEV}@2024", ALL).of("value") == [25]
    assert ask("share", f"{NEV}@2024", f"{ALL}@2023").code == 2
    (row,) = ask("share", NEV, ALL, "--period", "2025-05").rows
    assert row["value"] is None
    assert f"{NEV}@2025-05" in row["note"]


def test_a_share_of_what_it_is_not_part_of_is_refused(ask: Ask) -> None:
    told = ask("share", ALL, NEV, "--period", "2024")
    assert told.code == 4
    assert "scope all does not lie in nev" in told.err
    assert ask("share", "m.alfa.sales", ALL, "--period", "2024").code == 4
    assert ask("share", f"{NEV}.rival", ALL, "--period", "2024").code == 4


def test_a_total_names_no_period_where_there_are_gaps(ask: Ask) -> None:
    (row,) = ask("total", f"{ALL}@2025-05", f"{ALL}@2025-06").rows
    assert (row["period"], row["value"]) == ("2025-05/2025-06", 230_000)
    (row,) = ask("total", f"{ALL}@2024-H1", f"{ALL}@2025-H1").rows
    assert (row["period"], row["value"], row["low"], row["high"]) == (
        "undated",
        1_150_000,
        1_149_000,
        1_151_000,
    )
    assert "the periods are not consecutive" in row["note"]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ((f"{ALL}@2024", f"{ALL}@2024-H1"), "2024-H1 and 2024 overlap"),
        ((f"{ALL}@2024", f"{ALL}@2024"), "named twice"),
        ((f"{ALL}@2024", f"{NEV}@2024"), "not parts of one partition"),
        ((f"{ALL}@2024", f"{HU}@2024"), "destinations world and HU overlap"),
        ((f"{NEV}@2024", f"{NEV}.rival@2024"), "publisher (bureau / rival)"),
    ],
)
def test_totals_that_would_count_twice(ask: Ask, parts: tuple[str, ...], reason: str) -> None:
    told = ask("total", *parts)
    assert (told.code, told.rows) == (4, [])
    assert reason in told.err


def test_a_total_of_makers_warns(ask: Ask) -> None:
    told = ask("total", "m.alfa.sales", "m.bravo-star.sales", "--year", "2025")
    # over 60,000 and 59,999
    assert told.of("value", "low", "high", "qualifier") == [(None, 119_999, None, "at least")]
    assert "each maker decides what it counts" in told.rows[0]["note"]


def test_what_a_total_needs(ask: Ask) -> None:
    assert "give --period, or SERIES@PERIOD" in ask("total", ALL).err
    assert "give --period, or SERIES@PERIOD" in ask("total", ALL, "--period", "latest").err
    told = ask("total", ALL, "--period", "2024", "--scope", "nev")
    assert (told.code, told.rows) == (0, [])
    assert "left out by the filters" in told.err
