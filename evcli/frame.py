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
