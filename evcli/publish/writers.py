r"""A table as CSV, as Parquet, and all tables as one SQLite file.

>>> from evcli.publish.tables import PackageTable
>>> cells = (Field("Its name.", "id"), Field("Where.", "at", type=CellType.TEXTS))
>>> csv_text(PackageTable("facts", "Facts", cells, rows=({"id": "a", "at": ("p1", "p 2")},)))
'id,at\na,"[""p1"", ""p 2""]"\n'
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcli.model.answer import Answer, Column, Kind, Row, Value
from evcli.model.field import CellType, Field
from evcli.render.delimited import csv_lines
from evcli.text.numbers import plain

if TYPE_CHECKING:
    import pyarrow as pa

    from evcli.publish.tables import PackageTable

_KINDS = {CellType.NUMBER: Kind.NUMBER, CellType.FLAG: Kind.FLAG, CellType.IDS: Kind.LIST}


def csv_text(table: PackageTable) -> str:
    """The whole file. Numbers have at most twelve digits, bounds are rounded outward.

    Ids stand in one cell with spaces between them; texts that may hold spaces are a JSON array.
    """
    columns = [
        Column(field.name, _KINDS.get(field.type, Kind.TEXT), field.rounding)
        for field in table.fields
    ]
    rows = [
        {field.name: _csv_cell(field, row.get(field.name)) for field in table.fields}
        for row in table.rows
    ]
    return "".join(csv_lines(Answer(tuple(columns), rows)))


def json_array(texts: Iterable[str]) -> str:
    """Texts that may hold anything as one text; empty where there are none."""
    items = list(texts)
    return json.dumps(items, ensure_ascii=False) if items else ""


def _csv_cell(field: Field, value: Value) -> Value:
    if field.type is CellType.TEXTS and isinstance(value, tuple):
        return json_array(value)
    return value


def write_parquet(path: Path, table: PackageTable) -> None:
    """Write *table* to *path*; numbers are doubles of the digits that the CSV file has.

    Empty cells are null and lists are lists; every column carries its description.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(
        [
            pa.field(each.name, _type(pa, each), metadata={"description": each.description})
            for each in table.fields
        ]
    )
    columns = [[_parquet_cell(field, row) for row in table.rows] for field in table.fields]
    arrays = [
        pa.array(cells, type=field.type) for cells, field in zip(columns, schema, strict=True)
    ]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path, compression="zstd")


def _type(pa: Any, field: Field) -> pa.DataType:
    match field.type:
        case CellType.NUMBER:
            return pa.float64()
        case CellType.FLAG:
            return pa.bool_()
        case CellType.DAY:
            return pa.date32()
        case CellType.IDS | CellType.TEXTS:
            return pa.list_(pa.string())
        case CellType.TEXT:
            return pa.string()


def _parquet_cell(field: Field, row: Row) -> object:
    value = row.get(field.name)
    if isinstance(value, tuple):
        return list(value)
    if value is None or value == "":
        return [] if field.type in (CellType.IDS, CellType.TEXTS) else None
    if field.type is CellType.DAY:
        return date.fromisoformat(str(value))
    if field.type is CellType.NUMBER:
        return float(plain(value, field.rounding))
    return value


_PAGE_SIZE = 4096
# NUMERIC keeps whole numbers whole and all others as the nearest double
_TYPES = {CellType.NUMBER: "NUMERIC", CellType.FLAG: "INTEGER"}


def write_sqlite(path: Path, tables: Iterable[PackageTable]) -> None:
    """Write all tables to *path*, which must not exist; sqlite3.Error where that fails.

    Empty cells are NULL, lists of ids are texts with spaces between them, lists of texts are JSON
    arrays. The same tables give the same bytes.
    """
    known = tuple(tables)
    with closing(sqlite3.connect(path)) as connection:
        for pragma in (f"page_size = {_PAGE_SIZE}", "journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        with connection:
            connection.execute("BEGIN")
            for table in known:
                connection.execute(_create(table))
                marks = ", ".join("?" * len(table.fields))
                connection.executemany(
                    f'INSERT INTO "{table.name}" VALUES ({marks})',
                    ([_sqlite_cell(field, row) for field in table.fields] for row in table.rows),
                )
            for table in known:
                for statement in _indices(table):
                    connection.execute(statement)
        connection.execute("VACUUM")


def _create(table: PackageTable) -> str:
    lines = []
    for field in table.fields:
        parts = [f'"{field.name}"', _TYPES.get(field.type, "TEXT")]
        parts += ["PRIMARY KEY"] if table.key == (field.name,) else []
        parts += ["NOT NULL"] if field.filled else []
        parts += [f'REFERENCES "{field.refers_to}" (id)'] if field.refers_to else []
        lines.append(" ".join(parts))
    if len(table.key) > 1:
        names = ", ".join(f'"{name}"' for name in table.key)
        lines.append(f"PRIMARY KEY ({names})")
    inside = ",\n  ".join(lines)
    return f'CREATE TABLE "{table.name}" (\n  {inside}\n)'


def _indices(table: PackageTable) -> list[str]:
    """An index for every reference, and for what figures are looked up by."""
    return [
        f'CREATE INDEX "{table.name}_{field.name}" ON "{table.name}" ("{field.name}")'
        for field in table.fields
        if (field.refers_to or field.name == "start") and field.name not in table.key[:1]
    ]


def _sqlite_cell(field: Field, row: Row) -> str | int | None:
    value = row.get(field.name)
    if value is None or value in ("", ()):
        return None
    if isinstance(value, bool):
        return int(value)
    if field.type is CellType.TEXTS and isinstance(value, tuple):
        return json_array(value)
    return plain(value, field.rounding)
