"""Comparisons over time, of the built-in record: windows that are alike, or no ratio at all."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pandas
import pytest

from evcli.commands.app import run

Run = Callable[..., tuple[int, str, str]]
# by their own counts; Chery's last is printed as 1.344 million, so 500 either way
BYD = {"2023": 242_766, "2024": 417_204, "2025": 1_046_083}
CHERY = {"2023": 937_148, "2024": 1_144_588, "2025": 1_344_020}


@pytest.fixture
def evcli(capfd: pytest.CaptureFixture[str]) -> Run:
    def ask(*arguments: str) -> tuple[int, str, str]:
        code = run([*arguments])
        out, err = capfd.readouterr()
        return code, out, err

    return ask


@pytest.fixture
def rows(evcli: Run) -> Callable[..., list[dict[str, Any]]]:
    def ask(*arguments: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(evcli(*arguments, "--format", "json")[1])
        return found

    return ask


Rows = Callable[..., list[dict[str, Any]]]


@pytest.mark.parametrize(
    "words",
    [
        ("byd", "chery"),
        ("byd", "chery", "since", "2023"),
        ("byd", "chery", "2023-2025"),
        ("比亚迪", "奇瑞", "--year", "2023..2025"),
    ],
)
def test_two_makers_over_three_years(rows: Rows, words: tuple[str, ...]) -> None:
    """The newest window that both have is 2025, and two years before it."""
    told = rows("compare", *words)
    assert [(row["subject"], row["period"], row["value"]) for row in told] == [
        *(("byd", year, value) for year, value in BYD.items()),
        *(("chery", year, value) for year, value in CHERY.items()),
    ]
    chery = told[3:]
    for row, year in zip(chery, BYD, strict=True):
        assert row["ratio"] == pytest.approx(BYD[year] / CHERY[year])  # 0.259, 0.364, 0.778
        assert row["share"] == pytest.approx(100 * CHERY[year] / (BYD[year] + CHERY[year]))
    # 1,046,083 / 242,766 = 4.309; its square root is 2.0758
    assert told[2]["index"] == pytest.approx(430.902, abs=0.001)
    assert told[2]["per_year"] == pytest.approx(107.58, abs=0.01)
    assert [row["yoy"] for row in told[1:3]] == [
        pytest.approx(71.85, abs=0.01),
        pytest.approx(150.74, abs=0.01),
    ]


def test_what_people_see_of_it(evcli: Run) -> None:
    out = evcli("compare", "byd", "chery", "since", "2023")[1]
    lines = out.splitlines()
    byd, chery, ratio = lines[4:7]
    assert byd.split()[:4] == ["BYD", "242,766", "417,204", "1,046,083"]
    assert "x4.3" in byd
    assert "+107.6 %" in byd
    assert "x1.4" in chery
    assert ratio.split() == ["BYD", "÷", "Chery", "0.26", "0.36", "0.78"]
    assert "each maker decides what it counts" in lines
    assert "newest months: BYD Feb 2026" in out


def test_an_index(evcli: Run, rows: Rows) -> None:
    told = rows("compare", "byd", "chery", "since", "2023", "--index", "2024")
    # 242,766 / 417,204 and 1,046,083 / 417,204
    assert [row["index"] for row in told[:3]] == [
        pytest.approx(58.189, abs=0.001),
        100,
        pytest.approx(250.737, abs=0.001),
    ]
    table = evcli("compare", "byd", "chery", "since", "2023", "--index", "2024")[1]
    assert "2024 = 100" in table.splitlines()[0]
    assert "58.2" in table
    assert "÷" not in table


def test_one_series_stands_for_a_maker_in_every_command(rows: Rows) -> None:
    """SAIC printed 1.071 million for 2025, 3.1 % more: 1,038,797 for 2024 by the same count.

    The 1,082,000 of 2024 are deliveries, another count.
    """
    compared = {row["period"]: row for row in rows("compare", "saic", "byd", "2022-2025")[:4]}
    assert {row["id"].partition("@")[0] for row in compared.values()} == {
        "saic.overseas-sales.all.saic"
    }
    assert {year: row["value"] for year, row in compared.items()} == {
        "2022": 1_017_000,
        "2023": 1_208_242,
        "2024": 1_038_797,
        "2025": 1_071_000,
    }
    ranked = next(row for row in rows("top", "--year", "2024") if row["subject"] == "saic")
    assert (ranked["id"], ranked["value"]) == ("saic.overseas-sales.all.saic@2024", 1_038_797)
    sold = {row["id"]: row["value"] for row in rows("sales", "saic", "2024")}
    assert sold["saic.overseas-sales.all.saic@2024"] == 1_038_797


# what would set a month against a year, or one year against another
UNLIKE = [
    ("chery.exports.all.caam", "saic.exports.all.caam", "--year", "2025"),  # a year, nine months
    ("chery.exports.all.caam@2025", "saic.exports.all.caam@2025-01..09"),
    ("chery.exports.all.caam@2025", "saic.exports.all.caam"),
    ("byd.overseas-sales.all.byd@2026-01", "chery.overseas-sales.all.chery@2025"),
    ("byd.overseas-sales.all.byd", "chery.overseas-sales.all.chery@2024"),
    ("chery", "saic", "caam", "exports", "2025"),
]


@pytest.mark.parametrize("words", UNLIKE)
@pytest.mark.parametrize("form", ["json", "csv", "table", "markdown"])
def test_unlike_windows_are_never_set_against_each_other(
    evcli: Run, words: tuple[str, ...], form: str
) -> None:
    code, out, _ = evcli("compare", *words, "--format", form)
    assert code == 0
    if form == "json":
        for row in json.loads(out):
            for name in ("ratio", "difference", "share"):
                assert row[name] is row[f"{name}_low"] is row[f"{name}_high"] is None
        assert any("no ratio" in row["note"] or row["value"] is None for row in json.loads(out)), (
            out
        )
    if form == "csv":
        table = pandas.read_csv(io.StringIO(out))
        assert not table[["ratio", "difference", "share"]].notna().any().any()
    assert "÷" not in out
    assert "larger" not in out


@pytest.mark.parametrize("words", UNLIKE)
@pytest.mark.parametrize("command", ["total", "share"])
def test_nor_added_up_nor_divided(evcli: Run, words: tuple[str, ...], command: str) -> None:
    code, out, _ = evcli(command, *words, "--format", "json")
    if code == 0:  # a year for which one of them is not known
        assert [row["value"] for row in json.loads(out)] in ([], [None]), out
    else:
        assert code in (2, 3, 4), out


def test_nor_ranked(rows: Rows) -> None:
    told = rows("top", "chery.exports.all.caam", "saic.exports.all.caam", "--year", "2025")
    assert {row["period"] for row in told} == {"2025-01/2025-09"}
    # January to September: 936,000 and 680,000
    assert [row["value"] for row in told] == [936_000, 680_000]


def test_a_period_of_its_own_for_each(rows: Rows) -> None:
    """Who names each period wants that ratio: 4.91 million of 2023 to 5.859 million of 2024."""
    told = rows("compare", "cn.exports.all.caam@2023", "cn.exports.all.caam@2024")
    assert told[1]["ratio"] == pytest.approx(4_910 / 5_859)
    # the same year against nine months is no ratio, whoever names it
    told = rows("compare", "cn.exports.all.caam@2023", "cn.exports.all.caam@2024-01..09")
    assert told[1]["ratio"] is None


@pytest.mark.parametrize(
    ("words", "values"),
    [
        # customs: to Mexico, Russia, Brazil
        (("mexico", "russia", "brazil", "exports", "2025"), [625_187, 582_738, 322_076]),
        (("caam", "customs", "exports", "2025"), [7_098_000, 8_320_000]),
        (("byd", "tesla", "germany", "2025"), [23_306, None]),
        # registrations are of single places: they are not set against exports to all
        (("exports", "registrations", "byd", "2025"), [1_054_000, None]),
        # in Spain, the place where one counter has both
        (("byd", "mg", "registrations", "2025"), [25_556, 45_163]),
    ],
)
def test_what_is_named_more_than_once_is_compared(
    rows: Rows, words: tuple[str, ...], values: list[int | None]
) -> None:
    assert [row["value"] for row in rows("compare", *words)] == values


def test_parts_are_compared_by_a_counter_that_has_both(rows: Rows) -> None:
    # CAAM has all vehicles of 2024, but no "electrified", with plain hybrids
    told = rows("compare", "all", "electrified", "exports", "2024")
    assert {row["publisher"] for row in told} == {"gacc"}
    assert told[1]["value"] == 2_240_000


# -- wide


def test_wide_csv_goes_into_pandas(evcli: Run) -> None:
    out = evcli("compare", "byd", "saic", "chery", "2023-2025", "--wide", "--format", "csv")[1]
    table = pandas.read_csv(io.StringIO(out)).set_index("subject")
    assert [*table.columns[:7]] == [
        "series",
        "label",
        "metric",
        "scope",
        "destination",
        "publisher",
        "unit",
    ]
    assert [*table.loc["byd", ["2023", "2024", "2025"]]] == [*BYD.values()]
    assert table["2025"].sum() == 1_046_083 + 1_071_000 + 1_344_020


def test_wide_keeps_plans_and_open_ends_out_of_its_cells(evcli: Run) -> None:
    names = (
        "great-wall.overseas-sales.all.great-wall",
        "leapmotor.overseas-sales.all.leapmotor",
    )
    out = evcli("get", *names, "2024", "2025", "--plans", "--wide", "--format", "csv")[1]
    table = pandas.read_csv(io.StringIO(out)).set_index("series")
    # Great Wall's target for 2024 beside what it came to, and Leapmotor's "at least 67,000" of 2025
    great_wall, leapmotor = (table.loc[name].to_dict() for name in names)
    assert great_wall["2024"] == 453_141
    assert "2024: plan: 500,000" in great_wall["note"]
    assert pandas.isna(leapmotor["2025"])
    assert "2025: at least 67,000" in leapmotor["note"]


@pytest.mark.parametrize(
    "words",
    [
        ("get", "cn.exports.nev.caam", "2023-2025"),
        ("exports", "nev", "caam", "2023-2025"),
        ("compare", "nev", "exports", "2023-2025"),
    ],
)
def test_wide_is_the_same_of_every_command(evcli: Run, words: tuple[str, ...]) -> None:
    out = evcli(*words, "--wide", "--format", "csv")[1]
    (row,) = pandas.read_csv(io.StringIO(out)).to_dict("records")
    assert (row["2023"], row["2024"], row["2025"]) == (1_203_000, 1_284_000, 2_615_000)


def test_wide_growth(evcli: Run) -> None:
    out = evcli("growth", "cn.exports.nev.caam", "by", "year", "--wide", "--format", "csv")[1]
    (row,) = pandas.read_csv(io.StringIO(out)).to_dict("records")
    assert row["2024"] == pytest.approx(6.7, abs=0.1)  # 1,284 on 1,203 thousand
    assert row["unit"] == "percent"


# -- a part larger than its whole


def test_a_part_larger_than_its_whole_is_marked_where_it_is_shown(rows: Rows, evcli: Run) -> None:
    """Customs: 582,738 vehicles to Russia in 2025, but 632,341 passenger cars, with used ones."""
    told = rows("get", "cn.exports.*.to-ru.gacc", "--period", "2025")
    notes = {
        row["value"]: [note["text"] for note in row["notes"] if note["kind"] == "excess"]
        for row in told
    }
    assert notes[582_738] == [
        "less than passenger cars, new and used of the same counter: definitions differ"
    ]
    assert notes[632_341] == ["more than all vehicles of the same counter: definitions differ"]
    names = ("cn.exports.all.to-ru.gacc", "cn.exports.passenger-new-used.to-ru.gacc")
    out = evcli("compare", *names, "2025")[1]
    assert "passenger cars, new and used above all vehicles: definitions differ" in out
    assert [row["share"] for row in rows("compare", *names, "2025")] == [None, None]
