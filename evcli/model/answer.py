"""What every command hands to the renderers: rows, the columns to print, notes for stderr.

A row is a mapping from field names to plain values. Machine formats print the ``columns``;
the human table prints ``views`` of the same row, so both can only say the same.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType

from evcli.errors import UsageError, check_one_of
from evcli.model.figure import Figure
from evcli.model.note import Note
from evcli.tuples import NamedTuple

Value = str | int | bool | Fraction | tuple[str, ...] | list[Note] | None
Row = Mapping[str, Value]


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    CHANGE = "change"  # a number in percent that carries its sign for people
    LIST = "list"  # names without spaces
    TEXTS = "texts"  # any texts
    DAY = "day"  # ISO 8601
    FLAG = "flag"
    NOTES = "notes"  # objects with a kind and a text, which only JSON has a place for


class Rounding(StrEnum):
    """Which way a number is rounded when digits must go, so that bounds never shrink."""

    NEAREST = "nearest"
    DOWN = "down"
    UP = "up"


class View(StrEnum):
    """How a human column shows the fields it is made of."""

    TEXT = "text"  # the first field as it is
    GROUP = "group"  # the same, blank where the row above has the same
    NUMBER = "number"  # the first field with thousands separators
    BOUNDED = "bounded"  # value, low, high: the value (or "≥", "≤", "~") alone
    BOUNDS = "bounds"  # low, high: "low to high", rounded outward
    CHANGE = "change"  # value, low, high: signed percentage
    SHARE = "share"  # value, low, high: unsigned percentage
    POSITION = "position"  # position, best, worst: "4 (3-5)"
    SOURCES = "sources"  # a list of source ids: how many, or as letters of the list below
    NOTES = "notes"  # a note (and what else is not normal): the number of one listed below
    LIST = "list"
    DRAWN = "drawn"  # a little picture, all of one width: it is never broken
    AMOUNT = "amount"  # a text that is a figure: it stands right and may wrap


class HumanColumn(NamedTuple):
    """A column of the human table, made from one or more fields of the row.

    ``unit_from`` names the field whose unit belongs to the number: it goes to the header where all
    rows agree, else into the cells. ``optional`` columns, and any of growth or bounds, vanish where
    every cell is empty, and in a narrow terminal the highest number first; growth stays.
    """

    head: str
    view: View = View.TEXT
    fields: tuple[str, ...] = ()
    unit_from: str = ""
    optional: int = 0


class Column(NamedTuple):
    """A field of the machine formats, and which other one holds its unit; described in a line."""

    name: str
    kind: Kind = Kind.TEXT
    rounding: Rounding = Rounding.NEAREST
    unit_from: str = ""
    description: str = ""


class Layout(NamedTuple):
    """The fields of a kind of row, and the columns in which people see them, notes last."""

    columns: tuple[Column, ...]
    views: tuple[HumanColumn, ...]


@cache
def layout_of(name: str) -> Layout:
    """The layout that ``columns.txt`` has under this name.

    >>> [column.name for column in layout_of("hit").columns]
    ['kind', 'id', 'title', 'context']
    """
    text = Path(__file__).with_name("columns.txt").read_text("utf-8")
    section = text.partition(f"\n[{name}]\n")[2].partition("\n\n")[0]
    columns, views = [], []
    for line in section.splitlines():
        field, holds, seen, *said = (part.strip() for part in line.split("  ") if part)
        if seen != "-":
            head, _, seen = seen.partition(": ")
            seen, _, optional = seen.partition(" ?")
            seen, _, unit_from = seen.partition(" in ")
            view, *fields = seen.split(" ")
            shown = tuple(fields) or (field,)
            views.append(HumanColumn(head, View(view), shown, unit_from, int(optional or 0)))
        if holds != "-":
            holds, _, unit_from = holds.partition(" in ")
            kind, _, rounding = holds.partition(" ")
            rounded = Rounding(rounding or "nearest")
            columns.append(Column(field, Kind(kind), rounded, unit_from, *said))
    views.sort(key=lambda view: view.view is View.NOTES)
    return Layout(tuple(columns), tuple(views))


def listed_in(row: Row, column: str) -> tuple[str, ...]:
    """What a column of lists holds, such as the sources of a figure; a text is a list of one."""
    value = row.get(column)
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) and value else ()


SCREEN_ROWS = 14  # what 24 lines have room for beside title, head, gaps and the last lines


class Answer(NamedTuple):
    """Rows with two ways to look at them; a field that a row lacks is null.

    ``title`` says what was read and stands above the table, ``unit`` in its line where all rows
    share one; ``group_by`` names the field whose changes separate groups in the table; ``marks``
    tells what signs in its cells mean. ``screen`` has the indexes of the rows that people see
    unless they want all, chosen for a screen of 24 lines; None is all of them. Under the table
    stand ``caution`` (what must not be mixed) and ``more`` (what else is known, and the command
    that shows it), one line each. ``footnotes`` gives by source id the lines, which people ask
    for, as they do for ``notes``; ``warnings`` go to stderr; ``hint`` is the next step when there
    are no rows. ``figures`` has what rows of figures show, by the id of the row.
    """

    columns: tuple[Column, ...]
    rows: Sequence[Row]
    views: tuple[HumanColumn, ...] = ()
    footnotes: Callable[[], Mapping[str, str]] = dict
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    hint: str = ""
    group_by: str = ""
    title: str = ""
    marks: Mapping[str, str] = MappingProxyType({})
    unit: str = ""
    caution: str = ""
    more: str = ""
    screen: tuple[int, ...] | None = None
    figures: Mapping[str, Figure] = MappingProxyType({})

    def figure(self, row: Row) -> Figure | None:
        """What a row shows; None for a measure, a plant, or whatever else is no figure."""
        return self.figures.get(str(row.get("id")))

    def picked(self, names: Sequence[str]) -> "Answer":
        """The same rows with only the named columns, in that order; UsageError for one that is
        unknown, with those that are valid, or named twice, which would not be legal JSON.
        """
        by_name = {column.name: column for column in self.columns}
        for name in names:
            check_one_of("field", name, by_name)
            if names.count(name) > 1:
                raise UsageError(f"field {name!r} is named twice", "name each field once")
        columns = tuple(by_name[name] for name in names)
        return self._replace(columns=columns, views=(), group_by="", screen=None)

    def flat(self) -> "Answer":
        """The same without the columns that only a nested format has a place for."""
        kept = tuple(column for column in self.columns if column.kind is not Kind.NOTES)
        return self._replace(columns=kept)


def letter(index: int) -> str:
    """The name of the footnote with that index.

    >>> letter(0), letter(25), letter(26), letter(702)
    ('a', 'z', 'aa', 'aaa')
    """
    before, last = divmod(index, 26)
    return (letter(before - 1) if before else "") + chr(ord("a") + last)
