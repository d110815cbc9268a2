"""Dates in running text: years, months, days, quarters, halves, the first months of a year.

>>> [(parts[0].month, parts[0].half) for _, parts in find_dates("May, the first half")]
[(5, None), (None, 1)]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from evcli.model.period import Period, Window
from evcli.text.lexicon import HAN_DIGITS, MONTHS, ONES, ORDINALS, alternatives

_MONTH = rf"(?P<month>{alternatives(MONTHS)})(?![A-Za-z])\.?"
_YEAR = r"(?P<year>(?:1[89]|20|21)\d\d)(?![\d%]|,\d{3}|\.\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d%A-Za-z]|,\d{3}(?!\d)|\.\d)"
_NTH = "first|second|third|fourth"
_COUNT = rf"\d{{1,2}}|{alternatives(ONES)}"
_OF_YEAR = rf"(?:(?:,? of|,| in)? ?(?P<sign>'?){_YEAR})?"
_FRESH = r"(?<!\d)(?<!\d[.,/-])"
_EDGE = r"(?<![A-Za-z0-9])"
_FORMS = [
    # ISO and numeric
    rf"{_FRESH}{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3]\d)(?!\d)",
    rf"{_FRESH}{_YEAR}/(?P<month>0?[1-9]|1[0-2])(?:/(?P<day>[0-3]?\d))?(?!\d)",
    rf"{_FRESH}{_YEAR}-(?P<month>0[1-9]|1[0-2])(?![\d-])",
    rf"{_FRESH}(?P<a>[0-3]?\d)[/.](?P<b>[0-3]?\d)[/. ]{_YEAR}",
    # May 16, 2025; 16 May 2025; May 2025; May
    rf"{_EDGE}{_MONTH} ?{_DAY}(?! ?(?:million|billion|thousand|percent|per cent))"
    rf"(?:,? ?{_YEAR})?",
    rf"{_EDGE}(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? ?{_YEAR})?",
    rf"{_EDGE}{_MONTH}(?:(?:,| of)? ?{_YEAR})?",
    # quarters, halves, the first five months
    rf"{_EDGE}{_YEAR}[- ]?(?:Q(?P<quarter>[1-4])|H(?P<half>[12]))(?!\d)",
    rf"{_EDGE}(?:Q(?P<quarter>[1-4])|H(?P<half>[12]))(?![\dA-Za-z]){_OF_YEAR}",
    rf"{_EDGE}(?:(?P<quarter>[1-4])Q|(?P<half>[12])H)(?![A-Za-z]) ?"
    rf"(?:{_YEAR}|(?P<short>\d\d)(?!\d))?",
    rf"(?i:{_EDGE}(?:(?P<half>{_NTH})[ -]half|(?P<quarter>{_NTH})[ -]quarter)"
    rf"(?![A-Za-z])(?:-year)?){_OF_YEAR}",
    rf"(?i:{_EDGE}first (?P<count>{_COUNT}) (?P<span>months|quarters|weeks)){_OF_YEAR}",
    rf"{_YEAR} ?年(?: ?(?P<month>1[0-2]|0?[1-9]) ?月(?: ?(?P<day>[0-3]?\d) ?[日号])?)?",
    r"(?<![\d.])(?P<month>1[0-2]|0?[1-9]) ?月(?: ?(?P<day>[0-3]?\d) ?[日号])?",
    r"(?P<half>[上下])半年",
    r"第?(?P<quarter>[一二三四])季度",
    # years
    rf"(?<![A-Za-z\d$€£¥])(?<!\d\.)(?:FY ?)?{_YEAR}(?![A-Za-z]*\d)",
]
_NUMBERS = {**ONES, **ORDINALS, **HAN_DIGITS, **MONTHS, "上": 1, "下": 2}
_PATTERNS = [re.compile(form) for form in _FORMS]


@dataclass(frozen=True, slots=True)
class DateParts:
    """What of a date is written; ``months`` is how many from January."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    half: int | None = None
    months: int | None = None

    def covered_by(self, period: Period) -> bool:
        """Whether *period* accounts for every part that is written.

        A year is accounted for by a period that begins or ends in it, a month by one that begins
        or ends with it (not by a whole year), a day by that day.

        >>> from evcli.model.period import parse_period
        >>> window = parse_period("2025-01/2025-05")
        >>> DateParts(year=2025, month=5).covered_by(window), DateParts(month=4).covered_by(window)
        (True, False)
        """
        if period.start is None or period.end is None:
            return False
        ends = (period.start, period.end - timedelta(days=1))
        if self.year is not None and all(end.year != self.year for end in ends):
            return False
        window = period.window
        if self.day is not None:
            return any(
                (end.month, end.day) == (self.month, self.day)
                and self.year in (None, end.year)
                and window in (Window.DAY, Window.DAYS)
                for end in ends
            )
        if self.month is not None:
            return window not in (Window.YEAR, Window.YEARS) and any(
                end.month == self.month and self.year in (None, end.year) for end in ends
            )
        if self.quarter is not None:
            return window is Window.QUARTER and (ends[0].month + 2) // 3 == self.quarter
        if self.half is not None:
            return window is Window.HALF and (ends[0].month + 5) // 6 == self.half
        if self.months is not None:
            return period.starts_the_year and period.months == self.months
        return True


def find_dates(text: str) -> Iterator[tuple[re.Match[str], tuple[DateParts, ...]]]:
    """Every date, longer forms first, and what it may say: more where the order is open.

    Spans may overlap, the first then holds.
    """
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            parts = tuple(part for part in _readings(match) if _possible(part))
            if parts:
                yield match, parts


def _readings(match: re.Match[str]) -> Iterator[DateParts]:
    named = {key: _number(text) for key, text in match.groupdict().items() if text}
    year = 2000 + named["short"] if "short" in named else named.get("year")
    if "a" in named:
        yield DateParts(year, named["a"], named["b"])
        yield DateParts(year, named["b"], named["a"])
    elif "count" not in named:
        parts = {key: named[key] for key in ("month", "day", "quarter", "half") if key in named}
        yield DateParts(year, **parts)
    elif match["span"].casefold() != "weeks":
        quarters = match["span"].casefold() == "quarters"
        yield DateParts(year, months=named["count"] * (3 if quarters else 1))


def _number(text: str) -> int:
    """The number that stands in a date, as digits or as a word; 0 for what is none."""
    if text.isdigit():
        return int(text)
    return _NUMBERS.get(text) or _NUMBERS.get(text.casefold(), 0)


def _possible(parts: DateParts) -> bool:
    return (
        (parts.month is None or 1 <= parts.month <= 12)
        and (parts.day is None or 1 <= parts.day <= 31)
        and (parts.half is None or parts.half <= 2)
    )
