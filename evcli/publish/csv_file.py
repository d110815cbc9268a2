r"""A table as CSV in UTF-8, as ``--format csv`` writes it.

>>> cells = (Field("Its name.", "id"), Field("Where.", "at", type=Type.TEXTS))
>>> csv_text(Sheet("facts", "Facts", cells, rows=({"id": "a", "at": ("p1", "p 2")},)))
'id,at\na,"[""p1"", ""p 2""]"\n'
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from evcli.model.answer import Answer, Column, Kind, Row, Value
from evcli.model.field import Field, Type
from evcli.publish.sheet import Sheet
from evcli.render.delimited import csv_lines

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
    return {field.name: _cell(field, row.get(field.name)) for field in fields}


def _cell(field: Field, value: Value) -> Value:
    if field.type is Type.TEXTS and isinstance(value, tuple):
        return json_array(value)
    return value
