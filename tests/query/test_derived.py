"""Derived answers: the examples worked out by hand, from the seeds alone, and why not."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evcli.commands.app import run
from tests.seeds import SEEDS

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _checkout(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.chdir(root)


# what the documents do not name, and the built-in words do not bring along
COMPLEMENT = """\
series:
  - {id: cn.exports.ice.caam, title: Exports of petrol cars, subject: CN, metric: exports,
     scope: ice, unit: vehicles, publisher: caam, method: maker-reported, precision: 1000}
"""


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("words") / "ice.yaml"
    path.write_text(COMPLEMENT, "utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def _with_words(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setenv("EVCLI_FACTS", words)


def ask(capfd: Capture, *arguments: str) -> list[dict[str, Any]]:
    assert run([*arguments, *SEEDS, "--format", "json", "-q"]) == 0
    rows: list[dict[str, Any]] = json.loads(capfd.readouterr().out)
    return rows


def outward(row: dict[str, Any], step: float) -> tuple[float, float]:
    low = math.floor(round(row["low"] / step, 6)) * step
    high = math.ceil(round(row["high"] / step, 6)) * step
    return round(low, 6), round(high, 6)


@pytest.mark.parametrize(
    ("series", "period", "value", "step", "low", "high"),
    [
        # 3.083 million (3,082,500 to 3,083,500) less 2.49 million (2,485,000 to 2,495,000), which
        # the June release may have restated by 0.6 %: 14,970 either way
        ("cn.exports.all.caam", "2025-06", 593_000, 100, 572_500, 613_500),
        # 2.49 million / 1.079; 2,485,000 / 1.0795 and 2,495,000 / 1.0785 are 2,301,992 and
        # 2,313,398, and 0.3 % of that, 6,940, is what a base is restated by a year later
        ("cn.exports.all.caam", "2024-01/2024-05", 2_307_700, 100, 2_295_000, 2_320_400),
        # 551,000 - 212,000, each give or take 500
        ("cn.exports.ice.caam", "2025-05", 339_000, 100, 338_000, 340_000),
        # 421,000 / 1.386; 420,500 / 1.3865 and 421,500 / 1.3855
        ("port.horgos.exports.all.horgos-customs", "2023", 303_800, 100, 303_200, 304_300),
        # 74 % of 16 billion; 73.5 % of 15.5 and 74.5 % of 16.5
        ("cn.investment.battery.to-abroad.rhodium", "2024", 11.84e9, 1e7, 11.39e9, 12.30e9),
        # 551,000 / 1.066, the month before; 550,500 / 1.0665 and 551,500 / 1.0655 are 516,174 and
        # 517,598, with 0.6 % of that, 3,106, either way
        ("cn.exports.all.caam", "2025-04", 516_900, 100, 513_000, 520_800),
    ],
)
def test_what_no_source_states_is_derived(
    capfd: Capture, series: str, period: str, value: float, step: float, low: float, high: float
) -> None:
    (row,) = ask(capfd, "get", series, "--period", period)
    assert row["basis"] == "derived"
    assert round(row["value"] / step) * step == value
    assert outward(row, step) == (low, high)
    assert row["sources"]


def test_a_share_of_derived_figures(capfd: Capture) -> None:
    # (212,000 / 2.2) / (551,000 / 1.145): by the corners 211.5/2.205 = 95.918 to 212.5/2.195 =
    # 96.811 of 550.5/1.1455 = 480.576 to 551.5/1.1445 = 481.870, each restated by up to 0.3 %:
    # 95.628 / 483.316 = 19.79 % to 97.101 / 479.130 = 20.27 %
    (row,) = ask(
        capfd, "share", "cn.exports.nev.caam", "cn.exports.all.caam", "--period", "2024-05"
    )
    assert round(row["value"], 1) == 20.0
    assert outward(row, 0.1) == (19.7, 20.3)
    assert row["basis"] == "derived"


def test_growth_of_a_complement_uses_each_fact_once(capfd: Capture) -> None:
    # node by node it would be -12.4 to -11.4: may and its base share the levels
    (row,) = ask(capfd, "growth", "cn.exports.ice.caam", "--period", "2025-05")
    assert round(row["value"], 1) == -11.9
    assert outward(row, 0.1) == (-12.2, -11.7)


def test_months_are_stated_or_derived_and_marked(capfd: Capture) -> None:
    rows = ask(capfd, "get", "cn.exports.all.caam", "--by", "month", "--year", "2025")
    # January to March are stated only as part of the five months to May
    unknown, rows = rows[:3], rows[3:]
    assert {row["note"] for row in unknown} == {
        "no source states it, and it is not separable from 2025-01/2025-05"
    }
    assert [(row["period"], row["basis"]) for row in rows] == [
        ("2025-04", "derived"),
        ("2025-05", "stated"),
        ("2025-06", "derived"),
    ]
    assert ask(capfd, "get", "cn.exports.all.caam", "--by", "month", "--basis", "stated") == [
        rows[1]
    ]


def test_a_window_between_releases_says_what_it_assumes(capfd: Capture) -> None:
    (row,) = ask(capfd, "get", "cn.exports.all.caam", "--period", "2025-06")
    allowed = "by the releases of May 2025 and Jun 2025, the usual restatement allowed for"
    assert f"{allowed}; if nothing was restated 587,500 to 598,500" in row["note"]


BELOW = """\
vocabulary:
  subjects: [{id: alfa, name: Alfa Cars, kind: maker}]
  publishers: [{id: alfa, name: Alfa Cars, precision: 1}]
sources:
  - {id: nov, title: November, outlet: Paper, published: 2024-12-05}
  - {id: dec, title: December, outlet: Paper, published: 2025-01-05}
series:
  - id: alfa.overseas-sales.all.alfa
    title: Alfa abroad
    subject: alfa
    metric: overseas-sales
    scope: all
    unit: vehicles
    publisher: alfa
    method: maker-reported
    facts:
      - {period: 2024-01/2024-11, stated: "1,000,001", source: nov}
      - {period: 2024, stated: "1,003,001", source: dec}
"""


def test_no_count_is_below_zero_whatever_may_have_been_restated(
    make_pack: Callable[..., Path], capfd: Capture
) -> None:
    """1,003,001 - 1,000,001 = 3,000; 0.6 % of 1,000,001, which is 6,000, either way ends at 0."""
    asked = ("--no-builtin", "--facts", str(make_pack(BELOW)))
    assert run(["get", "alfa.*", "--period", "2024-12", *asked, "--json", "-q"]) == 0
    (row,) = json.loads(capfd.readouterr().out)
    assert (row["value"], row["low"], row["basis"]) == (3_000, 0, "derived")
    assert 9_000 <= row["high"] <= 9_001
    assert run(["explain", "alfa.overseas-sales.all.alfa@2024-12", *asked]) == 0
    told = capfd.readouterr().out
    assert "(0 to 9,00" in told
    assert "(-" not in told


def test_without_asking_only_stated_windows_are_shown(capfd: Capture) -> None:
    rows = ask(capfd, "get", "cn.exports.all.caam")
    assert {row["basis"] for row in rows} == {"stated"}


def test_why_nothing_is_derived(capfd: Capture) -> None:
    assert run(["get", "cn.exports.nev.caam", "--period", "2025-03", *SEEDS]) == 0
    told = capfd.readouterr().err
    assert "cn.exports.nev.caam@2025-03: no source states it" in told
    # January to May is the smallest window around March that a source states
    assert "not separable from 2025-01/2025-05" in told


def test_an_end_that_only_counts_being_positive_would_give_stays_open(capfd: Capture) -> None:
    # "nearly half" of 45,000: at most 50 % of 45,500, and no word of a least
    (row,) = ask(capfd, "get", "xpeng.overseas-sales.all.to-europe.xpeng", "--period", "2025")
    assert (row["low"], row["high"]) == (None, 22_750)


def test_explain_shows_the_formula_the_ways_and_the_facts(capfd: Capture) -> None:
    rows = ask(capfd, "explain", "cn.exports.all.caam@2025-06")
    assert rows[0]["kind"] == "derived"
    assert rows[0]["formula"] == "2025-H1 - 2025-01/2025-05"
    (way,) = [row["text"] for row in rows if row["kind"] == "way"]
    assert way == "2025-H1 - 2025-01/2025-05, by the releases of May 2025 and Jun 2025"
    facts = [row["id"] for row in rows if row["kind"] == "fact"]
    assert facts == [
        "cn.exports.all.caam@2025-01/2025-05#seed-001",
        "cn.exports.all.caam@2025-H1#seed-004",
    ]


def pack(folder: Path, facts: str) -> tuple[str, ...]:
    folder.joinpath("pack.yaml").write_text(
        "sources:\n"
        "  - {id: page, title: T, outlet: O, published: 2031-01-05}\n"
        "  - {id: other, title: T, outlet: P, published: 2031-01-06}\n"
        "series:\n  - id: cn.exports.all.caam\n    facts:\n" + facts,
        encoding="utf-8",
    )
    return ("--no-builtin", "--facts", str(folder))


def test_two_ways_that_exclude_each_other_derive_nothing(capfd: Capture, tmp_path: Path) -> None:
    # June as H1 - (Jan-May) is 100,000; as Q2 - (Apr-May) it is 200,000
    facts = pack(
        tmp_path,
        """\
      - {period: 2030-H1, stated: "1,200,000", precision: 1000, source: page, at: p1}
      - {period: 2030-01/2030-05, stated: "1,100,000", precision: 1000, source: page, at: p1}
      - {period: 2030-Q2, stated: "700,000", precision: 1000, source: other, at: p1}
      - {period: 2030-04/2030-05, stated: "500,000", precision: 1000, source: other, at: p1}
""",
    )
    assert run(["get", "cn.exports.all.caam", "--period", "2030-06", *facts]) == 0
    told = capfd.readouterr()
    assert "100,000" not in told.out
    assert "disputed" in told.err
    assert "99,000 to 101,000" in told.err
    assert "199,000 to 201,000" in told.err


def test_a_negative_remainder_is_a_finding_and_no_answer(capfd: Capture, tmp_path: Path) -> None:
    facts = pack(
        tmp_path,
        """\
      - {period: 2030-H1, stated: "1,100,000", precision: 1000, source: page, at: p1}
      - {period: 2030-01/2030-05, stated: "1,200,000", precision: 1000, source: other, at: p1}
""",
    )
    assert (
        run(["get", "cn.exports.all.caam", "--period", "2030-06", *facts, "--format", "csv"]) == 0
    )
    told = capfd.readouterr()
    assert len(told.out.splitlines()) == 1
    assert "nothing derived" in told.err
