r"""How the value of one model field lies in the columns of a row, and comes back equal.

Exact numbers are text (``212000``, ``1291/20``), an open end is NULL, a period is its half-open
run of days (``2025-01-01..2025-06-01``), a tuple of texts is one text with a line an item.

>>> pack(("p1", "p3"))
'p1\np3\n'
>>> unpack(pack(("a\nb", "")))
('a\nb', '')
>>> codec_of(Period).decode(("2025-01-01..2025-06-01",), 0)
Period('2025-01/2025-05')
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from evcli.model.period import UNDATED, Period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Change, LeftOut, Place, PlantFact, SourceProblem

Cell = str | int | None
Row = Sequence[Any]


class Codec:
    """Turns a field's value into cells and reads it back from a row, starting at a column.

    ``suffixes`` name the columns after the field; ``plain`` values need no decoding.
    """

    __slots__ = ("decode", "encode", "plain", "suffixes", "type")

    def __init__(
        self,
        encode: Callable[[Any], tuple[Cell, ...]],
        decode: Callable[[Row, int], Any],
        suffixes: tuple[str, ...] = ("",),
        *,
        plain: bool = False,
        type: str = "TEXT",
    ) -> None:
        self.encode = encode
        self.decode = decode
        self.suffixes = suffixes
        self.plain = plain
        self.type = type


def pack(items: Iterable[str]) -> str:
    """Texts as one text, a line each; backslashes and line ends inside are escaped."""
    return "".join(item.replace("\\", "\\\\").replace("\n", "\\n") + "\n" for item in items)


def unpack(text: str) -> tuple[str, ...]:
    """What :func:`pack` was given."""
    if not text:
        return ()
    items = text[:-1].split("\n")
    if "\\" in text:
        items = [
            "\\".join(part.replace("\\n", "\n") for part in item.split("\\\\")) for item in items
        ]
    return tuple(items)


def number_text(number: Fraction | None) -> str | None:
    """An exact number as text, None as NULL."""
    return None if number is None else str(number)


def number_of(text: str | None) -> Fraction | None:
    """The number that :func:`number_text` wrote.

    >>> number_of("1291/20"), number_of("-5"), number_of(None)
    (Fraction(1291, 20), Fraction(-5, 1), None)
    """
    if text is None:
        return None
    above, slash, below = text.partition("/")
    return Fraction(int(above), int(below)) if slash else Fraction(int(above))


def period_text(period: Period | None) -> str | None:
    """A period as its first day and the day after its last; sorts by date."""
    if period is None:
        return None
    if period.start is None or period.end is None:
        return UNDATED
    return f"{period.start.isoformat()}..{period.end.isoformat()}"


_periods: dict[str, Period] = {UNDATED: Period(None, None)}


def period_of(text: str | None) -> Period | None:
    """The period that :func:`period_text` wrote, without parsing names of periods."""
    if text is None:
        return None
    known = _periods.get(text)
    if known is None:
        start, _, end = text.partition("..")
        known = _periods[text] = Period(date.fromisoformat(start), date.fromisoformat(end))
    return known


def last_day(period: Period) -> str | None:
    """The last day of *period*, None if undated.

    >>> last_day(Period.of_months(2024, 2, 1))
    '2024-02-29'
    """
    return None if period.last_day is None else period.last_day.isoformat()


_NO_QUANTITY: tuple[Cell, ...] = (None, None, None, None, None)


def _quantity_cells(quantity: Quantity | None) -> tuple[Cell, ...]:
    if quantity is None:
        return _NO_QUANTITY
    bounds = quantity.bounds
    return (
        number_text(quantity.value),
        number_text(bounds.low),
        number_text(bounds.high),
        quantity.qualifier,
        quantity.unit,
    )


def _quantity_at(row: Row, at: int) -> Quantity | None:
    unit = row[at + 4]
    if unit is None:
        return None
    bounds = Bounds(number_of(row[at + 1]), number_of(row[at + 2]))
    return Quantity(number_of(row[at]), bounds, row[at + 3], unit)


def _change_cells(change: Change | None) -> tuple[Cell, ...]:
    if change is None:
        return (None, None, *_NO_QUANTITY)
    return (change.stated, change.over, *_quantity_cells(change.quantity))


def _change_at(row: Row, at: int) -> Change | None:
    if row[at] is None:
        return None
    quantity = _quantity_at(row, at + 2)
    assert quantity is not None  # a change is never stored without one
    return Change(row[at], quantity, row[at + 1])


def _place_cells(place: Place | None) -> tuple[Cell, ...]:
    if place is None:
        return (None, None, None)
    # a file name that is not Unicode can only be shown, not stored as it is
    file = place.file.encode("utf-8", "replace").decode()
    return (file, place.line, place.column)


def _place_at(row: Row, at: int) -> Place | None:
    return None if row[at] is None else Place(row[at], row[at + 1], row[at + 2])


def _problems_text(problems: Iterable[SourceProblem]) -> str:
    return pack(pack((problem.problem, *problem.at)) for problem in problems)


def _problems_of(text: str) -> tuple[SourceProblem, ...]:
    return tuple(
        SourceProblem(at, problem)
        for problem, *rest in map(unpack, unpack(text))
        for at in (tuple(rest),)
    )


def _left_out_text(left_out: Iterable[LeftOut]) -> str:
    return pack(pack((item.at, item.text, item.reason)) for item in left_out)


def _left_out_of(text: str) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(*unpack(item)) for item in unpack(text))


def _pairs_text(pairs: Iterable[tuple[str, str]]) -> str:
    return pack(pack(pair) for pair in pairs)


def _pairs_of(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(map(unpack, unpack(text)))


def _in_one_column(write: Callable[[Any], Cell], read: Callable[[Any], Any]) -> Codec:
    return Codec(lambda value: (write(value),), lambda row, at: read(row[at]))


TEXT = Codec(lambda text: (text,), lambda row, at: row[at], plain=True)
_QUANTITY_SUFFIXES = (".value", ".low", ".high", ".qualifier", ".unit")
_PERIOD = _in_one_column(period_text, period_of)
_QUANTITY = Codec(_quantity_cells, _quantity_at, _QUANTITY_SUFFIXES)
# a text and two whole numbers: without a type, SQLite keeps each as it is
PLACE = Codec(_place_cells, _place_at, (".file", ".line", ".column"), type="")
CODECS: dict[Any, Codec] = {
    str: TEXT,
    bool: Codec(lambda flag: (int(flag),), lambda row, at: bool(row[at]), type="INTEGER"),
    tuple[str, ...]: _in_one_column(pack, unpack),
    Fraction | None: _in_one_column(number_text, number_of),
    Period: _PERIOD,
    Period | None: _PERIOD,
    Quantity | None: _QUANTITY,
    Change | None: Codec(_change_cells, _change_at, (".stated", ".over", *_QUANTITY_SUFFIXES)),
    Place | None: PLACE,
    tuple[SourceProblem, ...]: _in_one_column(_problems_text, _problems_of),
    tuple[LeftOut, ...]: _in_one_column(_left_out_text, _left_out_of),
    tuple[tuple[str, str], ...]: _in_one_column(_pairs_text, _pairs_of),
    tuple[PlantFact, ...]: Codec(lambda _: (), lambda row, at: (), ()),  # in a table of their own
}


def codec_of(kind: Any) -> Codec:
    """How values of a type are kept; KeyError for one that no field has had before."""
    if kind not in CODECS and issubclass(kind, StrEnum):
        members: dict[str, StrEnum] = {member.value: member for member in kind}
        CODECS[kind] = _in_one_column(lambda member: kind(member).value, members.__getitem__)
    return CODECS[kind]
