"""The answers of topic commands: the series a reader expects, one row each, and their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from evcli.model import ABROAD, WORLD
from evcli.model.answer import Answer
from evcli.model.figure import Figure
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.model.vocabulary import SubjectKind, Vocabulary, name_in
from evcli.query.figures import Figures, SeriesFigures
from evcli.query.rows import figures_answer
from evcli.query.selection import (
    BY_DIMENSION,
    BY_WINDOW,
    UNNAMED,
    Query,
    admitted,
    answering,
    best_window,
    nothing_hint,
    windows_for,
)
from evcli.query.topic_table import HOME, Topic


def topic_series(source: Figures, topic: Topic, wanted: Query) -> list[Series]:
    """Every series of the topic that the filters admit, whether or not a reader expects it."""
    where, words = wanted.where, source.words
    subjects = _with_members(where.subjects, words)
    if not subjects and wanted.by != "subject" and not where.sources:
        subjects = topic.subjects
    asked = where.metrics or topic.metrics
    metrics = tuple(each for each in topic.metrics if each in words.metrics and each in asked)
    if not metrics:
        return []
    selected = where._replace(metrics=metrics, subjects=subjects).series(source.store)
    if wanted.by == "destination" and not where.destinations:
        selected = [series for series in selected if series.destination != WORLD]
    return selected


def expected_series(
    topic: Topic, series: Sequence[Series], wanted: Query, *, every_count: bool = False
) -> list[Series]:
    """Those of *series* that a reader expects who did not ask for the others by name.

    Who names a maker, a place or a source wants all that is known of it; *every_count* keeps all
    scopes and counters.
    """
    where = wanted.where
    named = _names_something(topic, wanted)
    shown = topic.metrics if where.metrics else (*topic.first, *(topic.then if named else ()))
    chosen = [each for each in series if each.metric in shown]
    if named:
        return chosen
    if topic.places and wanted.by != "destination":
        chosen = [
            each
            for each in chosen
            if each.destination in topic.places
            or (HOME in topic.places and each.destination == each.subject)
        ] or chosen
    if every_count:
        return chosen
    if topic.scopes and not where.scopes and wanted.by != "scope":
        chosen = [each for each in chosen if each.scope in topic.scopes] or chosen
    if not where.publishers and wanted.by != "publisher":
        chosen = [each for each in chosen if each.publisher != UNNAMED] or chosen
    return chosen


def _names_something(topic: Topic, wanted: Query) -> bool:
    """Whether the question names a place, a source, or somebody the topic is not about anyway."""
    where = wanted.where
    return bool(where.destinations or where.sources or set(where.subjects) - set(topic.subjects))


def _with_members(subjects: Sequence[str], words: Vocabulary) -> tuple[str, ...]:
    """Makers and groups stand with their brands; a country stands for itself alone."""
    result = list(subjects)
    for subject in subjects:
        known = words.subjects.get(subject)
        if known is not None and known.kind is not SubjectKind.COUNTRY:
            result += [each for each in words.subjects if words.belongs_to(each, subject)]
    return tuple(dict.fromkeys(result))


class ReadingOrder:
    """The order of reading: groups that may be compared, in each the chief counter first.

    Whoever counts more often comes first; windows of a breakdown stand by calendar, series by
    series.
    """

    def __init__(
        self, topic: Topic, known: Sequence[SeriesFigures], wanted: Query, words: Vocabulary
    ) -> None:
        self._topic = topic
        self._by = wanted.by if wanted.by in BY_DIMENSION else ""
        self._by_window = wanted.by in BY_WINDOW
        self._words = words
        self._often: Counter[tuple[str, ...]] = Counter()
        for each in known:
            windows = len(each.observed_periods)
            self._often[_kind_of_count(each.series)] += windows
            self._often[each.series.publisher,] += windows

    def __call__(self, figure: Figure) -> tuple[object, ...]:
        """Where the row of a figure stands."""
        series, topic = figure.series, self._topic
        undated, start, end = figure.period.sort_key
        newest_first = (undated, -end.toordinal(), start)
        metric = topic.metrics.index(series.metric)
        in_order = series.scope in topic.scopes
        scope = topic.scopes.index(series.scope) if in_order else len(topic.scopes)
        depth = len(list(self._words.scope_and_wholes(series.scope)))
        often = -self._often[series.publisher,]
        part = series.destination not in (WORLD, ABROAD)
        place = (series.destination, series.id)
        within = (metric, series.subject, figure.is_plan, part, often, scope, depth, *place)
        if self._by_window:
            return (*within, (undated, start, end))
        apart: list[object] = [getattr(series, self._by) if self._by else ""]
        if "metric" in topic.apart:
            apart.append(metric)
        if "family" in topic.apart:
            family = topic.metrics.index(_family(series.metric))
            count = _kind_of_count(series)
            apart += [family, metric, -self._often[count], count]
        if "period" in topic.apart:
            return (*apart, newest_first, *within)
        return (*apart, *within, newest_first)

    def group(self, figure: Figure) -> str:
        """What all rows of a group have in common."""
        if self._by:
            return str(getattr(figure.series, self._by))
        values = {"period": str(figure.period), "family": _family(figure.series.metric)}
        return " ".join(
            values.get(name) or str(getattr(figure.series, name)) for name in self._topic.apart
        )


def _family(metric: str) -> str:
    """A share stands with what it is a share of."""
    return metric.removesuffix("-share").removesuffix("-average")


def _kind_of_count(series: Series) -> tuple[str, ...]:
    return (_family(series.metric), series.publisher, series.method, series.unit)


_APART = (
    "rows apart differ in what is counted, by whom or in which window: "
    "do not add or compare across lines"
)
_MOST_NAMES = 6
_STALE = 366  # days by which a newest figure may be older than the newest of all


def topic_answer(source: Figures, topic: Topic, wanted: Query) -> Answer:
    """One row per series, in groups that may be compared, with a note where windows differ.

    Broken down by windows, one row per series and window, oldest first.
    """
    by_window = wanted.by in BY_WINDOW
    selected = topic_series(source, topic, wanted)
    expected = expected_series(topic, selected, wanted, every_count=source.include_deprecated)
    known = source.of_all(expected, few=not by_window)
    if not any(each.periods for each in known):
        known = source.of_all(selected, few=not by_window)
    chosen = _windows(known, wanted)
    notes: list[str] = []
    sifted = topic.newest and wanted.when.is_open and not by_window
    if sifted and not _names_something(topic, wanted):
        chosen, old = _newest(chosen)
        if old:
            notes.append(
                f"{old} series without a figure in the record's last year are left out "
                "(--year, or a name, shows them)"
            )
    plans: list[Figure] = []
    figures = admitted(
        (figure for each, period in chosen for figure in source.figures_at(each.series, period)),
        wanted,
        plans,
    )
    order = ReadingOrder(topic, known, wanted, source.words)
    figures.sort(key=order)
    groups = [order.group(figure) for figure in figures]
    if not by_window:
        if "period" in topic.apart and len({figure.series.metric for figure in figures}) == 1:
            notes = _window_notes(figures, known, wanted) + notes
        elif topic.apart != ("metric",) and len(set(groups)) > 1:
            notes = [_APART, *notes]
    left_out = set(selected) - {each.series for each in known}
    notes += _more(source, topic, [each for each in selected if each in left_out], wanted)
    answer = figures_answer(
        figures,
        source.store,
        title=_title(topic, figures, source.words, wanted),
        notes=notes,
        hint="" if figures else nothing_hint(source, known, wanted),
        plans=plans,
    )
    if by_window or not figures:
        return answer
    rows = [{**row, "group": group} for row, group in zip(answer.rows, groups, strict=True)]
    return answer._replace(rows=rows, group_by="group")


def _windows(known: Sequence[SeriesFigures], wanted: Query) -> list[tuple[SeriesFigures, Period]]:
    """The windows to show: those of a breakdown or range, else the best one of each series."""
    if wanted.by in BY_WINDOW:
        return [(each, period) for each in known for period in windows_for(each, wanted)]
    if wanted.when.since or wanted.when.until:
        return [(each, period) for each in known for period in wanted.when.pick(each.periods)]
    best = [(each, best_window(each, wanted)) for each in known]
    return [(each, period) for each, period in best if period is not None]


def _newest(
    chosen: Sequence[tuple[SeriesFigures, Period]],
) -> tuple[list[tuple[SeriesFigures, Period]], int]:
    """What has been counted within the last year of the record, and how many were left out."""
    ends = [period.end for each, period in chosen if period.end and period in each.observed_periods]
    if not ends:
        return list(chosen), 0
    since = max(ends) - timedelta(days=_STALE)
    kept = [(each, period) for each, period in chosen if period.end and period.end >= since]
    return kept, len(chosen) - len(kept)


def _more(source: Figures, topic: Topic, left_out: Sequence[Series], wanted: Query) -> list[str]:
    """How to ask for what was left out although it has a figure for the question.

    One figure decides: of each way the series are read only up to the first that has one.
    """
    where = wanted.where

    def has_figures(series: Iterable[Series]) -> bool:
        return any(
            wanted.when.pick(answering(one, wanted))
            for each in series
            for one in source.of_all([each], few=True)
        )

    ways = []
    same = left_out
    if not where.metrics:
        same = [each for each in left_out if each.metric in topic.first]
        metrics = [
            metric
            for metric in (*topic.then, *topic.more)
            if has_figures(each for each in left_out if each.metric == metric)
        ]
        ways += [f"--metric {','.join(metrics)}"] if metrics else []
    if topic.scopes and not where.scopes:
        scopes: dict[str, list[Series]] = {}
        for each in same:
            if each.destination in topic.places and each.scope not in topic.scopes:
                scopes.setdefault(each.scope, []).append(each)
        known = sorted(scope for scope, series in scopes.items() if has_figures(series))
        rest = f" and {len(known) - _MOST_NAMES} more" if len(known) > _MOST_NAMES else ""
        ways += [f"--scope {','.join(known[:_MOST_NAMES])}{rest}"] if known else []
    if topic.places and not where.destinations and wanted.by != "destination":
        elsewhere = (each for each in same if each.destination not in topic.places)
        ways += ["--by destination"] if has_figures(elsewhere) else []
    return [f"more is known: {'; '.join(ways)}"] if ways else []


def _window_notes(
    figures: Sequence[Figure], known: Sequence[SeriesFigures], wanted: Query
) -> list[str]:
    shown = {figure.period for figure in figures if not figure.period.is_undated}
    if len(shown) < 2 or wanted.when.period is not None:
        return []
    ids = {figure.series.id for figure in figures}
    observed = [set(each.observed_periods) for each in known if each.series.id in ids]
    year = wanted.when.year_period
    common = [
        period
        for period in set.intersection(*observed)
        if not period.is_undated and (year is None or year.contains(period))
    ]
    if common:
        longest = max(common, key=lambda period: (period.months or 0, period.sort_key))
        return [f"windows differ; the longest that all rows have is {longest} (--period {longest})"]
    return ["windows differ, and no window is stated for all rows: do not compare across groups"]


def _title(topic: Topic, figures: Sequence[Figure], words: Vocabulary, wanted: Query) -> str:
    subjects = {figure.series.subject for figure in figures}
    metrics = {figure.series.metric for figure in figures}
    publishers = {figure.series.publisher for figure in figures} - subjects
    parts = [name_in(words.metrics, *metrics) if len(metrics) == 1 else topic.name.capitalize()]
    if len(subjects) == 1:
        parts.append(name_in(words.subjects, *subjects))
        if len(publishers) == 1:
            parts.append(f"counted by {words.publisher_name(*publishers)}")
    when = wanted.when.year or wanted.when.period
    return " · ".join([*parts, str(when)] if when else parts)
