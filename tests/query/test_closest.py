"""The closest figure that follows, of the record and everywhere the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

import evcli
from evcli.commands.app import run
from evcli.model.figure import Figure
from evcli.model.note import NoteKind


@pytest.fixture(scope="module")
def data() -> Iterator[evcli.Dataset]:
    with evcli.open() as opened:
        yield opened


NEV, ALL, BYD = "cn.exports.nev.caam", "cn.exports.all.caam", "byd.overseas-sales.all.byd"
PHEV, RUSSIA = "cn.exports.phev.caam", "cn.exports.all.to-ru.gacc"
ABROAD = "cn.outbound-fdi.ev-value-chain.to-abroad.rhodium"


def one(data: evcli.Dataset, series: str, period: str) -> Figure:
    (figure,) = data.get(series, period=period)
    return figure


# each level with half the unit that it is printed to, and the same for the year before; what the
# counter usually restates of a base; the bounds of the growth that is stated, where it is
@pytest.mark.parametrize(
    ("series", "period", "new", "old", "usual", "stated"),
    [
        (PHEV, "2025", (969_000, 500), (297_000, 500), 0.003, (225, 235)),
        (ALL, "2021", (2_015_000, 500), (995_000, 500), 0.003, (50, 150)),
        ("byd.exports.all.caam", "2025-Q1", (214_000, 500), (99_000, 500), 0.003, (115, 125)),
        (NEV, "2022", (679_000, 500), (310_000, 500), 0.003, (115, 125)),
        (NEV, "2023-01..05", (457_000, 500), (174_000, 500), 0.003, (155, 165)),
        (NEV, "2023-01..08", (727_000, 500), (340_000, 500), 0.003, (105, 115)),
        (ALL, "2023-04", (376_000, 500), (141_000, 500), 0.003, (165, 175)),
        (NEV, "2026-01..04", (1_384_000, 500), (642_000, 500), 0.003, (115, 125)),
        (NEV, "2025-07", (225_000, 500), (103_000, 500), 0.003, (115, 125)),
        # exact counts have one growth, 242,766 / 55,916 and 41,011 / 14,827, but bases move
        (BYD, "2023", (242_766, 0), (55_916, 0), 0.003, (333.5, 334.5)),
        (BYD, "2024-04", (41_011, 0), (14_827, 0), 0.003, (176.5, 177.5)),
        # a quarter of three months: 41,011 + 37,499 + 26,995 on 14,827 + 10,203 + 10,536; June's
        # release may have restated April and May by 0.6 % of 78,510
        (BYD, "2024-Q2", (105_505, 471.06), (35_566, 0), 0.003, (0, 1000)),
        # a fall, "nearly halved": the customs restate bases by up to 4.9 %
        (RUSSIA, "2025-01..02", (57_500, 100), (112_000, 500), 0.049, (-50, 0)),
        (RUSSIA, "2025", (582_738, 0), (1_158_000, 500), 0.049, (-50.5, -49.5)),
    ],
)
def test_growth_is_that_of_the_levels_where_they_are_closer(
    data: evcli.Dataset,
    series: str,
    period: str,
    new: tuple[float, float],
    old: tuple[int, int],
    usual: float,
    stated: tuple[float, float],
) -> None:
    # new / old, then the lowest new on the highest old and the highest new on the lowest old
    value = new[0] / old[0]
    low = (new[0] - new[1]) / ((old[0] + old[1]) * (1 + usual))
    high = (new[0] + new[1]) / ((old[0] - old[1]) * (1 - usual))
    growth = [(each - 1) * 100 for each in (value, low, high)]
    expected = [growth[0], max(growth[1], stated[0]), min(growth[2], stated[1])]
    shown = one(data, series, period)
    assert shown.yoy is not None
    told = [float(each or 0) for each in (shown.yoy.value, *shown.yoy.bounds)]
    assert told == pytest.approx(expected, abs=0.006)
    assert not shown.conflict
    same = data.growth(series, period)
    assert (same.value, same.bounds) == (shown.yoy.value, shown.yoy.bounds)


def test_a_stated_growth_cuts_the_levels_where_it_is_closer(data: evcli.Dataset) -> None:
    # x2.5 is 145 to 155 %; 107,500 / 43,500 / 1.003 = 2.4639, 108,500 / 42,500 = 2.5529
    yoy = one(data, NEV, "2023-05").yoy
    assert yoy is not None
    assert [float(each or 0) for each in yoy.bounds] == pytest.approx((146.39, 155), abs=0.005)
    # 2,614,500 / 1,284,500 is +103.54 %, 2,615,500 / 1,283,500 is +103.78: +103.7 % is closer
    # than either, and "doubled", which most pages print, as wide as 50 to 150
    yoy = one(data, NEV, "2025").yoy
    assert yoy is not None
    assert [yoy.value, *yoy.bounds] == [Fraction("103.7"), Fraction("103.65"), Fraction("103.75")]


def test_nearly_halved_is_never_a_fall_by_half_at_least(data: evcli.Dataset) -> None:
    # 19.6 on the 28.2 billion first printed is -30.5 %: what was restated shows in no level
    shown = one(data, ABROAD, "2024")
    assert shown.conflict
    assert shown.notes[-1].kind is NoteKind.CONFLICT
    for yoy in (shown.yoy, data.growth(ABROAD, "2024")):
        assert yoy is not None
        assert [yoy.value, *yoy.bounds, yoy.qualifier] == [-50, -50, None, "nearly"]


def rows(capfd: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert run([*arguments, "--format", "json", "-q"]) == 0
    found: list[dict[str, Any]] = json.loads(capfd.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("command", "value"),
    [
        (("get", NEV, "--period", "2025"), "yoy"),
        (("exports", "--year", "2025"), "yoy"),
        (("trend", NEV, "--by", "year"), "yoy"),
        (("growth", NEV, "--year", "2025"), "value"),
        (("compare", NEV, ALL, "--year", "2025"), "yoy"),
    ],
)
def test_one_growth_in_every_command(
    capfd: pytest.CaptureFixture[str], command: tuple[str, ...], value: str
) -> None:
    told = rows(capfd, *command)
    (growth,) = {
        row[value]
        for row in told
        if f"{NEV}@2025" in row["id"].removeprefix("growth:").split(",")[0]
        and row["period"] == "2025"
    }
    assert growth == pytest.approx(103.7, abs=0.005)


def test_every_month_that_is_known_to_within_a_factor_of_two_has_a_value(
    data: evcli.Dataset,
) -> None:
    months = data.get(ALL, by="month", year=2025)
    assert [str(each.period)[-2:] for each in months] == [f"{month:02}" for month in range(1, 13)]
    for month in months:
        assert month.value is not None
        assert month.bounds.contains(month.value)
    march, september, october = (months[number - 1] for number in (3, 9, 10))
    # April over March: 517,000 / 1.02, of the release of April: 516,500 / 1.0205 = 506,124.4 to
    # 517,500 / 1.0195 = 507,601.8, and 0.6 % of that, 3,045.6, that March may have been restated by
    assert [march.value, march.qualifier] == [Fraction(51_700_000, 102), ""]
    low, high = march.bounds
    assert [round(float(end or 0), 1) for end in (low, high)] == [503_078.8, 510_647.4]
    # new-energy and other vehicles together
    assert [september.value, october.value] == [652_000, 665_000]
    assert {each.qualifier for each in months if each.basis == "stated"} == {""}


def test_what_is_known_within_more_than_a_factor_of_two_has_none(data: evcli.Dataset) -> None:
    wide = one(data, "cn.construction-lead.battery.to-cn.rhodium", "undated")
    assert [wide.value, *wide.bounds] == [None, 3, 12]


def test_stated_months_make_up_what_is_stated_loosely(data: evcli.Dataset) -> None:
    # over 100,000, and 41,011 + 37,499 + 26,995; June's release may have restated April and May
    # by 0.6 % of their 78,510
    quarter = one(data, BYD, "2024-Q2")
    moved = Fraction("471.06")
    assert [quarter.value, *quarter.bounds] == [105_505, 105_505 - moved, 105_505 + moved]
    assert (quarter.basis, quarter.qualifier) == ("both", "")
    assert {str(fact.period) for fact in quarter.facts()} == {
        "2024-Q2",
        "2024-04",
        "2024-05",
        "2024-06",
    }
