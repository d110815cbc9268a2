"""The answer of ``trend``: one kind of window of every series, oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from evcli.model.answer import Answer, HumanColumn, View
from evcli.model.figure import Figure
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.model.vocabulary import MetricKind
from evcli.query.figures import Figures, SeriesFigures, is_missing
from evcli.query.get import selected_figures
from evcli.query.rows import FIGURE_COLUMNS, FIGURE_VIEWS, figure_rows, footnotes
from evcli.query.selection import BY_WINDOW, Query, When, admitted
from evcli.query.topics import nothing_hint

MOST_WINDOWS = 36  # where no time was asked for
_ENOUGH = 3  # windows of a kind that make a trend
_ROWS = 40  # of the table that people read
_SIZES = {"month": 1, "quarter": 3, "half": 6, "year": 12}  # in months
_NAMES = {"month": "months", "quarter": "quarters", "half": "half-years", "year": "years"}
_AS_STATED = ""  # the kind of a stock, which has dates and no windows


class Trend(NamedTuple):
    """The figures of a trend, series by series and oldest first, and what is said about them.

    Windows between others of which nothing is known stand there without a value and say why.
    """

    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
    hint: str = ""


def trend_of(
    source: Figures, series: Sequence[Series], wanted: Query, *, most: int | None = None
) -> Trend:
    """The windows of one kind that were asked for: ``wanted.by``, else what is known best.

    That is months where three or more are known, else quarters, half-years, years. A stock has
    dates and no windows: all of its dates are shown. Where no time is asked for, the newest 36.
    *most* keeps the first so many series that have anything to show, as what draws them needs.
    """
    chosen = [each for each in series if wanted.where.admits(each)]
    known = source.of(chosen)
    kind = wanted.by or _best_kind(source, known, wanted.when)
    notes = []
    having = [each for each in known if _has(each, kind, wanted.when)]
    if most is not None and len(having) > most:
        notes.append(
            f"{len(having) - most} more series are left out, since a chart tells {most} apart; "
            "name fewer, or --format csv prints all"
        )
        known = having[:most]
        chosen = [each.series for each in known]
    if not wanted.by and kind:
        notes.append(f"{_NAMES[kind]} are shown (--by {', '.join(_SIZES)} chooses others)")
    when = wanted.when
    if when.is_open:
        when, cut = _newest(known, kind)
        if cut:
            what = _NAMES.get(kind, "dates")
            notes.append(f"the newest {MOST_WINDOWS} {what}; --since shows more")
    if kind:
        figures = selected_figures(source, chosen, wanted._replace(by=kind, when=when))
    else:
        figures = admitted(
            (
                figure
                for each in known
                for period in when.pick(each.periods())
                if not period.is_undated
                for figure in each.figures(period)
            ),
            wanted,
        )
    figures = _without_empty_ends(figures)
    left_out = _left_out(known, kind, wanted.when)
    if left_out and figures:
        notes.append(f"{left_out} windows of other kinds are left out (evcli get shows them)")
    hint = "" if figures else nothing_hint(source, known, wanted)
    if not figures and left_out:
        hint = f"no {_NAMES.get(kind, 'dates')} are known; evcli get shows every stated window"
    return Trend(tuple(figures), tuple(notes), hint)


def figures_of_trend(source: Figures, trend: Trend) -> Answer:
    """The rows of ``get`` for the figures of a trend."""
    rows = figure_rows(trend.figures, source.words)
    return Answer(
        FIGURE_COLUMNS,
        rows,
        FIGURE_VIEWS,
        footnotes=footnotes(rows, source.store),
        notes=trend.notes,
        hint=trend.hint,
        group_by="what",
    )


def table_under_chart(source: Figures, trend: Trend) -> Answer:
    """Period, value, bounds and change of every series: the newest of each, where there are many.

    Of the notes on single figures only those on disputed ones are shown.
    """
    series = list(dict.fromkeys(figure.series.id for figure in trend.figures))
    each = max(1, _ROWS // max(1, len(series)))
    shown: list[Figure] = []
    for _, figures in groupby(trend.figures, key=lambda figure: figure.series.id):
        shown += [figure for figure in figures if not is_missing(figure)][-each:]
    rows = figure_rows(shown, source.words)
    for row, figure in zip(rows, shown, strict=True):
        row["dispute"] = row["note"] if figure.disputed else ""
    what, *views, _ = FIGURE_VIEWS
    dispute = HumanColumn("note", View.NOTES, ("dispute", "status", "rank"))
    notes = trend.notes
    known = sum(not is_missing(figure) for figure in trend.figures)
    if len(shown) < known:
        notes = (
            *notes,
            f"the table has the newest {each} figures of each series; --format csv prints all",
        )
    if any(figure.notes and not figure.disputed for figure in shown):
        notes = (*notes, "evcli get, evcli explain and --format csv have the notes on the figures")
    return Answer(
        FIGURE_COLUMNS,
        rows,
        (*([what] if len(series) > 1 else ()), *views, dispute),
        footnotes=footnotes(rows, source.store),
        notes=notes,
        hint=trend.hint,
        group_by="what",
    )


def _best_kind(source: Figures, known: Sequence[SeriesFigures], when: When) -> str:
    """The kind of window with enough figures, the shortest first; else that with the most."""
    metrics = [source.words.metrics.get(each.series.metric) for each in known]
    if metrics and all(metric and metric.kind is MetricKind.STOCK for metric in metrics):
        return _AS_STATED
    counts = {
        kind: sum(
            period.window in windows and _inside(period, when)
            for each in known
            for period in each.observed_periods()
        )
        for kind, windows in BY_WINDOW.items()
    }
    enough = next((kind for kind in _SIZES if counts[kind] >= _ENOUGH), None)
    return enough or max(reversed(_SIZES), key=lambda kind: counts[kind])


def _has(each: SeriesFigures, kind: str, when: When) -> bool:
    """Whether a window of the kind is stated in the time asked for."""
    windows = BY_WINDOW.get(kind)
    return any(
        not period.is_undated
        and (windows is None or period.window in windows)
        and _inside(period, when)
        for period in each.periods()
    )


def _inside(period: Period, when: When) -> bool:
    """Whether *period* lies in what was asked for; one exact period asks for what it holds."""
    if when.period is not None:
        return when.period.contains(period)
    return when.admits(period)


def _newest(known: Sequence[SeriesFigures], kind: str) -> tuple[When, bool]:
    """The newest windows, and whether older ones are left out."""
    if not kind:
        dates = sorted(
            {date for each in known for date in each.periods() if not date.is_undated},
            key=lambda date: date.sort_key,
        )
        cut = len(dates) > MOST_WINDOWS
        return (When(since=dates[-MOST_WINDOWS]) if cut else When()), cut
    windows = [
        part
        for each in known
        for period in each.observed_periods()
        if not period.is_undated
        for part in (period.split_into(kind)[:1] + period.split_into(kind)[-1:])
    ]
    if not windows:
        return When(), False
    first = min(windows, key=lambda window: window.sort_key)
    of_kind = [
        period
        for each in known
        for period in each.observed_periods()
        if period.window in BY_WINDOW[kind]
    ]
    last = max(of_kind or windows, key=lambda window: window.sort_key)
    since = last.shift(-_SIZES[kind] * (MOST_WINDOWS - 1))
    if since.sort_key <= first.sort_key:
        return When(), False
    return When(since=since), True


def _without_empty_ends(figures: Sequence[Figure]) -> list[Figure]:
    """The figures without those before the first and after the last that says something."""
    kept: list[Figure] = []
    for _, group in groupby(figures, key=lambda figure: figure.series.id):
        run = list(group)
        known = [index for index, figure in enumerate(run) if not is_missing(figure)]
        if known:
            kept += run[known[0] : known[-1] + 1]
    return kept


def _left_out(known: Sequence[SeriesFigures], kind: str, when: When) -> int:
    """How many stated windows inside what was asked for are of another kind."""
    windows = BY_WINDOW.get(kind)
    return sum(
        period.is_undated or (windows is not None and period.window not in windows)
        for each in known
        for period in each.periods()
        if _inside(period, when) or (when.is_open and period.is_undated)
    )
