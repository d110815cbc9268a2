"""Rows of growth, share and total for every series and period asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from evcli.errors import NotComparable, UsageError
from evcli.model.answer import Answer, HumanColumn, Row, View
from evcli.model.figure import Derived, Figure
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.query.asked import admitted
from evcli.query.compute import growth_of, lag_months, one_series, periods_of, share_of, total_of
from evcli.query.figures import FigureSource
from evcli.query.rows import COMPUTED_COLUMNS, FIGURE_VIEWS, figure_rows, footnotes, total_row
from evcli.query.selection import Reference, Wanted, series_named

_PERCENT_VIEWS = {
    "growth": HumanColumn("growth", View.CHANGE, ("value", "low", "high")),
    "share": HumanColumn("share", View.SHARE, ("value", "low", "high")),
}


def growth_answer(
    source: FigureSource,
    names: Sequence[str],
    wanted: Wanted,
    base: str = "",
    lag: str = "P1Y",
    accept: Collection[str] = (),
) -> Answer:
    """Growth of every series named, for the periods asked for, oldest first."""
    months = lag_months(lag)
    against = _base(source, base)
    figures: list[Figure] = []
    unlike: list[tuple[Period, NotComparable]] = []
    for series, period, chosen in _operands(source, names, wanted):
        try:
            figures.append(
                growth_of(source, series, period, base=against, lag=months, accept=accept)
            )
        except NotComparable as error:
            if chosen or against is not None:
                raise
            unlike.append((period, error))  # nobody asked for this window
    if unlike and not figures:
        raise unlike[0][1]
    left = ", ".join(dict.fromkeys(str(period) for period, _ in unlike))
    notes = (f"no window of the same kind lies {lag} before {left}",) if unlike else ()
    return _answer(source, admitted(figures, wanted), "growth", notes=notes)


def share_answer(
    source: FigureSource,
    part: str,
    whole: str,
    wanted: Wanted,
    accept: Collection[str] = (),
) -> Answer:
    """The share of *part* in *whole* for the period asked for, or for all that both have."""
    first, second = Reference.parse(part), Reference.parse(whole)
    of, total = one_series(source, first.series), one_series(source, second.series)
    if first.period is not None or second.period is not None:
        if first.period != second.period and first.period and second.period:
            raise UsageError("a share needs one period", "give both figures the same")
        periods = [first.period or second.period or Period(None, None)]
    else:
        periods = periods_of(source, of, wanted, also=total)
    if not periods:
        # the guard still has the first word: what cannot be compared is refused, not empty
        share_of(source, of, total, Period.of_year(2000), accept)
    figures = [share_of(source, of, total, period, accept) for period in periods]
    return _answer(source, admitted(figures, wanted), "share")


def total_answer(
    source: FigureSource, names: Sequence[str], wanted: Wanted, accept: Collection[str] = ()
) -> Answer:
    """The sum of the figures named, one row."""
    references = [Reference.parse(name) for name in names]
    default = wanted.when.period or wanted.when.year_period
    parts: list[tuple[Series, Period]] = []
    for reference in references:
        period = reference.period or default
        for series in series_named(source.store, [reference.series]):
            if not wanted.where.admits(series):
                continue
            if period is None:
                raise UsageError(f"{series.id} has no period", "give --period, or SERIES@PERIOD")
            parts.append((series, period))
    if not parts:
        raise UsageError("nothing to add up", "the filters leave no series")
    total = total_of(source, parts, accept)
    inputs = total.lineage.inputs if isinstance(total.lineage, Derived) else ()
    return _answer(source, [total], "total", [total_row(total, inputs, source.words)])


def _operands(
    source: FigureSource, names: Sequence[str], wanted: Wanted
) -> list[tuple[Series, Period, bool]]:
    """Series and period of each figure to compute, and whether that period was asked for."""
    operands: list[tuple[Series, Period, bool]] = []
    for name in names:
        reference = Reference.parse(name)
        for series in series_named(source.store, [reference.series]):
            if wanted.where.admits(series):
                if reference.period is not None:
                    operands.append((series, reference.period, True))
                    continue
                chosen = wanted.when.period is not None and not wanted.by
                operands += [(series, each, chosen) for each in periods_of(source, series, wanted)]
    return operands


def _base(source: FigureSource, text: str) -> Reference | None:
    if not text:
        return None
    if "@" in text or source.store.match_series(text):
        return Reference.parse(text)
    from evcli.query.selection import When

    return Reference("", When.parse(period=text).period)


def _answer(
    source: FigureSource,
    figures: Sequence[Figure],
    name: str,
    rows: Sequence[Row] | None = None,
    notes: tuple[str, ...] = (),
) -> Answer:
    """The figures as computed rows; percentages carry their bounds with them."""
    if rows is None:
        rows = figure_rows(figures, source.words)
    percent = _PERCENT_VIEWS.get(name)
    views = FIGURE_VIEWS
    if percent is not None:
        views = (*FIGURE_VIEWS[:2], percent, *FIGURE_VIEWS[-2:])
    return Answer(
        COMPUTED_COLUMNS,
        rows,
        views,
        footnotes=footnotes(rows, source.store),
        notes=notes,
        title=name.capitalize(),
        hint="nothing to compute: no period matches",
    )
