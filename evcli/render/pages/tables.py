"""Answers as the cells of a table that people read: the same words as in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from evcli.model.answer import Answer, HumanColumn, Kind, Row, View
from evcli.render.table import NUMERIC, UNITS, display, show

MARKS = (
    ("basis", "derived", "*", "derived: computed, stated by no source"),
    ("rank", "deprecated", "†", "deprecated: known to be wrong, kept for the record"),
    ("status", "forecast", "‡", "a plan or target, not an observation"),
)


class Cell(NamedTuple):
    """What a cell says, what it is sorted by, and the sources it points to."""

    text: str
    key: str = ""
    sources: tuple[str, ...] = ()
    mark: str = ""


class Head(NamedTuple):
    """A column: its head, whether it holds numbers, and whether it holds notes."""

    text: str
    number: bool = False
    note: bool = False


class Table(NamedTuple):
    """Heads and rows of cells; ``legend`` tells what marks mean that occur."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    legend: tuple[str, ...] = ()


def table_of(answer: Answer) -> Table:
    """The rows of *answer* as its views show them; its plain fields where it has none."""
    answer, rows = answer.flat(), answer.rows
    if not answer.views:
        heads = tuple(
            Head(each.name, each.kind in (Kind.NUMBER, Kind.CHANGE)) for each in answer.columns
        )
        cells = tuple(tuple(Cell(display(each, row)) for each in answer.columns) for row in rows)
        return Table(heads, cells)
    views = [view for view in answer.views if any(show(view, row) for row in rows)]
    units = {view.head: _unit(view, rows) for view in views}
    marked = next((view for view in views if view.view in NUMERIC), None)
    return Table(
        tuple(_head(view, units[view.head]) for view in views),
        tuple(
            tuple(_cell(view, row, units[view.head], marked=view is marked) for view in views)
            for row in rows
        ),
        tuple(
            f"{mark} {told}"
            for field, value, mark, told in MARKS
            if any(row.get(field) == value for row in rows)
        ),
    )


def _head(view: HumanColumn, unit: str) -> Head:
    text = f"{view.head} ({unit})" if unit else view.head
    return Head(text, view.view in NUMERIC, view.view is View.NOTES)


def _unit(view: HumanColumn, rows: Sequence[Row]) -> str:
    """The unit of a column, where all rows have the same."""
    if not view.unit_from:
        return ""
    units = {str(row.get(view.unit_from) or "") for row in rows if show(view, row)}
    return UNITS.get(unit := units.pop(), unit) if len(units) == 1 else ""


def _cell(view: HumanColumn, row: Row, unit: str, *, marked: bool) -> Cell:
    if view.view is View.SOURCES:
        found = row.get(view.fields[0])
        return Cell("", sources=found if isinstance(found, tuple) else ())
    text = show(view, row)
    if text and view.unit_from and not unit:
        own = str(row.get(view.unit_from) or "")
        text = f"{text} {UNITS.get(own, own)}".rstrip()
    marks = "".join(mark for field, value, mark, _ in MARKS if row.get(field) == value)
    return Cell(text, _key(view, row), mark=marks if marked and text else "")


def _key(view: HumanColumn, row: Row) -> str:
    """What a number is sorted by: the value, else the end that is known."""
    if view.view not in NUMERIC:
        return ""
    known = [row.get(name) for name in view.fields]
    numbers = [each for each in known if isinstance(each, int | Fraction)]
    return str(float(numbers[0])) if numbers else ""
