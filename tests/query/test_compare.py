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
    one, six = told.rows
    # 40 and 19 thousand, half a thousand either way
    assert one["ratio"] is None
    assert six["ratio"] == pytest.approx(40 / 19)
    assert six["ratio_low"] == pytest.approx(39.5 / 19.5)
    assert six["ratio_high"] == pytest.approx(40.5 / 18.5)
    assert [six[name] for name in ("difference", "difference_low", "difference_high")] == [
        21_000,
        20_000,
        22_000,
    ]
    assert six["note"] == ""  # far apart: no news that the bounds prove it
    # at least 39.5 of 39.5 and 19.5, at most 40.5 of 40.5 and 18.5
    assert one["share"] == pytest.approx(100 * 40 / 59)
    assert one["share_low"] == pytest.approx(100 * 39.5 / 59)
    assert one["share_high"] == pytest.approx(100 * 40.5 / 59)


def test_who_is_larger_is_said_only_where_the_bounds_leave_doubt(parts: Ask) -> None:
    # about 41,000 is 40,000 to 42,000; 40,000 is 39,500 to 40,500: they overlap
    told = parts("compare", "s.one", "s.two", "--period", "2024")
    assert told.rows[1]["note"].endswith("too close to One to tell which is larger")
    # 19,000 is 18,500 to 19,500; up to 20,000 has no lower end
    told = parts("compare", "s.six", "s.ten", "--period", "2024")
    assert told.rows[1]["note"].endswith("too close to Six to tell which is larger")


def test_what_overlaps_has_no_share(ask: Ask) -> None:
    for other in (NEV, HU):
        told = ask("compare", ALL, other, "--period", "2024")
        assert told.of("id", "share") == [(f"{ALL}@2024", None), (f"{other}@2024", None)]
    assert told.rows[1]["ratio"] == 50  # 1,200,000 / 24,000


def test_other_units_have_neither_ratio_nor_difference(parts: Ask) -> None:
    told = parts("compare", "s.one", "s.one.money", "--period", "2024")
    assert told.of("ratio", "difference", "share") == [(None, None, None)] * 2
    assert "unit differs (vehicles / USD)" in told.rows[1]["note"]


def test_a_maker_without_a_figure_says_so(ask: Ask) -> None:
    told = ask("compare", "alfa", "bravo-star", "--year", "2024")
    # Bravo Star counts 2025 alone
    assert told.of("id", "value", "ratio") == [
        ("m.alfa.sales@2024", 40_000, None),
        ("m.bravo-star.sales@2024", None, None),
    ]
    assert ask("compare", "中国", "阿尔法", "exports", "2024").rows[1]["value"] is None


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
        ("cargo", 1, 1),  # 60,500 to 61,500
        ("bravo-star", 2, 2),  # 59,999, exact
        ("alfa", None, None),  # over 60,000: no end, so no place
    ]
    assert "no shares: the rows are counted in different ways" in told.err


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
