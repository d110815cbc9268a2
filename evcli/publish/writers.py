r"""A table as CSV, as Parquet, and all tables as one SQLite file.

>>> from evcli.publish.sheet import Field
>>> cells = (Field("id", "Its name."), Field("at", "Where.", Type.TEXTS))
>>> csv_text(Sheet("facts", "Facts", cells, rows=({"id": "a", "at": ("p1", "p 2")},)))
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
from evcli.publish import licence
from evcli.publish.contents import Contents
from evcli.publish.sheet import Field, Sheet, Type
from evcli.render.delimited import csv_lines
from evcli.text.numbers import plain

if TYPE_CHECKING:
    import pyarrow as pa

_KINDS = {Type.NUMBER: Kind.NUMBER, Type.FLAG: Kind.FLAG, Type.IDS: Kind.LIST}


def csv_text(sheet: Sheet) -> str:
    """The whole file. Numbers have at most twelve digits, bounds are rounded outward.

    Ids stand in one cell with spaces between them; texts that may hold spaces are a JSON array.
    """
    columns = [
        Column(field.name, _KINDS.get(field.type, Kind.TEXT), field.rounding)
        for field in sheet.fields
    ]
    rows = [_row(sheet.fields, row) for row in sheet.rows]
    return "".join(csv_lines(Answer(tuple(columns), rows)))


def json_array(texts: Iterable[str]) -> str:
    """Texts that may hold anything as one text; empty where there are none."""
    items = list(texts)
    return json.dumps(items, ensure_ascii=False) if items else ""


def _row(fields: Iterable[Field], row: Row) -> Row:
    return {field.name: _csv_cell(field, row.get(field.name)) for field in fields}


def _csv_cell(field: Field, value: Value) -> Value:
    if field.type is Type.TEXTS and isinstance(value, tuple):
        return json_array(value)
    return value


def write_parquet(path: Path, sheet: Sheet) -> None:
    """Write *sheet* to *path*; numbers are doubles of the digits that the CSV file has.

    Empty cells are null and lists are lists; every column carries its description.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(
        [
            pa.field(each.name, _type(pa, each), metadata={"description": each.description})
            for each in sheet.fields
        ]
    )
    columns = [[_parquet_cell(field, row) for row in sheet.rows] for field in sheet.fields]
    arrays = [
        pa.array(cells, type=field.type) for cells, field in zip(columns, schema, strict=True)
    ]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path, compression="zstd")


def _type(pa: Any, field: Field) -> pa.DataType:
    match field.type:
        case Type.NUMBER:
            return pa.float64()
        case Type.FLAG:
            return pa.bool_()
        case Type.DAY:
            return pa.date32()
        case Type.IDS | Type.TEXTS:
            return pa.list_(pa.string())
        case Type.TEXT:
            return pa.string()


def _parquet_cell(field: Field, row: Row) -> object:
    value = row.get(field.name)
    if isinstance(value, tuple):
        return list(value)
    if value is None or value == "":
        return [] if field.type in (Type.IDS, Type.TEXTS) else None
    if field.type is Type.DAY:
        return date.fromisoformat(str(value))
    if field.type is Type.NUMBER:
        return float(plain(value, field.rounding))
    return value


NAME = "record.sqlite"
METADATA = "metadata.json"
_PAGE_SIZE = 4096
# NUMERIC keeps whole numbers whole and all others as the nearest double
_TYPES = {Type.NUMBER: "NUMERIC", Type.FLAG: "INTEGER"}


def write_sqlite(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write all tables to *path*, which must not exist; sqlite3.Error where that fails.

    Empty cells are NULL, lists of ids are texts with spaces between them, lists of texts are JSON
    arrays. The same tables give the same bytes.
    """
    known = tuple(sheets)
    with closing(sqlite3.connect(path)) as connection:
        for pragma in (f"page_size = {_PAGE_SIZE}", "journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        with connection:
            connection.execute("BEGIN")
            for sheet in known:
                connection.execute(_create(sheet))
                marks = ", ".join("?" * len(sheet.fields))
                connection.executemany(
                    f'INSERT INTO "{sheet.name}" VALUES ({marks})',
                    ([_sqlite_cell(field, row) for field in sheet.fields] for row in sheet.rows),
                )
            for sheet in known:
                for statement in _indices(sheet):
                    connection.execute(statement)
        connection.execute("VACUUM")


def metadata_text(contents: Contents) -> str:
    """``metadata.json`` for Datasette: titles, terms, and what every column means."""
    known = {} if contents.added else {"license": licence.NAME, "license_url": licence.URL}
    tables: dict[str, Any] = {
        sheet.name: {
            "description": sheet.description,
            "columns": {field.name: field.description for field in sheet.fields},
            **({"sort": sheet.key[0]} if sheet.key else {}),
            **({"label_column": label} if (label := _label(sheet)) else {}),
        }
        for sheet in contents.sheets
    }
    metadata = {
        "title": licence.title(contents),
        "description": licence.quotation(contents),
        **known,
        "databases": {Path(NAME).stem: {**known, "tables": tables}},
    }
    return json.dumps(metadata, ensure_ascii=False, indent=2) + "\n"


def _create(sheet: Sheet) -> str:
    alone = sheet.key[0] if len(sheet.key) == 1 else ""
    lines = [_column(field, primary=field.name == alone) for field in sheet.fields]
    if len(sheet.key) > 1:
        lines.append(f"PRIMARY KEY ({', '.join(map(_quoted, sheet.key))})")
    inside = ",\n  ".join(lines)
    return f"CREATE TABLE {_quoted(sheet.name)} (\n  {inside}\n)"


def _column(field: Field, *, primary: bool) -> str:
    parts = [_quoted(field.name), _TYPES.get(field.type, "TEXT")]
    if primary:
        parts.append("PRIMARY KEY")
    if field.required:
        parts.append("NOT NULL")
    if field.refers_to:
        parts.append(f"REFERENCES {_quoted(field.refers_to)} (id)")
    return " ".join(parts)


def _indices(sheet: Sheet) -> list[str]:
    """An index for every reference, and for what figures are looked up by."""
    looked_up = [
        field.name
        for field in sheet.fields
        if (field.refers_to or field.name == "start") and field.name not in sheet.key[:1]
    ]
    return [
        f'CREATE INDEX "{sheet.name}_{name}" ON {_quoted(sheet.name)} ({_quoted(name)})'
        for name in looked_up
    ]


def _label(sheet: Sheet) -> str:
    names = {field.name for field in sheet.fields}
    return next((name for name in ("title", "name") if name in names), "")


def _sqlite_cell(field: Field, row: Row) -> str | int | None:
    value = row.get(field.name)
    if value is None or value in ("", ()):
        return None
    if isinstance(value, bool):
        return int(value)
    if field.type is Type.TEXTS and isinstance(value, tuple):
        return json_array(value)
    return plain(value, field.rounding)


def _quoted(name: str) -> str:
    return f'"{name}"'
