"""Exact numbers as digits and as plain text: nothing here ever goes through a float.

Machines get all digits of a finite decimal, and twelve significant ones of any other number, in
plain notation; people get thousands separators and a fixed number of decimals. Bounds are rounded
outward in both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from evcli.model.answer import Rounding, Value
from evcli.model.note import in_one_line

SIGNIFICANT = 12
_MOST_DECIMALS = 40
_FINITE = 10**_MOST_DECIMALS  # its divisors are the denominators of decimals that end by then
_TO_DIGITS = {
    Rounding.NEAREST: Context(SIGNIFICANT, ROUND_HALF_EVEN),
    Rounding.DOWN: Context(SIGNIFICANT, ROUND_FLOOR),
    Rounding.UP: Context(SIGNIFICANT, ROUND_CEILING),
}
_TO_WHOLE: Mapping[Rounding, Callable[[Fraction], int]] = {
    Rounding.NEAREST: round,
    Rounding.DOWN: math.floor,
    Rounding.UP: math.ceil,
}
# from where on numbers are divided, by how much, and how that is called
_SCALES = ((10**9, 10**9, "billion"), (10**6, 10**6, "million"), (10**4, 10**3, "thousand"))


def digits(value: int | Fraction, rounding: Rounding = Rounding.NEAREST) -> str:
    """*value* in full, or with twelve significant digits where its decimals never end.

    No exponent, no ``.0``, no ``-0``.

    >>> digits(Fraction("1234567890123.45")), digits(Fraction(10**12, 3), Rounding.UP)
    ('1234567890123.45', '333333333334')
    """
    above, below = value.as_integer_ratio()
    if below == 1:
        return str(above)
    if _FINITE % below == 0:
        whole, rest = divmod(abs(above) * (_FINITE // below), _FINITE)
        decimals = f"{rest:0{_MOST_DECIMALS}}".rstrip("0")
        return f"{'-' * (above < 0)}{whole}.{decimals}"
    return f"{_TO_DIGITS[rounding].divide(Decimal(above), Decimal(below)).normalize():f}"


def double(value: int | Fraction, rounding: Rounding = Rounding.NEAREST) -> float:
    """The double that reads as the :func:`digits` of *value*; where none does the nearest one,
    or for a bound the next outward.

    >>> double(Fraction("64.55"), Rounding.DOWN), double(9007199254740993, Rounding.DOWN)
    (64.55, 9007199254740992.0)
    """
    exact = Fraction(digits(value, rounding))
    nearest = float(exact)
    above = Fraction(repr(nearest)) - exact
    if (rounding is Rounding.DOWN and above > 0) or (rounding is Rounding.UP and above < 0):
        return math.nextafter(nearest, math.copysign(math.inf, -above))
    return nearest


def scaled(value: int | Fraction, places: int, rounding: Rounding) -> int:
    """*value* times ten to the power of *places* as a whole number; ties go to even.

    >>> scaled(Fraction(5, 2), 0, Rounding.NEAREST), scaled(Fraction(-5, 2), 0, Rounding.DOWN)
    (2, -3)
    """
    power = 10 ** abs(places)
    return _TO_WHOLE[rounding](value * power if places >= 0 else Fraction(value) / power)


def fixed(
    value: int | Fraction,
    places: int,
    rounding: Rounding = Rounding.NEAREST,
    *,
    signed: bool = False,
) -> str:
    """*value* for people with exactly *places* decimals; *signed* puts ``+`` before a gain.

    What rounds to zero carries no sign.

    >>> fixed(Fraction(646, 10), 1, signed=True), fixed(-1234, 0)
    ('+64.6', '-1,234')
    """
    number = scaled(value, places, rounding)
    text = grouped(f"{number}e{-places}")
    return "+" + text if signed and number > 0 else text


def grouped(plain: str) -> str:
    """Digits written out, with thousands separators."""
    return f"{Decimal(plain):,f}"


def places_for(low: int | Fraction | None, high: int | Fraction | None) -> int | None:
    """How many decimals bounds justify: one digit beyond their own width, at least none.

    None where the bounds do not say: an end is open or they are one point. A stated value
    always fits, for its bounds are at least one unit of its last digit apart.

    >>> places_for(854500, 855500), places_for(Fraction(2005, 100), Fraction(2015, 100))
    (0, 2)
    """
    if low is None or high is None or low == high:
        return None
    return min(max(0, -exponent(Fraction(high - low) / 2)), SIGNIFICANT)


def between(
    low: Fraction | None, high: Fraction | None, text: Callable[[Fraction], str] | None = None
) -> str:
    """What bounds say; *text* turns each end into words, else they are rounded outward.

    >>> between(Fraction(9), Fraction(11)), between(Fraction(9), None), between(None, None)
    ('9 to 11', 'at least 9', '')
    """
    places, outward = places_for(low, high), (Rounding.DOWN, Rounding.UP)
    ends = [
        text(end) if text else human(end, places, way)
        for end, way in zip((low, high), outward, strict=True)
        if end is not None
    ]
    if len(ends) == 1:
        return f"{'at most' if low is None else 'at least'} {ends[0]}"
    return " to ".join(dict.fromkeys(ends))


def human(
    value: int | Fraction, places: int | None = None, rounding: Rounding = Rounding.NEAREST
) -> str:
    """*value* for people: the :func:`digits` with separators and at most *places* decimals.

    >>> human(Fraction(1234567, 7), 1), human(Fraction(1234567, 7)), human(Fraction(5, 2), 3)
    ('176,366.7', '176,366.714286', '2.5')
    """
    full = digits(value, rounding)
    if places is None or len(full.partition(".")[2]) <= places:
        return grouped(full)
    text = fixed(value, places, rounding)
    return text.rstrip("0").rstrip(".") if places > 0 else text


def scale_of(largest: Fraction) -> tuple[int, str]:
    """What numbers up to *largest* are divided by on an axis, and how that is called.

    >>> scale_of(Fraction(430_500)), scale_of(Fraction(94 * 10**9)), scale_of(Fraction(900))
    ((1000, 'thousand'), (1000000000, 'billion'), (1, ''))
    """
    return next(((size, name) for least, size, name in _SCALES if largest >= least), (1, ""))


def exponent(value: int | Fraction) -> int:
    """The power of ten of the first significant digit of *value*, which is not zero."""
    above, below = value.as_integer_ratio()
    return _TO_DIGITS[Rounding.DOWN].divide(Decimal(abs(above)), Decimal(below)).adjusted()


def plain(value: Value, rounding: Rounding = Rounding.NEAREST) -> str:
    """Null is empty, flags are ``true`` and ``false``, lists are separated by spaces.

    >>> plain(None), plain(True), plain(("seed-000", "seed-001")), plain(Fraction(1, 3))
    ('', 'true', 'seed-000 seed-001', '0.333333333333')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, list):
        return in_one_line(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return digits(value, rounding)
