"""Rows as a pandas frame."""

from __future__ import annotations

from fractions import Fraction

import pytest

from evcli.model.answer import Column, Kind, Row
from evcli.model.note import Note, NoteKind

pd = pytest.importorskip("pandas")
from evcli.frame import frame_of  # noqa: E402

COLUMNS = (
    Column("id"),
    Column("value", Kind.NUMBER),
    Column("yoy", Kind.CHANGE),
    Column("sources", Kind.LIST),
    Column("notes", Kind.NOTES),
)
NOTES = [
    Note(NoteKind.DISPUTE, "disputed by b", ("b",)),
    Note(NoteKind.REMARK, "without July"),
]
TYPES = ["string", "Float64", "Float64", "object", "object"]


def test_every_kind_has_its_type() -> None:
    rows: list[Row] = [
        {"id": "a", "value": Fraction(1, 4), "yoy": None, "sources": ("x", "y"), "notes": NOTES},
        {"id": "比亚迪", "value": 10**15, "yoy": Fraction(-7), "sources": (), "notes": []},
        {"id": "c"},
    ]
    frame = frame_of(COLUMNS, rows)
    assert list(frame.columns) == ["id", "value", "yoy", "sources", "notes"]
    assert [str(frame[name].dtype) for name in frame] == TYPES
    assert frame["value"].tolist() == [0.25, 1e15, pd.NA]
    assert frame["yoy"].isna().tolist() == [True, False, True]
    assert frame["sources"][0] == ("x", "y")
    assert frame["id"][1] == "比亚迪"
    assert frame["notes"].tolist() == [
        (
            {"kind": "dispute", "text": "disputed by b", "refs": ["b"]},
            {"kind": "remark", "text": "without July"},
        ),
        (),
        (),
    ]


def test_no_rows_have_the_same_types() -> None:
    frame = frame_of(COLUMNS, [])
    assert len(frame) == 0
    assert [str(frame[name].dtype) for name in frame] == TYPES
