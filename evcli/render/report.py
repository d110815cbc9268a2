"""The report that people read: views of the rows, units, marks, footnotes, and what fits.

The same bytes go to a terminal and a pipe except for colour and wrapping. A pipe gets the
natural width. In a terminal optional columns are left out, the highest number first, then text
wraps; nothing is ever cut short. What is not shown is announced in the notes.

>>> from fractions import Fraction
>>> from evcli.model.answer import Column, Kind
>>> answer = Answer(
...     (Column("id"), Column("value", Kind.NUMBER)),
...     [{"id": "a", "value": Fraction(855000), "basis": "derived"}],
... )
>>> print("".join(report_lines(answer)), end="")
id      value
─────────────
a   855,000 *
<BLANKLINE>
* derived: computed by evcli, see evcli explain ID
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from evcli.model.answer import Answer, Column, HumanColumn, Kind, Row, Value, View, letter
from evcli.render.display import display, show
from evcli.render.table import Block, Line, comfortable, grid, hanging, stacked, width_of, wrapped
from evcli.text.characters import in_ascii, visible

# field, value, mark, and the legend under the table
_MARKS = (
    ("basis", "derived", "*", "derived: computed by evcli, see evcli explain ID"),
    ("rank", "deprecated", "†", "deprecated: known to be wrong, kept for the record"),
    ("status", "forecast", "‡", "forecast: a plan or target, not an observation"),
)
_ORDINARY = ("normal", "preferred")  # a status or rank that needs no word
_UNITS = {"percent": "%", "1": ""}  # how a unit is written where its id is not what people read
_NUMERIC = (View.NUMBER, View.BOUNDED, View.BOUNDS, View.CHANGE, View.SHARE, View.RATIO)
_BILLION = 10**9
_BOLD, _ITALIC, _DIM, _RESET = "\x1b[1m", "\x1b[3m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A column on its way into the table, whichever kind of column it was."""

    head: str
    cells: tuple[str, ...]
    right: bool = False
    optional: int = 0
    number: bool = False  # a figure, which carries the marks of its row
    wraps: bool = False  # text that wraps although it stands right


def report_lines(
    answer: Answer,
    *,
    color: bool = False,
    width: int | None = None,
    max_rows: int = 40,
    notes: list[str] | None = None,
    ascii: bool = False,
) -> Iterator[str]:
    """The title, the table, and the footnotes; what was left out is appended to *notes*."""
    said = notes if notes is not None else []
    total = len(answer.rows)
    rows = answer.rows[:max_rows] if max_rows else answer.rows
    letters = _letters(answer, rows)
    told = _told(answer, rows)
    columns = _columns(answer, rows, letters, told)
    columns, marks = _marked(columns, rows)
    if ascii:  # before the widths are known
        columns = [replace(each, cells=tuple(map(in_ascii, each.cells))) for each in columns]
    lines = _fitted(columns, width, _breaks(answer, rows), said)
    paint = _painter(color, ascii)
    if answer.title:
        for text in wrapped(visible(answer.title), width):
            yield paint(text, _BOLD)
    for line in lines:
        yield paint(line[1], _style(line, rows))
    under = [(f"{mark} ", legend) for mark, legend in (*marks, *_signs(answer, columns))]
    under += [(f"{number}  ", note) for note, number in told.items()]
    for source, name in letters.items():
        title = answer.footnotes.get(source, "")
        under.append((f"{name}  ", visible(f"{source}  {title}".rstrip())))
    if under:
        yield "\n"
    for label, entry in under:
        for text in hanging(label, entry, width):
            yield paint(text, _DIM)
    if len(rows) < total:
        said.append(f"{len(rows):,} of {total:,} rows shown; --format csv prints all")


def _letters(answer: Answer, rows: Sequence[Row]) -> dict[str, str]:
    """A letter for each source, in the order in which the rows mention them."""
    fields = [view.fields[0] for view in answer.views if view.view is View.SOURCES]
    letters: dict[str, str] = {}
    for row in rows:
        for name in fields:
            for source in _listed(row, name):
                letters.setdefault(source, letter(len(letters)))
    return letters


def _told(answer: Answer, rows: Sequence[Row]) -> dict[str, int]:
    """A number for each different note, in the order of the rows."""
    told: dict[str, int] = {}
    for view in answer.views:
        if view.view is View.NOTES:
            for row in rows:
                if note := _note(view, row):
                    told.setdefault(note, len(told) + 1)
    return told


def _note(view: HumanColumn, row: Row) -> str:
    """The note and what else is not normal, save what a mark says already."""
    first, *others = (row.get(name) for name in view.fields)
    marked = {(name, value) for name, value, _, _ in _MARKS}
    parts = [first] + [
        value
        for name, value in zip(view.fields[1:], others, strict=True)
        if value not in _ORDINARY and (name, value) not in marked
    ]
    return visible("; ".join(part for part in parts if isinstance(part, str) and part))


def _listed(row: Row, name: str) -> tuple[str, ...]:
    value = row.get(name)
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) and value else ()


def _columns(
    answer: Answer, rows: Sequence[Row], letters: dict[str, str], told: dict[str, int]
) -> list[_Shown]:
    if not answer.views:
        return [_field(column, rows) for column in answer.columns]
    rows = [_in_billions(row, answer.views) for row in rows]
    shown: list[_Shown] = []
    for view in answer.views:
        if view.view is View.SOURCES:
            name = view.fields[0]
            cells = tuple(
                ",".join([letters[source] for source in _listed(row, name)]) for row in rows
            )
            # narrow, and no number may leave without its source: only dropped when empty
            column = _Shown(visible(view.head), cells)
        elif view.view is View.NOTES:
            numbers = (told.get(_note(view, row)) for row in rows)
            column = _Shown(visible(view.head), tuple(str(each or "") for each in numbers))
        else:
            column = _view(view, rows)
        vanishes = view.optional or view.view is View.NOTES
        if not vanishes or any(column.cells):
            shown.append(column)
    return shown


def _in_billions(row: Row, views: Sequence[HumanColumn]) -> Row:
    """The row with amounts from a billion up in billions, and ``bn`` before their unit."""
    scaled: dict[str, Value] = {}
    for name in dict.fromkeys(view.unit_from for view in views if view.unit_from):
        fields = {field for view in views if view.unit_from == name for field in view.fields}
        fields |= {f for v in views if v.view is View.BOUNDS and not v.unit_from for f in v.fields}
        lead = next(row.get(view.fields[0]) for view in views if view.unit_from == name)
        if isinstance(lead, (int, Fraction)) and abs(Fraction(lead)) >= _BILLION:
            for field in fields:
                number = row.get(field)
                if isinstance(number, (int, Fraction)):
                    scaled[field] = Fraction(number) / _BILLION
            scaled[name] = f"bn {row.get(name) or ''}".rstrip()
    return {**row, **scaled} if scaled else row


def _field(column: Column, rows: Sequence[Row]) -> _Shown:
    right = column.kind in (Kind.NUMBER, Kind.CHANGE)
    unit_from = column.unit_from if column.kind is Kind.NUMBER else ""
    head, cells = _with_unit(column.name, partial(display, column), unit_from, rows)
    return _Shown(head, cells, right, number=right)


def _view(view: HumanColumn, rows: Sequence[Row]) -> _Shown:
    in_percent = view.view in (View.CHANGE, View.SHARE)
    unit_from = "" if in_percent else view.unit_from
    head, cells = _with_unit(view.head, partial(show, view), unit_from, rows)
    number = view.view in _NUMERIC
    amount = view.view is View.AMOUNT
    right = number or amount or view.view in (View.POSITION, View.DRAWN)
    return _Shown(head, cells, right, view.optional, number, amount)


def _with_unit(
    head: str, cell: Callable[[Row], str], unit_from: str, rows: Sequence[Row]
) -> tuple[str, tuple[str, ...]]:
    """The unit in the head where all cells that are not empty share it, else in the cells."""
    cells = tuple([cell(row) for row in rows])
    if not unit_from:
        return visible(head), cells
    units = [_unit(row, unit_from) if text else "" for row, text in zip(rows, cells, strict=True)]
    used = {unit for unit, text in zip(units, cells, strict=True) if text}
    if len(used) == 1:
        (only,) = used
        return visible(f"{head} ({only})" if only else head), cells
    return visible(head), tuple(
        [f"{text} {unit}".rstrip(" ") for text, unit in zip(cells, units, strict=True)]
    )


def _unit(row: Row, name: str) -> str:
    unit = row.get(name)
    return visible(_UNITS.get(unit, unit)) if isinstance(unit, str) else ""


def _marked(
    columns: list[_Shown], rows: Sequence[Row]
) -> tuple[list[_Shown], list[tuple[str, str]]]:
    """Put the marks behind the first number of a row, or its first text; return the legends."""
    order = sorted(range(len(columns)), key=lambda index: not columns[index].number)
    suffixes: dict[int, dict[int, str]] = {}
    used: set[str] = set()
    for number, row in enumerate(rows):
        marks = [mark for name, value, mark, _ in _MARKS if row.get(name) == value]
        place = next((index for index in order if columns[index].cells[number]), None)
        if marks and place is not None:
            suffixes.setdefault(place, {})[number] = " " + "".join(marks)
            used.update(marks)
    result = list(columns)
    for index, by_row in suffixes.items():
        column = columns[index]
        room = max(map(width_of, by_row.values())) if column.right else 0
        cells = tuple(
            text + by_row.get(number, "").ljust(room) if text else text
            for number, text in enumerate(column.cells)
        )
        result[index] = replace(column, cells=cells)
    return result, [(mark, legend) for _, _, mark, legend in _MARKS if mark in used]


def _signs(answer: Answer, columns: list[_Shown]) -> Iterator[tuple[str, str]]:
    """The signs that stand in a cell, and what they mean."""
    for sign, meaning in answer.marks.items():
        if any(sign in cell for column in columns for cell in column.cells):
            yield sign, meaning


def _fitted(
    columns: list[_Shown], width: int | None, breaks: set[int], said: list[str]
) -> list[Line]:
    """Leave out optional columns, the highest number first, until the rest is comfortable.

    Where even the others do not fit side by side, all columns are stacked row by row.
    """
    kept = list(columns)
    left_out: list[str] = []
    while width is not None and not comfortable(_blocks(kept), width):
        least = max(kept, key=lambda column: column.optional)
        if not least.optional:
            break
        kept.remove(least)
        left_out.append(least.head)
    lines = grid(_blocks(kept), width, breaks)
    if lines is None:
        assert width is not None
        return stacked(_blocks(columns), width)
    if left_out:
        said.append(
            f"not shown in {width} columns: {', '.join(left_out)}; "
            "--fields picks columns, --format csv prints all"
        )
    return lines


def _blocks(columns: list[_Shown]) -> list[Block]:
    return [Block(column.head, column.cells, column.right, column.wraps) for column in columns]


def _breaks(answer: Answer, rows: Sequence[Row]) -> set[int]:
    """The rows that begin another group than the row above."""
    name = answer.group_by
    if not name:
        return set()
    return {
        index for index in range(1, len(rows)) if rows[index].get(name) != rows[index - 1].get(name)
    }


def _style(line: Line, rows: Sequence[Row]) -> str:
    kind = line[0]
    if kind == "head":
        return _BOLD
    if kind == "rule":
        return _DIM
    row = rows[kind]
    if row.get("rank") == "deprecated":
        return _DIM
    return _ITALIC if row.get("basis") == "derived" else ""


def _painter(color: bool, ascii: bool) -> Callable[[str, str], str]:
    paint = _paint if color else _plain
    return (lambda text, style: paint(in_ascii(text), style)) if ascii else paint


def _paint(text: str, style: str) -> str:
    return f"{style}{text}{_RESET}\n" if style and text else text + "\n"


def _plain(text: str, style: str) -> str:
    return text + "\n"
