"""The same tables as one SQLite file with keys and references, and what Datasette says of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from evcli.model.answer import Row
from evcli.publish import licence
from evcli.publish.contents import Contents
from evcli.publish.csv_file import json_array
from evcli.publish.sheet import Field, Sheet, Type
from evcli.text.numbers import plain

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
                    ([_cell(field, row) for field in sheet.fields] for row in sheet.rows),
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


def _cell(field: Field, row: Row) -> str | int | None:
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
