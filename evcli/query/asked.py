"""Which windows of a series, and which figures, a question asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from evcli.model.figure import Figure
from evcli.model.period import Period, Window
from evcli.query.selection import BY_WINDOW, Wanted, When
from evcli.query.series_figures import SeriesFigures

_REACH = 10  # years before the first figure that may follow from growth


def best_window(each: SeriesFigures, wanted: Wanted) -> Period | None:
    """The year asked for, else the longest window from January, else the newest inside it."""
    when = wanted.when
    if when.period is not None:
        return when.period
    periods = answering(each, wanted)
    if when.since or when.until:
        periods = when.pick(periods)
    candidates = _observed(each, periods)
    if when.latest:
        return next(iter(when.pick(candidates)), None)
    year = when.year_period
    if year is None:
        dated = [period for period in candidates if period.end is not None]
        if not dated:
            return candidates[0] if candidates else None
        newest = max(dated, key=lambda period: (period.end, period.months or 0))
        if newest.year is None:
            return newest
        year = Period.of_year(newest.year)
    inside = [period for period in candidates if year.contains(period)]
    if not inside and when.year is not None:
        inside = [period for period in periods if year.contains(period)]
    if year in inside:
        return year
    from_january = [period for period in inside if period.starts_the_year]
    if from_january:
        return max(from_january, key=lambda period: period.sort_key[2])
    return max(inside, key=lambda period: period.sort_key[2], default=None)


def answering(each: SeriesFigures, wanted: Wanted) -> list[Period]:
    """The periods with a stated figure that rests on the sources asked for, oldest first."""
    periods = each.periods()
    if not wanted.where.sources:
        return periods
    return [period for period in periods if admitted(each.figures(period), wanted)]


def windows_asked(each: SeriesFigures, wanted: Wanted, *, before_any: bool = False) -> list[Period]:
    """The windows to show: those stated, or the one asked for, or every month of a run.

    A run goes from the first stated window to the last, as far as it was asked for; with
    *before_any* from the beginning asked for, since what comes before may follow from growth.
    """
    when = wanted.when
    if when.period is not None and wanted.by not in BY_WINDOW:
        return [when.period]
    stated = each.periods()
    if wanted.by not in BY_WINDOW or when.latest:
        kinds: tuple[Window, ...] = BY_WINDOW.get(wanted.by, ())
        stated = [period for period in stated if not kinds or period.window in kinds]
        return when.pick(_observed(each, stated) if when.latest else stated)
    known = known_run(each)
    if known is None:
        return []
    exact = when.year_period or when.period
    parts = (exact or _reaching_back(known, when)).split_into(wanted.by)
    end = known.sort_key[2]
    return [
        part
        for part in parts
        if part.sort_key[2] <= end  # one that ends after the newest figure is not over yet
        and (before_any or known.overlaps(part))
        and (exact is not None or when.admits(part))
    ]


def known_run(each: SeriesFigures) -> Period | None:
    """From the first window with a figure to the last; None where nothing is dated."""
    dated = [period for period in each.observed_periods() if not period.is_undated]
    if not dated:
        return None
    return Period(min(p.start for p in dated if p.start), max(p.end for p in dated if p.end))


def _reaching_back(known: Period, when: When) -> Period:
    """The run, from where it was asked for, though not by more than ten years."""
    since = when.since.start if when.since else None
    if since is None or known.start is None or since >= known.start:
        return known
    return Period(max(since, date(max(known.start.year - _REACH, 1), 1, 1)), known.end)


def admitted(figures: Iterable[Figure], wanted: Wanted) -> list[Figure]:
    """Those figures that meet the filters on source and basis."""
    where = wanted.where
    return [
        figure
        for figure in figures
        if (not where.sources or set(where.sources) & set(figure.sources))
        and (not where.basis or figure.basis == where.basis)
    ]


def _observed(each: SeriesFigures, periods: list[Period]) -> list[Period]:
    """Those of *periods* that are more than a plan, else all of them."""
    observed = set(each.observed_periods())
    return [period for period in periods if period in observed] or periods
