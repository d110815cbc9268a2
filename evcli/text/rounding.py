"""How many digits of a computed figure may be printed, and short forms of numbers and bounds.

The step is the largest power of ten that is not above half the width of the bounds, and what is
printed is the multiple of it that lies nearest to the value *and* within the bounds. Since the
bounds are at least two steps wide there always is one.

>>> from fractions import Fraction as F
>>> number = rounded(F(593_000), Bounds(F(587_500), F(598_500)))
>>> number.step, number.text, number.low, number.high
(Fraction(1000, 1), '593,000', '587,500', '598,500')
"""

from fractions import Fraction
from typing import NamedTuple

from evcli.model.answer import Rounding
from evcli.model.quantity import Bounds
from evcli.text.numbers import exponent, fixed, human, scaled

_SIGNIFICANT = 4  # digits of a number whose bounds say nothing about how fine it is
_MILLION, _BILLION = 10**6, 10**9
_MOST_PLACES = 10
_CENTS = 100  # an exact number that is so many of them is printed in full


class RoundedNumber(NamedTuple):
    """A number as it may be printed: ``text``, and the bounds rounded outward.

    ``value`` is what the text says, ``step`` the unit of its last digit that counts; 0 if it is
    exact. ``low`` and ``high`` are empty where the number is exact.
    """

    value: Fraction
    step: Fraction
    text: str
    low: str = ""
    high: str = ""


def step_of(bounds: Bounds) -> Fraction | None:
    """The largest power of ten not above half the width; None for a point and for open ends.

    >>> step_of(Bounds(Fraction(0), Fraction(20))), step_of(Bounds(Fraction(0), Fraction(19)))
    (Fraction(10, 1), Fraction(1, 1))
    """
    width = bounds.width
    return power_below(width / 2) if width else None


def power_below(size: Fraction) -> Fraction:
    """The largest power of ten that is not above *size*, which is above zero."""
    return Fraction(10) ** exponent(size)


def rounded(value: Fraction, bounds: Bounds) -> RoundedNumber:
    """*value* with the digits that closed *bounds* support; ValueError where an end is open."""
    low, high = bounds
    if low is None or high is None:
        raise ValueError("a number with an open end is said as at least or at most")
    step = step_of(bounds)
    if step is None:
        return _exact(value)
    least, most = _multiple(low, step, Rounding.UP), _multiple(high, step, Rounding.DOWN)
    nearest = min(max(_multiple(value, step, Rounding.NEAREST), least), most)
    return RoundedNumber(nearest, step, written(nearest, step), *ends(bounds))


def ends(bounds: Bounds) -> tuple[str, str]:
    """Both ends of closed bounds, rounded outward to a tenth of the step."""
    low, high = bounds
    assert low is not None
    assert high is not None
    finer = (step_of(bounds) or Fraction(1)) / 10
    down, up = _multiple(low, finer, Rounding.DOWN), _multiple(high, finer, Rounding.UP)
    scale = max(abs(low), abs(high))
    return _trimmed(down, finer, scale), _trimmed(up, finer, scale)


def end(value: Fraction, direction: Rounding) -> str:
    """The one end that is known, in few digits, rounded outward.

    >>> end(Fraction(67_000), Rounding.DOWN), end(Fraction(1_234_567), Rounding.UP)
    ('67,000', '1,235,000')
    """
    step = _few_digits(value)
    return _trimmed(_multiple(value, step, direction), step, abs(value))


def written(value: Fraction, step: Fraction, size: Fraction | None = None) -> str:
    """A multiple of *step* in digits that go no further; in billions where *size* is that large.

    >>> written(Fraction(41 * 10**9), Fraction(10**8)), written(Fraction(-85, 10), Fraction(1, 10))
    ('41.0 billion', '-8.5')
    """
    scale = _BILLION if (abs(value) if size is None else size) >= _BILLION else 1
    text = fixed(value / scale, max(0, -exponent(step / scale)))
    return text if scale == 1 else f"{text} billion"


def _trimmed(value: Fraction, step: Fraction, size: Fraction) -> str:
    """An end of bounds: its zeros after the point say nothing."""
    digits, space, billion = written(value, step, size).partition(" ")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return f"{digits}{space}{billion}"


def _exact(value: Fraction) -> RoundedNumber:
    """A point: in full where that is short, else the digits that people read."""
    if (value * _CENTS).denominator == 1:
        return RoundedNumber(value, Fraction(0), human(value))
    step = _few_digits(value)
    nearest = _multiple(value, step, Rounding.NEAREST)
    return RoundedNumber(nearest, step, _trimmed(nearest, step, abs(nearest)))


def _few_digits(value: Fraction) -> Fraction:
    """The unit of the fourth digit."""
    return power_below(abs(value)) / 10 ** (_SIGNIFICANT - 1) if value else Fraction(1)


def _multiple(value: Fraction, step: Fraction, direction: Rounding) -> Fraction:
    return scaled(value / step, 0, direction) * step


def significant(
    value: Fraction, digits: int = _SIGNIFICANT, rounding: Rounding = Rounding.NEAREST
) -> Fraction:
    """*value* to so many digits.

    >>> int(significant(Fraction(519_441))), int(significant(Fraction(-12_345), 3, Rounding.DOWN))
    (519400, -12400)
    """
    if not value:
        return value
    size = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    return _multiple(value, Fraction(10) ** (size - digits), rounding)


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
    low: Fraction | None, high: Fraction | None, unit: str = "", digits: int = _SIGNIFICANT
) -> str:
    """Bounds in words, rounded outward.

    >>> short_range(Fraction(2_395_000), Fraction(2_425_000)), short_range(Fraction(5), None)
    ('2.395 to 2.425 million', 'at least 5')
    """
    first, second = (
        "" if each is None else short_number(significant(each, digits, rounding), unit)
        for each, rounding in ((low, Rounding.DOWN), (high, Rounding.UP))
    )
    if not first or not second:
        return f"at least {first}" if first else f"at most {second}" if second else "anything"
    if first == second:
        return first
    for word in (" billion", " million", " %"):
        if first.endswith(word) and second.endswith(word):
            first = first.removesuffix(word)
    return f"{first} to {second}"
