"""Figures as pandas frames; :mod:`evcli.columns` has the formulas on columns of any table."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from evcli.model.answer import Column, Kind, Row
from evcli.model.note import Note


def frame_of(columns: Sequence[Column], rows: Sequence[Row]) -> pd.DataFrame:
    """Rows as a frame with one column a field.

    Numbers are ``Float64`` with ``<NA>`` for open ends and unknown values, texts are strings,
    lists (``sources``, ``inputs``) are tuples; ``notes`` are tuples of the objects of the JSON.
    """
    data: dict[str, Any] = {}
    for column in columns:
        values = [row.get(column.name) for row in rows]
        if column.kind in (Kind.NUMBER, Kind.CHANGE):
            numbers = [float(each) if isinstance(each, int | Fraction) else None for each in values]
            data[column.name] = pd.array(numbers, dtype="Float64")
        elif column.kind is Kind.FLAG:
            data[column.name] = pd.Series(values, dtype="boolean")
        elif column.kind is Kind.LIST:
            data[column.name] = pd.Series(values, dtype=object)
        elif column.kind is Kind.NOTES:
            lists = [tuple(map(_object, each)) if isinstance(each, list) else () for each in values]
            data[column.name] = pd.Series(lists, dtype=object)
        else:
            data[column.name] = pd.Series(values, dtype="string")
    return pd.DataFrame(data)


def _object(note: Note) -> dict[str, Any]:
    refs = {"refs": list(note.refs)} if note.refs else {}
    return {"kind": note.kind.value, "text": note.text, **refs}
