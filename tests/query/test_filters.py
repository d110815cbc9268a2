"""Periods, filters and unfolding, over the small market; expectations are counted by hand."""

from __future__ import annotations

import pytest

from tests.query.conftest import Ask
from tests.query.packs import ALL, HU, NEV

HALF = f"{ALL}@2025-H1"


# -- which windows


@pytest.mark.parametrize(
    "written",
    [
        "2025-H1",
        "2025H1",
        "2025h1",
        "2025 H1",
        "2025-01/2025-06",
        "2025-01..06",
        "2025-01..2025-06",
    ],
)
def test_one_window_in_all_spellings(ask: Ask, written: str) -> None:
    told = ask("get", ALL, "--period", written)
    assert told.of("id", "value", "low", "high") == [(HALF, 650_000, 649_500, 650_500)]


@pytest.mark.parametrize("written", ["2025-05", "may-2025", "May 2025", "2025 may", "MAY-2025"])
def test_one_month_in_all_spellings(ask: Ask, written: str) -> None:
    assert ask("get", ALL, "--period", written).of("id") == [f"{ALL}@2025-05"]


def test_the_latest_is_the_latest_observed_not_a_target(ask: Ask) -> None:
    # June 2025 and the first half-year end on one day: the shorter is the news; 2026 is a target
    assert ask("get", ALL, "--period", "latest").of("id") == [f"{ALL}@2025-06"]
    assert ask("exports", "--period", "latest", "--scope", "all").of("period") == ["2025-06"]


def test_a_year_takes_every_window_inside(ask: Ask) -> None:
    assert ask("get", ALL, "--year", "2025").of("period") == ["2025-H1", "2025-05", "2025-06"]
    assert ask("exports", "--year", "2025", "--scope", "all").of("id") == [HALF]


def test_a_range_takes_windows_that_lie_inside(ask: Ask) -> None:
    periods = ask("get", ALL, "--since", "2024-07", "--until", "2025-06").of("period")
    assert periods == ["2025-H1", "2025-05", "2025-06"]
    assert ask("get", ALL, "--until", "2024").of("period") == ["2023", "2024-H1", "2024"]
    assert ask("get", ALL, "--since", "2025-06").of("period") == ["2025-06"]
    plans = ask("get", ALL, "--since", "2025-06", "--plans").of("period")
    assert plans == ["2025-06", "2026"]  # 2026 is a target
    assert ask("exports", "--scope", "all", "--until", "2024-06").of("period") == [
        "2023",
        "2024-H1",
    ]


def test_a_range_rules_comparisons_and_rankings_too(ask: Ask) -> None:
    # 61,000 in 2025, 10 % more, leaves 55,455 for cargo in 2024; alfa states 40,000
    assert ask("top", "--metric", "overseas-sales", "--until", "2024").of("id") == [
        "m.cargo.sales@2024",  # see below
        "m.alfa.sales@2024",
    ]
    assert ask("top", "--metric", "overseas-sales", "--since", "2030").rows == []
    told = ask("compare", "alfa", "cargo", "--until", "2024")
    assert told.of("id", "value")[0] == ("m.alfa.sales@2024", 40_000)
    # 61,000 in 2025 after +10 %: 61,000 / 1.1 the year before, of whole vehicles
    assert told.of("value", "basis")[1] == (55_455, "derived")


# -- which series


@pytest.mark.parametrize("name", ["alfa", "ALFA", "Alfa Cars", "alfa cars", "阿尔法"])
def test_a_subject_by_every_name(ask: Ask, name: str) -> None:
    expected = ["m.alfa.sales@2025"]
    assert ask("sales", name, "--year", "2025").of("id") == expected
    assert ask("sales", "--subject", name, "--year", "2025").of("id") == expected
    assert ask("top", "--metric", "overseas-sales", "--subject", name).of("id") == expected


def test_a_group_stands_with_its_brands(ask: Ask) -> None:
    assert ask("sales", "bravo").of("id") == ["m.bravo-star.sales@2025"]


def test_filters_by_scope_destination_publisher(ask: Ask) -> None:
    every = ("get", "m.exports.*", "--year", "2024")
    assert ask(*every, "--scope", "nev").of("id") == [f"{NEV}@2024", f"{NEV}.rival@2024"]
    assert ask(*every, "--scope", "nev", "--publisher", "bureau").of("id") == [f"{NEV}@2024"]
    assert ask(*every, "--scope", "nev", "--scope", "all", "--destination", "HU").of("id") == [
        f"{HU}@2024"
    ]
    assert ask("exports", "--year", "2024", "--destination", "Hungary").of("id") == [f"{HU}@2024"]
    assert ask("exports", "--year", "2024", "--publisher", "Rival Counters").of("id") == [
        f"{NEV}.rival@2024"
    ]


def test_a_topic_without_destination_is_about_the_world(ask: Ask) -> None:
    assert f"{HU}@2024" not in ask("exports", "--year", "2024").of("id")


def test_a_source_is_found_whatever_window_is_the_newest(ask: Ask) -> None:
    # the series go on to 2025, but the leaflet has 2023 for one and 2024 for the other
    told = ask("exports", "--source", "leaflet")
    assert told.of("id") == [f"{NEV}.rival@2024", f"{ALL}@2023"]
    assert ask("get", ALL, "--source", "year-book").of("period") == ["2024-H1", "2024"]
    assert ask("top", "--metric", "exports", "--source", "half-year").of("id") == [HALF]
    assert ask("growth", ALL, "--source", "leaflet").of("period") == ["2023", "2024"]


def test_a_basis_is_kept_to(ask: Ask) -> None:
    stated = ask("get", ALL, "--year", "2024", "--by", "half", "--basis", "stated")
    assert stated.of("id") == [f"{ALL}@2024-H1"]
    told = ask("get", ALL, "--year", "2024", "--by", "half", "--basis", "derived")
    assert told.of("id") == [f"{ALL}@2024-H2"]
    # 1,200,000 - 500,000, each half a thousand either way
    assert told.of("value", "low", "high") == [(700_000, 699_000, 701_000)]


def test_what_was_known_on_a_day(ask: Ask) -> None:
    # the yearbook was out, the half-year release not; a leaflet without a date never is
    assert ask("get", ALL, "--as-of", "2025-06-30").of("period") == ["2024-H1", "2024"]
    assert ask("get", ALL, "--as-of", "2025-02").of("period") == ["2024-H1", "2024"]
    assert ask("get", ALL, "--as-of", "2025-01-31").rows == []
    assert ask("sales", "--as-of", "2030").rows == []
    assert ask("sources", "--as-of", "2025-06").of("id") == ["year-book"]
    assert [row["source"] for row in ask("facts", "list", ALL, "--as-of", "2025-06").rows] == [
        "year-book",
        "year-book",
    ]


def test_a_month_of_publication_counts_from_its_last_day(ask_pack: Ask, make_pack) -> None:
    pack = make_pack(
        "sources: [{id: a, title: A, outlet: O, published: 2025-06}]\n"
        "series: [{id: cn.exports.all.caam, facts:"
        ' [{period: 2024, stated: "1,000", source: a, at: p1}]}]\n'
    )
    for day, rows in (("2025-06-29", 0), ("2025-06-30", 1), ("2025-06", 1), ("2025", 1)):
        assert len(ask_pack(pack, "get", "cn.exports.all.caam", "--as-of", day).rows) == rows


def test_deprecated_figures_come_when_asked_for(ask: Ask) -> None:
    assert "2022" not in ask("get", ALL).of("period")
    told = ask("get", ALL, "--include-deprecated", "--period", "2022")
    assert told.of("id", "rank", "value") == [(f"{ALL}@2022#leaflet", "deprecated", 9_000)]
    assert "a digit is missing" in told.rows[0]["note"]
    assert ask("exports", "--year", "2022").rows == []
    assert ask("exports", "--year", "2022", "--include-deprecated").of("rank") == ["deprecated"]


# -- unfolding


@pytest.mark.parametrize(
    ("by", "periods"),
    [("month", ["2025-05", "2025-06"]), ("quarter", []), ("half", ["2025-H1"]), ("year", [])],
)
def test_windows_of_one_kind(ask: Ask, by: str, periods: list[str]) -> None:
    asked = ("--by", by, "--year", "2025", "--basis", "stated")
    assert ask("get", ALL, *asked).of("period") == periods
    assert ask("exports", "--scope", "all", *asked).of("period") == periods


def test_growth_unfolds_too(ask: Ask) -> None:
    told = ask("growth", ALL, "--by", "half", "--year", "2025")
    # 650 / 500 - 1; 649.5 / 500.5 / 1.024 - 1 and 650.5 / 499.5 / 0.976 - 1, for what is usually
    # restated of a base within the year
    row = next(row for row in told.rows if row["period"] == "2025-H1")
    assert row["value"] == 30
    assert (row["low"], row["high"]) == (26.7287400099, 33.4326129409)
    assert {len(row["period"]) for row in told.rows} == {len("2025-H1")}


@pytest.mark.parametrize(
    ("by", "order"),
    [
        ("scope", [f"{ALL}@2024", f"{NEV}@2024", f"{NEV}.rival@2024"]),
        ("publisher", [f"{ALL}@2024", f"{NEV}@2024", f"{NEV}.rival@2024"]),
        ("destination", [f"{HU}@2024"]),
    ],
)
def test_dimensions_of_a_topic(ask: Ask, by: str, order: list[str]) -> None:
    assert ask("exports", "--year", "2024", "--by", by).of("id") == order


def test_get_in_the_order_of_a_dimension(ask: Ask) -> None:
    told = ask("get", "m.exports.*", "--year", "2024", "--by", "destination")
    assert told.of("destination") == ["HU", "world", "world", "world", "world"]
    assert ask("get", "m.*.sales", "--year", "2025", "--by", "scope").of("scope") == [
        "all",
        "all",
        "nev",
    ]


# -- order and number of rows


def test_rows_are_sorted_and_cut_aloud(ask: Ask) -> None:
    told = ask("get", ALL, "--year", "2025", "--sort", "-value", "--limit", "2")
    assert told.of("value") == [650_000, 120_000]
    assert told.err == "evcli: note: 2 of 3 rows shown (--limit)\n"
    told = ask("get", ALL, "--year", "2025", "--sort", "value", "--limit", "3")
    assert told.of("value") == [110_000, 120_000, 650_000]
    assert told.err == ""


def test_periods_are_sorted_by_calendar_and_unknown_last(ask: Ask) -> None:
    # by spelling 2025-05 would come before 2025-H1
    assert ask("get", ALL, "--year", "2025", "--sort", "period").of("period") == [
        "2025-H1",
        "2025-05",
        "2025-06",
    ]
    told = ask("growth", ALL, "--sort", "-value", "--basis", "derived")
    values = told.of("value")
    known = [value for value in values if value is not None]
    assert values == [*sorted(known, reverse=True), *[None] * (len(values) - len(known))]


def test_a_search_is_cut_aloud_too(ask: Ask) -> None:
    everything = ask("find", "exports")
    assert len(everything.rows) > 2
    assert everything.err == ""
    told = ask("find", "exports", "--limit", "2")
    assert told.rows == everything.rows[:2]
    assert told.err == f"evcli: note: 2 of {len(everything.rows)} rows shown (--limit)\n"


def test_many_hits_are_all_printed(ask_pack: Ask, make_pack) -> None:
    sources = "".join(
        f"  - {{id: s{number}, title: Zebra report {number}, outlet: O}}\n" for number in range(75)
    )
    told = ask_pack(make_pack(f"sources:\n{sources}"), "find", "zebra")
    assert len(told.rows) == 75
