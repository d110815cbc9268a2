"""Figures as pandas frames, and the formulas of :mod:`evcli.core.formula` on dataframe columns.

The formulas run through Narwhals, on pandas frames and, unchanged, on DuckDB relations and
whatever else Narwhals knows. A number called ``x`` has its bounds in ``x_low`` and ``x_high``; an
open end is null, never NaN.

>>> from evcli.core.formula import SHARE
>>> frame = pd.DataFrame({"nev": [212.0], "nev_low": [211.5], "nev_high": [212.5],
...                       "all": [551.0], "all_low": [550.5], "all_high": [551.5]})
>>> out = with_formula(frame, SHARE, ("nev", "all"), into="share")
>>> [round(float(out[name][0]), 1) for name in ("share_low", "share", "share_high")]
[38.3, 38.5, 38.6]
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

import narwhals as nw
import pandas as pd

from evcli.core.formula import Formula
from evcli.errors import UsageError
from evcli.model.answer import Column, Kind, Row
from evcli.model.note import Note
from evcli.text.numbers import double

_NUMBERS = (Kind.NUMBER, Kind.CHANGE)
_LISTS = (Kind.LIST, Kind.TEXTS, Kind.NOTES)


def frame_of(columns: Sequence[Column], rows: Sequence[Row]) -> pd.DataFrame:
    """Rows as a frame with one column a field.

    Numbers are ``Float64`` with ``<NA>`` for open ends and unknown values, texts are strings,
    lists (``sources``, ``inputs``) are tuples; ``notes`` are tuples of the objects of the JSON.
    """
    types = dict.fromkeys(_NUMBERS, "Float64") | {Kind.FLAG: "boolean"}
    types |= dict.fromkeys(_LISTS, "object")
    return pd.DataFrame(
        {
            each.name: pd.Series(_cells(each, rows), dtype=types.get(each.kind, "string"))
            for each in columns
        }
    )


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
    return pa.table(
        {
            each.name: pa.array(_cells(each, rows), types.get(each.kind, pa.string()))
            for each in columns
        }
    )


def _cells(column: Column, rows: Sequence[Row]) -> list[Any]:
    cells: list[Any] = [row.get(column.name) for row in rows]
    if column.kind in _NUMBERS:
        known = (each if isinstance(each, int | Fraction) else None for each in cells)
        return [None if each is None else double(each, column.rounding) for each in known]
    if column.kind in _LISTS:
        return [tuple(map(_object, each)) if each else () for each in cells]
    return cells


def _object(item: str | Note) -> str | dict[str, Any]:
    if not isinstance(item, Note):
        return item
    refs = {"refs": list(item.refs)} if item.refs else {}
    return {"kind": item.kind.value, "text": item.text, **refs}


def with_formula(frame: Any, formula: Formula, arguments: Sequence[str], *, into: str) -> Any:
    """The native *frame* with three more columns: *into*, its ``_low`` and its ``_high``.

    *arguments* are column names in the order of the formula's arguments. Where a denominator is not
    above zero, or an end that is needed is open, the result is null.
    """
    computed = [
        _applied(formula, [nw.col(name) for name in arguments]).alias(into),
        _end(formula, arguments, want=-1).alias(f"{into}_low"),
        _end(formula, arguments, want=+1).alias(f"{into}_high"),
    ]
    return nw.from_native(frame).with_columns(*computed).to_native()


def _end(formula: Formula, arguments: Sequence[str], want: int) -> nw.Expr:
    def corner(flipped: Collection[int] = ()) -> nw.Expr:
        uppers = [
            (formula.direction(at) == want) != (at in flipped) for at in range(len(arguments))
        ]
        return _applied(formula, list(map(_bound, arguments, uppers)))

    if formula.numerator is None or not formula.denominators:
        return corner()
    # below zero a quotient moves the other way with its denominator
    below = corner(formula.denominators)
    for position in formula.denominators:
        below = nw.when(_bound(arguments[position], upper=False) > 0).then(below)
    numerator = _bound(arguments[formula.numerator], want > 0)
    return nw.when(numerator >= 0).then(corner()).otherwise(below)


def _applied(formula: Formula, ends: Sequence[nw.Expr]) -> nw.Expr:
    result: nw.Expr = formula.function(*ends)
    for position in formula.denominators:
        result = nw.when(ends[position] > 0).then(result)
    return result


def _bound(name: str, upper: bool) -> nw.Expr:
    return nw.col(f"{name}_high" if upper else f"{name}_low")
