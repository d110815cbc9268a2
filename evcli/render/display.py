"""What a person reads in a cell: pure functions of a column and a row.

Nothing here knows about the table, its width or its colours. ``display`` shows a field of the
machine formats, ``show`` a human column; units, marks and footnote letters are the table's.

>>> from fractions import Fraction
>>> row = {"value": Fraction(855000), "low": Fraction(854500), "high": Fraction(855500)}
>>> show(HumanColumn("value", View.BOUNDED, ("value", "low", "high")), row)
'855,000'
>>> show(HumanColumn("bounds", View.BOUNDS, ("low", "high")), row).split("\N{EN DASH}")
['854,500', '855,500']
>>> display(Column("yoy", Kind.CHANGE), {"yoy": Fraction(646, 10)})
'+64.6 %'
"""

from __future__ import annotations

from fractions import Fraction

from evcli.model.answer import Column, HumanColumn, Kind, Rounding, Row, Value, View
from evcli.render.numbers import fixed, human, places_for, scaled
from evcli.render.visible import visible

Number = int | Fraction | None


def display(column: Column, row: Row) -> str:
    """The field of *column* for people: the digits of the CSV, but percentages with one decimal."""
    value = row[column.name]
    if isinstance(value, str) or value is None:
        return visible(value or "")
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        if column.kind is Kind.CHANGE:
            return f"{_percent(value, column.rounding, signed=True)} %"
        return human(value, None, column.rounding)
    return _text(value)


def show(column: HumanColumn, row: Row) -> str:
    """The cell of *column*; empty where nothing is known."""
    values = [row[name] for name in column.fields]
    match column.view:
        case View.TEXT:
            return _text(values[0])
        case View.LIST | View.SOURCES:
            return _text(values[0], separator=", ")
        case View.NUMBER:
            number = _number(values[0])
            return "" if number is None else human(number)
        case View.BOUNDED:
            return _bounded(*_numbers(values))
        case View.BOUNDS:
            return _bounds(_number(values[0]), _number(values[1]))
        case View.CHANGE | View.SHARE:
            return _change(*_numbers(values), signed=column.view is View.CHANGE)


def _bounded(value: Number, low: Number, high: Number) -> str:
    """The value; "at least" or "at most" where it is one end and the other is open."""
    places = places_for(low, high)
    if value is None:
        if low is not None and low == high:
            return human(low)
        if low is not None and high is not None:
            return f"{human(low, places, Rounding.DOWN)} to {human(high, places, Rounding.UP)}"
    if low is not None and high is None and value in (None, low):
        return f"at least {human(low, None, Rounding.DOWN)}"
    if high is not None and low is None and value in (None, high):
        return f"at most {human(high, None, Rounding.UP)}"
    return "" if value is None else human(value, places)


def _bounds(low: Number, high: Number) -> str:
    """Both ends, rounded outward; empty for an exact number and for one without any bound."""
    places = places_for(low, high)
    if low is None:
        return "" if high is None else f"≤ {human(high, places, Rounding.UP)}"
    if high is None:
        return f"≥ {human(low, places, Rounding.DOWN)}"
    if low == high:
        return ""
    dash = " to " if low < 0 else "\N{EN DASH}"
    return f"{human(low, places, Rounding.DOWN)}{dash}{human(high, places, Rounding.UP)}"


def _change(value: Number, low: Number, high: Number, *, signed: bool) -> str:
    """A percentage with one decimal, none where it is whole and its bounds justify no more.

    Bounds follow in brackets unless everything within them rounds to what is shown.
    """
    if value is None:
        if low is not None and low == high:
            return f"{_percent(low, Rounding.NEAREST, signed=signed)} %"
        if low is not None and high is not None:
            down = _percent(low, Rounding.DOWN, signed=signed)
            return f"{down} to {_percent(high, Rounding.UP, signed=signed)} %"
    if low is not None and high is None and value in (None, low):
        return f"at least {_percent(low, Rounding.DOWN, signed=signed)} %"
    if high is not None and low is None and value in (None, high):
        return f"at most {_percent(high, Rounding.UP, signed=signed)} %"
    if value is None:
        return ""
    coarse = low is None or high is None or high - low >= 1
    places = 0 if coarse and value == int(value) else 1
    text = f"{fixed(value, places, signed=signed)} %"
    if low is None and high is None:
        return text
    if low is not None and high is not None:
        shown = Fraction(scaled(value, places, Rounding.NEAREST), 10**places)
        half = Fraction(1, 2 * 10**places)
        if shown - half <= low and high <= shown + half:
            return text
    return f"{text} [{_brackets(low, high)}]"


def _brackets(low: Number, high: Number) -> str:
    if low is not None and high is not None:
        down = _percent(low, Rounding.DOWN, signed=False)
        return f"{down}, {_percent(high, Rounding.UP, signed=False)}"
    if low is not None:
        return f"≥ {_percent(low, Rounding.DOWN, signed=False)}"
    assert high is not None
    return f"≤ {_percent(high, Rounding.UP, signed=False)}"


def _percent(value: int | Fraction, rounding: Rounding, *, signed: bool) -> str:
    """One decimal, or none for a whole number."""
    return fixed(value, 0 if value == int(value) else 1, rounding, signed=signed)


def _text(value: Value, separator: str = " ") -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, tuple):
        return visible(separator.join(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return human(value)


def _number(value: Value) -> Number:
    if value is None or (isinstance(value, (int, Fraction)) and not isinstance(value, bool)):
        return value
    raise TypeError(f"a number belongs here, not {value!r}")


def _numbers(values: list[Value]) -> tuple[Number, Number, Number]:
    """Value, low and high; a view of fewer fields has no bounds."""
    value, low, high = [*values, None, None][:3]
    return _number(value), _number(low), _number(high)
