"""What stands in the cells of tables that people read, and beside the marks of charts.

In brief the exactness of a number stands in its digits, or in another column.

>>> growth = HumanColumn("yoy", View.CHANGE, ("yoy", "low", "high"))
>>> row = {"yoy": Fraction(621, 10), "low": Fraction(569, 10), "high": Fraction(673, 10)}
>>> show(growth, row), show(growth, row, brief=True)
('+62.1 % [56.9, 67.3]', '+62 %')
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import partial
from math import ceil, floor

from evcli.model.answer import Column, HumanColumn, Kind, Rounding, Row, Value, View
from evcli.model.period import PeriodError, parse_period
from evcli.model.quantity import MIDPOINT
from evcli.model.vocabulary import shown_unit
from evcli.text.characters import visible
from evcli.text.numbers import fixed, human, places_for, plain, power_below, scaled

Number = int | Fraction | None
Write = Callable[[int | Fraction, Rounding], str]

NUMERIC = (View.NUMBER, View.BOUNDED, View.BOUNDS, View.CHANGE, View.SHARE)
UNCERTAIN = "not known closely"  # bounds wider than a factor of two
# what a field of a row has to be for a mark, and what the mark means
MARKS: Mapping[tuple[str, Value], tuple[str, str]] = {
    ("basis", "derived"): ("*", "derived"),
    ("rank", "deprecated"): ("†", "deprecated"),
    ("status", "forecast"): ("‡", "plan"),
    ("status", "provisional"): ("p", "provisional"),
    ("status", "estimated"): ("e", "estimated"),
    ("conflict", True): ("!", "figures disagree"),
    ("sourcing", "weak"): ("w", "weak sources alone"),
}
_BOUNDED = frozenset({"value", "low", "high"})
_ROUGH = 20  # percent between the bounds of a change that is known but roughly


def marks_of(row: Row) -> Iterator[tuple[str, str]]:
    """The marks of a row, each with its meaning."""
    return (mark for (field, value), mark in MARKS.items() if row.get(field) == value)


def with_unit(
    head: str, cell: Callable[[Row], str], unit_from: str, rows: Sequence[Row]
) -> tuple[str, tuple[str, ...], str | None]:
    """The head, the cells, and the unit that these share; None where they differ and say theirs."""
    cells = tuple([cell(row) for row in rows])
    if not unit_from:
        return visible(head), cells, ""
    units = [visible(shown_unit(str(row.get(unit_from) or ""))) for row in rows]
    used = {unit for unit, text in zip(units, cells, strict=True) if text and unit}
    if len(used) < 2:
        return visible(head), cells, "".join(used)
    pairs = zip(cells, units, strict=True)
    return visible(head), tuple([text and f"{text} {unit}".rstrip() for text, unit in pairs]), None


def display(column: Column, row: Row) -> str:
    """The field of *column* for people, with no more digits than its bounds tell."""
    value = row.get(column.name)
    if not isinstance(value, (int, Fraction)) or isinstance(value, bool):
        return _text(value)
    if column.kind is Kind.CHANGE:
        return f"{_percent(value, column.rounding, signed=True)} %"
    low, high = (row.get(name) if column.name in _BOUNDED else None for name in ("low", "high"))
    return human(value, _places(_number(low), _number(high)), column.rounding)


def show(column: HumanColumn, row: Row, *, brief: bool = False) -> str:
    """The cell of *column*; empty where nothing is known. *brief* leaves bounds to others."""
    values = [row.get(name) for name in column.fields]
    write = _WRITERS.get(column.view)
    if write is None:
        lists = column.view in (View.LIST, View.SOURCES)
        text = _text(values[0], separator=", " if lists else " ")
        if column.fields == ("period",) and "/" in text:
            with suppress(PeriodError):  # as people write months and years, "Jan-Oct 2025"
                return parse_period(text, first_year=1).label
        return text
    if own := row.get(f"{column.fields[0]} text"):  # of a single cell, in place of its number
        return visible(str(own))
    value, low, high = [*values, None, None][:3]  # a view of fewer fields has no bounds
    if column.view is View.CHANGE and (low is None) != (high is None):
        return _open_change(_number(low if high is None else high), low is None, values[3:])
    if brief and column.view is View.BOUNDED and row.get("qualifier") == MIDPOINT:
        value = None
    return write(_number(value), _number(low), _number(high), brief)


def _bounded(value: Number, low: Number, high: Number, brief: bool) -> str:
    """The value; its one end where the other is open, and "~" where bounds are all there is."""
    if brief and value is None and low is not None and high is not None and low != high:
        if low * high <= 0 or high > 2 * low > 0 or low < 2 * high < 0:
            return UNCERTAIN
        step = power_below(Fraction(high - low) / 2)
        return f"~{human(scaled(Fraction(low + high) / 2 / step, 0, Rounding.NEAREST) * step)}"
    places = _places(low, high)
    return _said(value, low, high, lambda number, rounding: human(number, places, rounding))


def _bounds(low: Number, high: Number, value: Number, brief: bool) -> str:
    """Both ends, rounded outward; empty for an exact number and for one without any bound.

    Bounds that lie the same way on both sides of a *value* shown in full are shown as ``±500``. In
    *brief* those that the value says already, and those that say next to nothing, are left out.
    """
    places = _places(low, high)
    if low is None or high is None:
        said = brief and _is_open(value, low, high)
        return "" if said else _said(None, low, high, lambda end, way: human(end, places, way))
    if low == high or (brief and _bounded(value, low, high, brief) == UNCERTAIN):
        return ""
    if value is not None and high - value == value - low and human(value, places) == human(value):
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


def _change(value: Number, low: Number, high: Number, brief: bool, *, signed: bool) -> str:
    """A percentage with at most one decimal; in *brief* digits and "~" say how close it is."""
    write = partial(_percent, signed=signed)
    width = high - low if low is not None and high is not None else 0
    if value is None or _is_open(value, low, high):
        if brief and low is not None and high is not None and width >= 1:
            low, high = floor(low), ceil(high)
        text = _said(value, low, high, write)
        return text and f"{text} %"
    if value == int(value):
        places = int(0 < width < 1 or low == high is not None)
    else:
        places = int(not brief or width < 2)
    text = f"{fixed(value, places, signed=signed)} %"
    if brief:
        return f"{'~' * (width >= _ROUGH)}{text}"
    shown = Fraction(scaled(value, places, Rounding.NEAREST), 10**places)
    if low is None or high is None or max(shown - low, high - shown) * 2 * 10**places <= 1:
        return text  # everything within the bounds rounds to it
    ends = (_percent(low, Rounding.DOWN, signed=False), _percent(high, Rounding.UP, signed=False))
    return f"{text} [{', '.join(ends)}]"


def _open_change(end: Number, below: bool, words: Sequence[Value]) -> str:
    """A growth with an open end: ``over +100 %``, ``down nearly 50 %``, never ``≥ -50 %``.

    The word in front speaks of the size of a change; without one the sign says which way.
    """
    from evcli.text.lexicon import in_english

    assert end is not None
    word = in_english(str(words[0])) if words else ""
    sized = word not in ("", "at most" if below else "at least")
    rounding = Rounding.UP if below else Rounding.DOWN
    if sized and end < 0:
        return f"down {word} {_percent(-end, rounding, signed=False)} %"
    front = ("not above", "not below") if end < 0 else ("≤", "≥")
    return f"{word if sized else front[not below]} {_percent(end, rounding, signed=True)} %"


def _is_open(value: Number, low: Number, high: Number) -> bool:
    """Whether one end is all that is known."""
    return (low is None) != (high is None) and value in (None, low, high)


def _said(value: Number, low: Number, high: Number, write: Write) -> str:
    """The value, or what bounds alone say."""
    if _is_open(value, low, high):
        if low is not None:
            return f"≥ {write(low, Rounding.DOWN)}"
        return f"≤ {write(high or 0, Rounding.UP)}"
    if value is None and low is not None and high is not None and low != high:
        return f"{write(low, Rounding.DOWN)} to {write(high, Rounding.UP)}"
    known = low if value is None else value
    return "" if known is None else write(known, Rounding.NEAREST)


def _position(value: Number, best: Number, worst: Number, *_: bool) -> str:
    """A place in a ranking, with the places that the bounds allow where there are several."""
    if value is None:
        return "-"
    if best is None or worst is None or best == worst:
        return human(value)
    return f"{human(value)} ({human(best)}-{human(worst)})"


def _percent(value: int | Fraction, rounding: Rounding, *, signed: bool) -> str:
    """One decimal, or none for a whole number."""
    return fixed(value, 0 if value == int(value) else 1, rounding, signed=signed)


def _text(value: Value, separator: str = " ") -> str:
    if isinstance(value, tuple):
        return visible(separator.join(value))
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return human(value)
    return visible(plain(value))


def _number(value: Value) -> Number:
    if value is None or (isinstance(value, (int, Fraction)) and not isinstance(value, bool)):
        return value
    raise TypeError(f"a number belongs here, not {value!r}")


# how views of numbers write value, low and high; BOUNDS is given low, high and value
_WRITERS: dict[View, Callable[[Number, Number, Number, bool], str]] = {
    View.NUMBER: lambda value, _low, _high, _brief: "" if value is None else human(value),
    View.BOUNDED: _bounded,
    View.BOUNDS: _bounds,
    View.POSITION: _position,
    View.CHANGE: partial(_change, signed=True),
    View.SHARE: partial(_change, signed=False),
}
