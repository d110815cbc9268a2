"""A table as Parquet, for frames and warehouses; needs the extra ``package``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcli.model.answer import Row
from evcli.publish.sheet import Field, Sheet, Type
from evcli.text.numbers import plain

if TYPE_CHECKING:
    import pyarrow as pa


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
    columns = [[_cell(field, row) for row in sheet.rows] for field in sheet.fields]
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


def _cell(field: Field, row: Row) -> object:
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
