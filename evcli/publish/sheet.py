"""Tables as they leave evcli: fields that say what they hold, rows, keys and references.

A :class:`Sheet` is written once as CSV, SQLite, Parquet; its schema is told once, to each in the
words of that format.

>>> pages = Sheet("pages", "Pages", (Field("id", "What it is called.", required=True),), ("id",))
>>> [field.name for field in pages.fields], pages.with_rows([{"id": "a"}]).rows
(['id'], ({'id': 'a'},))
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from evcli.model.answer import Rounding, Row
from evcli.model.period import Period
from evcli.store.columns import last_day


class Type(StrEnum):
    """What the cells of a field hold."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"  # ISO 8601
    IDS = "ids"  # names without spaces
    TEXTS = "texts"  # any texts


class Field(NamedTuple):
    """A column. ``refers_to`` names the sheet whose ``id`` each cell names, if it is not empty."""

    name: str
    description: str
    type: Type = Type.TEXT
    rounding: Rounding = Rounding.NEAREST
    required: bool = False
    refers_to: str = ""
    choices: tuple[str, ...] = ()


class Sheet(NamedTuple):
    """A table: ``key`` are the fields that together name a row, none where nothing does."""

    name: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()

    def with_rows(self, rows: Iterable[Row]) -> Sheet:
        """The same table with other rows."""
        return self._replace(rows=tuple(rows))


def days(period: Period | None) -> tuple[str, str]:
    """The first and the last day of *period*, empty where it is none or undated.

    >>> from evcli.model.period import parse_period
    >>> days(parse_period("2025-02"))
    ('2025-02-01', '2025-02-28')
    """
    if period is None or period.start is None or period.end is None:
        return "", ""
    return period.start.isoformat(), last_day(period) or ""
