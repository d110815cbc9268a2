"""What stands now of a figure that was printed before: by later releases, and by wish alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from evcli.commands.app import run
from tests.query.conftest import Ask, MakePack

# counted to thousands: every number is plus or minus 500
PACK = """\
sources:
  - {id: june, title: June, outlet: Bureau, publisher: caam, published: 2024-07-10}
  - {id: july, title: July, outlet: Bureau, publisher: caam, published: 2024-08-10}
  - {id: august, title: August, outlet: Bureau, publisher: caam, published: 2024-09-10}
  - {id: next, title: A year later, outlet: Bureau, publisher: caam, published: 2025-04-10}
  - {id: last, title: Two years later, outlet: Bureau, publisher: caam, published: 2026-01-10}
series:
  - id: r.all
    title: All vehicles
    subject: CN
    metric: exports
    scope: all
    unit: vehicles
    publisher: caam
    facts:
      - {period: 2024-H1, stated: "500,000", source: june, at: p1}
      - {period: 2024-06, stated: "90,000", source: june, at: p1}
      - {period: 2024-01/2024-07, stated: "620,000", source: july, at: p1}
      - {period: 2024-07, stated: "110,000", source: july, at: p1}
      - {period: 2024-01/2024-08, stated: "740,000", source: august, at: p1}
      - {period: 2024-08, stated: "120,000", source: august, at: p1}
      - {period: 2024-03, stated: "80,000", source: june, at: p1}
      - {period: 2025-03, stated: "100,000", yoy: "+25%", source: next, at: p1}
      - {period: 2025-12, stated: "150,000", source: last, at: p1}
      - {period: 2024-05, stated: "70,000", source: june, at: p1}
      - {period: 2024-05, stated: "72,000", source: july, at: p1}
"""


@pytest.fixture
def releases(make_pack: MakePack) -> Path:
    return make_pack(PACK)


def test_a_later_release_tells_what_stands_now(releases: Path, ask_pack: Ask) -> None:
    (row,) = ask_pack(releases, "get", "r.all", "--period", "2024-H1").rows
    assert (row["value"], row["low"], row["high"]) == (500_000, 499_500, 500_500)
    # 620,000 less 110,000, each to 500
    assert (row["now_low"], row["now_high"]) == (509_000, 511_000)
    (note,) = row["notes"]
    assert note["kind"] == "revision"
    assert note["text"] == (
        "509,000 to 511,000 by the Jul 2024 release (2024-01/2024-07 - 2024-07)"
    )


def test_growth_a_year_later_tells_the_base_as_it_stands(releases: Path, ask_pack: Ask) -> None:
    (row,) = ask_pack(releases, "get", "r.all", "--period", "2024-03").rows
    # 99,500 / 1.255 = 79,282.9 and 100,500 / 1.245 = 80,722.9, outwards to whole vehicles
    assert (row["now_low"], row["now_high"]) == (79_282, 80_723)
    assert row["notes"] == []  # which does not exclude what is printed


@pytest.mark.parametrize("period", ["2024-07", "2024-01/2024-08", "2024-08"])
def test_what_no_later_release_tells_is_empty(releases: Path, ask_pack: Ask, period: str) -> None:
    (row,) = ask_pack(releases, "get", "r.all", "--period", period).rows
    assert (row["now_low"], row["now_high"]) == (None, None)


def test_what_stands_now_takes_the_place_of_what_is_printed(releases: Path, ask_pack: Ask) -> None:
    asked = ("get", "r.all", "--period", "2024-H1", "--vintage", "now")
    (row,) = ask_pack(releases, *asked).rows
    assert (row["value"], row["low"], row["high"]) == (510_000, 509_000, 511_000)
    assert (row["basis"], row["sources"]) == ("derived", ["july"])


def test_what_stands_now_narrows_what_it_does_not_exclude(releases: Path, ask_pack: Ask) -> None:
    asked = ("get", "r.all", "--period", "2024-03", "--vintage", "now")
    (row,) = ask_pack(releases, *asked).rows
    # printed 79,500 to 80,500, which lies within what a year later implies
    assert (row["value"], row["low"], row["high"]) == (80_000, 79_500, 80_500)
    assert row["basis"] == "stated"


def test_the_first_print_is_given_where_it_is_wanted(releases: Path, ask_pack: Ask) -> None:
    asked = ("get", "r.all", "--period", "2024-05")
    assert ask_pack(releases, *asked).of("value", "sources") == [(72_000, ["july"])]
    first = ask_pack(releases, *asked, "--vintage", "first")
    assert first.of("value", "sources") == [(70_000, ["june"])]


def test_another_vintage_is_refused(releases: Path, capfd: pytest.CaptureFixture[str]) -> None:
    asked = ["get", "r.all", "--facts", str(releases), "--vintage", "last"]
    assert run(asked) == 2
    assert "unknown vintage 'last'; valid: first, now" in capfd.readouterr().err


def test_a_window_that_nobody_prints_stands_now_as_the_newest_release_has_it(
    releases: Path, ask_pack: Ask
) -> None:
    def bounds(*vintage: str) -> list[tuple[float, float]]:
        asked = ("get", "r.all", "--period", "2024-01/2024-05", *vintage)
        return ask_pack(releases, *asked).of("low", "high")

    # the half year less June, 500 either way, twice; by the June release, a month after its own and
    # a year and a half before the newest, so each allows for what is usual over that time
    ((first, last),) = bounds("--vintage", "first")
    ((low, high),) = bounds("--vintage", "now")
    assert first < 409_000 < 411_000 < last
    assert low < 409_000 < 411_000 < high
    assert (low, high) != (first, last)


def test_growth_says_whether_it_is_stated_computed_or_both(releases: Path, ask_pack: Ask) -> None:
    rows = ask_pack(releases, "get", "r.all", "--period", "2025-03").rows
    # the levels leave 23.6 to 26.4 % and more, within which the stated 24.5 to 25.5 % lies
    assert [(row["yoy"], row["yoy_basis"]) for row in rows] == [(25, "stated")]
