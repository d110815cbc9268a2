"""The rows that one figure takes in a chart: its point, and how far its bounds reach.

An end closer than a row to the point is not drawn, or it would look a row away.

>>> from evcli.model.quantity import Bounds
>>> axis = Axis(Fraction(0), Fraction(100), Fraction(20), 11)  # ten to a row
>>> Span.of(axis, Mark("", Fraction(50), Bounds(Fraction(20), Fraction(59))))
Span(at=5, top=5, bottom=8, capped_above=False, capped_below=True)
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import NamedTuple

from evcli.model.picture import Mark
from evcli.render.axis import Axis


class Span(NamedTuple):
    """Rows from ``top`` to ``bottom``, both included, counted from the top of the chart.

    ``at`` is the row of the point; None for bounds wide apart with no value between them. A figure
    of which only one end is known stands at that end.
    """

    at: int | None
    top: int
    bottom: int
    capped_above: bool
    capped_below: bool

    @classmethod
    def of(cls, axis: Axis, mark: Mark) -> Span:
        """The rows of *mark*; ValueError where there is nothing to draw."""
        low, high = mark.bounds
        point = point_of(axis, mark)
        if point is None:
            if low is None or high is None:
                raise ValueError(f"nothing to draw: {mark.label}")
            return cls(None, axis.row(high), axis.row(low), True, True)
        at = _nearest(point)
        above = high is not None and point - axis.place(high) >= 1
        below = low is not None and axis.place(low) - point >= 1
        top = axis.row(high) if above and high is not None else at
        bottom = axis.row(low) if below and low is not None else at
        return cls(at, top, bottom, above, below)


def point_of(axis: Axis, mark: Mark) -> Fraction | None:
    """Where a figure stands, in rows from the top, between rows too.

    Its value; without one its only end, or the middle of bounds less than a row apart, which are
    one point at this size. None where bounds lie wider apart.
    """
    if mark.value is not None:
        return axis.place(mark.value)
    low, high = mark.bounds
    if low is None or high is None:
        end = high if low is None else low
        return None if end is None else axis.place(end)
    middle = axis.place((low + high) / 2)
    return middle if axis.place(low) - axis.place(high) < 1 else None


def _nearest(place: Fraction) -> int:
    return floor(place + Fraction(1, 2))
