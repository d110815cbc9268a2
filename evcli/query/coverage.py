"""Which months of a series are known, and how old the newest figure is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from evcli.model import WORLD
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Row, Value, View, views_of
from evcli.model.period import Period, Window
from evcli.model.records import Series
from evcli.model.vocabulary import MetricKind
from evcli.query.figures import Figures, SeriesFigures
from evcli.query.selection import Query

# How much is known of a month: its letter in the calendar, and the column that lists it.
STATED, DERIVED, WITHIN, MISSING, TO_COME = "S", "d", "w", ".", " "
MARKS = {
    STATED: "stated",
    DERIVED: "derived",
    WITHIN: "only within a longer period",
    MISSING: "nothing",
}
COVERAGE_COLUMNS: tuple[Column, ...] = (
    Column("series", shown=HumanColumn("series", View.GROUP, ("series",))),
    Column("year", Kind.NUMBER, shown=HumanColumn("year", fields=("shown_year",))),
    Column("stated", Kind.LIST, shown=HumanColumn("JFMAMJJASOND", fields=("calendar",))),
    *(Column(name, Kind.LIST) for name in ("derived", "within", "missing")),
    Column("whole_year", shown=HumanColumn("full year", optional=1)),
    Column("newest", shown=HumanColumn("newest", fields=("until_now",), optional=2)),
    Column("age_days", Kind.NUMBER),
)
_LISTS = {STATED: "stated", DERIVED: "derived", WITHIN: "within", MISSING: "missing"}


def default_series(source: Figures) -> list[Series]:
    """What coverage is about when nothing is named: China's exports and sales, month by month."""
    chosen = source.store.select_series(metrics=["exports", "sales"], subjects=["CN"])
    whole = [series for series in chosen if series.destination == WORLD]
    return [
        each.series
        for each in source.of_all(whole)
        if any(period.window is Window.MONTH for period in each.observed_periods)
    ]


def coverage_answer(
    source: Figures, series: Sequence[Series], wanted: Query, today: date
) -> Answer:
    """One row per series and year, oldest first; *today* is what ages are counted from."""
    chosen = [each for each in series if wanted.where.admits(each)]
    found = [list(_years(source, each, wanted, today)) for each in source.of_all(chosen)]
    rows = [row for rows in found for row in rows]
    silent = found.count([])
    some = len(chosen) > 1 and silent
    quiet = f"{silent} of {len(chosen)} series have no dated figure there" if some else ""
    return Answer(
        COVERAGE_COLUMNS,
        rows,
        views_of(COVERAGE_COLUMNS),
        notes=(quiet,) if quiet else (),
        title="Months known",
        marks=MARKS if rows else {},
        hint="nothing dated is stated there; evcli get SERIES shows every period",
    )


def _years(source: Figures, figures: SeriesFigures, wanted: Query, today: date) -> Iterator[Row]:
    series = figures.series
    metric = source.words.metrics.get(series.metric)
    kind = metric.kind if metric else None
    derivable = kind in (MetricKind.FLOW, MetricKind.SHARE)
    known = [period for period in figures.observed_periods if not period.is_undated]
    if not known:
        return

    def follows(period: Period) -> bool:
        return derivable and source.inferrer.follows(series, period)

    def mark(month: Period) -> str:
        # a stock is known of a month in which it was counted
        if month in known or (kind is MetricKind.STOCK and any(map(month.contains, known))):
            return STATED
        if follows(month):
            return DERIVED
        if month.end is not None and month.end > today:
            return TO_COME
        within = derivable and any(period.contains(month) for period in known)
        return WITHIN if within else MISSING

    first = min(period.start.year for period in known if period.start)
    newest = max(known, key=lambda period: (period.end or date.min, -(period.months or 0)))
    end = newest.end or date.max
    last = Period.of_months(end.year, end.month, 1).shift(-1) if end.day == 1 else newest
    final = last.start.year if last.start else first
    for year in range(first - 1, final + 1):
        if not wanted.when.meets(date(year, 1, 1), date(year + 1, 1, 1)):
            continue
        whole_year = Period.of_year(year)
        marks = [mark(month) for month in whole_year.split_into(1)]
        whole = "stated" if whole_year in known else "derived" if follows(whole_year) else ""
        if year < first and not whole and DERIVED not in marks:
            continue  # nothing follows for the year before the first
        months: dict[str, Value] = {
            name: tuple(f"{year}-{at:02d}" for at, each in enumerate(marks, 1) if each == letter)
            for letter, name in _LISTS.items()
        }
        yield {
            "series": series.id,
            "year": year,
            **months,
            "whole_year": whole,
            "newest": str(newest),
            "age_days": (today - end).days,
            "calendar": "".join(marks),
            "until_now": f"{newest}, {(today - end).days} days old" if year == final else "",
            "shown_year": str(year),
        }
