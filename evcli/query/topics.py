"""Topic answers: the one row a series that a reader expects, and why rows may be unlike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from evcli.model.answer import Answer
from evcli.model.fact import Series
from evcli.model.figure import Figure
from evcli.model.period import Period, Window
from evcli.model.vocabulary import WORLD, SubjectKind, Vocabulary
from evcli.query.figures import FigureSource
from evcli.query.rows import (
    FIGURE_COLUMNS,
    FIGURE_VIEWS,
    figure_rows,
    footnotes,
    publisher_name,
    subject_name,
)
from evcli.query.selection import BY_DIMENSION, BY_WINDOW, Wanted
from evcli.query.series_figures import SeriesFigures

_MOST_REASONS = 5


class Topic(NamedTuple):
    """What a topic command asks for when nothing else is said.

    ``subjects`` empty means every subject; ``world`` keeps to series without a destination.
    """

    name: str
    metrics: tuple[str, ...]
    subjects: tuple[str, ...] = ()
    world: bool = True


TOPICS: Mapping[str, Topic] = MappingProxyType(
    {
        topic.name: topic
        for topic in (
            Topic("exports", ("exports", "export-value"), ("CN",)),
            Topic(
                "sales",
                ("overseas-sales", "sales", "deliveries", "sales-share", "market-share"),
                world=False,
            ),
            Topic("investment", ("investment", "investment-share"), world=False),
            Topic("network", ("stores", "markets", "swap-stations", "local-teams"), world=False),
        )
    }
)


def topic_series(source: FigureSource, topic: Topic, wanted: Wanted) -> list[Series]:
    """The series a topic is about, after the filters asked for."""
    store, where = source.store, wanted.where
    subjects: Iterable[str] = where.subjects
    if subjects:
        subjects = _with_members(where.subjects, source.words)
    elif wanted.by != "subject" and not where.sources:
        subjects = topic.subjects
    known = [metric for metric in topic.metrics if metric in source.words.metrics]
    metrics = [metric for metric in known if not where.metrics or metric in where.metrics]
    if not metrics:
        return []
    selected = store.select_series(
        metrics=metrics,
        subjects=tuple(subjects) or None,
        scopes=where.scopes or None,
        destinations=where.destinations or None,
        publishers=where.publishers or None,
    )
    if topic.world and not where.destinations and wanted.by != "destination":
        selected = [series for series in selected if series.destination == WORLD]
    if wanted.by == "destination" and not where.destinations:
        selected = [series for series in selected if series.destination != WORLD]
    return selected


def _with_members(subjects: Sequence[str], words: Vocabulary) -> tuple[str, ...]:
    """Makers and groups stand with their brands; a country stands for itself alone."""
    result = list(subjects)
    for subject in subjects:
        known = words.subjects.get(subject)
        if known is None or known.kind is SubjectKind.COUNTRY:
            continue
        result += [each for each in words.subjects if words.belongs_to(each, subject)]
    return tuple(dict.fromkeys(result))


def topic_answer(source: FigureSource, topic: Topic, wanted: Wanted) -> Answer:
    """One row a series, grouped by window, with a note where windows differ."""
    chosen: list[tuple[SeriesFigures, Period]] = []
    everything = source.of(topic_series(source, topic, wanted))
    for each in everything:
        if wanted.by in BY_WINDOW:
            chosen += [(each, period) for period in windows_asked(each, wanted)]
        elif wanted.when.since or wanted.when.until:
            chosen += [(each, period) for period in wanted.when.pick(each.periods())]
        else:
            best = best_window(each, wanted)
            if best is not None:
                chosen.append((each, best))
    figures = [
        figure for each, period in chosen for figure in source.figures_at(each.series, period)
    ]
    figures = admitted(figures, wanted)
    if wanted.by in BY_WINDOW:
        figures.sort(key=lambda figure: (figure.series.id, figure.period.sort_key))
    else:
        figures.sort(key=lambda figure: _reading_order(figure, wanted, source.words))
    notes = _window_notes(figures, everything, wanted) if wanted.by not in BY_WINDOW else ()
    return figures_answer(
        source,
        figures,
        title=_title(topic, figures, source.words, wanted),
        notes=notes,
        hint="" if figures else nothing_hint(source, everything, wanted),
        group_by=_group_by(wanted),
    )


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


def _observed(each: SeriesFigures, periods: list[Period]) -> list[Period]:
    """Those of *periods* that are more than a plan, else all of them."""
    observed = set(each.observed_periods())
    return [period for period in periods if period in observed] or periods


def _group_by(wanted: Wanted) -> str:
    """The field whose changes set rows apart in the table."""
    if wanted.by in BY_WINDOW:
        return ""
    return wanted.by if wanted.by in BY_DIMENSION else "period"


def admitted(figures: Iterable[Figure], wanted: Wanted) -> list[Figure]:
    """Those figures that meet the filters on source and basis."""
    where = wanted.where
    return [
        figure
        for figure in figures
        if (not where.sources or set(where.sources) & set(figure.sources))
        and (not where.basis or figure.basis == where.basis)
    ]


def figures_answer(
    source: FigureSource,
    figures: Sequence[Figure],
    *,
    title: str = "",
    notes: Sequence[str] = (),
    hint: str = "",
    group_by: str = "",
) -> Answer:
    """An answer of figure rows."""
    rows = figure_rows(figures, source.words)
    return Answer(
        FIGURE_COLUMNS,
        rows,
        FIGURE_VIEWS,
        footnotes=footnotes(rows, source.store),
        notes=tuple(notes),
        hint=hint,
        group_by=group_by,
        title=title,
    )


def nothing_hint(source: FigureSource, everything: Sequence[SeriesFigures], wanted: Wanted) -> str:
    """Why no row came out, and what to try."""
    period = wanted.when.period
    if period is not None and not wanted.where.sources and 0 < len(everything) <= _MOST_REASONS:
        figures = [source.operand(each.series, period) for each in everything]
        reasons = [f"{each.id}: {each.notes[0]}" for each in figures if each.notes]
        if reasons:
            return "; ".join(reasons)
    years = sorted({period.year for each in everything for period in each.periods() if period.year})
    if not years:
        return "no series matches; evcli find WORDS searches everything"
    known = f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])
    asked = f" for {wanted.when.year}" if wanted.when.year else ""
    return f"nothing is known{asked}; there are figures for {known}"


def _reading_order(figure: Figure, wanted: Wanted, words: Vocabulary) -> tuple[object, ...]:
    series = figure.series
    start = figure.period.sort_key
    dimension = getattr(series, wanted.by) if wanted.by in BY_DIMENSION else ""
    window = (start[0], -(start[2].toordinal()), start[1])
    scope_depth = len(list(words.scope_and_wholes(series.scope)))
    return (dimension, window, series.metric, series.subject, scope_depth, series.id)


def _window_notes(
    figures: Sequence[Figure], everything: Sequence[SeriesFigures], wanted: Wanted
) -> tuple[str, ...]:
    shown = {figure.period for figure in figures if not figure.period.is_undated}
    if len(shown) < 2 or wanted.when.period is not None:
        return ()
    ids = {figure.series.id for figure in figures}
    year = wanted.when.year_period
    common: set[Period] | None = None
    for each in everything:
        if each.series.id in ids:
            periods = {
                period
                for period in each.observed_periods()
                if not period.is_undated and (year is None or year.contains(period))
            }
            common = periods if common is None else common & periods
    if common:
        longest = max(common, key=lambda period: (period.months or 0, period.sort_key))
        return (
            f"windows differ; the longest that all rows have is {longest} (--period {longest})",
        )
    return ("windows differ, and no window is stated for all rows: do not compare across groups",)


def _title(topic: Topic, figures: Sequence[Figure], words: Vocabulary, wanted: Wanted) -> str:
    subjects = {figure.series.subject for figure in figures}
    parts = [topic.name.capitalize()]
    if len(subjects) == 1:
        parts.append(subject_name(next(iter(subjects)), words))
    publishers = {figure.series.publisher for figure in figures} - subjects
    if len(publishers) == 1 and len(subjects) == 1:
        parts.append(f"counted by {publisher_name(next(iter(publishers)), words)}")
    if wanted.when.year is not None:
        parts.append(str(wanted.when.year))
    elif wanted.when.period is not None:
        parts.append(str(wanted.when.period))
    return " · ".join(parts)


def get_answer(source: FigureSource, series: Sequence[Series], wanted: Wanted) -> Answer:
    """``get``: every stated window of the series that was asked for, oldest first."""
    figures = selected_figures(source, series, wanted)
    everything = source.of([each for each in series if wanted.where.admits(each)])
    title = series[0].title if len(series) == 1 else ""
    hint = "" if figures else nothing_hint(source, everything, wanted)
    group_by = wanted.by if wanted.by in BY_DIMENSION else ""
    return figures_answer(source, figures, title=title, hint=hint, group_by=group_by)


def selected_figures(
    source: FigureSource, series: Sequence[Series], wanted: Wanted
) -> list[Figure]:
    """The figures of *series* for the periods asked for, series by series, oldest first."""
    chosen = [each for each in series if wanted.where.admits(each)]
    if wanted.by in BY_DIMENSION:
        chosen.sort(key=lambda each: str(getattr(each, wanted.by)))
    figures: list[Figure] = []
    for each in source.of(chosen):
        for period in windows_asked(each, wanted):
            figures += source.figures_at(each.series, period)
    return admitted(figures, wanted)


def windows_asked(each: SeriesFigures, wanted: Wanted) -> list[Period]:
    """The windows to show: those stated, or the one asked for, or every month of a run.

    A run is the years asked for, else all from the first stated window to the last.
    """
    when = wanted.when
    if when.period is not None and wanted.by not in BY_WINDOW:
        return [when.period]
    stated = each.periods()
    if wanted.by not in BY_WINDOW or when.latest:
        kinds: tuple[Window, ...] = BY_WINDOW.get(wanted.by, ())
        stated = [period for period in stated if not kinds or period.window in kinds]
        return when.pick(_observed(each, stated) if when.latest else stated)
    dated = [period for period in each.observed_periods() if not period.is_undated]
    if not dated:
        return []
    run = Period(min(p.start for p in dated if p.start), max(p.end for p in dated if p.end))
    asked = when.year_period or when.period
    parts = (asked or run).split_into(wanted.by)
    inside = [part for part in parts if run.overlaps(part)]
    return inside if asked else [part for part in inside if when.admits(part)]
