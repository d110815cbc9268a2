"""Rows as a pandas frame."""

from __future__ import annotations

from fractions import Fraction

import pytest

from evcli.model.answer import Column, Kind, Row

pd = pytest.importorskip("pandas")
from evcli.frame import frame_of  # noqa: E402

COLUMNS = (
    Column("id"),
    Column("value", Kind.NUMBER),
    Column("yoy", Kind.CHANGE),
    Column("sources", Kind.LIST),
)


def test_every_kind_has_its_type() -> None:
    rows: list[Row] = [
        {"id": "a", "value": Fraction(1, 4), "yoy": None, "sources": ("x", "y")},
        {"id": "比亚迪", "value": 10**15, "yoy": Fraction(-7), "sources": ()},
        {"id": "c"},
    ]
    frame = frame_of(COLUMNS, rows)
    assert list(frame.columns) == ["id", "value", "yoy", "sources"]
    assert [str(frame[name].dtype) for name in frame] == ["string", "Float64", "Float64", "object"]
    assert frame["value"].tolist() == [0.25, 1e15, pd.NA]
    assert frame["yoy"].isna().tolist() == [True, False, True]
    assert frame["sources"][0] == ("x", "y")
    assert frame["id"][1] == "比亚迪"


def test_no_rows_have_the_same_types() -> None:
    frame = frame_of(COLUMNS, [])
    assert len(frame) == 0
    assert [str(frame[name].dtype) for name in frame] == ["string", "Float64", "Float64", "object"]
