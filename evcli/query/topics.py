"""Topic commands: the series a reader expects, one row per series, and their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

from evcli.model.answer import Answer
from evcli.model.figure import Figure
from evcli.model.period import Period
from evcli.model.records import Series, Status
from evcli.model.vocabulary import ABROAD, WORLD, SubjectKind, Vocabulary
from evcli.query.figures import Figures, SeriesFigures
from evcli.query.rows import (
    FIGURE_COLUMNS,
    FIGURE_VIEWS,
    figure_rows,
    footnotes,
    metric_name,
    publisher_name,
    subject_name,
)
from evcli.query.selection import (
    BY_DIMENSION,
    BY_WINDOW,
    UNNAMED,
    Query,
    admitted,
    best_window,
    windows_asked,
)

_HOME = "home"


class Topic(NamedTuple):
    """What a topic command asks for when nothing else is said.

    ``first`` are the metrics shown as long as nobody and no place is named, of the ``scopes``
    given (all if empty) and to the ``places`` given (any if empty; "home" is the subject's own
    country); ``then`` those shown besides of a maker or place that is named; ``more`` those that
    only ``--metric`` shows. ``subjects`` empty means every subject. ``apart`` are the fields whose
    changes set rows apart; ``newest`` leaves out what has not been counted for a year.
    """

    name: str
    first: tuple[str, ...]
    then: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    apart: tuple[str, ...] = ("period",)
    newest: bool = False

    @property
    def metrics(self) -> tuple[str, ...]:
        """All that the topic can be asked for, in reading order."""
        return (*self.first, *self.then, *self.more)


TOPICS: Mapping[str, Topic] = MappingProxyType(
    {
        topic.name: topic
        for topic in (
            Topic(
                "exports",
                ("exports",),
                more=(
                    "export-value",
                    "export-price",
                    "export-share",
                    "export-change",
                    "kd-exports",
                ),
                subjects=("CN",),
                scopes=("all", "nev", "bev", "phev", "passenger", "commercial"),
                places=(WORLD,),
                newest=True,
            ),
            Topic(
                "sales",
                ("overseas-sales",),
                ("deliveries", "sales", "registrations", "sales-share", "market-share"),
                places=(WORLD,),
                apart=("metric", "period"),
                newest=True,
            ),
            Topic(
                "investment",
                ("investment", "investment-share", "outbound-fdi", "pledged-investment"),
                ("outbound-fdi-share",),
                ("outbound-fdi-average", "outbound-deals", "pledged-projects"),
                places=(WORLD, ABROAD, _HOME),
                apart=("family", "publisher", "method", "unit"),
            ),
            Topic(
                "network",
                ("stores", "markets", "swap-stations", "local-teams"),
                apart=("metric",),
            ),
        )
    }
)


def topic_series(source: Figures, topic: Topic, wanted: Query) -> list[Series]:
    """Every series of the topic that the filters admit, whether or not a reader expects it."""
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
    if wanted.by == "destination" and not where.destinations:
        selected = [series for series in selected if series.destination != WORLD]
    return selected


def narrowed(
    topic: Topic, series: Sequence[Series], wanted: Query, *, every_count: bool = False
) -> list[Series]:
    """Those of *series* that a reader expects who did not ask for the others by name.

    Who names a maker, a place or a source wants all that is known of it; *every_count* keeps all
    scopes and counters.
    """
    where = wanted.where
    named = names_something(topic, wanted)
    shown = topic.metrics if where.metrics else (*topic.first, *(topic.then if named else ()))
    chosen = [each for each in series if each.metric in shown]
    if named:
        return chosen
    if topic.places and wanted.by != "destination":
        chosen = [
            each
            for each in chosen
            if each.destination in topic.places
            or (_HOME in topic.places and each.destination == each.subject)
        ] or chosen
    if every_count:
        return chosen
    if topic.scopes and not where.scopes and wanted.by != "scope":
        chosen = [each for each in chosen if each.scope in topic.scopes] or chosen
    if not where.publishers and wanted.by != "publisher":
        chosen = [each for each in chosen if each.publisher != UNNAMED] or chosen
    return chosen


def names_something(topic: Topic, wanted: Query) -> bool:
    """Whether the question names a place, a source, or somebody the topic is not about anyway."""
    where = wanted.where
    return bool(where.destinations or where.sources or set(where.subjects) - set(topic.subjects))


def _with_members(subjects: Sequence[str], words: Vocabulary) -> tuple[str, ...]:
    """Makers and groups stand with their brands; a country stands for itself alone."""
    result = list(subjects)
    for subject in subjects:
        known = words.subjects.get(subject)
        if known is None or known.kind is SubjectKind.COUNTRY:
            continue
        result += [each for each in words.subjects if words.belongs_to(each, subject)]
    return tuple(dict.fromkeys(result))


class ReadingOrder:
    """The order of reading: groups that may be compared, in each the chief counter first."""

    def __init__(
        self, topic: Topic, known: Sequence[SeriesFigures], wanted: Query, words: Vocabulary
    ) -> None:
        self._topic = topic
        self._by = wanted.by if wanted.by in BY_DIMENSION else ""
        self._words = words
        self._by_window = wanted.by in BY_WINDOW  # series by series, each by calendar
        # whoever counts more often comes first
        self._often: Counter[tuple[str, ...]] = Counter()
        for each in known:
            windows = len(each.observed_periods())
            self._often[_kind_of_count(each.series)] += windows
            self._often[each.series.publisher,] += windows

    def __call__(self, figure: Figure) -> tuple[object, ...]:
        """Where the row of a figure stands."""
        series, topic = figure.series, self._topic
        start = figure.period.sort_key
        newest_first = (start[0], -(start[2].toordinal()), start[1])
        metric = topic.metrics.index(series.metric)
        scope = len(topic.scopes)
        if series.scope in topic.scopes:
            scope = topic.scopes.index(series.scope)
        depth = len(list(self._words.scope_and_wholes(series.scope)))
        often = -self._often[series.publisher,]
        part = series.destination not in (WORLD, ABROAD)
        plan = figure.status == Status.FORECAST
        within = (
            metric,
            series.subject,
            plan,
            part,
            often,
            scope,
            depth,
            series.destination,
            series.id,
        )
        if self._by_window:
            return (*within, start)
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
_MOST_REASONS = 5
_MOST_NAMES = 6
_STALE = 366  # days by which a newest figure may be older than the newest of all


def topic_answer(source: Figures, topic: Topic, wanted: Query) -> Answer:
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
    everything: Sequence[SeriesFigures], wanted: Query
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


def _more(topic: Topic, left_out: Sequence[SeriesFigures], wanted: Query) -> list[str]:
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
    source: Figures,
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


def nothing_hint(source: Figures, everything: Sequence[SeriesFigures], wanted: Query) -> str:
    """Why no row came out, and what to try."""
    period = wanted.when.period
    if period is not None and not wanted.where.sources and 0 < len(everything) <= _MOST_REASONS:
        figures = [source.operand(each.series, period) for each in everything]
        reasons = [f"{each.id}: {each.missing.text}" for each in figures if each.missing]
        if reasons:
            return "; ".join(reasons)
    years = sorted({period.year for each in everything for period in each.periods() if period.year})
    if not years:
        return "no series matches; evcli find WORDS searches everything"
    known = f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])
    asked = f" for {wanted.when.year}" if wanted.when.year else ""
    return f"nothing is known{asked}; there are figures for {known}"


def _window_notes(
    figures: Sequence[Figure], everything: Sequence[SeriesFigures], wanted: Query
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


def _title(topic: Topic, figures: Sequence[Figure], words: Vocabulary, wanted: Query) -> str:
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
