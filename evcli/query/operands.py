"""The series and figures that a question names, and which answer where words leave it open.

That is one rule for all commands: a maker by its own count first, then counters as the vocabulary
declares them; of each the widest scope, and of that the series counted most often. It is taken for
all periods, so that no row changes its definition: what is not stated of it is derived.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from evcli.errors import UsageError
from evcli.model import EVERYWHERE, WORLD
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.model.vocabulary import MAKER_KINDS, OWN_COUNT, SubjectKind, Vocabulary
from evcli.query.figures import Figures, SeriesFigures, is_answer, nothing_after
from evcli.query.selection import DIMENSIONS, FigureName, Query, Where, newest_of, series_named
from evcli.query.titles import names_apart, period_title, place_name, short_name
from evcli.text.lists import listed
from evcli.tuples import NamedTuple

_Count = tuple[str, str, str]  # who counted; where, and of whom, if the question leaves it open
_EVERYBODY = ("CN", "cn-brands", "all-makers")  # who is meant where nobody is named
_MOST_NAMES = 4
_MOST_REASONS = 5  # series of which each says why it has no figure


class NamedFigures(NamedTuple):
    """Series or figures as ids; who else counts them, in a line for people; what is not recorded.

    Where ``missing`` says something, there is no answer.
    """

    ids: tuple[str, ...]
    others: str = ""
    missing: str = ""


def series_wanted(source: Figures, wanted: Query) -> list[Series]:
    """The series that a question names by id, else one per counter of what its words name.

    Of several makers, places or parts it is one of each, counted alike.
    """
    if wanted.series:
        return series_named(source.store, wanted.series)
    found = _counted(source, wanted)
    return [each[0] for each in found if each] if wanted.along in DIMENSIONS else found[0]


def _counted(source: Figures, wanted: Query) -> list[list[Series]]:
    """The counts of each value of what is named more than once, else of all that is named."""
    if wanted.where == Where(basis=wanted.where.basis, plans=wanted.where.plans):
        raise UsageError("which series?", "name one in words or by id, as in nev exports 2025")
    return [series for _, series in operands(source, wanted)]


def operands_wanted(source: Figures, wanted: Query) -> NamedFigures:
    """One series for each value of what is named more than once, else one; ids as typed."""
    where, along = wanted.where, wanted.along
    if wanted.series:
        named = [FigureName.parse(each).series for each in wanted.series]
        out = [each.id for each in source.store.series(named) if not where.admits(each)]
        missing = f"{listed(out)}: left out by the filters" if out else ""
        return NamedFigures(wanted.series, missing=missing)
    found = _counted(source, wanted)
    if [] in found:
        if along in DIMENSIONS:
            where = where.having(along, [where.ids(along)[found.index([])]])
        return NamedFigures((), missing=not_recorded(source, wanted._replace(where=where)))
    counters = [[each.publisher for each in series] for series in found]
    others = [each for each in counters[0][1:] if all(each in other for other in counters)]
    names = [source.words.publisher_name(each) for each in dict.fromkeys([counters[0][0], *others])]
    line = f"counted by {names[0]}; also by {listed(names[1:])}" if names[1:] else ""
    return NamedFigures(tuple(series[0].id for series in found), line)


def not_recorded(source: Figures, wanted: Query, metrics: Sequence[str] = ()) -> str:
    """That nothing is recorded of what words name, and what is nearest to it.

    That is the same with one of the words changed; *metrics* are meant where none is named.
    """
    where, words = wanted.where, source.words
    where = where._replace(metrics=where.metrics or tuple(metrics))
    said = said_of(where, words)
    nearest = []
    for kind in ("scope", "metric", "destination", "subject", "publisher"):
        kept = " · ".join(text for other, text in said.items() if other != kind)
        if kind not in said or not kept:
            continue
        series = where.having(kind, ()).series(source.store)
        whole = [each for each in series if kind != "destination" and each.destination == WORLD]
        often = Counter(getattr(each, kind) for each in whole or series)
        others = _names(kind, [id for id, _ in often.most_common() if id != WORLD], words)
        nearest += [f"{kept}: {others}"] if others else []
    what = " · ".join(said.values()) or "that"
    near = f"nearest: {'; '.join(nearest[:2])}" if nearest else "evcli series lists what is"
    return f"{what}: not recorded; {near}"


def said_of(where: Where, words: Vocabulary) -> dict[str, str]:
    """What a question names in each dimension, in words.

    >>> said_of(Where(destinations=("MX", "BR")), Vocabulary())
    {'destination': 'to Mexico and Brazil'}
    """
    return {kind: _names(kind, where.ids(kind), words) for kind in DIMENSIONS if where.ids(kind)}


def _names(kind: str, ids: Iterable[str], words: Vocabulary) -> str:
    names = [
        place_name(words, each) if kind == "destination" else short_name(kind, each, words)
        for each in ids
    ]
    text = listed([name for name in names if "," not in name][:_MOST_NAMES] or names)
    before = {"destination": "to ", "publisher": "counted by "}.get(kind, "")
    return f"{before}{text}" if text else ""


def part_and_whole(wanted: Query) -> Query:
    """The question of ``share``: two of one kind, or one part against the whole of its kind.

    >>> part_and_whole(Query(Where(scopes=("nev",)))).where.scopes
    ('nev', 'all')
    """
    if wanted.series or (wanted.along and wanted.along != "period"):
        return wanted
    where = wanted.where
    for kind, whole in (("scope", "all"), ("destination", WORLD)):
        part = where.ids(kind)
        if part not in ((), (whole,)):
            return wanted._replace(where=where.having(kind, (*part, whole)), along=kind)
    raise UsageError("a share is of something", "name the part and the whole, as in phev nev 2025")


def figures_wanted(source: Figures, wanted: Query) -> NamedFigures:
    """Figures as ``SERIES@PERIOD``, each of the newest period where none is named.

    Ids as typed stay what they are where no period goes with them.
    """
    when = wanted.when
    if wanted.series and when.is_open:
        return NamedFigures(wanted.series)
    named = NamedFigures(wanted.series) if wanted.series else operands_wanted(source, wanted)
    ids: list[str] = []
    for id in named.ids:
        found = source.store.match_series(id)
        if not found:
            ids.append(id)
        for series in filter(wanted.where.admits, found):
            known, periods = source.of(series), when.named
            observed = known.observed_periods or known.periods or [Period(None, None)]
            if when.is_open or when.latest:
                periods = tuple(when._replace(latest=True).pick(observed) or observed)
            ids += [f"{series.id}@{period}" for period in periods or when.pick(observed)]
    return named._replace(ids=tuple(ids))


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
        series = []
        for key in keys:
            first = found[0].get(key, each[key])[0]
            like = (s for s in each[key] if (s.unit, s.method) == (first.unit, first.method))
            series.append(next(like, each[key][0]))
        [name] = names_apart(series[:1], source.words) or [""]
        result.append((short_name(kind, value, source.words) if kind else name, series))
    return result


def figures_named(source: Figures, wanted: Query) -> list[tuple[Series, Period | None]]:
    """The series typed that the filters admit, each with the period of its name if it has one."""
    return [
        (series, period)
        for name, period in map(FigureName.parse, wanted.series)
        for series in series_named(source.store, [name])
        if wanted.where.admits(series)
    ]


def common_window(source: Figures, series: Sequence[Series], wanted: Query) -> Period | None:
    """The newest window asked for that all of *series* have, of those that end then the longest."""
    observed = (source.of(each).observed_periods for each in series)
    common = set.intersection(*map(set, observed)) if series else set()
    return newest_of(p for p in common if not p.is_undated and wanted.when.admits(p))


def usual_metrics(source: Figures, wanted: Query) -> tuple[str, ...]:
    """What is counted where nothing is said: exports of China, overseas sales of makers.

    In a place where not all of the makers count their own sales, it is registrations.
    """
    where, words = wanted.where, source.words
    kinds = {words.subjects[each].kind for each in where.subjects if each in words.subjects}
    if kinds <= {SubjectKind.COUNTRY, SubjectKind.PORT, SubjectKind.PROVINCE}:
        return ("exports",)
    if set(where.destinations) <= set(EVERYWHERE):
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
        found = _first_of(found, "destination", EVERYWHERE)

    subjects = {each.subject for each in found}
    declared = {id: place for place, id in enumerate(words.publishers)}

    def order(series: Series) -> tuple[bool, int, int, int, str]:
        place = declared.get(series.publisher, len(declared))
        depth = len(words.scope_and_wholes(series.scope))
        known = source.of(series).observed_periods
        return not _is_own(series, words), place, depth, -len(known), series.id

    groups: dict[_Count, list[Series]] = {}
    for series in sorted(found, key=order):
        counter = OWN_COUNT if _is_own(series, words) else series.publisher
        counter = "" if len(where.publishers) == 1 else counter
        wide = where.destinations or series.destination in EVERYWHERE
        place = "" if wide else series.destination
        who = "" if where.subjects or len(subjects) == 1 else series.subject
        groups.setdefault((counter, place, who), []).append(series)
    asked = wanted.when.run
    answered = dict.fromkeys(groups, 0)  # periods asked for, by the series with most of them
    for key, group in groups.items() if asked else ():
        best = group[0]
        for series in group:
            found_for = sum(is_answer(source.operand(series, period)) for period in asked)
            if found_for > answered[key]:
                answered[key], best = found_for, series
            if answered[key] == len(asked):
                break
        group.remove(best)
        group.insert(0, best)
    best_first = sorted(groups, key=lambda key: -answered[key])
    return {key: groups[key] for key in best_first if answered[key] or not any(answered.values())}


def _first_of(series: list[Series], kind: str, ranked: Iterable[str]) -> list[Series]:
    """Those of the first value in *ranked* that any of *series* has; all where none has."""
    met = {getattr(each, kind) for each in series}
    first = next((value for value in ranked if value in met), None)
    return [each for each in series if first is None or getattr(each, kind) == first]


def _is_own(series: Series, words: Vocabulary) -> bool:
    """Whether a maker, or the group it belongs to, counts itself."""
    own = words.is_own_count(series.publisher)
    return own and words.belongs_to(series.subject, series.publisher)


def nothing_hint(
    source: Figures, everything: Sequence[SeriesFigures], wanted: Query, metrics: Sequence[str] = ()
) -> str:
    """Why no row came out, and what to try; *metrics* are meant where none is named."""
    period, since = wanted.when.period, wanted.when.since
    asked = [each for each in (since, *wanted.when.named) if each and each.start]
    late = [nothing_after(everything, each) for each in asked]
    if late and all(late):
        newest = source.store.newest_source
        return f"{late[0]}{f', the newest source is of {newest}' if newest else ''}"
    if period is not None and not wanted.where.sources and 0 < len(everything) <= _MOST_REASONS:
        figures = [source.operand(each.series, period) for each in everything]
        reasons = [f"{each.id}: {each.missing.text}" for each in figures if each.missing]
        if reasons:
            return "; ".join(reasons)
    years = sorted({period.year for each in everything for period in each.periods if period.year})
    if not years:
        return not_recorded(source, wanted, metrics)
    known = f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])
    when = period_title(wanted.when)
    when = f" for {when}" if when and wanted.when.named else f" {when}" if when else ""
    return f"nothing is known{when}; there are figures for {known}"
