r"""A table as CSV, as Parquet, and all tables as one SQLite file.

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
from evcli.publish import licence
from evcli.publish.contents import Contents
from evcli.publish.tables import PackageTable
from evcli.render.delimited import csv_lines
from evcli.text.numbers import plain

if TYPE_CHECKING:
    import pyarrow as pa

_KINDS = {CellType.NUMBER: Kind.NUMBER, CellType.FLAG: Kind.FLAG, CellType.IDS: Kind.LIST}


def csv_text(table: PackageTable) -> str:
    """The whole file. Numbers have at most twelve digits, bounds are rounded outward.

    Ids stand in one cell with spaces between them; texts that may hold spaces are a JSON array.
    """
    columns = [
        Column(field.name, _KINDS.get(field.type, Kind.TEXT), field.rounding)
        for field in table.fields
    ]
    rows = [_row(table.fields, row) for row in table.rows]
    return "".join(csv_lines(Answer(tuple(columns), rows)))


def json_array(texts: Iterable[str]) -> str:
    """Texts that may hold anything as one text; empty where there are none."""
    items = list(texts)
    return json.dumps(items, ensure_ascii=False) if items else ""


def _row(fields: Iterable[Field], row: Row) -> Row:
    return {field.name: _csv_cell(field, row.get(field.name)) for field in fields}


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


SQLITE = "record.sqlite"
METADATA = "metadata.json"
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


def metadata_text(contents: Contents) -> str:
    """``metadata.json`` for Datasette: titles, terms, and what every column means."""
    known = {} if contents.added else {"license": licence.NAME, "license_url": licence.URL}
    tables: dict[str, Any] = {
        table.name: {
            "description": table.description,
            "columns": {field.name: field.description for field in table.fields},
            **({"sort": table.key[0]} if table.key else {}),
            **({"label_column": label} if (label := _label(table)) else {}),
        }
        for table in contents.tables
    }
    metadata = {
        "title": licence.title(contents),
        "description": licence.quotation(contents),
        **known,
        "databases": {Path(SQLITE).stem: {**known, "tables": tables}},
    }
    return json.dumps(metadata, ensure_ascii=False, indent=2) + "\n"


def _create(table: PackageTable) -> str:
    alone = table.key[0] if len(table.key) == 1 else ""
    lines = [_column(field, primary=field.name == alone) for field in table.fields]
    if len(table.key) > 1:
        lines.append(f"PRIMARY KEY ({', '.join(map(_quoted, table.key))})")
    inside = ",\n  ".join(lines)
    return f"CREATE TABLE {_quoted(table.name)} (\n  {inside}\n)"


def _column(field: Field, *, primary: bool) -> str:
    parts = [_quoted(field.name), _TYPES.get(field.type, "TEXT")]
    if primary:
        parts.append("PRIMARY KEY")
    if field.filled:
        parts.append("NOT NULL")
    if field.refers_to:
        parts.append(f"REFERENCES {_quoted(field.refers_to)} (id)")
    return " ".join(parts)


def _indices(table: PackageTable) -> list[str]:
    """An index for every reference, and for what figures are looked up by."""
    looked_up = [
        field.name
        for field in table.fields
        if (field.refers_to or field.name == "start") and field.name not in table.key[:1]
    ]
    return [
        f'CREATE INDEX "{table.name}_{name}" ON {_quoted(table.name)} ({_quoted(name)})'
        for name in looked_up
    ]


def _label(table: PackageTable) -> str:
    names = {field.name for field in table.fields}
    return next((name for name in ("title", "name") if name in names), "")


def _sqlite_cell(field: Field, row: Row) -> str | int | None:
    value = row.get(field.name)
    if value is None or value in ("", ()):
        return None
    if isinstance(value, bool):
        return int(value)
    if field.type is CellType.TEXTS and isinstance(value, tuple):
        return json_array(value)
    return plain(value, field.rounding)


def _quoted(name: str) -> str:
    return f'"{name}"'
