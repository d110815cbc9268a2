"""Periods and stated values of fact files, read once each however often they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable
from datetime import date
from fractions import Fraction
from functools import cache, partial
from typing import Any, TypeVar

from evcli.loader.entry import Entry
from evcli.loader.yaml_nodes import Scalar
from evcli.model import records
from evcli.model.codes import CURRENCIES
from evcli.model.period import Period, PeriodError, parse_period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.unit import Unit, UnitKind
from evcli.model.vocabulary import PERCENT
from evcli.text.characters import odd_sign
from evcli.text.stated import StatedError, parse_change, parse_stated

T = TypeVar("T")
_LONGEST = 200
_DAYS = re.compile(records.DAYS, re.ASCII)
_WRITE_DAYS = "write 2024-10-30/2025-03-01"
# what is written as a pattern says, and what else to write
_WRITTEN = {
    records.DATE: ("date", "write 2025-06-11, 2025-06 or 2025"),
    records.DURATION: ("duration", "write P3Y for three years, P6M for six months"),
    records.PRECISION: ("precision", "write a whole number such as 1000"),
    records.SHA256: ("SHA-256 sum", "64 hexadecimal digits in lower case"),
    PERCENT: ("percentage", "write 0.2% or 1%"),
}


class Values:
    """Reads values out of entries, reporting those that do not parse.

    ``units`` holds the units by id, currencies from the start; ``words`` maps what texts write
    for a unit to its id. Both grow with the vocabulary.
    """

    def __init__(self) -> None:
        self.units = {code: Unit(code, code, UnitKind.MONEY) for code in sorted(CURRENCIES)}
        self.words: dict[str, str] = {}
        self.name = cache(str)  # the canonical name of a period
        self._known: dict[tuple[str, Hashable], Any] = {}  # by text and how it is read

    def period(self, entry: Entry, key: str, pattern: str = "") -> Period | None:
        """The period under *key*, with *pattern* only one that is written like this."""
        found = written_as(pattern, entry, key) if pattern else entry.scalar(key)
        return self._parsed(entry, found, "period", parse_period)

    def spans(self, entry: Entry, key: str) -> tuple[tuple[str, str], ...]:
        """One or more ``FROM/UNTIL`` of ISO days, each the right way round."""
        return tuple([span for found in entry.scalars(key) if (span := _span(entry, found))])

    def stated(
        self, entry: Entry, key: str, unit: Unit | None, precision: Fraction | None = None
    ) -> Quantity | None:
        """A stated value counted in *unit*, without one in the unit that is written with it."""
        parse = partial(parse_stated, unit=unit, precision=precision, words=self.words)
        return self._parsed(entry, entry.scalar(key), (unit, precision), parse)

    def money(self, entry: Entry, key: str) -> Quantity | None:
        """An amount in the currency that is written with it."""
        quantity = self.stated(entry, key, None)
        unit = self.units.get(quantity.unit) if quantity is not None else None
        if quantity is None or (unit is not None and unit.kind is UnitKind.MONEY):
            return quantity
        message = f"{entry.text(key)!r}: {quantity.unit!r} is not a currency"
        entry.problem(message, "write EUR 4 billion", key)
        return None

    def rate(self, entry: Entry, key: str, percent: Unit) -> Quantity | None:
        """A percentage, a range of them, or a fee, as a law sets it: exact, not rounded."""
        written = entry.node.entries.get(key)
        in_percent = isinstance(written, Scalar) and "%" in written.text
        rate = self.stated(entry, key, percent) if in_percent else self.money(entry, key)
        if rate is None or rate.value is None or rate.qualifier:
            return rate
        return rate._replace(bounds=Bounds.exactly(rate.value))

    def change(self, entry: Entry, key: str) -> Quantity | None:
        """A stated change, as growth in percent."""
        return self._parsed(entry, entry.scalar(key), "change", parse_change)

    def _parsed(
        self, entry: Entry, found: Scalar | None, by: Hashable, parse: Callable[[str], T]
    ) -> T | None:
        """What *parse* makes of the value *found*; the same *by* gives the same."""
        if found is None:
            return None
        known: T | None = self._known.get((found.text, by))
        if known is None and not _too_long(entry, found):
            try:
                known = self._known[found.text, by] = parse(found.text)
            except (PeriodError, StatedError) as error:
                sign, hint = odd_sign(found.text)
                message = f"{found.text!r}: there is {sign} in it" if sign else str(error)
                entry.problem(message, hint or error.hint or "", found)
            except ValueError as error:  # a number of thousands of digits
                entry.problem(f"{found.text!r}: {error}", "", found)
        return known


def precision(
    entry: Entry, unit: Unit | None, kinds: Collection[UnitKind] = (UnitKind.COUNT,)
) -> Fraction | None:
    """How finely an entry says that it counts; only counts, and a plant's capacity, carry one."""
    found = written_as(records.PRECISION, entry, "precision")
    if found is None:
        return None
    if unit is not None and unit.kind not in kinds:
        message = f"a precision is for counts, but {unit.id!r} is a {unit.kind.value}"
        entry.problem(message, "leave it out", found)
        return None
    return Fraction(int(found.text.replace(",", "")))


def written_as(pattern: str, entry: Entry, key: str) -> Scalar | None:
    """The scalar under *key* if it is written as a pattern of dates, durations ... says."""
    found = entry.scalar(key)
    if found is None or re.fullmatch(pattern, found.text, re.ASCII):
        return found
    what, hint = _WRITTEN[pattern]
    entry.problem(f"{found.text!r} is not a {what}", hint, found)
    return None


def _too_long(entry: Entry, found: Scalar) -> bool:
    too_long = len(found.text) > _LONGEST
    if too_long:
        message = f"{found.text[:40]!r}... is too long to be a value"
        entry.problem(message, f"at most {_LONGEST} characters; use note: for prose", found)
    return too_long


def _span(entry: Entry, found: Scalar) -> tuple[str, str] | None:
    text = found.text.strip()
    first, _, second = text.partition("/")
    try:
        if not _DAYS.fullmatch(text):
            entry.problem(f"{text[:_LONGEST]!r} is not a run of days", _WRITE_DAYS, found)
        elif date.fromisoformat(first) >= date.fromisoformat(second):
            entry.problem(f"{text!r} runs backwards", "write the earlier day first", found)
        else:
            return first, second
    except ValueError as error:
        entry.problem(f"{text!r}: {error}", _WRITE_DAYS, found)
    return None
