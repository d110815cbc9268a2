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

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from evcli.model.answer import Column, HumanColumn, Kind, Rounding, Row, Value, View
from evcli.model.note import in_one_line
from evcli.text.characters import visible
from evcli.text.numbers import SIGNIFICANT, fixed, human, places_for, scaled

Number = int | Fraction | None
_BOUNDED = frozenset({"value", "low", "high"})
Write = Callable[[int | Fraction, Rounding], str]


def display(column: Column, row: Row) -> str:
    """The field of *column* for people: the digits of the CSV, but percentages with one decimal,
    and a value and its bounds no finer than these tell.
    """
    value = row.get(column.name)
    if isinstance(value, str) or value is None:
        return visible(value or "")
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        if column.kind is Kind.CHANGE:
            return f"{_percent(value, column.rounding, signed=True)} %"
        places = None
        if column.name in _BOUNDED:  # no finer than the width of the bounds tells
            places = _places(_number(row.get("low")), _number(row.get("high")))
            if places is not None and row.get("unit") == "percent":
                places = max(1, places)
        return human(value, places, column.rounding)
    return _text(value)


def show(column: HumanColumn, row: Row) -> str:
    """The cell of *column*; empty where nothing is known."""
    values = [row.get(name) for name in column.fields]
    match column.view:
        case View.TEXT | View.AMOUNT | View.NOTES | View.DRAWN:
            return _text(values[0])
        case View.LIST | View.SOURCES:
            return _text(values[0], separator=", ")
        case View.NUMBER:
            number = _number(values[0])
            return "" if number is None else human(number)
        case View.BOUNDED:
            return _bounded(*_numbers(values))
        case View.BOUNDS:
            low, high, value = _numbers(values)
            return _bounds(low, high, value)
        case View.RATIO:
            return _ratio(*_numbers(values))
        case View.POSITION:
            return _position(*_numbers(values))
        case View.CHANGE | View.SHARE:
            return _change(*_numbers(values), signed=column.view is View.CHANGE)


def _bounded(value: Number, low: Number, high: Number) -> str:
    """The value; "at least" or "at most" where it is one end and the other is open."""
    places = _places(low, high)

    def write(number: int | Fraction, rounding: Rounding) -> str:
        return human(number, places, rounding)

    text = _without_value(value, low, high, write)
    if text is not None:
        return text
    assert value is not None
    return write(value, Rounding.NEAREST)


def _bounds(low: Number, high: Number, value: Number = None) -> str:
    """Both ends, rounded outward; empty for an exact number and for one without any bound.

    Bounds that lie the same way on both sides of the *value* are shown as ``±500``.
    """
    places = _places(low, high)
    if low is None:
        return "" if high is None else f"≤ {human(high, places, Rounding.UP)}"
    if high is None:
        return f"≥ {human(low, places, Rounding.DOWN)}"
    if low == high:
        return ""
    if value is not None and high - value == value - low:
        half = high - value
        return f"±{human(half, places_for(Fraction(0), half), Rounding.UP)}"
    dash = " to " if low < 0 else "\N{EN DASH}"
    return f"{human(low, places, Rounding.DOWN)}{dash}{human(high, places, Rounding.UP)}"


def _places(low: Number, high: Number) -> int | None:
    """Decimals that the bounds justify; with one end open, few for a number that never ends."""
    known = low if low is not None else high
    if known is None or (low is not None and high is not None):
        return places_for(low, high)
    size = abs(Fraction(known))
    if (size * 1000).denominator == 1:
        return None
    return 1 if size >= 10 else 2 if size >= 1 else 4


def _change(value: Number, low: Number, high: Number, *, signed: bool) -> str:
    """A percentage with one decimal, none where it is whole and its bounds justify no more."""

    def write(number: int | Fraction, rounding: Rounding) -> str:
        return _percent(number, rounding, signed=signed)

    text = _without_value(value, low, high, write)
    if text is not None:
        return text and f"{text} %"
    assert value is not None
    coarse = low is None or high is None or high - low >= 1
    places = 0 if coarse and value == int(value) else 1
    unsigned = partial(_percent, signed=False)
    return f"{fixed(value, places, signed=signed)} %{_brackets(value, low, high, places, unsigned)}"


def _ratio(value: Number, low: Number, high: Number) -> str:
    """A quotient with two decimals, more for one so small that they would say little."""
    places = 2
    known = next((each for each in (value, low, high) if each), None)
    while known and abs(known) * 10**places < 100 and places < SIGNIFICANT:
        places += 1

    def write(number: int | Fraction, rounding: Rounding) -> str:
        return human(number, places, rounding)

    text = _without_value(value, low, high, write)
    if text is not None:
        return text
    assert value is not None
    return write(value, Rounding.NEAREST) + _brackets(value, low, high, places, write)


def _without_value(value: Number, low: Number, high: Number, write: Write) -> str | None:
    """What to show where the bounds say it all; None where a value stands between them."""
    if value is None and low is not None and high is not None:
        if low == high:
            return write(low, Rounding.NEAREST)
        return f"{write(low, Rounding.DOWN)} to {write(high, Rounding.UP)}"
    if low is not None and high is None and value in (None, low):
        return f"at least {write(low, Rounding.DOWN)}"
    if high is not None and low is None and value in (None, high):
        return f"at most {write(high, Rounding.UP)}"
    return "" if value is None else None


def _brackets(value: int | Fraction, low: Number, high: Number, places: int, write: Write) -> str:
    """The bounds, unless everything within them rounds to what is shown."""
    if low is None:
        return "" if high is None else f" [≤ {write(high, Rounding.UP)}]"
    if high is None:
        return f" [≥ {write(low, Rounding.DOWN)}]"
    shown = Fraction(scaled(value, places, Rounding.NEAREST), 10**places)
    half = Fraction(1, 2 * 10**places)
    if shown - half <= low and high <= shown + half:
        return ""
    return f" [{write(low, Rounding.DOWN)}, {write(high, Rounding.UP)}]"


def _position(value: Number, best: Number, worst: Number) -> str:
    """A place in a ranking, with the places that the bounds allow where there are several."""
    if value is None:
        return ""
    if best is None or worst is None or best == worst:
        return human(value)
    return f"{human(value)} ({human(best)}-{human(worst)})"


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
    if isinstance(value, list):
        return visible(in_one_line(value))
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
