"""Exact numbers as digits and as plain text: nothing here ever goes through a float.

Machines get all digits of a finite decimal, and twelve significant ones of any other number, in
plain notation; people get thousands separators and a fixed number of decimals. Bounds are rounded
outward in both. A computed figure has no more digits than its bounds support: those of the multiple
of its step that lies nearest to the value *and* within the bounds. Since these are at least two
steps wide there always is one.

>>> number = rounded(Fraction(593_000), Bounds(Fraction(587_500), Fraction(598_500)))
>>> number.step, number.text, number.low, number.high
(Fraction(1000, 1), '593,000', '587,500', '598,500')
"""

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from evcli.model.answer import Rounding, Value
from evcli.model.note import in_one_line
from evcli.model.quantity import Bounds
from evcli.tuples import NamedTuple

Write = Callable[[Fraction, Rounding], str]  # a number, rounded so

SIGNIFICANT = 12
_MOST_DECIMALS = 40
_FEW = 4  # digits of a number whose bounds say nothing about how fine it is
_MILLION, _BILLION = 10**6, 10**9
_MOST_PLACES = 10
_CENTS = 100  # an exact number that is so many of them is printed in full
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


def between(low: Fraction | None, high: Fraction | None, write: Write | None = None) -> str:
    """What bounds say, each end as it is written; else it is rounded outward.

    >>> between(Fraction(9), Fraction(11)), between(Fraction(9), None), between(None, None)
    ('9 to 11', 'at least 9', '')
    """
    if write is None:
        places = places_for(low, high)
        return between(low, high, lambda end, outward: human(end, places, outward))
    known = ((low, Rounding.DOWN), (high, Rounding.UP))
    ends = [write(end, outward) for end, outward in known if end is not None]
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


def power_below(size: Fraction) -> Fraction:
    """The largest power of ten that is not above *size*, which is above zero."""
    return Fraction(10) ** exponent(size)


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


# --- as far as bounds allow ---------------------------------------------------------------------


class RoundedNumber(NamedTuple):
    """A number as it may be printed, and its bounds rounded outward, empty where it is exact."""

    value: Fraction  # what the text says
    step: Fraction  # the unit of its last digit that counts; 0 if it is exact
    text: str
    low: str = ""
    high: str = ""


def rounded(value: Fraction, bounds: Bounds) -> RoundedNumber:
    """*value* with the digits that closed *bounds* support; ValueError where an end is open.

    A point is in full where that is short, else in the digits that people read.
    """
    low, high = bounds
    if low is None or high is None:
        raise ValueError("a number with an open end is said as at least or at most")
    if low == high:
        if (value * _CENTS).denominator == 1:
            return RoundedNumber(value, Fraction(0), human(value))
        step, nearest = _last_of(value), significant(value)
        return RoundedNumber(nearest, step, _written(nearest, step, abs(nearest)))
    step = power_below((high - low) / 2)
    least, most = _multiple(low, step, Rounding.UP), _multiple(high, step, Rounding.DOWN)
    nearest = min(max(_multiple(value, step, Rounding.NEAREST), least), most)
    return RoundedNumber(nearest, step, _written(nearest, step), *ends(low, high))


def ends(low: Fraction, high: Fraction) -> tuple[str, str]:
    """Both ends of closed bounds, rounded outward to a tenth of the step."""
    finer = (power_below((high - low) / 2) if low < high else Fraction(1)) / 10
    down, up = _multiple(low, finer, Rounding.DOWN), _multiple(high, finer, Rounding.UP)
    scale = max(abs(low), abs(high))
    return _written(down, finer, scale), _written(up, finer, scale)


def end(value: Fraction, direction: Rounding) -> str:
    """The one end that is known, in few digits, rounded outward.

    >>> end(Fraction(67_000), Rounding.DOWN), end(Fraction(1_234_567), Rounding.UP)
    ('67,000', '1,235,000')
    """
    return _written(significant(value, rounding=direction), _last_of(value), abs(value))


def _written(value: Fraction, step: Fraction, size: Fraction | None = None) -> str:
    """A multiple of *step* in digits that go no further, in billions from one up.

    The ends of bounds are in billions where the larger, *size*, is; their last zeros say nothing.
    """
    scale = _BILLION if (abs(value) if size is None else size) >= _BILLION else 1
    write = fixed if size is None else human
    text = write(value / scale, max(0, -exponent(step / scale)))
    return text if scale == 1 else f"{text} billion"


def _last_of(value: Fraction, digits: int = _FEW) -> Fraction:
    """The unit of the last of so many digits."""
    return power_below(abs(value)) / 10 ** (digits - 1) if value else Fraction(1)


def _multiple(value: Fraction, step: Fraction, direction: Rounding) -> Fraction:
    return scaled(value / step, 0, direction) * step


def significant(
    value: Fraction, digits: int = _FEW, rounding: Rounding = Rounding.NEAREST
) -> Fraction:
    """*value* to so many digits.

    >>> int(significant(Fraction(519_441))), int(significant(Fraction(-12_345), 3, Rounding.DOWN))
    (519400, -12400)
    """
    return _multiple(value, _last_of(value, digits), rounding)


def short_number(value: Fraction, unit: str = "", *, derived: bool = False) -> str:
    """A number with thousands separators, or in millions where that loses nothing.

    >>> short_number(Fraction(3_083_000)), short_number(Fraction(3_083_412))
    ('3.083 million', '3,083,412')
    >>> short_number(Fraction(519_441), derived=True), short_number(Fraction("64.6"), "percent")
    ('519,400', '64.6 %')
    """
    if derived:
        value = significant(value)
    if unit == "percent":
        return f"{human(value, _MOST_PLACES)} %"
    for scale, word in ((_BILLION, " billion"), (_MILLION, " million")):
        if abs(value) >= scale and significant(value / scale) == value / scale:
            return f"{human(value / scale, _MOST_PLACES)}{word}"
    return human(value, _MOST_PLACES)


def short_range(
    low: Fraction | None, high: Fraction | None, unit: str = "", digits: int = _FEW
) -> str:
    """Bounds in words, rounded outward.

    >>> short_range(Fraction(2_395_000), Fraction(2_425_000)), short_range(Fraction(5), None)
    ('2.395 to 2.425 million', 'at least 5')
    """
    text = between(low, high, lambda end, way: short_number(significant(end, digits, way), unit))
    for word in (" billion", " million", " %"):
        if text.endswith(word):
            text = text.replace(f"{word} to ", " to ")
    return text or "anything"
