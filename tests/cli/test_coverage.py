"""``evcli coverage`` over the seeds, where what is known of each month can be told by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Process
from tests.seeds import SEEDS

Run = Callable[..., Process]
ALL = "cn.exports.all.caam"


@pytest.fixture
def coverage(evcli_run: Run) -> Callable[..., list[dict[str, Any]]]:
    """The rows of ``coverage`` over the five documents alone."""

    def run(*arguments: str) -> list[dict[str, Any]]:
        done = evcli_run("coverage", *arguments, *SEEDS, "--format", "json")
        assert done.returncode == 0, done.stderr
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows

    return run


def months(*numbers: int, year: int) -> list[str]:
    return [f"{year}-{number:02d}" for number in numbers]


def test_every_month_is_stated_derived_within_or_missing(coverage):
    # Stated: May, January to May, the half-year. April follows from May's +6.6 % on the month
    # before, June from the half-year less January to May; January to March only together.
    # In 2024 May and June follow from the growth rates.
    before, year = coverage(ALL)
    assert (before["year"], year["year"]) == (2024, 2025)
    assert year["stated"] == months(5, year=2025)
    assert year["derived"] == months(4, 6, year=2025)
    assert year["within"] == months(1, 2, 3, year=2025)
    assert year["missing"] == months(7, 8, 9, 10, 11, 12, year=2025)
    assert before["derived"] == months(5, 6, year=2024)
    assert before["stated"] == before["within"] == []
    assert year["whole_year"] == before["whole_year"] == ""


def test_the_age_counts_from_the_end_of_the_newest_window(coverage):
    # the sources of these two are dated (2025-09-01 and 2026-02-23); half a year after 30 June
    rows = coverage("cn.exports.nev.nbs", "--as-of", "2026-12-31")
    assert {row["newest"] for row in rows} == {"2025"}
    assert {row["age_days"] for row in rows} == {365}  # 2026-01-01 to 2027-01-01
    assert rows[-1]["whole_year"] == "stated"


@pytest.mark.parametrize(
    ("options", "years"),
    [
        (["--until", "2024"], [2024]),  # ends before 1 January 2025: no day of 2025 is asked for
        (["--until", "2025-01-01"], [2024, 2025]),
        (["--since", "2025"], [2025]),
        (["--since", "2024-12-31"], [2024, 2025]),
        (["--since", "2024", "--until", "2025-06"], [2024, 2025]),
    ],
)
def test_years_of_which_a_day_is_asked_for(coverage, options: list[str], years: list[int]):
    assert [row["year"] for row in coverage(ALL, *options)] == years


def test_a_stock_is_stated_where_it_was_counted_and_never_derived(coverage):
    rows = coverage("leapmotor.stores.*")
    assert rows
    assert all(row["derived"] == row["within"] == [] for row in rows)


def test_without_a_name_it_shows_the_monthly_series_of_china(coverage):
    assert {row["series"] for row in coverage()} == {ALL, "cn.exports.nev.caam"}


def test_the_table_is_a_calendar(evcli_run: Run):
    done = evcli_run("coverage", ALL, "--year", "2025", *SEEDS)
    text = done.stdout.decode()
    assert "JFMAMJJASOND" in text
    assert "wwwdSd......" in text
    assert "S stated · d derived" in text


def test_options_that_mean_nothing_here_are_refused(evcli_run: Run):
    done = evcli_run("coverage", "--by", "month")
    assert done.returncode == 2
    assert b"no such option: --by" in done.stderr
