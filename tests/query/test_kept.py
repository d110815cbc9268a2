"""Answers that were solved are kept for the next run, as long as what they rest on holds."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.query.packs import MARKET

Asked = Callable[..., tuple[list[tuple[float, float]], bool]]
FROM_MARKET = [sys.executable, "-X", "importtime", "-m", "evcli", "get", "m.exports.all"]
HALF = ["--no-builtin", "--period", "2024-H2", "--format", "json"]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "market.yaml").write_text(MARKET, "utf-8")
    return tmp_path / "pack"


@pytest.fixture
def asked(pack: Path, tmp_path: Path, environment: dict[str, str]) -> Asked:
    """The bounds of the second half of 2024, and whether they were solved anew."""

    def ask(*arguments: str) -> tuple[list[tuple[float, float]], bool]:
        command = [*FROM_MARKET, "--facts", str(pack), *HALF, *arguments]
        own = environment | {"EVCLI_CACHE": str(tmp_path / "cache")}
        done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        rows = json.loads(done.stdout)
        return [(row["low"], row["high"]) for row in rows], "evcli.inference" in done.stderr

    return ask


def test_a_formula_over_what_was_derived_is_solved_once(
    pack: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    half, before = "m.exports.all@2024-H2", "m.exports.all@2024-H1"
    command = [*FROM_MARKET[:5], "growth", half, "--base", before, "--no-builtin"]
    own = environment | {"EVCLI_CACHE": str(tmp_path / "cache")}
    for anew in (True, False):
        done = subprocess.run(
            [*command, "--facts", str(pack), "--format", "json"],
            env=own,
            capture_output=True,
            text=True,
            check=True,
        )
        (row,) = json.loads(done.stdout)
        # the year over its first half less 2: 1,199,500 / 500,500 to 1,200,500 / 499,500
        assert (row["low"], row["high"]) == pytest.approx((39.6603396603, 40.3403403403))
        assert ("evcli.inference" in done.stderr) is anew


# a year of 1,200,000 less a half of 500,000, each to thousands: 500 either way, twice
KNOWN = [(699_000, 701_000)]


def test_what_was_solved_is_read_by_the_next_run(asked: Asked) -> None:
    assert asked() == (KNOWN, True)
    assert asked() == (KNOWN, False)


def test_an_edit_of_what_it_rests_on_is_solved_anew(asked: Asked, pack: Path) -> None:
    asked()
    (pack / "market.yaml").write_text(MARKET.replace('"500,000"', '"510,000"'), "utf-8")
    assert asked() == ([(689_000, 691_000)], True)
    (pack / "market.yaml").write_text(MARKET, "utf-8")
    assert asked() == (KNOWN, False)


def test_an_edit_elsewhere_costs_nothing(asked: Asked, pack: Path) -> None:
    asked()
    text = MARKET.replace(
        'stated: "310,000", source: leaflet', 'stated: "311,000", source: leaflet'
    )
    assert text != MARKET  # another count, by the rival
    (pack / "market.yaml").write_text(f"# a line more\n{text}", "utf-8")
    assert asked() == (KNOWN, False)


def test_an_earlier_date_has_answers_of_its_own(asked: Asked) -> None:
    asked()
    assert asked("--as-of", "2025-01") == ([], True)  # the yearbook is of February
    assert asked("--as-of", "2025-01") == ([], False)
    assert asked() == (KNOWN, False)


@pytest.mark.parametrize("spoilt", [b"no database", b""], ids=["text", "empty"])
def test_a_spoilt_file_costs_only_time(asked: Asked, tmp_path: Path, spoilt: bytes) -> None:
    asked()
    (tmp_path / "cache" / "answers.db").write_bytes(spoilt)
    assert asked() == (KNOWN, True)
    asked()  # what is no database is taken away by the run that finds it
    assert asked() == (KNOWN, False)


def test_a_file_in_use_costs_only_time(asked: Asked, tmp_path: Path) -> None:
    asked()
    with sqlite3.connect(tmp_path / "cache" / "answers.db") as other:
        other.execute("BEGIN EXCLUSIVE")
        assert asked() == (KNOWN, True)
    other.close()


def test_no_cache_is_no_hindrance(asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the directory should be")
    assert asked() == (KNOWN, True)
