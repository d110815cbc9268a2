"""Topic answers: the one row a series that a reader expects, and why rows may be unlike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from evcli.model.answer import Answer
from evcli.model.figure import Figure
from evcli.model.period import Period
from evcli.model.vocabulary import Vocabulary
from evcli.query.asked import admitted, best_window, windows_asked
from evcli.query.figures import FigureSource
from evcli.query.reading_order import ReadingOrder
from evcli.query.rows import (
    FIGURE_COLUMNS,
    FIGURE_VIEWS,
    figure_rows,
    footnotes,
    metric_name,
    publisher_name,
    subject_name,
)
from evcli.query.selection import BY_WINDOW, Wanted
from evcli.query.series_figures import SeriesFigures
from evcli.query.topic import Topic, names_something, narrowed, topic_series

_APART = (
    "rows apart differ in what is counted, by whom or in which window: "
    "do not add or compare across lines"
)
_MOST_REASONS = 5
_MOST_NAMES = 6
_STALE = 366  # days by which a newest figure may be older than the newest of all


def topic_answer(source: FigureSource, topic: Topic, wanted: Wanted) -> Answer:
    """One row a series, in groups that may be compared, with a note where windows differ."""
    selected = topic_series(source, topic, wanted)
    few = wanted.by not in BY_WINDOW  # one window a series
    shown = narrowed(topic, selected, wanted, every_count=source.include_deprecated)
    everything = source.of(shown, few=few)
    if not any(each.periods() for each in everything):
        everything = source.of(selected, few=few)
    chosen = _windows(everything, wanted)
    old = 0
    named = names_something(topic, wanted)
    if topic.newest and not named and wanted.when.is_open and wanted.by not in BY_WINDOW:
        chosen, old = _newest(chosen)
    figures = [
        figure for each, period in chosen for figure in source.figures_at(each.series, period)
    ]
    figures = admitted(figures, wanted)
    notes: list[str] = []
    order = ReadingOrder(topic, everything, wanted, source.words)
    figures.sort(key=order)
    if wanted.by not in BY_WINDOW:
        if "period" in topic.apart and len({figure.series.metric for figure in figures}) == 1:
            notes += _window_notes(figures, everything, wanted)
        elif topic.apart != ("metric",) and len(set(map(order.group, figures))) > 1:
            notes.append(_APART)
    if old:
        notes.append(
            f"{old} series without a figure in the record's last year are left out "
            "(--year, or a name, shows them)"
        )
    left_out = set(selected) - {each.series for each in everything}
    others = source.of(selected, few=True)
    notes += _more(topic, [each for each in others if each.series in left_out], wanted)
    answer = figures_answer(
        source,
        figures,
        title=_title(topic, figures, source.words, wanted),
        notes=notes,
        hint="" if figures else nothing_hint(source, everything, wanted),
    )
    if wanted.by in BY_WINDOW or not figures:
        return answer
    groups = [order.group(figure) for figure in figures]
    rows = [{**row, "group": group} for row, group in zip(answer.rows, groups, strict=True)]
    return answer._replace(rows=rows, group_by="group")


def _windows(
    everything: Sequence[SeriesFigures], wanted: Wanted
) -> list[tuple[SeriesFigures, Period]]:
    chosen: list[tuple[SeriesFigures, Period]] = []
    for each in everything:
        if wanted.by in BY_WINDOW:
            chosen += [(each, period) for period in windows_asked(each, wanted)]
        elif wanted.when.since or wanted.when.until:
            chosen += [(each, period) for period in wanted.when.pick(each.periods())]
        else:
            best = best_window(each, wanted)
            if best is not None:
                chosen.append((each, best))
    return chosen


def _newest(
    chosen: Sequence[tuple[SeriesFigures, Period]],
) -> tuple[list[tuple[SeriesFigures, Period]], int]:
    """What has been counted within the last year of the record, and how many were left out."""
    observed = [period for each, period in chosen if period in each.observed_periods()]
    ends = [period.end for period in observed if period.end is not None]
    if not ends:
        return list(chosen), 0
    since = max(ends) - timedelta(days=_STALE)
    kept = [(each, period) for each, period in chosen if period.end and period.end >= since]
    return kept, len(chosen) - len(kept)


def _more(topic: Topic, left_out: Sequence[SeriesFigures], wanted: Wanted) -> list[str]:
    """How to ask for what was left out although it has a figure for the question."""
    known = [each.series for each in left_out if best_window(each, wanted) in each.periods()]
    ways = []
    metrics = [metric for metric in topic.metrics if metric in {each.metric for each in known}]
    others = [metric for metric in metrics if metric not in topic.first]
    if others and not wanted.where.metrics:
        ways.append(f"--metric {','.join(others)}")
    same = [each for each in known if each.metric not in others or wanted.where.metrics]
    whole = {each.scope for each in same if each.destination in topic.places}
    scopes = sorted(whole - set(topic.scopes)) if topic.scopes else []
    if scopes and not wanted.where.scopes:
        rest = f" and {len(scopes) - _MOST_NAMES} more" if len(scopes) > _MOST_NAMES else ""
        ways.append(f"--scope {','.join(scopes[:_MOST_NAMES])}{rest}")
    places = {each.destination for each in same} - set(topic.places)
    if places and topic.places and not wanted.where.destinations and wanted.by != "destination":
        ways.append("--by destination")
    return [f"more is known: {'; '.join(ways)}"] if ways else []


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
    metrics = {figure.series.metric for figure in figures}
    one = len(metrics) == 1
    parts = [metric_name(next(iter(metrics)), words) if one else topic.name.capitalize()]
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
