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

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from evcli.tuples import NamedTuple

if TYPE_CHECKING:
    from evcli.model.figure import Figure


_LONGEST = 60  # characters of a number that is read


def exact(text: str) -> Fraction:
    """The number that plain digits say; ValueError for anything else, and for very long ones.

    >>> exact("-18.50")
    Fraction(-37, 2)
    """
    if len(text) > _LONGEST or not text.removeprefix("-").replace(".", "", 1).isdecimal():
        raise ValueError(f"{text[:_LONGEST]!r} is not a number")
    return Fraction(text)


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

    def exceeds(self, other: Bounds) -> bool:
        """Whether all of it lies above all of the other."""
        return self.low is not None and other.high is not None and self.low > other.high

    def intersect(self, other: Bounds) -> Bounds | None:
        """What both allow, or None where they exclude each other."""
        (a, b), (c, d) = self, other
        low = c if a is None else a if c is None else max(a, c)
        high = d if b is None else b if d is None else min(b, d)
        if low is not None and high is not None and low > high:
            return None
        return Bounds._make((low, high))  # they run forward: not to be checked once more

    def no_lower_than(self, least: Fraction) -> Bounds:
        """Without what lies below *least*, which is not above them; an open end stays open."""
        low, high = self
        return self if low is None or low >= least else Bounds(least, high)

    def hull(self, other: Bounds) -> Bounds:
        """The smallest interval that holds both."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Bounds(low, high)

    def negate(self) -> Bounds:
        """The mirror image around zero."""
        return Bounds(*(None if end is None else -end for end in reversed(self)))

    def shift(self, by: Fraction) -> Bounds:
        """The same interval moved by *by*."""
        return Bounds(*(None if end is None else end + by for end in self))

    def scale(self, factor: Fraction) -> Bounds:
        """Every value times a positive *factor*."""
        if factor <= 0:
            raise ValueError("scale by a positive factor; use negate() to mirror")
        return Bounds(*(None if end is None else end * factor for end in self))

    def widened(self, part: Fraction) -> Bounds:
        """Each end moved outward by a *part* of its size."""
        low, high = self
        low = None if low is None else low - abs(low) * part
        return Bounds(low, None if high is None else high + abs(high) * part)

    def plus(self, other: Bounds) -> Bounds:
        """Every sum of a value of both, of which neither knows of the other."""
        pairs = zip(self, other, strict=True)
        return Bounds(*(None if one is None or two is None else one + two for one, two in pairs))

    @property
    def looseness(self) -> tuple[bool, Fraction]:
        """How wide, to be sorted by: what is open comes last."""
        return self.width is None, self.width or Fraction(0)

    @property
    def width(self) -> Fraction | None:
        """How far the ends are apart; None where an end is open."""
        return None if self.low is None or self.high is None else self.high - self.low


def gap(one: Bounds, other: Bounds) -> Fraction:
    """How far two are apart, as a part of the second; 0 where they meet or one is open there."""
    for sign, end, theirs in ((1, one.high, other.low), (-1, one.low, other.high)):
        if end is not None and theirs is not None and sign * (theirs - end) > 0:
            return abs(theirs - end) / abs(theirs) if theirs else Fraction(1)
    return Fraction(0)


def quotient(level: Bounds, factor: Bounds) -> Bounds:
    """What a level was grown from; open where the *factor* may be nothing.

    >>> quotient(Bounds(Fraction(110), Fraction(132)), Bounds(Fraction("1.1"), Fraction("1.2")))
    Bounds(275/3, 120)
    """
    if factor.low is None or factor.low <= 0 or factor.high is None:
        return Bounds()
    low = None if level.low is None else level.low / factor.high
    return Bounds(low, None if level.high is None else level.high / factor.low)


def intersect_all(many: Iterable[Bounds]) -> Bounds | None:
    """What all of *many* allow; None where some exclude each other."""
    result: Bounds | None = Bounds()
    for bounds in many:
        result = result and result.intersect(bounds)
    return result


MIDPOINT = "midpoint"  # the qualifier of a value that is the middle of its bounds, given by nobody


class Quantity(NamedTuple):
    """A number: its value (None for a bare range), bounds, qualifier and unit id.

    The qualifier is the word in front, that for an open end of what was computed, or a midpoint's.
    """

    value: Fraction | None
    bounds: Bounds
    qualifier: str = ""
    unit: str = ""


def known_number(number: Quantity | Figure) -> Fraction | None:
    """The value, else an end of its bounds that is known."""
    return next((each for each in (number.value, *number.bounds) if each is not None), None)


def computed(value: Fraction | None, bounds: Bounds, unit: str) -> Quantity:
    """What was computed: with an open end it has no value, for only a source could say how near."""
    low, high = bounds
    if low is not None and high is not None:
        return Quantity(value, bounds, "", unit)
    qualifier = "at most" if high is not None else "at least" if low is not None else ""
    return Quantity(None, bounds, qualifier, unit)


def narrowed(bounds: Bounds, among: Sequence[Quantity]) -> Quantity:
    """What *bounds* leave of *among*: the one that has them, else a value of theirs or a middle."""
    for each in among:
        if each.bounds == bounds:
            return each
    low, high = bounds
    if low is None or high is None:
        raise ValueError("open bounds are those of one among them")
    values = (each.value for each in among if each.value is not None)
    value = next((each for each in values if bounds.contains(each)), None)
    told = ((low + high) / 2, bounds, MIDPOINT) if value is None else (value, bounds, "")
    return Quantity(*told, among[0].unit)
