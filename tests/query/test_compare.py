"""Comparisons and rankings, with ratios, shares and positions worked out by hand."""

from __future__ import annotations

import pytest

from tests.query.conftest import Ask
from tests.query.packs import ALL, HU, NEV

PARTS = """\
vocabulary:
  subjects:
    - {id: one, name: One, kind: maker}
    - {id: two, name: Two, kind: maker}
    - {id: six, name: Six, kind: maker}
    - {id: ten, name: Ten, kind: maker}
  publishers: [{id: bureau, name: Bureau, precision: 1000}]
sources: [{id: page, title: Page, outlet: O, published: 2025}]
series:
  - {id: s.one, title: One, subject: one, metric: exports, scope: all, unit: vehicles,
     publisher: bureau, facts: [{period: 2024, stated: "40,000", source: page, at: p1}]}
  - {id: s.two, title: Two, subject: two, metric: exports, scope: all, unit: vehicles,
     publisher: bureau, facts: [{period: 2024, stated: "about 41,000", source: page, at: p2}]}
  - {id: s.six, title: Six, subject: six, metric: exports, scope: all, unit: vehicles,
     publisher: bureau, facts: [{period: 2024, stated: "19,000", source: page, at: p3}]}
  - {id: s.ten, title: Ten, subject: ten, metric: exports, scope: all, unit: vehicles,
     publisher: bureau, facts: [{period: 2024, stated: "up to 20,000", source: page, at: p4}]}
  - {id: s.one.money, title: One's money, subject: one, metric: investment, scope: all, unit: USD,
     publisher: bureau, facts: [{period: 2024, stated: "$2 billion", source: page, at: p5}]}
"""


@pytest.fixture
def parts(ask_pack: Ask, make_pack) -> Ask:
    folder = make_pack(PARTS)
    return lambda *arguments: ask_pack(folder, *arguments)


# -- compare


def test_like_with_like(parts: Ask) -> None:
    told = parts("compare", "s.one", "s.six", "--period", "2024")
    one, six, total = told.rows
    # 40 and 19 thousand, half a thousand either way
    assert one["ratio"] is None
    assert six["ratio"] == pytest.approx(40 / 19)
    assert six["ratio_low"] == pytest.approx(39.5 / 19.5)
    assert six["ratio_high"] == pytest.approx(40.5 / 18.5)
    assert (six["difference"], six["difference_low"], six["difference_high"]) == (
        21_000,
        20_000,
        22_000,
    )
    assert six["note"] == "the bounds prove that the first is larger"
    # at least 39.5 of 39.5 and 19.5, at most 40.5 of 40.5 and 18.5
    assert one["share"] == pytest.approx(100 * 40 / 59)
    assert one["share_low"] == pytest.approx(100 * 39.5 / 59)
    assert one["share_high"] == pytest.approx(100 * 40.5 / 59)
    assert (total["value"], total["low"], total["high"]) == (59_000, 58_000, 60_000)
    assert (total["id"], total["subject"]) == ("total:s.one@2024,s.six@2024", "")


def test_what_the_bounds_do_not_prove(parts: Ask) -> None:
    # about 41,000 is 40,000 to 42,000; 40,000 is 39,500 to 40,500
    told = parts("compare", "s.one", "s.two", "--period", "2024")
    assert told.rows[1]["note"].endswith("do not prove that this one is larger than the first")
    told = parts("compare", "s.two", "s.one", "--period", "2024")
    assert told.rows[1]["note"].endswith("the bounds do not prove that the first is larger")
    told = parts("compare", "s.six", "s.one", "--period", "2024")
    assert told.rows[1]["note"].endswith("prove that this one is larger than the first")


def test_what_overlaps_has_no_total_and_no_share(ask: Ask) -> None:
    for other in (NEV, HU):
        told = ask("compare", ALL, other, "--period", "2024")
        assert told.of("id") == [f"{ALL}@2024", f"{other}@2024"]
        assert told.of("share") == [None, None]
        assert f"no total: {ALL} and {other} overlap" in told.err
    assert told.rows[1]["ratio"] == 50  # 1,200,000 / 24,000


def test_other_windows_are_no_parts(ask: Ask) -> None:
    told = ask("compare", f"{ALL}@2024", f"{ALL}@2024-H1")
    assert told.of("share") == [None, None]
    assert "no total: window differs (year / half-year)" in told.err


def test_other_units_have_neither_ratio_nor_difference(parts: Ask) -> None:
    told = parts("compare", "s.one", "s.one.money", "--period", "2024")
    assert told.of("ratio", "difference", "share") == [(None, None, None)] * 2
    assert "no total: unit differs (vehicles / USD)" in told.err


def test_filters_leave_series_out_aloud(ask: Ask) -> None:
    told = ask("compare", ALL, NEV, "--period", "2024", "--scope", "nev")
    assert told.of("id") == [f"{NEV}@2024"]
    assert f"note: left out by the filters: {ALL}" in told.err


def test_a_subject_stands_for_its_widest_series(ask: Ask) -> None:
    told = ask(
        "compare",
        "CN",
        "alfa",
        "--metric",
        "exports",
        "--metric",
        "overseas-sales",
        "--year",
        "2024",
    )
    assert told.of("id")[:2] == [f"{ALL}@2024", "m.alfa.sales@2024"]
    assert f"CN stands for {ALL}; also {NEV}, {NEV}.rival\n" in told.err
    assert ask("compare", "中国", "--metric", "exports", "--year", "2024").of("id") == [
        f"{ALL}@2024"
    ]


# -- top


def test_positions_that_the_bounds_allow(parts: Ask) -> None:
    told = parts("top", "s.one", "s.two", "s.six", "s.ten", "--period", "2024")
    # 41 [40, 42], 40 [39.5, 40.5], 20 [open, 20], 19 [18.5, 19.5]:
    # the first two overlap; so do the last two, and neither reaches the first two
    assert told.of("id", "position", "position_best", "position_worst") == [
        ("s.two@2024", 1, 1, 2),
        ("s.one@2024", 2, 1, 2),
        ("s.ten@2024", 3, 3, 4),
        ("s.six@2024", 4, 3, 4),
    ]


def test_shares_of_a_ranking(parts: Ask) -> None:
    told = parts("top", "s.one", "s.six", "--period", "2024")
    assert [round(share, 4) for share in told.of("share")] == [67.7966, 32.2034]


def test_a_ranking_of_a_metric_takes_one_series_a_subject(ask: Ask) -> None:
    told = ask("top", "--metric", "overseas-sales", "--year", "2025")
    assert told.of("subject", "position_best", "position_worst") == [
        ("cargo", 1, 2),  # 60,500 to 61,500
        ("alfa", 1, 2),  # over 60,000: no end
        ("bravo-star", 3, 3),  # 59,999, exact
    ]
    assert "unlike rows, so no shares: scope (nev / all)" in told.err


def test_a_ranking_by_growth(ask: Ask) -> None:
    told = ask("top", "--metric", "overseas-sales", "--growth", "--year", "2025")
    # alfa: over 60,000 on 40,000 (35,000 to 45,000), so at least 33.3 %; cargo +10 %
    assert told.of("subject", "yoy", "yoy_qualifier") == [
        ("alfa", None, "at least"),
        ("cargo", 10, ""),
    ]
    assert told.rows[0]["yoy_low"] == pytest.approx(100 / 3)
    assert told.rows[0]["yoy_high"] is None


def test_a_ranking_of_places(ask: Ask) -> None:
    assert ask("top", "--metric", "exports", "--by", "destination").of("destination") == ["HU"]
    assert ask("top", "--metric", "exports").of("destination") == ["world"]


def test_the_first_ones_only(parts: Ask) -> None:
    told = parts("top", "s.*", "--metric", "exports", "--limit", "2", "--sort", "value")
    assert told.of("id", "position") == [("s.one@2024", 2), ("s.two@2024", 1)]
    assert "note: 2 of 4 rows shown (--limit)" in told.err
