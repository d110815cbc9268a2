"""Answers as the cells of a table that people read: the same words as in the terminal."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import NamedTuple

from evcli.model.answer import Answer, HumanColumn, Kind, Row, View, listed_in
from evcli.render.cells import NUMERIC, display, headed, show, with_unit

MARKS = (
    ("basis", "derived", "*", "derived: computed, stated by no source"),
    ("rank", "deprecated", "†", "deprecated: known to be wrong, kept for the record"),
    ("status", "forecast", "‡", "a plan or target, not an observation"),
)
_NUMERIC_KINDS = (Kind.NUMBER, Kind.CHANGE)


class PageCell(NamedTuple):
    """What a cell says, what it is sorted by, and the sources it points to."""

    text: str
    key: str = ""
    sources: tuple[str, ...] = ()
    mark: str = ""


class PageColumn(NamedTuple):
    """A column: its head, whether it holds numbers, and whether it holds notes."""

    text: str
    number: bool = False
    note: bool = False


class PageTable(NamedTuple):
    """Heads and rows of cells; ``legend`` says what the marks in it mean."""

    heads: tuple[PageColumn, ...]
    rows: tuple[tuple[PageCell, ...], ...]
    legend: tuple[str, ...] = ()


def table_of(answer: Answer) -> PageTable:
    """The rows of *answer* as its views show them; its plain fields where it has none."""
    answer, rows = answer.flat(), answer.rows
    if not answer.views:
        plain = [PageColumn(each.name, each.kind in _NUMERIC_KINDS) for each in answer.columns]
        cells = [tuple(PageCell(display(each, row)) for each in answer.columns) for row in rows]
        return PageTable(tuple(plain), tuple(cells))
    heads: list[PageColumn] = []
    columns: list[list[PageCell]] = []
    views = [view for view in answer.views if any(show(view, row) for row in rows)]
    first = next((view for view in views if view.view in NUMERIC), None)
    for view in views:
        number = view.view in NUMERIC
        head, texts, unit = with_unit(view.head, partial(show, view), view.unit_from, rows)
        heads.append(
            PageColumn(headed(head or view.fields[0], unit), number, view.view is View.NOTES)
        )
        if view.view is View.SOURCES:
            columns.append([PageCell("", sources=listed_in(row, view.fields[0])) for row in rows])
            continue
        columns.append(
            [
                PageCell(
                    text,
                    _sort_key(view, row) if number else "",
                    mark=_marks(row) if text and view is first else "",
                )
                for text, row in zip(texts, rows, strict=True)
            ]
        )
    legend = tuple(
        f"{mark} {meaning}"
        for field, value, mark, meaning in MARKS
        if any(row.get(field) == value for row in rows)
    )
    return PageTable(tuple(heads), tuple(zip(*columns, strict=True)), legend)


def _marks(row: Row) -> str:
    return "".join(mark for field, value, mark, _ in MARKS if row.get(field) == value)


def _sort_key(view: HumanColumn, row: Row) -> str:
    """What a number is sorted by: the value, else the end that is known."""
    known = [row.get(name) for name in view.fields]
    numbers = [each for each in known if isinstance(each, int | Fraction)]
    return str(float(numbers[0])) if numbers else ""
