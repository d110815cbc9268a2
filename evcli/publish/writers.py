r"""A table as CSV, as Parquet, all tables as one SQLite file, and the dated figures as SDMX.

SDMX-CSV 2.0 comes with the data structure that its readers need, as SDMX-ML 3.0.

>>> from evcli.publish.contents import PackageTable
>>> cells = (Field("Its name.", "id"), Field("Where.", "at", type=Kind.TEXTS))
>>> csv_text(PackageTable("facts", "Facts", cells, rows=({"id": "a", "at": ("p1", "p 2")},)))
'id,at\na,"[""p1"", ""p 2""]"\n'
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from evcli.model.answer import Answer, Column, Kind, Row, Value
from evcli.model.field import Field
from evcli.model.figure import Figure
from evcli.model.period import Period, Window
from evcli.model.records import Status
from evcli.model.vocabulary import SubjectKind, Vocabulary
from evcli.render.machine import csv_lines
from evcli.text.numbers import double, plain

if TYPE_CHECKING:
    from evcli.publish.contents import PackageTable


def csv_text(table: PackageTable) -> str:
    """The whole file, its numbers as in every answer: bounds are rounded outward.

    Ids stand in one cell with spaces between them; texts that may hold spaces are a JSON array.
    """
    columns = tuple(Column(each.name, each.type, each.rounding) for each in table.fields)
    rows = [{field.name: _cell(field, row) for field in table.fields} for row in table.rows]
    return "".join(csv_lines(Answer(columns, rows)))


def _cell(field: Field, row: Row) -> Value:
    """What stands there; of texts that may hold anything one text, empty where there are none."""
    value = row.get(field.name)
    if field.type is Kind.TEXTS and isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return value


def write_parquet(path: Path, table: PackageTable) -> None:
    """Write *table* to *path*; numbers are doubles that read as in the CSV file, or outward of it.

    Empty cells are null and lists are lists; every column carries its description.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        Kind.NUMBER: pa.float64(),
        Kind.FLAG: pa.bool_(),
        Kind.DAY: pa.date32(),
        Kind.TEXT: pa.string(),
        **dict.fromkeys((Kind.LIST, Kind.TEXTS), pa.list_(pa.string())),
    }
    columns, arrays = [], []
    for field in table.fields:
        kind, about = types[field.type], {"description": field.description}
        columns.append(pa.field(field.name, kind, metadata=about))
        arrays.append(pa.array([_parquet_cell(field, row) for row in table.rows], type=kind))
    whole = pa.Table.from_arrays(arrays, schema=pa.schema(columns))
    pq.write_table(whole, path, compression="zstd")


def _parquet_cell(field: Field, row: Row) -> object:
    value = row.get(field.name)
    if isinstance(value, tuple):
        return list(value)
    if value is None or value == "":
        return [] if field.type in (Kind.LIST, Kind.TEXTS) else None
    if field.type is Kind.DAY:
        return date.fromisoformat(str(value))
    if field.type is Kind.NUMBER and isinstance(value, (int, Fraction)):
        return double(value, field.rounding)
    return value


_PAGE_SIZE = 4096
_WHOLE = 2**63  # below this SQLite keeps whole numbers whole; all others are doubles
_TYPES = {Kind.NUMBER: "NUMERIC", Kind.FLAG: "INTEGER"}


def write_sqlite(path: Path, tables: Sequence[PackageTable]) -> None:
    """Write all tables to *path*, which must not exist; sqlite3.Error where that fails.

    Empty cells are NULL, lists of ids are texts with spaces between them, lists of texts are JSON
    arrays. The same tables give the same bytes.
    """
    with closing(sqlite3.connect(path)) as connection:
        for pragma in (f"page_size = {_PAGE_SIZE}", "journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        with connection:
            connection.execute("BEGIN")
            for table in tables:
                connection.execute(_create(table))
                marks = ", ".join("?" * len(table.fields))
                connection.executemany(
                    f'INSERT INTO "{table.name}" VALUES ({marks})',
                    ([_sqlite_cell(field, row) for field in table.fields] for row in table.rows),
                )
            # an index for every reference, and for what figures are looked up by
            for table in tables:
                for name, refers_to in ((each.name, each.refers_to) for each in table.fields):
                    if (refers_to or name == "start") and name not in table.key[:1]:
                        index = f'"{table.name}_{name}" ON "{table.name}" ("{name}")'
                        connection.execute(f"CREATE INDEX {index}")
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


def _sqlite_cell(field: Field, row: Row) -> str | float | None:
    value = _cell(field, row)
    if value is None or value in ("", ()):
        return None
    if isinstance(value, (int, Fraction)):  # flags, too
        whole = -_WHOLE <= value < _WHOLE and value == int(value)
        return int(value) if whole else double(value, field.rounding)
    return plain(value)


SDMX_CSV = "figures.sdmx.csv"
SDMX_STRUCTURE = "figures.structure.xml"  # also what its template beside this module is called
_COLUMNS = """
STRUCTURE STRUCTURE_ID ACTION SERIES RIVAL REF_AREA COUNTERPART_AREA SUBJECT INDICATOR SCOPE
PUBLISHER METHOD UNIT_MEASURE TIME_PERIOD OBS_VALUE LOW HIGH QUALIFIER BASIS OBS_STATUS SOURCES
COMMENT_OBS
"""
_NOT_APPLICABLE, _UNKNOWN = "_Z", "_U"
_MISSING = "NaN"  # how SDMX-CSV writes a number that is not there
_STATUS = {Status.NORMAL: "A", Status.ESTIMATED: "E", Status.PROVISIONAL: "P", Status.FORECAST: "F"}
_NO_DAY = "1970-01-01"


def sdmx_csv_text(
    figures: Iterable[Figure], table: PackageTable, words: Vocabulary
) -> tuple[str, int]:
    """The file, and how many figures stand in it: undated ones have no place in SDMX.

    *table* holds the rows of *figures*, whose numbers are written as there.
    """
    rounding = {field.name: field.rounding for field in table.fields}
    rows = []
    rivals: Counter[tuple[str, Period]] = Counter()
    for figure, row in zip(figures, table.rows, strict=True):
        if figure.period.is_undated:
            continue
        rivals[key := (figure.series.id, figure.period)] += 1
        cells = {name: plain(row.get(name), way) for name, way in rounding.items()}
        rows.append(_row(figure, cells, rivals[key], words))
    columns = tuple(map(Column, _COLUMNS.split()))
    return "".join(csv_lines(Answer(columns, rows))), len(rows)


def time_period(period: Period) -> str:
    """A dated period in the notation of SDMX, 2025-S1; what is no calendar window is a start and a
    length, 2025-01-01/P5M. ValueError for an undated one.
    """
    if period.start is None or period.end is None:
        raise ValueError("an undated period has no notation")
    match period.window:
        case Window.HALF:
            return str(period).replace("H", "S")
        case Window.DAY | Window.MONTH | Window.QUARTER | Window.YEAR:
            return str(period)
    months = period.months
    length = f"P{months}M" if months is not None else f"P{(period.end - period.start).days}D"
    return f"{period.start.isoformat()}/{length}"


def _row(figure: Figure, cells: Mapping[str, str], rival: int, words: Vocabulary) -> Row:
    series = figure.series
    subject = words.subjects.get(series.subject)
    country = subject is not None and subject.kind is SubjectKind.COUNTRY
    # many are columns of figures, too
    row = {name: cells.get(name.lower(), "") for name in _COLUMNS.split()}
    row |= {
        "STRUCTURE": "datastructure",
        "STRUCTURE_ID": "EVCLI:FIGURES(1.0)",
        "ACTION": "I",
        "RIVAL": str(rival),
        "REF_AREA": series.subject if country else _NOT_APPLICABLE,
        "COUNTERPART_AREA": series.destination,
        "INDICATOR": series.metric,
        "METHOD": series.method or _UNKNOWN,
        "UNIT_MEASURE": figure.unit,
        "TIME_PERIOD": time_period(figure.period),
        "OBS_VALUE": cells["value"] or _MISSING,
        "OBS_STATUS": _STATUS[Status(figure.status)],
        "COMMENT_OBS": cells["note"],
    }
    return {name: " ".join(text.split()) for name, text in row.items()}  # one line a row


def structure_text(prepared: str) -> str:
    """The data structure as SDMX-ML; *prepared* is the day of the newest source, or empty."""
    text = Path(__file__).with_name(SDMX_STRUCTURE).read_text("utf-8")
    return text.replace(_NO_DAY, prepared or _NO_DAY)
