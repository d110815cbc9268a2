"""Digits that a source prints come out of every file of a package, and back in.

A double holds 2**53 = 9,007,199,254,740,992 and the next even number, not the odd one between.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from evcli.publish.package import FORMATS, write_package
from evcli.store import open_store, pack_choice
from tests.conftest import Process
from tests.publish.conftest import everything

PACK = """\
vocabulary:
  subjects: [{id: x1, name: X one, kind: country}]
sources:
  - {id: s1, title: T, outlet: O, published: 2025-01-01}
series:
  - id: x1.exports.all.caam
    title: T
    subject: x1
    metric: exports
    scope: all
    unit: vehicles
    publisher: caam
    method: not-stated
    facts:
      - {period: 2024, stated: "1,234,567,890,123", source: s1}
      - {period: 2022, stated: "9,007,199,254,740,993", source: s1}
      - {period: 2020, stated: "123,456,789,012,345,678,901", source: s1}
  - id: x1.export-value.all.caam
    title: T
    subject: x1
    metric: export-value
    scope: all
    unit: USD
    publisher: caam
    method: not-stated
    facts:
      - {period: 2024, stated: "$12,345,678,901,234,567.80", source: s1}
      - {period: 2022, stated: "$18.50", source: s1}
"""
EXACT = {  # value, low, high
    "x1.exports.all.caam@2024": ("1234567890123",) * 3,
    "x1.exports.all.caam@2022": ("9007199254740993",) * 3,
    "x1.exports.all.caam@2020": ("123456789012345678901",) * 3,
    "x1.export-value.all.caam@2024": (
        "12345678901234567.8",
        "12345678901234567.795",
        "12345678901234567.805",
    ),
    "x1.export-value.all.caam@2022": ("18.5", "18.495", "18.505"),
}
DOUBLES = {
    "x1.exports.all.caam@2022": (2.0**53, 2.0**53, 2.0**53 + 2),
    "x1.exports.all.caam@2020": (
        123456789012345680000.0,
        123456789012345660000.0,
        123456789012345680000.0,
    ),
    "x1.export-value.all.caam@2024": (
        12345678901234568.0,
        12345678901234566.0,
        12345678901234568.0,
    ),
    "x1.export-value.all.caam@2022": (18.5, 18.495, 18.505),
}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("digits") / "pack"
    folder.mkdir()
    (folder / "p.yaml").write_text(PACK, "utf-8")
    return folder


@pytest.fixture(scope="module")
def package(pack: Path) -> Path:
    with open_store(pack_choice([pack], True, {})) as store:
        write_package(pack.parent / "package", everything(store), store.vocabulary, FORMATS)
    return pack.parent / "package"


@pytest.mark.parametrize("name", ["figures", "facts"])
def test_csv_has_all_digits(package: Path, name: str) -> None:
    with (package / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"].partition("#")[0]: row for row in csv.DictReader(file)}
    assert {id_: (row["value"], row["low"], row["high"]) for id_, row in rows.items()} == EXACT


def test_sdmx_has_all_digits(package: Path) -> None:
    with (package / "figures.sdmx.csv").open(encoding="utf-8", newline="") as file:
        rows = {f"{row['SERIES']}@{row['TIME_PERIOD']}": row for row in csv.DictReader(file)}
    assert {id_: (row["OBS_VALUE"], row["LOW"], row["HIGH"]) for id_, row in rows.items()} == EXACT


def test_doubles_hold_the_number_or_lie_outward(package: Path) -> None:
    rows = {row["id"]: row for row in pq.read_table(package / "figures.parquet").to_pylist()}
    for id_, doubles in DOUBLES.items():
        assert tuple(rows[id_][name] for name in ("value", "low", "high")) == doubles
        low, high = (Fraction(EXACT[id_][at]) for at in (1, 2))
        assert Fraction(repr(doubles[1])) <= low <= high <= Fraction(repr(doubles[2]))


def test_every_digit_comes_back(
    package: Path, evcli_run: Callable[..., Process], tmp_path: Path
) -> None:
    made = tmp_path / "made" / "made.yaml"
    done = evcli_run("facts", "import", str(package), "-o", str(made), "--no-builtin")
    assert done.returncode == 0, done.stderr
    asked = ("--no-builtin", "--csv", "--fields", "id,value,low,high", "-q")
    told = evcli_run("get", "x1.*", "--facts", str(made.parent), *asked)
    rows = [line.split(",") for line in told.stdout.decode().splitlines()[1:]]
    assert {id_: tuple(numbers) for id_, *numbers in rows} == EXACT


def test_another_last_digit_is_told(
    package: Path, evcli_run: Callable[..., Process], tmp_path: Path
) -> None:
    changed = tmp_path / "package"
    changed.mkdir()
    for each in package.iterdir():
        data = each.read_bytes()
        if each.name == "facts.csv":
            data = data.replace(b",1234567890123,", b",1234567890124,", 1)
        (changed / each.name).write_bytes(data)
    done = evcli_run(
        "facts", "import", str(changed), "-o", str(tmp_path / "a.yaml"), "--no-builtin"
    )
    assert done.returncode == 1
    assert "'1,234,567,890,123' does not mean value 1234567890124" in done.stderr.decode()


def test_a_table_has_all_digits(pack: Path, evcli_run: Callable[..., Process]) -> None:
    told = evcli_run("get", "x1.*", "--facts", str(pack), "--no-builtin", "--all")
    shown = [line.split() for line in told.stdout.decode().splitlines()[4:9]]
    assert [
        row[row.index("USD" if "USD" in row else "vehicles") - (2 if "bn" in row else 1) :]
        for row in shown
    ] == [
        ["18.5", "USD", "±0.005", "1"],
        ["12,345,678.9012345678", "bn", "USD", "±0.000000000005", "1"],
        ["123,456,789,012.345678901", "bn", "vehicles", "1"],
        ["9,007,199.254740993", "bn", "vehicles", "1"],
        ["1,234.567890123", "bn", "vehicles", "1"],
    ]
