"""Facts chosen by few of their fields, and read whole when they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from evcli.errors import UsageError
from evcli.model.period import Period, PeriodError, parse_period
from evcli.model.records import Fact, Rank, Status
from evcli.store import tables
from evcli.store.columns import Row, last_day

_FIELDS = ("series", "period", "rank", "status")
KEYS = f"SELECT {', '.join(_FIELDS)}, seq FROM {tables.FACT.name}"  # seq last


class UnreadFact:
    """The fields of a fact by which others are chosen, and how to read the rest of it."""

    __slots__ = ("_read", "period", "rank", "series", "status")

    def __init__(self, read: Callable[[], Fact], keys: Sequence[Any]) -> None:
        self._read = read
        self.series: str
        self.period: Period
        self.rank: Rank
        self.status: Status
        self.series, self.period, self.rank, self.status = keys

    @classmethod
    def of_row(cls, row: Row) -> UnreadFact:
        """From the row of the whole fact."""
        fact = tables.FACT
        return cls(partial(fact.decode, row), [fact.field(row, each) for each in _FIELDS])

    @classmethod
    def of_keys(cls, row: Row, by_seq: Callable[[int], Fact]) -> UnreadFact:
        """From what :data:`KEYS` selects; *by_seq* reads the fact when it is wanted."""
        fields = tables.FACT.fields
        keys = [fields[each].decode(row, at) for at, each in enumerate(_FIELDS)]
        return cls(partial(by_seq, row[-1]), keys)

    def read(self) -> Fact:
        """The whole fact."""
        return self._read()


def published_in_time(by: str | None) -> tuple[str, list[str]]:
    """The condition on rows of facts that a source was surely out *by* a date, with its parameter.

    >>> published_in_time("2025-06")
    (' AND out_by <= ?', ['2025-06-30'])
    """
    return ("", []) if by is None else (" AND out_by <= ?", [_last_day(by)])


def _last_day(text: str) -> str:
    try:
        period = parse_period(text)
    except PeriodError as error:
        raise UsageError(str(error)) from None
    day = last_day(period)
    if day is None:
        raise UsageError(f"{text!r} is no date", "write 2025-06-30, 2025-06 or 2025")
    return day
