"""Periods, numbers and names as people write them, for the audit's messages.

>>> from evcli.model.period import parse_period
>>> [short(parse_period(text)) for text in ("2024-01/2024-11", "2025-05", "2025", "2025-H1")]
['Jan-Nov 2024', 'May 2025', '2025', 'Jan-Jun 2025']
>>> long(parse_period("2025-H1"), 2025), long(parse_period("2024-05"), 2025)
('January to June', 'May 2024')
>>> between(Fraction(2_395_000), Fraction(2_425_000), "vehicles")
'2.395 to 2.425 million'
"""

from __future__ import annotations

import math
from fractions import Fraction

from evcli.model.period import Period
from evcli.model.quantity import Bounds
from evcli.model.vocabulary import Vocabulary

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SCALES = ((Fraction(10**9), " billion"), (Fraction(10**6), " million"))
_DIGITS = 4


def short(period: Period) -> str:
    """A period with the names of months cut short and the year."""
    span = period.month_span
    if span is None:
        return str(period)
    (year, first), (last_year, last) = divmod(span[0], 12), divmod(span[1] - 1, 12)
    if first == 0 and last == 11:
        return str(year) if year == last_year else f"{year}-{last_year}"
    if year != last_year:
        return f"{_MONTHS[first][:3]} {year}-{_MONTHS[last][:3]} {last_year}"
    months = _MONTHS[first][:3] if first == last else f"{_MONTHS[first][:3]}-{_MONTHS[last][:3]}"
    return f"{months} {year}"


def long(period: Period, known_year: int | None = None) -> str:
    """A period with the full names of months; without the year where that is known."""
    span = period.month_span
    if span is None or period.year is None:
        return short(period)
    (year, first), (_, last) = divmod(span[0], 12), divmod(span[1] - 1, 12)
    if first == 0 and last == 11:
        return str(year)
    months = _MONTHS[first] if first == last else f"{_MONTHS[first]} to {_MONTHS[last]}"
    return months if year == known_year else f"{months} {year}"


def month_of(period: Period) -> str:
    """The last month of a period: what a release of that month is called after.

    >>> from evcli.model.period import parse_period
    >>> month_of(parse_period("2025-01/2025-07")), month_of(parse_period("2025-05-16"))
    ('July 2025', 'May 2025')
    """
    from datetime import timedelta

    if period.end is None:
        return "undated"
    last = period.end - timedelta(days=1)
    return f"{_MONTHS[last.month - 1]} {last.year}"


def rounded(value: Fraction, digits: int = _DIGITS, way: int = 0) -> Fraction:
    """To so many digits: to the nearest, or down (-1), or up (+1).

    >>> int(rounded(Fraction(519_441))), int(rounded(Fraction(-12_345), 3, -1))
    (519400, -12400)
    """
    if not value:
        return value
    size = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    unit = Fraction(10) ** (size - digits)
    scaled = value / unit
    whole = math.floor(scaled) if way < 0 else math.ceil(scaled) if way > 0 else round(scaled)
    return whole * unit


def number(value: Fraction, unit: str = "", *, derived: bool = False) -> str:
    """A number with thousands separators, or in millions where that loses nothing.

    >>> number(Fraction(3_083_000)), number(Fraction(3_083_412)), number(Fraction(855_000))
    ('3.083 million', '3,083,412', '855,000')
    >>> number(Fraction(519_441), derived=True), number(Fraction("64.6"), "percent")
    ('519,400', '64.6 %')
    """
    if derived:
        value = rounded(value)
    if unit == "percent":
        return f"{_plain(value)} %"
    for scale, word in _SCALES:
        if abs(value) >= scale and rounded(value / scale) == value / scale:
            return f"{_plain(value / scale)}{word}"
    return _plain(value)


def between(low: Fraction | None, high: Fraction | None, unit: str = "", digits: int = 4) -> str:
    """Bounds in words, rounded outward."""
    if low is None and high is None:
        return "anything"
    if low is not None:
        low = rounded(low, digits, -1)
    if high is not None:
        high = rounded(high, digits, +1)
    if low is None or high is None:
        end = high if low is None else low
        assert end is not None
        return f"{'at most' if low is None else 'at least'} {number(end, unit)}"
    if low == high:
        return number(low, unit)
    first, second = number(low, unit), number(high, unit)
    for word in (" billion", " million", " %"):
        if first.endswith(word) and second.endswith(word):
            first = first.removesuffix(word)
    return f"{first} to {second}"


def span(bounds: Bounds, unit: str = "", digits: int = 4) -> str:
    """Bounds in words."""
    return between(bounds.low, bounds.high, unit, digits)


def listed(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    """A list in a sentence.

    >>> listed(["a", "b", "c"]), listed(["a", "b"], "or")
    ('a, b and c', 'a or b')
    """
    return f" {last} ".join([part for part in (", ".join(words[:-1]), *words[-1:]) if part])


def counter(publisher: str, words: Vocabulary) -> str:
    """Who counted: by its id in capitals where that is an abbreviation of a long name."""
    known = words.publishers.get(publisher)
    if known is None:
        return publisher
    return publisher.upper() if len(publisher) <= 5 and len(known.name) > 12 else known.name


def _plain(value: Fraction) -> str:
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return f"{float(value):,.10f}".rstrip("0").rstrip(".")
