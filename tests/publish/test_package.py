"""What a package holds, as programs that know nothing of evcli read it.

The five documents' figure of May 2025, 212,000 (CAAM, which publishes thousands), stands for the
rest: its bounds are 211,500 and 212,500, half a thousand each way.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import frictionless
import pandas as pd
import pytest

from evcli.publish.package import write_package
from evcli.query.figures import Figures
from evcli.query.selection import Query, Where
from evcli.query.windows import selected_figures
from evcli.store.reader import Store
from tests.publish.conftest import everything

STRUCTURE = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/structure"
MAY = "cn.exports.nev.caam@2025-05"


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_frictionless_finds_nothing_wrong(whole: Path) -> None:
    """Types, choices, keys and references of every table, and the descriptor itself."""
    report = frictionless.validate(str(whole / "datapackage.json"))
    assert report.flatten(["title", "type", "message"]) == []
    assert len(report.tasks) == 24


def test_frictionless_sees_what_is_wrong(whole: Path, tmp_path: Path) -> None:
    """So that the test above can fail: a figure of a series that is not there."""
    for each in whole.iterdir():
        text = each.read_bytes()
        if each.name == "figures.csv":
            text = text.replace(f"{MAY},cn.exports.nev.caam".encode(), f"{MAY},no.series".encode())
        (tmp_path / each.name).write_bytes(text)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert "foreign-key" in {error for (error,) in report.flatten(["type"])}


def test_the_descriptor_says_what_a_reader_needs(whole: Path, record: Store) -> None:
    descriptor = json.loads((whole / "datapackage.json").read_text("utf-8"))
    assert descriptor["licenses"][0]["name"] == "CC-BY-4.0"
    assert len(descriptor["sources"]) == len(record.sources())
    assert descriptor["created"].startswith(record.newest_source)  # which may be a month
    assert descriptor["evcli"]["record"] == record.digest
    for resource in descriptor["resources"]:
        data = (whole / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["bytes"] == len(data)
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_every_figure_is_in_it_as_it_is(whole: Path, record: Store) -> None:
    """Value, bounds, qualifier, basis and sources, all of them compared with the answer."""
    source = Figures(record)
    every = Query(Where(plans=True))
    figures = selected_figures(source, record.series(record.all_series_ids()), every)
    rows = rows_of(whole, "figures")
    assert len(rows) == len(figures) > 1_000
    for figure, row in zip(figures, rows, strict=True):
        assert row["id"] == figure.id
        counted = record.vocabulary.units[figure.unit].counted  # 299.5 to 300.5 stores: 299 to 301
        assert _same(row["value"], figure.value, round if counted else None)
        assert _same(row["low"], figure.bounds.low, floor if counted else None)
        assert _same(row["high"], figure.bounds.high, ceil if counted else None)
        if figure.bounds.low is not None:
            assert Fraction(row["low"]) <= figure.bounds.low
        if figure.bounds.high is not None:
            assert Fraction(row["high"]) >= figure.bounds.high
        assert (row["qualifier"], row["unit"]) == (figure.qualifier, figure.unit)
        assert row["basis"] == figure.basis
        assert tuple(row["sources"].split()) == figure.sources
    assert len({row["id"] for row in rows}) == len(rows)


def _same(
    cell: str, number: Fraction | None, to_whole: Callable[[Fraction], int] | None = None
) -> bool:
    """Whether the cell is the number, to the twelve digits of the output contract, or whole."""
    if not cell or number is None:
        return not cell and number is None
    if to_whole is not None:
        return cell == str(to_whole(number))
    return abs(Fraction(cell) - number) <= abs(number) / 10**11


def test_pandas_and_duckdb_read_the_bounds(whole: Path) -> None:
    path = whole / "figures.csv"
    frame = pd.read_csv(path).set_index("id")
    assert tuple(frame.loc[MAY, ["value", "low", "high"]]) == (212_000, 211_500, 212_500)
    facts = pd.read_csv(whole / "facts.csv")
    open_ended = facts[facts["qualifier"] == "over"]  # no word bounds these from above
    assert open_ended["high"].isna().all()
    assert (open_ended["low"] == open_ended["value"]).all()
    assert len(open_ended) > 10
    found = asked(
        f"SELECT low, high FROM read_csv('{path}')"
        f""" WHERE id = '{MAY}' AND "end" = DATE '2025-05-31'"""
    )
    assert found == [(211_500, 212_500)]


def asked(question: str) -> list[tuple[Any, ...]]:
    relation = duckdb.sql(question)
    assert relation is not None
    return relation.fetchall()


def test_parquet_has_numbers_dates_and_lists(whole: Path) -> None:
    (row,) = asked(
        f"SELECT value, low, high, start, sources FROM '{whole}/figures.parquet' WHERE id = '{MAY}'"
    )
    assert row[:3] == (212_000, 211_500, 212_500)
    assert row[3].isoformat() == "2025-05-01"
    assert "seed-001" in row[4]
    frame = pd.read_parquet(whole / "facts.parquet")
    assert len(frame) == len(rows_of(whole, "facts"))


def test_tables_join_on_their_keys(whole: Path) -> None:
    """In DuckDB, as the README of the package says: the page of CAAM's May, by its title."""
    titles = asked(
        f"SELECT sources.title FROM '{whole}/figure_sources.csv' AS link"
        f" JOIN '{whole}/sources.csv' AS sources ON sources.id = link.source"
        f" WHERE link.figure = '{MAY}' AND link.source = 'seed-001'"
    )
    assert titles == [
        ("China EV Car Industry Accelerates Global Embrace with Full-Chain Strategy",)
    ]


def test_the_structure_describes_the_columns_of_the_figures(whole: Path) -> None:
    """Every column behind the three that SDMX-CSV wants first is a concept, used just once."""
    structure = ET.parse(whole / "figures.structure.xml")
    concepts = [each.get("id") for each in structure.iter(f"{{{STRUCTURE}}}Concept")]
    used = [each.text or "" for each in structure.iter(f"{{{STRUCTURE}}}ConceptIdentity")]
    with (whole / "figures.sdmx.csv").open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    assert columns == ["STRUCTURE", "STRUCTURE_ID", "ACTION", *concepts]
    assert sorted(each.rpartition(".")[2] for each in used) == sorted(columns[3:])


def test_sdmx1_reads_the_figures(whole: Path) -> None:
    sdmx = pytest.importorskip("sdmx")
    with (whole / "figures.structure.xml").open("rb") as file:
        structure = sdmx.read_sdmx(file, format="XML").structure["FIGURES"]
    with (whole / "figures.sdmx.csv").open("rb") as file:
        data = sdmx.read_sdmx(file, format="CSV", structure=structure).data[0]
    rows = [row for row in rows_of(whole, "figures") if row["period"] != "undated"]
    assert len(data.obs) == len(rows)
    for observation, row in zip(data.obs, rows, strict=True):
        key = {name: value.value for name, value in observation.dimension.values.items()}
        told = {name: each.value for name, each in observation.attached_attribute.items()}
        assert key["SERIES"] == row["series"]
        assert key["COUNTERPART_AREA"] == row["destination"]
        assert observation.value == (row["value"] or "NaN")
        assert (told["LOW"], told["HIGH"]) == (row["low"], row["high"])
        assert (told["QUALIFIER"], told["BASIS"]) == (row["qualifier"], row["basis"])
        assert told["SOURCES"] == row["sources"]
    assert len({str(each.dimension) for each in data.obs}) == len(data.obs)  # keys name one
    statuses = {each.attached_attribute["OBS_STATUS"].value for each in data.obs}
    assert statuses == {"A", "E", "P", "F"}
    frame = sdmx.to_pandas(data)
    known = frame.xs("cn.exports.nev.caam", level="SERIES").xs("2025-05", level="TIME_PERIOD")
    assert known.tolist() == [212_000]


def test_the_same_record_gives_the_same_bytes(whole: Path, record: Store, tmp_path: Path) -> None:
    again = tmp_path / "again"
    write_package(again, everything(record), record.vocabulary, ("parquet", "sdmx-csv"))
    assert {path.name for path in again.iterdir()} == {path.name for path in whole.iterdir()}
    for path in again.iterdir():
        assert path.read_bytes() == (whole / path.name).read_bytes(), path.name
