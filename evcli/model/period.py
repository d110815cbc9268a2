"""Reference periods: calendar windows with one canonical name each, and how people type them.

A period is a half-open run of days. Its canonical name is the shortest that says it:
``2025``, ``2025-H1``, ``2025-Q3``, ``2025-05``, ``2025-05-16``, else an ISO 8601 interval.
What SDMX writes, ``2025-S1`` and ``2025-01-01/P5M``, is read, too.

>>> str(parse_period("2025-01/2025-06")), str(parse_period("2025-01/2025-05"))
('2025-H1', '2025-01/2025-05')

>>> str(parse_period_query("2025h1")), str(parse_period_query("2025-01..05"))
('2025-H1', '2025-01/2025-05')
>>> str(parse_period_query("may-2025")), str(parse_period_query("2025 Q3"))
('2025-05', '2025-Q3')
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache, partial

from evcli.errors import UsageError
from evcli.tuples import NamedTuple

UNDATED = "undated"
_NAMES = "January February March April May June July August September October November December"
MONTHS = tuple(_NAMES.split())
SHORT_MONTHS = tuple(name[:3] for name in MONTHS)
_FIRST_YEAR, _LAST_YEAR = 1800, 2199
_POINT = r"(\d{4})(?:-(?:(\d{2})(?:-(\d{2}))?|Q([0-9])|[HS]([0-9])))?"
_LENGTH = r"P(?=[0-9])(?:([0-9]{1,2})Y)?(?:([0-9]{1,3})M)?(?:([0-9]{1,4})D)?"
_DATE = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
# what editors can check of the grammar below, which knows the calendar besides
_NAMED_POINT = rf"(\d{{4}}-([HS][12]|Q[1-4])|{_DATE})"
PERIOD_PATTERN = rf"{UNDATED}|{_NAMED_POINT}(/{_LENGTH})?|{_DATE}/{_DATE}"


def today(as_of: str = "") -> date:
    """This day, or the last of the period *as_of*.

    SOURCE_DATE_EPOCH sets it where output must not change by itself.

    >>> today("2025-02").isoformat()
    '2025-02-28'
    """
    if as_of and (day := parse_period(as_of).last_day):
        return day
    with suppress(ValueError, OverflowError, OSError):  # none, or no time that a clock has
        return datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "")), UTC).date()
    return date.today()


class PeriodError(UsageError, ValueError):
    """A text that is no period, or one that the calendar lacks; the message says what would be."""


class Window(StrEnum):
    """How long a period is, as far as that decides what it may be compared with."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half-year"
    YEAR = "year"
    YEARS = "years"
    YEAR_TO_DATE = "year-to-date"
    MONTHS = "months"
    DAYS = "days"
    INSTANT = "instant"
    UNDATED = UNDATED

    @property
    def months(self) -> int:
        """How many it has, if it is one of the calendar; else 0."""
        return next((months for months, window in CALENDAR.items() if window is self), 0)


# the windows by their months, which begin at a multiple of them
CALENDAR = {1: Window.MONTH, 3: Window.QUARTER, 6: Window.HALF, 12: Window.YEAR}


class _Days(NamedTuple):
    start: date | None
    end: date | None


class Period(_Days):
    """The days from ``start`` up to but not including ``end``; both None when undated."""

    __slots__ = ()

    def __new__(cls, start: date | None, end: date | None) -> Period:
        """Raises PeriodError where an end is missing or they run backwards."""
        if start is None or end is None:
            if start is not end:
                raise PeriodError("a period has both ends or none")
        elif start >= end:
            raise PeriodError(f"the period runs backwards: {start} to {end}")
        return super().__new__(cls, start, end)

    @classmethod
    def of_year(cls, year: int) -> Period:
        """One calendar year."""
        return cls.of_months(year, 1, 12)

    @classmethod
    def of_months(cls, year: int, first: int, count: int) -> Period:
        """*count* months from month *first* (1 to 12) of *year*."""
        begin = year * 12 + first - 1
        return cls(_month_start(begin), _month_start(begin + count))

    def __str__(self) -> str:
        return _written(self)

    def __repr__(self) -> str:
        return f"Period({str(self)!r})"

    @property
    def label(self) -> str:
        """How a chart names it.

        >>> [parse_period(text).label for text in ("2025", "2025-Q3", "2025-05", "2025-01/2025-05")]
        ['2025', 'Q3 2025', 'May 2025', 'Jan-May 2025']
        >>> parse_period("2024-11/2025-02").label, parse_period("2025-05-16").label
        ('Nov 2024-Feb 2025', '16 May 2025')
        """
        match self.window:
            case Window.DAY if self.start:
                return f"{self.start.day} {self.in_months()}"
            case Window.QUARTER | Window.HALF:
                year, part = str(self).split("-")
                return f"{part} {year}"
            case Window.YEAR | Window.YEARS:
                return str(self).replace("/", "-")
            case Window.DAYS:
                return str(self)
        return self.in_months()

    def in_months(self, names: Sequence[str] = SHORT_MONTHS, joint: str = "-") -> str:
        """Its first and last month by name, or the only one.

        >>> parse_period("2024-11/2025-02").in_months(MONTHS, " to ")
        'November 2024 to February 2025'
        """
        if self.start is None or self.last_day is None:
            return str(self)
        first, last = (f"{names[day.month - 1]} {day.year}" for day in (self.start, self.last_day))
        begin = first.removesuffix(f" {self.year}")
        return last if first == last else f"{begin}{joint}{last}"

    @property
    def last_day(self) -> date | None:
        """The day before ``end``, None if undated."""
        return None if self.end is None else self.end - timedelta(days=1)

    @property
    def is_undated(self) -> bool:
        """Whether no date is known: such a period is listed, never matched or computed with."""
        return self.start is None

    @property
    def month_span(self) -> tuple[int, int] | None:
        """First month and the one after the last, counted from year 0; None if not whole months."""
        start, end = self
        if start is None or end is None or start.day != 1 or end.day != 1:
            return None
        return start.year * 12 + start.month - 1, end.year * 12 + end.month - 1

    @property
    def months(self) -> int | None:
        """How many whole months it covers, else None."""
        return None if (span := self.month_span) is None else span[1] - span[0]

    @property
    def year(self) -> int | None:
        """The calendar year it lies in, else None."""
        start, last = self.start, self.last_day
        return start.year if start and last and last.year == start.year else None

    @property
    def window(self) -> Window:
        """What kind of window it is.

        >>> [parse_period(p).window.value for p in ("2025", "2025-01/2025-05", "2025-02/2025-04")]
        ['year', 'year-to-date', 'months']
        """
        if self.start is None or self.end is None:
            return Window.UNDATED
        span = self.month_span
        if span is None:
            return Window.DAY if (self.end - self.start).days == 1 else Window.DAYS
        first, count = span[0] % 12, span[1] - span[0]
        if first % count == 0 and count in CALENDAR:
            return CALENDAR[count]
        if first == 0 and count % 12 == 0:
            return Window.YEARS
        return Window.YEAR_TO_DATE if first == 0 and count < 12 else Window.MONTHS

    def contains(self, other: Period) -> bool:
        """Whether *other* lies inside this period; never for undated ones."""
        (start, end), (first, last) = self, other
        return bool(start and end and first and last and start <= first and last <= end)

    def overlaps(self, other: Period) -> bool:
        """Whether both share a day."""
        (start, end), (first, last) = self, other
        return bool(start and end and first and last and start < last and first < end)

    def precedes(self, other: Period) -> bool:
        """Whether it is over before *other* begins; never for undated ones.

        Of two dates of release only this makes one the older: "2030-07" may be any day of July.

        >>> day = parse_period("2030-07-10")
        >>> [parse_period(text).precedes(day) for text in ("2030-06", "2030-07", "2030-07-10")]
        [True, False, False]
        """
        return self.end is not None and other.start is not None and self.end <= other.start

    def shift(self, months: int) -> Period:
        """The same window *months* later (earlier if negative), by calendar.

        A day that the target month lacks becomes that month's last day.

        >>> parse_period("2024-02-29").shift(months=12)
        Period('2025-02-28')
        """
        if self.start is None or self.end is None:
            raise PeriodError("an undated period has no neighbours")
        if (span := self.month_span) is not None:
            return Period(_month_start(span[0] + months), _month_start(span[1] + months))
        day = timedelta(days=1)
        return Period(_shift_day(self.start, months), _shift_day(self.end - day, months) + day)

    def year_before(self) -> Period:
        """The same window one year earlier."""
        return self.shift(months=-12)

    def minus(self, other: Period) -> Period | None:
        """What is left after taking *other* off either end, else None.

        >>> parse_period("2025-H1").minus(parse_period("2025-01/2025-05"))
        Period('2025-06')
        """
        if not self.contains(other) or self == other:
            return None
        if self.start == other.start:
            return Period(other.end, self.end)
        return Period(self.start, other.start) if self.end == other.end else None

    def split_into(self, months: int) -> tuple[Period, ...]:
        """The calendar windows of 1, 3, 6 or 12 months that it touches, in order.

        >>> parse_period("2025-02/2025-07").split_into(3)
        (Period('2025-Q1'), Period('2025-Q2'), Period('2025-Q3'))
        """
        last = self.last_day
        if self.start is None or last is None:
            return ()
        first = (self.start.year * 12 + self.start.month - 1) // months * months
        starts = range(first, last.year * 12 + last.month, months)
        return tuple(Period(_month_start(at), _month_start(at + months)) for at in starts)

    @property
    def sort_key(self) -> tuple[bool, date, date]:
        """Chronological, the longer window last, undated at the end."""
        return (self.start is None, self.start or date.max, self.end or date.max)


@cache  # few, and many figures have the same
def _written(period: Period) -> str:
    if period.start is None or period.last_day is None:
        return UNDATED
    first, last = period.start.isoformat(), period.last_day.isoformat()
    match period.window:
        case Window.QUARTER:
            return f"{first[:4]}-Q{period.start.month // 3 + 1}"
        case Window.HALF:
            return f"{first[:4]}-H{period.start.month // 6 + 1}"
        case Window.YEAR | Window.YEARS:
            first, last = first[:4], last[:4]
        case Window.MONTH | Window.MONTHS | Window.YEAR_TO_DATE:
            first, last = first[:7], last[:7]
    return first if first == last else f"{first}/{last}"


def parse_period(text: str, first_year: int = _FIRST_YEAR) -> Period:
    """Read a period as fact files write it; years before *first_year* are taken for misprints.

    Raises PeriodError with what would be right.

    >>> parse_period("2025-13")
    Traceback (most recent call last):
    evcli.model.period.PeriodError: '2025-13': there is no month 13
    """
    if text == UNDATED:
        return Period(None, None)
    first, slash, second = text.partition("/")
    if not slash:
        return _parse_point(text, text, first_year)
    start = _parse_point(first, text, first_year).start
    if start and (length := re.fullmatch(_LENGTH, second)):
        years, months, days = map(int, length.groups("0"))
        last = _shift_day(start, 12 * years + months) + timedelta(days=days - 1)
        first, second = start.isoformat(), last.isoformat()
    begin, finish = (_parse_point(each, text, first_year) for each in (first, second))
    windows = {begin.window, finish.window}
    if len(windows) > 1 or not windows <= {Window.YEAR, Window.MONTH, Window.DAY}:
        raise PeriodError(
            f"{text!r}: both ends of an interval are days, months or years, as in 2025-01/2025-05"
        )
    if begin.start is None or finish.end is None or begin.start >= finish.end:
        raise PeriodError(f"{text!r} runs backwards: write the earlier end first")
    return Period(begin.start, finish.end)


def _parse_point(text: str, whole: str, first_year: int) -> Period:
    match = re.fullmatch(_POINT, text)
    if match is None or not text.isascii():
        raise PeriodError(
            f"{whole!r} is not a period: write 2025, 2025-H1, 2025-Q3, 2025-05, 2025-05-16, "
            "an interval such as 2025-01/2025-05, or undated"
        )
    year = int(match[1])
    if not first_year <= year <= _LAST_YEAR:
        between = f"is not between {first_year} and {_LAST_YEAR}"
        raise PeriodError(f"{whole!r}: the year {year} {between}")
    month, day, quarter, half = match.groups()[1:]
    numbers = {3: quarter, 6: half, 1: month, 12: None if month or quarter or half else 1}
    for count, number in numbers.items():
        if number is not None:
            if not 1 <= int(number) <= 12 // count:
                raise PeriodError(f"{whole!r}: there is no {CALENDAR[count]} {number}")
            if day is None:
                return Period.of_months(year, (int(number) - 1) * count + 1, count)
    try:
        start = date(year, int(month), int(day))
    except ValueError:
        raise PeriodError(f"{whole!r}: month {month} has no day {day}") from None
    return Period(start, start + timedelta(days=1))


def _month_start(index: int) -> date:
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        hint = "name a later period or a shorter lag"
        raise PeriodError(f"the calendar has no year {year}", hint)
    return date(year, month + 1, 1)


def _shift_day(day: date, months: int) -> date:
    first = _month_start(day.year * 12 + day.month - 1 + months)
    following = _month_start(first.year * 12 + first.month)
    return first.replace(day=min(day.day, (following - first).days))


LATEST = "latest"
_NAMED = r"(?:([a-z]+)[ -](\d{4})|(\d{4})[ -]([a-z]+))"
_TYPED = {  # what people type, and how fact files write it
    r"(\d{4})[ -]?([hqs][0-9])": r"\1-\2",
    r"(\d{4})-(\d{2})\.\.(\d{2})": r"\1-\2/\1-\3",
    r"(\d{4}(?:-\d{2})?)\.\.(\d{4}(?:-\d{2})?)": r"\1/\2",
}
_WRITTEN = r"\d{4}[0-9hqspymd/-]*"  # near enough for parse_period to say what is wrong
# a person may ask for any year: nothing is known of 1066, which is an answer
_lenient = partial(parse_period, first_year=1)


def parse_period_query(text: str) -> Period:
    """Read a period typed by a person; PeriodError where it is none.

    Everything that fact files may write is understood, and also ``2025H1``, ``2025Q3``,
    ``2025-01..05``, ``2023..2025`` and ``may-2025``, in any case.
    """
    folded = text.strip().casefold()
    try:
        return _lenient(folded if folded == UNDATED else folded.upper())
    except PeriodError as error:
        as_written = error
    if match := re.fullmatch(_NAMED, folded):
        year, name = match[2] or match[3], match[1] or match[4]
        for month, known in enumerate(map(str.casefold, MONTHS), 1):
            if name in (known, known[:3]):
                return _lenient(f"{year}-{month:02d}")
    for pattern, meant in _TYPED.items():
        if match := re.fullmatch(pattern, folded):
            return _lenient(match.expand(meant).upper())
    if re.fullmatch(_WRITTEN, folded):
        raise as_written
    raise PeriodError(
        f"{text!r} is not a period: try 2025, 2025-H1, 2025-Q3, 2025-05, 2025-01..05 or may-2025"
    )


_OFFICES = {  # how statistical offices write them, by what they are in fact files
    r"(\d{4})-?m(\d{1,2})|(\d{4})年(\d{1,2})月(?:份)?|(?=.{6}$)(\d{4})(\d\d)": "{}-{:0>2}",
    r"(\d{4}) ?(?:年|\[yr\1\])": "{}",
    r"(\d{1,2})[/.](\d{4})": "{1}-{0:0>2}",
    r"([hqs][0-9])[ /-]?(\d{4})": "{1}-{0}",
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})": "{2}-{1:0>2}-{0:0>2}",
    r"(\d{4})年(\d{1,2})月(\d{1,2})日|(?=.{8}$)(\d{4})(\d\d)(\d\d)": "{}-{:0>2}-{:0>2}",
    r"(\d{4}-\d\d-\d\d)[t ]00:00(?::00(?:\.0+)?)?z?": "{}",
}
_FISCAL = r"(?:fy ?)?(\d{4})[-/](\d\d(?:\d\d)?)|fy ?(\d{4})"


def read_period(text: str, window: str = "", fiscal: int = 0) -> Period:
    """Read a period as a statistical office writes it; PeriodError where it is none.

    A day stands for its *window* (month, quarter ...) where that is told. Fiscal years begin in the
    month *fiscal*: 2011-12 is one then, and FY2012 the one that ends in 2012.

    >>> [str(read_period(text)) for text in ("2024M01", "2024年1月", "31.01.2024", "2024-W05")]
    ['2024-01', '2024-01', '2024-01-31', '2024-01-29/2024-02-04']
    >>> str(read_period("1987-05-15", "month")), str(read_period("2011-12", fiscal=4))
    ('1987-05', '2011-04/2012-03')
    """
    folded = text.strip().casefold()
    if fiscal and (match := re.fullmatch(_FISCAL, folded)):
        first, last, ends = match.groups()
        year = int(first) if first else int(ends) - (fiscal > 1)
        if not last or int(last) in (year + 1, (year + 1) % 100):
            return Period.of_months(year, fiscal, 12)
    for pattern, meant in _OFFICES.items():
        if match := re.fullmatch(pattern, folded):
            text = meant.format(*filter(None, match.groups())).upper()
    if match := re.fullmatch(r"(\d{4})-?w(\d\d)", folded):
        try:
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except ValueError:
            raise PeriodError(f"{text!r}: there is no week {match[2]}") from None
        return Period(monday, monday + timedelta(days=7))
    period = parse_period_query(text)
    months = Window(window).months if window else 0
    if months and period.window is Window.DAY:
        return period.split_into(months)[0]
    return period
