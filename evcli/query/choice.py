"""Which series answers where words leave it open: the one rule of all commands.

A maker by its own count first, then the counters in the order in which the vocabulary declares
them; of each counter the widest scope, and of that the series it counts most often. A series is
taken for all periods of a question, so that no row changes its definition from one year to the
next: what its sources do not state is derived, before another series that is stated is taken.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date

from evcli.model import ABROAD, WORLD
from evcli.model.figure import Figure
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.model.vocabulary import MAKER_KINDS, SubjectKind, Vocabulary
from evcli.query.figures import Figures, is_missing
from evcli.query.names import names_apart, short_name
from evcli.query.selection import DIMENSIONS, FigureName, Query, When, series_named

_Count = tuple[str, str, str]  # who counted; where, and of whom, if the question leaves it open
_EVERYBODY = ("CN", "cn-brands", "all-makers")  # who is meant where nobody is named
_WIDEST = 2  # what a derived figure may be wide: the upper bound over the lower


def counts(source: Figures, wanted: Query) -> list[Series]:
    """The series that answer for what *wanted* names, one per counter; the first is the one taken.

    They stand in the order of counters, those with more of the periods asked for first. Where
    no metric is named it is the usual one, where no place is, the world; where that is not
    counted, each place has its own. Those without a figure for the question are left out, unless
    all are.
    """
    return [series[0] for series in _by_counter(source, wanted).values()]


def operands(source: Figures, wanted: Query) -> list[tuple[str, list[Series]]]:
    """What is compared, added up or divided: a short name and its counts, as typed.

    One per value of ``wanted.along``, or per id in ``wanted.series``. Counters that all of them
    have come first, and of each the series that is counted as the first operand is.
    """
    if wanted.series:
        named = [series for series, _ in dict.fromkeys(figures_named(source, wanted))]
        names = names_apart(named, source.words)
        return [(name, [each]) for name, each in zip(names, named, strict=True)]
    kind = wanted.along if wanted.along in DIMENSIONS else ""
    where = wanted.where.having("metric", wanted.where.metrics or usual_metrics(source, wanted))
    values = dict.fromkeys(where.ids(kind) if kind else ("",))
    each_where = [where.having(kind, (value,)) if kind else where for value in values]
    found = [_by_counter(source, wanted._replace(where=each)) for each in each_where]
    shared = [key for key in found[0] if all(key in each for each in found)]
    result = []
    for value, each in zip(values, found, strict=True):
        # elsewhere, or of somebody else, is no answer unless all have it
        keys = [*shared, *(key for key in each if key not in shared and not any(key[1:]))]
        series = [_counted_like(found[0].get(key, each[key])[0], each[key]) for key in keys]
        [name] = names_apart(series[:1], source.words) or [""]
        result.append((short_name(kind, value, source.words) if kind else name, series))
    return result


def is_answer(figure: Figure) -> bool:
    """Whether a figure says enough to be taken: any that is stated, or a close derived one."""
    low, high = figure.bounds
    if figure.basis == "derived":
        return low is not None and high is not None and high <= _WIDEST * low
    return not is_missing(figure)


def figures_named(source: Figures, wanted: Query) -> list[tuple[Series, Period | None]]:
    """The series typed that the filters admit, each with the period of its name if it has one."""
    return [
        (series, period)
        for name, period in map(FigureName.parse, wanted.series)
        for series in series_named(source.store, [name])
        if wanted.where.admits(series)
    ]


def periods_asked(when: When) -> tuple[Period, ...]:
    """The periods that a question names one by one; of a range, its years."""
    if when.since and when.since.year and when.until and when.until.end:
        years = (Period.of_year(y) for y in range(when.since.year, when.until.end.year + 1))
        return tuple(filter(when.admits, years))
    return when.named


def common_window(source: Figures, series: Sequence[Series], wanted: Query) -> Period | None:
    """The newest window asked for that all of *series* have, of those that end then the longest."""
    observed = (source.of(each).observed_periods for each in series)
    common = set.intersection(*map(set, observed)) if series else set()
    dated = [each for each in common if not each.is_undated and wanted.when.admits(each)]
    return max(dated, key=lambda each: (each.end or date.min, each.months or 0), default=None)


def usual_metrics(source: Figures, wanted: Query) -> tuple[str, ...]:
    """What is counted where nothing is said: exports of China, overseas sales of makers.

    In a place where not all of the makers count their own sales, it is registrations.
    """
    where, words = wanted.where, source.words
    kinds = {words.subjects[each].kind for each in where.subjects if each in words.subjects}
    if kinds <= {SubjectKind.COUNTRY, SubjectKind.PORT, SubjectKind.PROVINCE}:
        return ("exports",)
    if set(where.destinations) <= {WORLD, ABROAD}:
        return ("overseas-sales",) if kinds & set(MAKER_KINDS) else ("exports",)
    own = where._replace(metrics=("overseas-sales",)).series(source.store)
    counted = {each.subject for each in own if _is_own(each, words)}
    return ("overseas-sales",) if counted >= set(where.subjects) else ("registrations",)


def _by_counter(source: Figures, wanted: Query) -> dict[_Count, list[Series]]:
    """Each count with the series that may answer for it, the best first."""
    words = source.words
    where = wanted.where
    where = where.having("metric", where.metrics or usual_metrics(source, wanted))
    found = [each.series for each in source.of_all(where.series(source.store)) if each.periods]
    if not where.subjects:
        found = _first_of(found, "subject", _EVERYBODY)
    if not where.destinations:
        found = _first_of(found, "destination", (WORLD, ABROAD))

    subjects = {each.subject for each in found}
    declared = {id: place for place, id in enumerate(words.publishers)}

    def order(series: Series) -> tuple[bool, int, int, int, str]:
        place = declared.get(series.publisher, len(declared))
        depth = len(list(words.scope_and_wholes(series.scope)))
        known = source.of(series).observed_periods
        return not _is_own(series, words), place, depth, -len(known), series.id

    groups: dict[_Count, list[Series]] = {}
    for series in sorted(found, key=order):
        counter = "own count" if _is_own(series, words) else series.publisher
        counter = "" if len(where.publishers) == 1 else counter
        wide = where.destinations or series.destination in (WORLD, ABROAD)
        place = "" if wide else series.destination
        who = "" if where.subjects or len(subjects) == 1 else series.subject
        groups.setdefault((counter, place, who), []).append(series)
    asked = periods_asked(wanted.when)
    answered = {key: _most_first(source, group, asked) for key, group in groups.items()}
    best_first = sorted(groups, key=lambda key: -answered[key])
    return {key: groups[key] for key in best_first if answered[key] or not any(answered.values())}


def _most_first(source: Figures, group: list[Series], asked: Sequence[Period]) -> int:
    """Put the series with most of the periods *asked* for first; how many that are."""
    most, best = 0, group[0]
    for series in group if asked else ():
        answered = sum(is_answer(source.operand(series, period)) for period in asked)
        if answered > most:
            most, best = answered, series
        if most == len(asked):
            break
    group.sort(key=lambda series: series is not best)
    return most


def _first_of(series: list[Series], kind: str, ranked: Iterable[str]) -> list[Series]:
    """Those of the first value in *ranked* that any of *series* has; all where none has."""
    met = {getattr(each, kind) for each in series}
    first = next((value for value in ranked if value in met), None)
    return [each for each in series if first is None or getattr(each, kind) == first]


def _is_own(series: Series, words: Vocabulary) -> bool:
    """Whether a maker, or the group it belongs to, counts itself."""
    own = words.is_own_count(series.publisher)
    return own and words.belongs_to(series.subject, series.publisher)


def _counted_like(first: Series, series: Sequence[Series]) -> Series:
    """The first of *series* in the unit, and by the method, of another; else the first of all."""
    like = ((each.unit, each.method) == (first.unit, first.method) for each in series)
    return next(itertools.compress(series, like), series[0])
