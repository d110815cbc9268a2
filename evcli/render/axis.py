"""Axes: round numbers up the side, periods along the bottom; all in exact fractions.

>>> axis = Axis.over(Fraction(101_000), Fraction(430_500), height=16)
>>> [int(tick) for tick in axis.ticks], axis.height
([0, 100000, 200000, 300000, 400000, 500000], 16)
>>> axis.row(Fraction(500_000)), axis.row(Fraction(0))
(0, 15)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from evcli.model.period import Period, Window
from evcli.text.numbers import exponent

_LEAST, _MOST = 12, 20  # rows
_STEPS = tuple(map(Fraction, ("1", "2", "2.5", "5", "10")))  # times a power of ten
# from where on numbers are divided, by how much, and how that is called
_SCALES = ((10**9, 10**9, "billion"), (10**6, 10**6, "million"), (10**4, 10**3, "thousand"))
_GAP = 2  # cells between two labels
# every how many windows a label may stand, counted from the beginning of the calendar
_STRIDES = {
    Window.MONTH: (1, (1, 2, 3, 6, 12, 24, 60, 120)),
    Window.QUARTER: (3, (1, 2, 4, 8, 20, 40)),
    Window.HALF: (6, (1, 2, 4, 10, 20)),
    Window.YEAR: (12, (1, 2, 5, 10, 20, 50)),
}


class Axis(NamedTuple):
    """Numbers from ``low`` up to ``high``, both round, on ``height`` rows; row 0 is on top."""

    low: Fraction
    high: Fraction
    step: Fraction
    height: int

    @classmethod
    def over(cls, least: Fraction, greatest: Fraction, height: int) -> Axis:
        """An axis that holds both, of about *height* rows (12 to 20), a whole number a step.

        It begins at zero unless that would waste more than half of it.
        """
        if least > 0 and (2 * least <= greatest or least == greatest):
            least = Fraction(0)
        elif greatest < 0 and (2 * greatest >= least or least == greatest):
            greatest = Fraction(0)
        elif least == greatest:  # nothing but zero
            greatest = Fraction(1)
        about = (greatest - least) / max(3, height // 3)
        power = Fraction(10) ** exponent(about)
        step = next(each * power for each in _STEPS if each * power >= about)
        low, high = floor(least / step) * step, ceil(greatest / step) * step
        count = int((high - low) / step)
        each = min(round(Fraction(height - 1, count)), (_MOST - 1) // count)
        each = max(each, -(-(_LEAST - 1) // count))
        return cls(low, high, step, count * each + 1)

    @property
    def ticks(self) -> tuple[Fraction, ...]:
        """The round numbers, from the lowest up; each lies on a row of its own."""
        count = int((self.high - self.low) / self.step)
        return tuple(self.low + self.step * index for index in range(count + 1))

    def place(self, value: Fraction) -> Fraction:
        """Where *value* lies, in rows from the top; between rows too."""
        return (self.high - value) / (self.high - self.low) * (self.height - 1)

    def row(self, value: Fraction) -> int:
        """The row nearest to *value*."""
        return floor(self.place(value) + Fraction(1, 2))


def scale_of(largest: Fraction) -> tuple[int, str]:
    """What numbers up to *largest* are divided by on an axis, and how that is called.

    >>> scale_of(Fraction(430_500)), scale_of(Fraction(94 * 10**9)), scale_of(Fraction(900))
    ((1000, 'thousand'), (1000000000, 'billion'), (1, ''))
    """
    return next(((size, name) for least, size, name in _SCALES if largest >= least), (1, ""))


def months_at(period: Period) -> Fraction:
    """The middle of *period* in months since the year 0; undated ones are a ValueError."""
    span = period.month_span
    if span is not None:
        return Fraction(span[0] + span[1], 2)
    if period.start is None or period.end is None:
        raise ValueError("an undated period has no place in time")
    days = Fraction(period.start.toordinal() + period.end.toordinal() - 2, 2)
    return 12 + days / Fraction(146097, 4800)  # since the year 1; the mean days of a month


def columns_of(periods: Iterable[Period], width: int) -> dict[Period, int]:
    """The column of every period on *width* columns: the first left, the last right.

    A single one stands in the middle.
    """
    places = {period: months_at(period) for period in periods}
    first, last = min(places.values(), default=0), max(places.values(), default=0)
    if first == last:
        return dict.fromkeys(places, width // 2)
    room = Fraction(width - 1) / (last - first)
    return {period: floor((at - first) * room + Fraction(1, 2)) for period, at in places.items()}


def labels_under(columns: Mapping[Period, int], width: int) -> list[tuple[int, int, str]]:
    """The labels under the axis, each with its tick and where it starts, in columns.

    As many as there is room for, at even steps of the calendar, whether or not there is a figure;
    where windows are of different kinds, or no step fits, the first and the last.
    """
    periods = sorted(columns, key=lambda period: period.sort_key)
    for chosen in _evenly(periods):
        at = columns_of([*periods, *chosen], width)
        placed = _placed([(at[period], period.label) for period in chosen], width)
        if len(placed) == len(chosen) and len(placed) > 1:
            return placed
    ends = dict.fromkeys([*periods[:1], *periods[-1:]])
    return _placed([(columns[period], period.label) for period in ends], width)


def _evenly(periods: Sequence[Period]) -> Iterator[list[Period]]:
    """Every window from the first to the last, then every second, and so on."""
    kinds = {period.window for period in periods}
    if len(kinds) != 1 or not kinds <= _STRIDES.keys():
        return
    size, strides = _STRIDES[kinds.pop()]
    first, last = ((period.month_span or (0, 0))[0] // size for period in (periods[0], periods[-1]))
    for stride in strides:
        steps = range(first + -first % stride, last + 1, stride)
        yield [periods[0].shift((step - first) * size) for step in steps]


def _placed(chosen: Sequence[tuple[int, str]], width: int) -> list[tuple[int, int, str]]:
    """Each label centred below its column, moved inside; those that touch the one before go."""
    placed: list[tuple[int, int, str]] = []
    free = 0
    for column, text in chosen:
        start = max(0, min(column - len(text) // 2, width - len(text)))
        if start >= free and len(text) <= width:
            placed.append((column, start, text))
            free = start + len(text) + _GAP
    return placed
