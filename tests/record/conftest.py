"""The built-in record as written, and its map to the rows of the research tables."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from evcli.loader.packs import load
from evcli.model import Pack
from evcli.model.records import Record

ROOT = Path(__file__).parents[2]


class Mapped(NamedTuple):
    """A line of docs/record-map.csv: what became of a row of a table."""

    table: str
    line: int
    ids: tuple[str, ...]
    reason: str


@pytest.fixture(scope="session")
def record() -> Record:
    """The built-in record."""
    return load([Pack(ROOT / "facts"), Pack(ROOT / "seeds")])


@pytest.fixture(scope="session")
def record_map() -> list[Mapped]:
    """All lines of the map, as they stand."""
    with (ROOT / "docs" / "record-map.csv").open(newline="", encoding="utf-8") as file:
        return [
            Mapped(row["table"], int(row["line"]), tuple(row["id"].split()), row["reason"])
            for row in csv.DictReader(file)
        ]
