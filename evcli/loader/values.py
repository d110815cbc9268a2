"""Periods and stated values of fact files, read once each however often they are written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction

from evcli.loader.entry import Entry
from evcli.loader.yaml_nodes import Scalar
from evcli.model import records
from evcli.model.period import Period, PeriodError, parse_period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.unit import Unit, UnitKind
from evcli.text.stated import StatedError, parse_change, parse_stated

_LONGEST = 200
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PUBLISHED = re.compile(records.DATE, re.ASCII)
_PRECISION = re.compile(records.PRECISION, re.ASCII)
_DURATION = re.compile(records.DURATION, re.ASCII)


class Values:
    """Reads values out of entries, reporting those that do not parse.

    *words* maps what texts write for a unit to unit ids; *units* holds the units by id.
    """

    def __init__(self, words: Mapping[str, str], units: Mapping[str, Unit]) -> None:
        self._words = words
        self._units = units
        self._periods: dict[str, Period] = {}
        self._names: dict[Period, str] = {}
        self._stated: dict[tuple[str, str, Fraction | None], Quantity] = {}
        self._changes: dict[str, Quantity] = {}

    def period(self, entry: Entry, key: str) -> Period | None:
        """The period under *key*."""
        found = entry.scalar(key)
        return None if found is None else self.period_of(entry, found)

    def period_of(self, entry: Entry, found: Scalar) -> Period | None:
        """The period that a scalar names."""
        known = self._periods.get(found.text)
        if known is not None:
            return known
        if _too_long(entry, found):
            return None
        try:
            period = parse_period(found.text)
        except PeriodError as error:
            entry.problem(str(error), "", found)
            return None
        self._periods[found.text] = period
        return period

    def name(self, period: Period) -> str:
        """The canonical name of a period."""
        known = self._names.get(period)
        if known is None:
            known = self._names[period] = str(period)
        return known

    def published(self, entry: Entry, key: str) -> Period | None:
        """A day, month or year."""
        found = entry.scalar(key)
        if found is None:
            return None
        if not _PUBLISHED.fullmatch(found.text):
            entry.problem(f"{found.text!r} is no date", "write 2025-06-11, 2025-06 or 2025", found)
            return None
        return self.period_of(entry, found)

    def spans(self, entry: Entry, key: str) -> tuple[tuple[str, str], ...]:
        """One or more ``FROM/UNTIL`` of ISO days, each the right way round."""
        return tuple([span for found in entry.scalars(key) if (span := _span(entry, found))])

    def stated(
        self, entry: Entry, key: str, unit: Unit, precision: Fraction | None = None
    ) -> Quantity | None:
        """A stated value counted in *unit*."""
        found = entry.scalar(key)
        if found is None:
            return None
        memo = (found.text, unit.id, precision)
        known = self._stated.get(memo)
        if known is not None:
            return known
        quantity = self._parse(entry, found, unit, precision)
        if quantity is not None:
            self._stated[memo] = quantity
        return quantity

    def money(self, entry: Entry, key: str) -> Quantity | None:
        """An amount in the currency that is written with it."""
        found = entry.scalar(key)
        if found is None:
            return None
        quantity = self._parse(entry, found, None, None)
        if quantity is None:
            return None
        unit = self._units.get(quantity.unit)
        if unit is None or unit.kind is not UnitKind.MONEY:
            entry.problem(
                f"{found.text!r}: {quantity.unit!r} is no currency", "write EUR 4 billion", found
            )
            return None
        return quantity

    def rate(self, entry: Entry, key: str, percent: Unit) -> Quantity | None:
        """A percentage, a range of them, or a fee, as a law sets it: exact, not rounded."""
        found = entry.scalar(key)
        if found is not None and "%" in found.text:
            rate = self._parse(entry, found, percent, None)
        else:
            rate = self.money(entry, key)
        if rate is None or rate.value is None or rate.qualifier:
            return rate
        return rate._replace(bounds=Bounds.exactly(rate.value))

    def _parse(
        self, entry: Entry, found: Scalar, unit: Unit | None, precision: Fraction | None
    ) -> Quantity | None:
        if _too_long(entry, found):
            return None
        try:
            return parse_stated(found.text, unit, precision=precision, words=self._words)
        except StatedError as error:
            entry.problem(str(error), error.hint, found)
        except ValueError as error:  # a number of thousands of digits
            entry.problem(f"{found.text!r}: {error}", "", found)
        return None

    def change(self, entry: Entry, key: str) -> Quantity | None:
        """A stated change, as growth in percent."""
        found = entry.scalar(key)
        if found is None:
            return None
        known = self._changes.get(found.text)
        if known is not None:
            return known
        if _too_long(entry, found):
            return None
        try:
            quantity = parse_change(found.text)
        except StatedError as error:
            entry.problem(str(error), error.hint, found)
            return None
        except ValueError as error:
            entry.problem(f"{found.text!r}: {error}", "", found)
            return None
        self._changes[found.text] = quantity
        return quantity

    def duration(self, entry: Entry, key: str) -> str:
        """An ISO 8601 duration in years or months."""
        found = entry.scalar(key)
        if found is None:
            return ""
        if not _DURATION.fullmatch(found.text):
            entry.problem(
                f"{found.text!r} is no duration",
                "write P3Y for three years, P6M for six months",
                found,
            )
            return ""
        return found.text


def precision(
    entry: Entry, unit: Unit | None, kinds: Collection[UnitKind] = (UnitKind.COUNT,)
) -> Fraction | None:
    """How finely an entry says that it counts; only counts, and a plant's capacity, carry one."""
    found = entry.scalar("precision")
    if found is None:
        return None
    if not _PRECISION.fullmatch(found.text):
        entry.problem(f"{found.text!r} is no precision", "write a whole number such as 1000", found)
        return None
    if unit is not None and unit.kind not in kinds:
        entry.problem(
            f"a precision is for counts, but {unit.id!r} is a {unit.kind.value}",
            "leave it out",
            found,
        )
        return None
    return Fraction(int(found.text.replace(",", "")))


def _too_long(entry: Entry, found: Scalar) -> bool:
    if len(found.text) <= _LONGEST:
        return False
    entry.problem(
        f"{found.text[:40]!r}... is too long to be a value",
        f"at most {_LONGEST} characters; use note: for prose",
        found,
    )
    return True


def _span(entry: Entry, found: Scalar) -> tuple[str, str] | None:
    text = found.text.strip()
    first, slash, second = text.partition("/")
    if not slash or not _DAY.fullmatch(first) or not _DAY.fullmatch(second):
        entry.problem(
            f"{text[:_LONGEST]!r} is no run of days", "write 2024-10-30/2025-03-01", found
        )
        return None
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(second)
    except ValueError as error:
        entry.problem(f"{text!r}: {error}", "write 2024-10-30/2025-03-01", found)
        return None
    if begin >= end:
        entry.problem(f"{text!r} runs backwards", "write the earlier day first", found)
        return None
    return first, second
