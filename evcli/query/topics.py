"""The answers of topic commands: the series a reader expects, one row each, and their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

from evcli.model import WORLD
from evcli.model.answer import Answer
from evcli.model.figure import Figure
from evcli.model.period import Period, Window
from evcli.model.records import Series
from evcli.model.vocabulary import SubjectKind, name_in
from evcli.query.choice import counts, is_answer
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
from evcli.query.topic_screen import TopicScreen, after, is_range
from evcli.query.topic_table import HOME, Topic

_YEARS = 3  # full years of an open question
_MONTHS = 2  # newest months behind them


def topic_answer(source: Figures, topic: Topic, wanted: Query) -> Answer:
    """What a reader expects, in groups that must not be mixed, chosen for one screen.

    One row per series for a year or period that is asked for; else full years and the newest
    months; broken down by windows, one per window. The rows are all that is known of it.
    """
    where, when, few = wanted.where, wanted.when, wanted.by not in BY_WINDOW
    # a place, a source, or somebody the topic is not about anyway
    named = bool(where.destinations or where.sources or set(where.subjects) - set(topic.subjects))
    selected = _selected(source, topic, wanted)
    known = source.of_all(_expected(source, topic, wanted, selected, named=named), few=few)
    if not any(each.periods for each in known):
        known = source.of_all(selected, few=few)
    flows = [each.observed_periods for each in known if not is_stock(source, each.series)]
    leads = _leads(source, topic, known, wanted)
    windows = {each.series: _windows(source, each, wanted, leads) for each in known}
    notes: list[str] = []
    last_year = chief_year(flows, When()) if topic.newest and not named else None
    if last_year and (when.is_open or when.latest):
        begin = last_year.sort_key[1]
        old = {s for s, own in windows.items() if all(not p.end or p.end <= begin for p in own)}
        left_out = sum(bool(each.periods) for each in known if each.series in old)
        known = [each for each in known if each.series not in old]
        if left_out:
            notes.append(f"{left_out} series without a figure since {last_year} are left out")
    plans: list[Figure] = []
    every = (
        figure
        for each in known
        for period in windows[each.series]
        for figure in source.figures_at(each.series, period)
    )
    figures = admitted(every, wanted, plans)
    chief = chief_year(flows, when)
    page = TopicScreen(source.words, topic, wanted, figures, chief=chief, leads=leads, named=named)
    answer = page.answer(source, notes, plans)
    plants = _plants(source, topic, wanted)
    if figures:
        ways = [*_more(topic, selected, {each.series for each in known}, wanted)]
        ways += [way for way, holds in (("--plans", plans), (plants, plants)) if holds]
        return answer._replace(more=f"also: {', '.join(ways)}" if ways else "")
    hint = answer.hint or nothing_hint(source, known, wanted, topic.first)
    return answer._replace(hint=f"{hint}; see {plants}" if plants else hint)


def _selected(source: Figures, topic: Topic, wanted: Query) -> list[Series]:
    """Every series of the topic that the filters admit, whether or not a reader expects it.

    Makers and groups stand with their brands; a country stands for itself alone.
    """
    where, words = wanted.where, source.words
    metrics = tuple(each for each in topic.metrics if each in (where.metrics or topic.metrics))
    if not metrics:
        return []
    wholes = [
        each
        for each in where.subjects
        if each in words.subjects and words.subjects[each].kind is not SubjectKind.COUNTRY
    ]
    brands = [each for each in words.subjects for whole in wholes if words.belongs_to(each, whole)]
    subjects = (*where.subjects, *brands)
    if not subjects and wanted.by != "subject" and not where.sources:
        subjects = topic.subjects
    selected = where._replace(metrics=metrics, subjects=subjects).series(source.store)
    if wanted.by == "destination" and not where.destinations:
        selected = [series for series in selected if series.destination != WORLD]
    return selected


def _expected(
    source: Figures, topic: Topic, wanted: Query, selected: Sequence[Series], *, named: bool
) -> list[Series]:
    """Those of *selected* that a reader expects who did not ask for the others by name.

    Who names a maker, a place or a source wants all that is known of it.
    """
    where, by = wanted.where, wanted.by
    shown = topic.metrics if where.metrics else (*topic.first, *(topic.then if named else ()))
    chosen = [each for each in selected if each.metric in shown]
    if named:
        return chosen
    if topic.places and by != "destination":
        home = HOME in topic.places
        chosen = [
            each
            for each in chosen
            if each.destination in topic.places or (home and each.destination == each.subject)
        ] or chosen
    if source.include_deprecated:
        return chosen
    if topic.scopes and not where.scopes and by != "scope":
        chosen = [each for each in chosen if each.scope in topic.scopes] or chosen
    if not where.publishers and by != "publisher":
        chosen = [each for each in chosen if each.publisher != UNNAMED] or chosen
    return chosen


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
    if when.period or when.latest or when.year_period:
        return when.period or when.year_period
    asked = chain.from_iterable(map(when.pick, observed))
    years = Counter(period for period in asked if period.window is Window.YEAR)
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
    metric = topic.first[0]
    subjects = {each.series.subject for each in known if each.series.metric == metric}
    makers = (wanted.where._replace(subjects=(each,), metrics=(metric,)) for each in subjects)
    found = (counts(source, wanted._replace(where=maker))[:1] for maker in makers)
    return frozenset(each.id for each in chain.from_iterable(found))


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
        return each.series.id in leads and is_answer(source.operand(each.series, year))

    best = best_window(each, wanted)
    year = when.year_period
    if year and best != year and follows(year):
        return [year]
    if year or when.period or when.latest:
        return [best] if best else []
    asked = when.pick(answering(each, wanted))
    observed = [period for period in asked if period in each.observed_periods]
    plans = [period for period in asked if period not in observed]
    years = [period for period in observed if period.window is Window.YEAR]
    if not years:
        return [*([best] if best and best not in plans else []), *plans]
    if not is_range(when):
        years = [each for each in years if (each.year or 0) > (years[-1].year or 0) - _YEARS]
    run = Period(years[0].start, years[-1].end).split_into(12)
    later = [period for period in observed if after(period, years[-1])]
    months = [period for period in later if period.window is Window.MONTH]
    return [
        *(year for year in run if year in years or follows(year)),
        *(months[-_MONTHS:] or later[-1:]),
        *plans,
    ]


def _more(
    topic: Topic, selected: Sequence[Series], known: Collection[Series], wanted: Query
) -> Iterator[str]:
    """The options that show what else there is."""
    where, by = wanted.where, wanted.by
    rest = [each for each in selected if each not in known]
    elsewhere = any(each.destination not in topic.places for each in selected)
    parts = any(each.scope not in topic.scopes for each in rest)
    if topic.newest and not by:
        yield "--by month"
    if topic.places and elsewhere and not where.destinations and by != "destination":
        yield "--by destination"
    if topic.scopes and parts and not where.scopes and by != "scope":
        yield "--by scope"
    left = {each.metric for each in rest} - {each.metric for each in known}
    metrics = [each for each in topic.metrics if each in left]
    if metrics and not where.metrics:
        yield f"--metric {metrics[0]}{' ...' * (len(metrics) > 1)}"


def _plants(source: Figures, topic: Topic, wanted: Query) -> str:
    """The command that shows the plants of those named, with what was invested in each."""
    places = source.words.destinations
    named = [each for each in wanted.where.subjects if each != "CN"]
    named += [name_in(places, each).lower() for each in wanted.where.destinations]
    return f"evcli plants {' '.join(named)}" if topic.plants and named else ""
