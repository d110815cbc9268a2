"""Figures as pandas frames; :mod:`evcli.columns` has the formulas on columns of any table."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from evcli.errors import UsageError
from evcli.model.answer import Column, Kind, Row
from evcli.model.note import Note
from evcli.text.numbers import double

_NUMBERS = (Kind.NUMBER, Kind.CHANGE)
_LISTS = (Kind.LIST, Kind.TEXTS, Kind.NOTES)


def frame_of(columns: Sequence[Column], rows: Sequence[Row]) -> pd.DataFrame:
    """Rows as a frame with one column a field. Numbers are ``Float64`` with ``<NA>`` for open ends
    and unknown values, texts are strings, lists (``sources``, ``inputs``) are tuples; ``notes`` are
    tuples of the objects of the JSON.
    """
    types = dict.fromkeys(_NUMBERS, "Float64") | {Kind.FLAG: "boolean"}
    types |= dict.fromkeys(_LISTS, "object")
    typed = [(each, types.get(each.kind, "string")) for each in columns]
    return pd.DataFrame({e.name: pd.Series(_cells(e, rows), dtype=type_) for e, type_ in typed})


def arrow_of(columns: Sequence[Column], rows: Sequence[Row]) -> Any:
    """The same rows as an Arrow table; UsageError where pyarrow is not installed."""
    try:
        import pyarrow as pa
    except ImportError:
        raise UsageError("Arrow needs pyarrow", 'pip install "evcli[package]"') from None
    texts = pa.list_(pa.string())
    notes = pa.list_(pa.struct({"kind": pa.string(), "text": pa.string(), "refs": texts}))
    types = dict.fromkeys(_NUMBERS, pa.float64()) | {Kind.FLAG: pa.bool_()}
    types |= dict.fromkeys(_LISTS, texts) | {Kind.NOTES: notes}
    typed = [(each, types.get(each.kind, pa.string())) for each in columns]
    return pa.table({each.name: pa.array(_cells(each, rows), type_) for each, type_ in typed})


def _cells(column: Column, rows: Sequence[Row]) -> list[Any]:
    cells: list[Any] = [row.get(column.name) for row in rows]
    if column.kind in _NUMBERS:
        way = column.rounding
        return [double(e, way) if isinstance(e, int | Fraction) else None for e in cells]
    if column.kind in _LISTS:
        return [tuple(map(_object, each)) if each else () for each in cells]
    return cells


def _object(item: str | Note) -> str | dict[str, Any]:
    if not isinstance(item, Note):
        return item
    refs = {"refs": list(item.refs)} if item.refs else {}
    return {"kind": item.kind.value, "text": item.text, **refs}
