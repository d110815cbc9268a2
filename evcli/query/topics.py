"""The answers of topic commands: the series a reader expects, one row each, and their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from evcli.model import WORLD
from evcli.model.answer import Answer
from evcli.model.figure import Figure
from evcli.model.period import Period, Window
from evcli.model.records import Series
from evcli.model.vocabulary import SubjectKind, Vocabulary, name_in
from evcli.query.figures import Figures, SeriesFigures
from evcli.query.selection import (
    BY_WINDOW,
    UNNAMED,
    Query,
    When,
    admitted,
    answering,
    best_window,
    nothing_hint,
    windows_for,
)
from evcli.query.topic_screen import TopicScreen, after, is_close, is_range
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


_YEARS = 3  # full years of an open question
_MONTHS = 2  # newest months behind them


def topic_answer(source: Figures, topic: Topic, wanted: Query) -> Answer:
    """What a reader expects, in groups that must not be mixed, chosen for one screen.

    One row per series for a year or period that is asked for; else full years and the newest
    months; broken down by windows, one per window. The rows are all that is known of it.
    """
    selected = topic_series(source, topic, wanted)
    expected = expected_series(topic, selected, wanted, every_count=source.include_deprecated)
    known = source.of_all(expected, few=wanted.by not in BY_WINDOW)
    if not any(each.periods for each in known):
        known = source.of_all(selected, few=wanted.by not in BY_WINDOW)
    flows = [each.observed_periods for each in known if not is_stock(source, each.series)]
    chief = chief_year(flows, wanted.when)
    leads = _leads(source, topic, known, wanted)
    windows = {each.series.id: _windows(source, each, wanted, leads) for each in known}
    notes: list[str] = []
    now = wanted.when.is_open or wanted.when.latest
    last_year = chief_year(flows, When()) if topic.newest and now else None
    if last_year is not None and not _names_something(topic, wanted):
        old = [each for each in known if not _is_recent(windows[each.series.id], last_year)]
        known = [each for each in known if each not in old]
        left_out = sum(bool(each.periods) for each in old)
        if left_out:
            notes.append(f"{left_out} series without a figure since {last_year} are left out")
    plans: list[Figure] = []
    figures = admitted(
        (
            figure
            for each in known
            for period in windows[each.series.id]
            for figure in source.figures_at(each.series, period)
        ),
        wanted,
        plans,
    )
    named = _names_something(topic, wanted)
    page = TopicScreen(source.words, topic, wanted, figures, chief=chief, leads=leads, named=named)
    answer = page.answer(source, notes, plans)
    if page.figures:
        shown = {each.series for each in known}
        return answer._replace(more=_more(topic, selected, shown, wanted, source.words, plans))
    plants = _plants(topic, wanted, source.words)
    hint = answer.hint or nothing_hint(source, known, wanted, topic.first)
    return answer._replace(hint=f"{hint}; see {plants}" if plants else hint)


def plants_instead(source: Figures, topic: Topic, wanted: Query, answer: Answer) -> Answer:
    """The plants of those named, with what each costs, where a topic has no figure of them."""
    if answer.rows or not topic.plants:
        return answer
    from evcli.query.plants import plants_answer

    plants = plants_answer(source, wanted._replace(where=wanted.where._replace(metrics=())))
    told = f"no sum of {topic.name} is recorded; these are the plants and what each costs"
    return plants._replace(caution=told) if plants.rows else answer


def chief_year(observed: Iterable[Sequence[Period]], when: When) -> Period | None:
    """The period that rows should share: the one asked for, else the last full year.

    That is the newest year asked for that at least half as many series have as any other; None
    where the question is for something else.
    """
    if when.period is not None or when.latest:
        return when.period
    if when.year_period is not None:
        return when.year_period
    years = Counter(
        period
        for periods in observed
        for period in when.pick(periods)
        if period.window is Window.YEAR
    )
    most = max(years.values(), default=0)
    return max((each for each in years if 2 * years[each] >= most), default=None)


def is_stock(source: Figures, series: Series) -> bool:
    """Whether the series counts at a date and not over a period."""
    metric = source.words.metrics.get(series.metric)
    return metric is not None and metric.kind.is_stock


def _leads(
    source: Figures, topic: Topic, known: Sequence[SeriesFigures], wanted: Query
) -> frozenset[str]:
    """The series that stand for each maker, by the one rule of all commands."""
    if topic.group != "metric":
        return frozenset()
    from evcli.query.choice import counts

    metric = topic.first[0]
    where = wanted.where
    subjects = dict.fromkeys(e.series.subject for e in known if e.series.metric == metric)
    found = set()
    for subject in subjects:
        only = where._replace(subjects=(subject,), metrics=(metric,))
        found |= {each.id for each in counts(source, wanted._replace(where=only))[:1]}
    return frozenset(found)


def _windows(
    source: Figures, each: SeriesFigures, wanted: Query, leads: Collection[str]
) -> list[Period]:
    """The windows of one series to show, oldest first.

    A year that no source states is derived where the series stands for a maker.
    """
    when = wanted.when
    if wanted.by in BY_WINDOW:
        return windows_for(each, wanted)

    def follows(year: Period) -> bool:
        return each.series.id in leads and is_close(source.operand(each.series, year))

    best = best_window(each, wanted)
    if when.year_period is not None and best != when.year_period and follows(when.year_period):
        return [when.year_period]
    if when.year is not None or when.period is not None or when.latest:
        return [best] if best else []
    asked = when.pick(answering(each, wanted))
    observed = set(each.observed_periods)
    plans = [period for period in asked if period not in observed]
    years = [period for period in asked if period in observed and period.window is Window.YEAR]
    if not years:
        return [*([best] if best and best not in plans else []), *plans]
    if not is_range(when):
        years = [year for year in years if (year.year or 0) > (years[-1].year or 0) - _YEARS]
    run = Period(years[0].start, years[-1].end).split_into(12)
    later = [period for period in asked if period in observed and after(period, years[-1])]
    months = [period for period in later if period.window is Window.MONTH]
    return [
        *(year for year in run if year in years or follows(year)),
        *(months[-_MONTHS:] or later[-1:]),
        *plans,
    ]


def _is_recent(windows: Sequence[Period], chief: Period) -> bool:
    """Whether one of *windows* ends within or after the last full year."""
    return any(each.end and chief.start and each.end > chief.start for each in windows)


def _more(
    topic: Topic,
    selected: Iterable[Series],
    known: Collection[Series],
    wanted: Query,
    words: Vocabulary,
    plans: Sequence[Figure],
) -> str:
    """What else there is and how to ask for it, in one line."""
    where = wanted.where
    rest = [each for each in selected if each not in known]
    elsewhere = any(each.destination not in topic.places for each in (*rest, *known))
    parts = any(each.scope not in topic.scopes for each in rest)
    left = {each.metric for each in rest} - {each.metric for each in known}
    metrics = [each for each in topic.metrics if each in left and not where.metrics]
    ways = {
        "--by month": topic.newest and not wanted.by,
        "--by destination": topic.places
        and elsewhere
        and not where.destinations
        and wanted.by != "destination",
        "--by scope": topic.scopes and parts and not where.scopes and wanted.by != "scope",
        f"--metric {metrics[0]}{' ...' * (len(metrics) > 1)}" if metrics else "": metrics,
        "--plans": plans,
        _plants(topic, wanted, words): True,
    }
    shown = [way for way, holds in ways.items() if way and holds]
    return f"also: {', '.join(shown)}" if shown else ""


def _plants(topic: Topic, wanted: Query, words: Vocabulary) -> str:
    """The command that shows the plants of those named, with what was invested in each."""
    named = [each for each in wanted.where.subjects if each != "CN"]
    named += [name_in(words.destinations, each).lower() for each in wanted.where.destinations]
    return f"evcli plants {' '.join(named)}" if topic.plants and named else ""
