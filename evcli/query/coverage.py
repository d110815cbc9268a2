"""Which months of a series are known, and how old the newest figure is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from evcli.model.answer import Answer, Column, HumanColumn, Kind, Row, Value, View
from evcli.model.period import Period, Window
from evcli.model.records import Series
from evcli.model.vocabulary import WORLD, MetricKind
from evcli.query.figures import Figures, SeriesFigures
from evcli.query.selection import Query

# How much is known of a month: its letter in the calendar, and the column that lists it.
STATED, DERIVED, WITHIN, MISSING, TO_COME = "S", "d", "w", ".", " "
LEGEND = "S stated, d derived, w only inside a wider window, . nothing; J F M ... D are the months"
COVERAGE_COLUMNS: tuple[Column, ...] = (
    Column("series"),
    Column("year", Kind.NUMBER),
    *(Column(name, Kind.LIST) for name in ("stated", "derived", "within", "missing")),
    Column("whole_year"),
    Column("newest"),
    Column("age_days", Kind.NUMBER),
)
_VIEWS = (
    HumanColumn("series", View.TEXT, ("series",)),
    HumanColumn("year", View.TEXT, ("shown_year",)),
    HumanColumn("JFMAMJJASOND", View.TEXT, ("calendar",)),
    HumanColumn("year as a whole", View.TEXT, ("whole_year",), optional=2),
    HumanColumn("newest", View.TEXT, ("newest",)),
    HumanColumn("days old", View.NUMBER, ("age_days",), optional=1),
)
_LISTS = {STATED: "stated", DERIVED: "derived", WITHIN: "within", MISSING: "missing"}
_DERIVABLE = (MetricKind.FLOW, MetricKind.SHARE)


def default_series(source: Figures) -> list[Series]:
    """What coverage is about when nothing is named: China's exports and sales, month by month."""
    chosen = source.store.select_series(metrics=["exports", "sales"], subjects=["CN"])
    whole = [series for series in chosen if series.destination == WORLD]
    return [
        each.series
        for each in source.of(whole)
        if any(period.window is Window.MONTH for period in each.observed_periods())
    ]


def coverage_answer(
    source: Figures, series: Sequence[Series], wanted: Query, today: date
) -> Answer:
    """One row a series and year, oldest first; *today* is what ages are counted from."""
    chosen = [each for each in series if wanted.where.admits(each)]
    rows: list[Row] = []
    silent = 0
    for each in source.of(chosen):
        found = list(_years(source, each, wanted, today))
        rows += found
        silent += not found
    notes = (LEGEND,) if rows else ()
    if silent and len(chosen) > 1:
        notes = (*notes, f"{silent} of {len(chosen)} series have no dated figure there")
    return Answer(
        COVERAGE_COLUMNS,
        rows,
        _VIEWS,
        notes=notes,
        group_by="series",
        title="Coverage",
        hint="nothing dated is stated there; evcli get SERIES shows every window",
    )


def _years(source: Figures, figures: SeriesFigures, wanted: Query, today: date) -> Iterator[Row]:
    series = figures.series
    known = [period for period in figures.observed_periods() if not period.is_undated]
    if not known:
        return
    first = min(period.start.year for period in known if period.start)
    newest = max(known, key=lambda period: (period.end or date.min, -(period.months or 0)))
    end = newest.end or date.max
    last = Period.of_months(end.year, end.month, 1).shift(-1) if end.day == 1 else newest
    final = last.start.year if last.start else first
    for year in range(first - 1, final + 1):
        if not _asked_for(year, wanted):
            continue
        marks = [
            _mark(source, figures, month, known, today)
            for month in Period.of_year(year).split_into("month")
        ]
        whole = _whole_year(source, figures, year, known)
        if year < first and not whole and DERIVED not in marks:
            continue  # nothing follows for the year before the first
        months: dict[str, Value] = {
            name: tuple(f"{year}-{at:02d}" for at, each in enumerate(marks, 1) if each == mark)
            for mark, name in _LISTS.items()
        }
        yield {
            "series": series.id,
            "year": year,
            **months,
            "whole_year": whole,
            "newest": str(newest),
            "age_days": (today - end).days,
            "calendar": "".join(marks),
            "shown_year": str(year),
        }


def _asked_for(year: int, wanted: Query) -> bool:
    """Whether any of the year was asked for."""
    when = wanted.when
    asked = when.year_period or when.period
    if asked is not None:
        return Period.of_year(year).overlaps(asked)
    since = when.since.start if when.since else None
    until = when.until.end if when.until else None
    return not (
        (since is not None and since.year > year) or (until is not None and until.year < year)
    )


def _mark(
    source: Figures,
    figures: SeriesFigures,
    month: Period,
    known: Sequence[Period],
    today: date,
) -> str:
    """How much is known of *month*; a stock is known of where it was counted within it."""
    kind = _kind(source, figures.series)
    if month in known or (kind is MetricKind.STOCK and any(map(month.contains, known))):
        return STATED
    if kind in _DERIVABLE and source.derivation.follows(figures.series, month):
        return DERIVED
    if month.end is not None and month.end > today:
        return TO_COME
    if kind in _DERIVABLE and any(period.contains(month) for period in known):
        return WITHIN
    return MISSING


def _whole_year(source: Figures, figures: SeriesFigures, year: int, known: Iterable[Period]) -> str:
    period = Period.of_year(year)
    if period in known:
        return "stated"
    derivable = _kind(source, figures.series) in _DERIVABLE
    return "derived" if derivable and source.derivation.follows(figures.series, period) else ""


def _kind(source: Figures, series: Series) -> MetricKind | None:
    metric = source.words.metrics.get(series.metric)
    return metric.kind if metric else None
