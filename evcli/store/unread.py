"""Facts chosen by few of their fields, and read whole when they are wanted."""

from __future__ import annotations

from evcli.model.errors import UsageError
from evcli.model.fact import Fact, Rank, Status
from evcli.model.period import Period, PeriodError, parse_period
from evcli.store import tables
from evcli.store.columns import Row, last_day


class UnreadFact:
    """A row of the store of which only the fields are read by which facts are chosen."""

    __slots__ = ("_row", "period", "rank", "series", "status")

    def __init__(self, row: Row) -> None:
        self._row = row
        self.series: str = tables.FACT.field(row, "series")
        self.period: Period = tables.FACT.field(row, "period")
        self.rank: Rank = tables.FACT.field(row, "rank")
        self.status: Status = tables.FACT.field(row, "status")

    def read(self) -> Fact:
        """The whole fact."""
        return tables.FACT.decode(self._row)


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
