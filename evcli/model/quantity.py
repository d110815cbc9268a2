"""Exact numbers with the bounds that their words allow.

``None`` is an end that the source's words leave open. It is never replaced by a guess:
not by zero, not by minus one hundred per cent.

>>> from fractions import Fraction
>>> a, b = Bounds(Fraction(1), Fraction(3)), Bounds(Fraction(2), None)
>>> a.intersect(b)
Bounds(2, 3)
>>> a.hull(b)
Bounds(1, None)
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple


class _Ends(NamedTuple):
    low: Fraction | None = None
    high: Fraction | None = None


class Bounds(_Ends):
    """All values between ``low`` and ``high``, both included; ``None`` is an open end."""

    __slots__ = ()

    def __new__(cls, low: Fraction | None = None, high: Fraction | None = None) -> Bounds:
        """Raises ValueError where the ends run backwards."""
        if low is not None and high is not None and low > high:
            raise ValueError(f"bounds run backwards: {low} > {high}")
        return super().__new__(cls, low, high)

    def __repr__(self) -> str:
        return f"Bounds({self.low}, {self.high})"

    @classmethod
    def exactly(cls, value: Fraction) -> Bounds:
        """The single point *value*."""
        return cls(value, value)

    @classmethod
    def around(cls, value: Fraction, half: Fraction) -> Bounds:
        """*half* each way around *value*."""
        return cls(value - half, value + half)

    def contains(self, value: Fraction) -> bool:
        """Whether *value* may be true."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def intersect(self, other: Bounds) -> Bounds | None:
        """What both allow, or None where they exclude each other."""
        (a, b), (c, d) = self, other
        low = c if a is None else a if c is None else max(a, c)
        high = d if b is None else b if d is None else min(b, d)
        if low is not None and high is not None and low > high:
            return None
        return Bounds._make((low, high))  # they run forward: not to be checked once more

    def hull(self, other: Bounds) -> Bounds:
        """The smallest interval that holds both."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Bounds(low, high)

    def negate(self) -> Bounds:
        """The mirror image around zero."""
        low, high = self
        return Bounds(None if high is None else -high, None if low is None else -low)

    def shift(self, by: Fraction) -> Bounds:
        """The same interval moved by *by*."""
        return Bounds(*(None if end is None else end + by for end in self))

    def scale(self, factor: Fraction) -> Bounds:
        """Every value times a positive *factor*."""
        if factor <= 0:
            raise ValueError("scale by a positive factor; use negate() to mirror")
        return Bounds(*(None if end is None else end * factor for end in self))

    def middle(self, *, whole: bool = False) -> Fraction | None:
        """The middle, where the ends lie within a factor of two; else None.

        With *whole* the nearest whole number, if that lies within.

        >>> Bounds(Fraction(3), Fraction(6)).middle(), Bounds(Fraction(3), Fraction(7)).middle()
        (Fraction(9, 2), None)
        >>> Bounds(Fraction(3), Fraction(6)).middle(whole=True)
        Fraction(4, 1)
        """
        low, high = self
        if low is None or high is None or low < 0 or high > 2 * low:
            return None
        exact = (low + high) / 2
        rounded = Fraction(round(exact))
        return rounded if whole and self.contains(rounded) else exact

    @property
    def width(self) -> Fraction | None:
        """How far the ends are apart; None where an end is open."""
        return None if self.low is None or self.high is None else self.high - self.low


def intersect_all(many: Iterable[Bounds]) -> Bounds | None:
    """What all of *many* allow; None where some exclude each other."""
    rest = iter(many)
    result: Bounds | None = next(rest, Bounds())
    for bounds in rest:
        if result is None:
            return None
        result = result.intersect(bounds)
    return result


MIDPOINT = "midpoint"  # the qualifier of a value that is the middle of its bounds, given by nobody
_HUNDRED = Fraction(100)


class Quantity(NamedTuple):
    """A number: its value (None for a bare range), bounds, qualifier and unit id.

    The qualifier is the word in front, ``at least`` or ``at most`` where an end of what was
    computed is open, or :data:`MIDPOINT`.
    """

    value: Fraction | None
    bounds: Bounds
    qualifier: str = ""
    unit: str = ""

    @classmethod
    def of_growth(cls, bounds: Bounds, *values: Fraction | None) -> Quantity:
        """Growth in percent: the first of *values* within *bounds*, else their middle.

        A growth with an open end has no value: only who states one says how it is meant.

        >>> Quantity.of_growth(Bounds(Fraction(20), Fraction(30)), Fraction(31)).value
        Fraction(25, 1)
        """
        value, qualifier = None, ""
        if bounds.width is None:
            qualifier = open_end(bounds)
        else:
            value = next(
                (each for each in values if each is not None and bounds.contains(each)), None
            )
            middle = bounds.shift(_HUNDRED).middle() if value is None else None
            if middle is not None:  # the factors lie within a factor of two
                value, qualifier = middle - _HUNDRED, MIDPOINT
        return cls(value, bounds, qualifier, "percent")


def open_end(bounds: Bounds) -> str:
    """``at least`` or ``at most`` where one end alone is known; else empty."""
    if (bounds.low is None) == (bounds.high is None):
        return ""
    return "at most" if bounds.low is None else "at least"
