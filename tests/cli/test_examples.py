"""The figures that evcli was asked for first, each worked out by hand from the five documents.

Bounds are given as printed: rounded outward to one decimal.
"""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from evcli.commands.app import run
from tests.seeds import SEEDS

Capture = pytest.CaptureFixture[str]


def ask(capfd: Capture, *arguments: str, code: int = 0) -> Any:
    assert run([*arguments, *SEEDS, "--format", "json"]) == code
    return json.loads(capfd.readouterr().out)


def down(value: float) -> float:
    """Floor at one decimal."""
    return math.floor(value * 10) / 10


def up(value: float) -> float:
    """Ceiling at one decimal."""
    return math.ceil(value * 10) / 10


def test_nev_exports_of_may_2025(capfd: Capture) -> None:
    (row,) = ask(capfd, "get", "cn.exports.nev.caam", "--period", "2025-05")
    # CAAM counts in thousands: 212,000 is 211,500 to 212,500; +120% is 119.5 to 120.5
    assert (row["value"], row["low"], row["high"]) == (212000, 211500, 212500)
    assert (row["yoy"], row["yoy_low"], row["yoy_high"]) == (120, 119.5, 120.5)
    assert row["sources"] == ["seed-001"]


@pytest.mark.parametrize(
    ("period", "value", "low", "high"),
    [
        # 212/551; 211.5/551.5 and 212.5/550.5
        ("2025-05", 38.5, 38.3, 38.7),
        # 855/2490; 854.5/2495 and 855.5/2485
        ("2025-01/2025-05", 34.3, 34.2, 34.5),
    ],
)
def test_nev_share_of_exports(
    capfd: Capture, period: str, value: float, low: float, high: float
) -> None:
    (row,) = ask(capfd, "share", "cn.exports.nev.caam", "cn.exports.all.caam", "--period", period)
    assert round(row["value"], 1) == value
    assert (down(row["low"]), up(row["high"])) == (low, high)
    assert row["unit"] == "percent"


def test_investment_at_home_fell(capfd: Capture) -> None:
    (row,) = ask(capfd, "growth", "cn.investment.ev-chain.to-cn.rhodium", "--period", "2024")
    # 15/41 - 1; 14.5/41.5 - 1 and 15.5/40.5 - 1
    assert round(row["value"], 1) == -63.4
    assert (down(row["low"]), up(row["high"])) == (-65.1, -61.7)


def test_against_a_base_of_over_90_billion_the_fall_has_no_floor(capfd: Capture) -> None:
    (row,) = ask(
        capfd,
        "growth",
        "cn.investment.ev-chain.to-cn.rhodium",
        "--period",
        "2024",
        "--base",
        "2022",
    )
    # over 90 is 90 or more: at most 15.5/90 - 1 = -82.78 %
    assert row["low"] is None
    assert up(row["high"]) == -82.7


def test_overseas_against_domestic_investment(capfd: Capture) -> None:
    rows = ask(
        capfd,
        "compare",
        "cn.investment.ev-chain.to-abroad.rhodium",
        "cn.investment.ev-chain.to-cn.rhodium",
        "--period",
        "2024",
    )
    second = rows[1]
    # 16/15; 15.5/15.5 and 16.5/14.5
    assert round(second["ratio"], 3) == 1.067
    assert second["ratio_low"] == 1
    assert math.ceil(second["ratio_high"] * 1000) / 1000 == 1.138
    assert "too close to abroad to tell which is larger" in second["note"]
    assert (second["difference_low"], second["difference_high"]) == (0, 2_000_000_000)


def test_two_publishers_are_not_chained(capfd: Capture) -> None:
    arguments = (
        "growth",
        "cn.exports.nev.nbs",
        "--period",
        "2025",
        "--base",
        "cn.exports.nev.caam@2024",
    )
    assert run([*arguments, *SEEDS]) == 4
    told = capfd.readouterr()
    assert told.out == ""
    assert "publisher (nbs / caam)" in told.err
    assert "--accept publisher" in told.err
    (row,) = ask(capfd, *arguments, "--accept", "publisher")
    assert "accepted: publisher differs (nbs / caam)" in row["note"]
    assert row["value"] is None  # CAAM's 2024 is not in the seeds, and that is said
    assert "no source states it" in row["note"]


def test_five_makers(capfd: Capture) -> None:
    rows = ask(
        capfd,
        "compare",
        "byd",
        "saic",
        "chery",
        "xpeng",
        "leapmotor",
        "--metric",
        "overseas-sales",
        "--year",
        "2025",
    )
    assert [row["subject"] for row in rows] == ["byd", "saic", "chery", "xpeng", "leapmotor"]
    assert rows[0]["value"] is None
    assert rows[0]["note"] == "no source states it"
    assert [row["scope"] for row in rows[1:]] == ["nev", "nev", "all", "all"]
    # two scopes do not add up, and nothing is set against what is not known
    assert all(row["share"] is None and row["ratio"] is None for row in rows)


def test_rows_of_several_scopes_say_which(capfd: Capture) -> None:
    asked = ("saic", "xpeng", "overseas", "sales", "2025")
    assert run(["compare", *asked, *SEEDS]) == 0
    out = capfd.readouterr().out
    assert "SAIC, new-energy" in out
    assert "XPeng, all vehicles" in out


def test_four_makers_in_all(capfd: Capture) -> None:
    asked = ("total", "saic", "chery", "xpeng", "leapmotor", "overseas", "sales", "2025")
    assert run([*asked, *SEEDS]) == 4
    assert "scope (nev / all); to compute it all the same, add" in capfd.readouterr().err
    (total,) = ask(capfd, *asked, "--accept", "subject,scope")
    # 345,000 + 275,000 + 44,500 + 67,000; Leapmotor's is "over"
    assert (total["low"], total["high"]) == (731_500, None)
    assert "leapmotor.overseas-sales.all.leapmotor@2025" in total["inputs"]
    assert "accepted: scope differs (nev / all)" in total["note"]


def test_a_maker_by_its_chinese_name_gives_the_same_bytes(capfd: Capture) -> None:
    assert run(["sales", "奇瑞", *SEEDS]) == 0
    chinese = capfd.readouterr()
    assert run(["sales", "chery", *SEEDS]) == 0
    assert capfd.readouterr() == chinese
    assert "280,000" in chinese.out


def test_a_misspelt_maker_is_answered_with_the_nearest(capfd: Capture) -> None:
    assert run(["sales", "chrey", *SEEDS]) == 3
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err == (
        "evcli: error: nothing is known by the name 'chrey'; did you mean the maker 'Chery' or the "
        "place 'Chile'?\n"
    )


def test_documents_without_a_measure_say_so(capfd: Capture) -> None:
    assert run(["policy", "eu", *SEEDS]) == 0
    assert capfd.readouterr().err == "evcli: hint: no measure is recorded\n"


def test_a_year_without_figures_is_a_header_and_a_hint(capfd: Capture) -> None:
    assert run(["exports", "--year", "1066", "--format", "csv", *SEEDS]) == 0
    told = capfd.readouterr()
    assert told.out == (
        "id,label,subject,metric,scope,destination,period,start,end,window,value,low,high,unit,"
        "yoy,yoy_low,yoy_high,yoy_qualifier,yoy_basis,conflict,qualifier,basis,now_low,now_high,"
        "rank,status,publisher,sources,sourcing,note\n"
    )
    assert told.err.startswith("evcli: hint: nothing is known for 1066")
