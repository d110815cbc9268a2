"""Rankings: one count of one thing in one window, with the positions that bounds allow.

Figures of different windows, or of different counters, say nothing about who is larger. So the
entries of a ranking share a facet: of those that the question allows, the one with most entries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from evcli.core.comparability import Operand, own_count_warning, unlike_in
from evcli.core.derive import PERCENT, derive, growth_between
from evcli.core.formula import SHARE
from evcli.errors import UsageError
from evcli.model.answer import Answer, Column, HumanColumn, Kind, View
from evcli.model.figure import Figure
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.model.vocabulary import ABROAD, WORLD, MetricKind, SubjectKind, Vocabulary
from evcli.query.compare import Entry, addable, has_bounds, put, share_of_total, why_unlike
from evcli.query.figures import Figures, with_growth
from evcli.query.rows import (
    FIGURE_COLUMNS,
    FIGURE_VIEWS,
    bounded,
    destination_name,
    figure_rows,
    footnotes,
    publisher_name,
    subject_name,
)
from evcli.query.selection import UNNAMED, Query, admitted, answering, best_window, series_named

_MOST_NAMES = 8
_OWN = "own count"
_MAKERS = "makers"
_NOT_OVER_TIME = (MetricKind.STOCK, MetricKind.CAPACITY)


class Ranking(NamedTuple):
    """The entries to rank, the whole they are shares of (if it is known), and what to tell."""

    entries: list[Entry]
    whole: Entry | None = None
    title: str = "Ranking"
    by: str = "subject"
    notes: tuple[str, ...] = ()
    hint: str = "nothing to rank"


class _Facet(NamedTuple):
    """What the entries of one ranking have in common; empty where it does not matter."""

    subject: str
    metric: str
    scope: str
    unit: str
    publisher: str
    method: str
    kind: str


class _Field(NamedTuple):
    """The series of one facet by what is ranked, and the window in which they are."""

    facet: _Facet
    members: dict[str, list[Series]]
    window: Period | None
    known: frozenset[str]


def ranked(source: Figures, patterns: Sequence[str], wanted: Query) -> Ranking:
    """What to rank: the series named, else one series a subject or, unfolded, a destination."""
    if patterns:
        candidates = [s for s in series_named(source.store, patterns) if wanted.where.admits(s)]
        return Ranking([Entry(s, p) for s in candidates if (p := known_window(source, s, wanted))])
    if not wanted.where.metrics:
        raise UsageError("top needs something to rank", "name series, or give --metric")
    by = "destination" if wanted.by == "destination" else "subject"
    everything = wanted.where.series(source.store)
    candidates = _suited(everything, by, wanted, source)
    fields = _fields(candidates, by, wanted, source)
    if not fields:
        return Ranking([], hint=_hint(everything, by, wanted, source))
    chosen = max(fields, key=lambda field: _weight(field, by, source))
    entries = _entries(chosen, by, wanted, source)
    whole = _whole(everything, chosen, entries, source) if by == "destination" else None
    return Ranking(
        entries,
        whole,
        _title(chosen, by, source.words),
        by,
        tuple(_left_out(chosen, fields, entries, by, candidates, everything, wanted, source)),
    )


def known_window(source: Figures, series: Series, wanted: Query) -> Period | None:
    """The window in which *series* answers the question, if it has a figure there."""
    period = best_window(source.one(series), wanted)
    if period is None or not _usable(source.operand(series, period), wanted):
        return None
    return period


def is_region(destination: str, words: Vocabulary) -> bool:
    """Whether a destination is more than one country: it has members, or no country's code."""
    known = words.destinations.get(destination)
    return len(destination) != 2 or bool(known and known.members)


def _suited(series: Iterable[Series], by: str, wanted: Query, source: Figures) -> list[Series]:
    """The series that may be ranked at all: the whole for subjects, countries for places."""
    chosen = list(series)
    if wanted.where.destinations:
        return chosen
    if by == "destination":
        places = [each for each in chosen if each.destination not in (WORLD, ABROAD)]
        countries = [each for each in places if not is_region(each.destination, source.words)]
        return countries or places
    return [each for each in chosen if each.destination in (WORLD, ABROAD)]


def _fields(candidates: Sequence[Series], by: str, wanted: Query, source: Figures) -> list[_Field]:
    """The facets that have figures for the question, each with the window most of it has."""
    groups: dict[_Facet, dict[str, list[Series]]] = {}
    for series in candidates:
        facet = _facet(series, by, wanted, source.words)
        groups.setdefault(facet, {}).setdefault(getattr(series, by), []).append(series)
    fields = []
    for facet, members in groups.items():
        windows = _windows(members, wanted, source)
        if windows is None:
            known = {
                name
                for name, of in members.items()
                if any(known_window(source, each, wanted) for each in of)
            }
            if known:
                fields.append(_Field(facet, members, None, frozenset(known)))
        elif windows:
            window = _most_have(windows, wanted)
            fields.append(_Field(facet, members, window, frozenset(windows[window])))
    return fields


def _facet(series: Series, by: str, wanted: Query, words: Vocabulary) -> _Facet:
    several = len(wanted.where.metrics) > 1  # asked for together, so ranked together
    metric = "" if several else series.metric
    if by == "destination":
        return _Facet(
            series.subject, metric, series.scope, series.unit, series.publisher, series.method, ""
        )
    publisher = _OWN if words.is_own_count(series.publisher) else series.publisher
    kind = "" if wanted.where.subjects else _kind(series.subject, words)
    return _Facet("", metric, "", series.unit, publisher, "", kind)


def _kind(subject: str, words: Vocabulary) -> str:
    """A country is not ranked among makers, nor an industry among its members."""
    known = words.subjects.get(subject)
    if known is None or known.kind in (SubjectKind.MAKER, SubjectKind.BRAND, SubjectKind.GROUP):
        return _MAKERS
    return known.kind.value


def _windows(
    members: dict[str, list[Series]], wanted: Query, source: Figures
) -> dict[Period, set[str]] | None:
    """Who is known in which window that was asked for; None where each has a date of its own."""
    first = next(iter(members.values()))[0]
    metric = source.words.metrics.get(first.metric)
    if metric is not None and metric.kind in _NOT_OVER_TIME:
        return None
    if wanted.when.period is not None and wanted.when.period.is_undated:
        return None
    windows: dict[Period, set[str]] = {}
    for name, series in members.items():
        for each in source.of(series):
            observed = set(each.observed_periods())
            for period in answering(each, wanted):
                if period in observed and not period.is_undated:
                    windows.setdefault(period, set()).add(name)
    exact = wanted.when.period
    if exact is not None:
        return {exact: windows.get(exact, set()) or _derivable(members, exact, wanted, source)}
    picked = wanted.when.pick(sorted(windows, key=lambda period: period.sort_key))
    return {period: windows[period] for period in picked}


def _derivable(
    members: dict[str, list[Series]], period: Period, wanted: Query, source: Figures
) -> set[str]:
    return {
        name
        for name, series in members.items()
        if any(_usable(source.operand(each, period), wanted) for each in series)
    }


def _most_have(windows: dict[Period, set[str]], wanted: Query) -> Period:
    """The year asked for, unless most lack it; else the window that most have.

    Of several, the longest; where no year was asked for, the newest.
    """
    most = max(len(names) for names in windows.values())
    year = wanted.when.year_period
    if year in windows and 2 * len(windows[year]) >= most:
        return year

    def weight(period: Period) -> tuple[int, date, int]:
        newest = period.end if year is None else None
        return len(windows[period]), newest or date.min, period.months or 0

    return max(windows, key=weight)


def _weight(field: _Field, by: str, source: Figures) -> tuple[bool, bool, bool, int, int, str]:
    """What can be ranked at all, by a counter with a name, first; then what a reader expects.

    That is all vehicles before a part of them, makers before countries and industries, and of
    what is left the count with most entries.
    """
    several = len(field.known) > 1
    windows = sum(
        len(each.observed_periods()) for of in field.members.values() for each in source.of(of)
    )
    facet = field.facet
    expected = facet.scope == "all" if by == "destination" else facet.kind in ("", _MAKERS)
    named = facet.publisher != UNNAMED
    return several, named, expected, len(field.known), windows, str(facet)


def _entries(field: _Field, by: str, wanted: Query, source: Figures) -> list[Entry]:
    """One series each: counted as most are, stated before derived, the widest scope first."""
    window = field.window
    methods = Counter(
        each.method
        for of in field.members.values()
        for each in of
        if window is None or window in source.one(each).observed_periods()
    )
    usual = methods.most_common(1)[0][0] if methods else ""

    def order(series: Series) -> tuple[bool, bool, bool, int, str]:
        stated = window is None or window in source.one(series).observed_periods()
        depth = len(list(source.words.scope_and_wholes(series.scope)))
        return (series.method != usual, series.destination == ABROAD, not stated, depth, series.id)

    entries = []
    for of in field.members.values():
        for series in sorted(of, key=order):
            period = _period_of(source, series, window, wanted)
            if period is not None:
                entries.append(Entry(series, period))
                break
    return entries


def _period_of(
    source: Figures, series: Series, window: Period | None, wanted: Query
) -> Period | None:
    """The window, if *series* has a figure there; one that was asked for by name may be derived."""
    if window is None:
        return known_window(source, series, wanted)
    asked = window in (wanted.when.period, wanted.when.year_period)
    if not asked and window not in source.one(series).observed_periods():
        return None
    return window if _usable(source.operand(series, window), wanted) else None


def _usable(figure: Figure, wanted: Query) -> bool:
    bounds = figure.bounds
    known = figure.value is not None or bounds.low is not None or bounds.high is not None
    return known and bool(admitted([figure], wanted))


def _whole(
    everything: Iterable[Series], field: _Field, entries: Sequence[Entry], source: Figures
) -> Entry | None:
    """What went to the world by the same count, if it is stated for the same window."""
    for series in everything:
        same = (series.subject, series.metric, series.scope, series.unit, series.publisher)
        if (
            series.destination == WORLD
            and entries
            and same == field.facet[:5]
            and series.method == field.facet.method
            and field.window in source.one(series).observed_periods()
        ):
            return Entry(series, field.window)
    return None


def _title(field: _Field, by: str, words: Vocabulary) -> str:
    parts = ["Ranking"]
    facet = field.facet
    if by == "destination":
        parts.append(subject_name(facet.subject, words))
    metric = words.metrics.get(facet.metric)
    if metric is not None:
        parts.append(metric.name)
    if facet.scope and facet.scope in words.scopes:
        parts.append(words.scopes[facet.scope].name)
    if facet.publisher not in ("", _OWN):
        parts.append(f"counted by {publisher_name(facet.publisher, words)}")
    if field.window is not None:
        parts.append(str(field.window))
    return " · ".join(parts)


def _left_out(
    chosen: _Field,
    fields: Sequence[_Field],
    entries: Sequence[Entry],
    by: str,
    candidates: Sequence[Series],
    everything: Sequence[Series],
    wanted: Query,
    source: Figures,
) -> Iterator[str]:
    """What has a figure but no place in this ranking, and how to rank it."""
    words = source.words
    ranked_names = {getattr(entry.series, by) for entry in entries}
    without = [each for each in chosen.members if each not in ranked_names]
    if chosen.window is not None and without:
        yield f"no figure for {chosen.window}: {listed(without)}"
    if by == "destination" and not wanted.where.destinations:
        shown = set(candidates)
        regions = {
            each.destination
            for each in everything
            if each not in shown
            and each.destination not in (WORLD, ABROAD)
            and known_window(source, each, wanted)
        }
        if regions:
            told = listed(sorted(regions))
            yield f"regions are not ranked among countries: {told} (--destination names them)"
    others = [field for field in fields if field is not chosen and field.known - ranked_names]
    if others:
        told = listed([_count(field, by, words) for field in others])
        yield f"other counts are left out: {told}"


def _count(field: _Field, by: str, words: Vocabulary) -> str:
    """Another count in a few words: what it counts, who counted, how many entries it has."""
    facet = field.facet
    parts = [subject_name(facet.subject, words)] if facet.subject not in ("", "CN") else []
    if facet.kind:
        parts.append(facet.kind)
    if facet.scope:
        scope = words.scopes.get(facet.scope)
        parts.append(scope.name.lower() if scope else facet.scope)
    parts.append(f"by {publisher_name(facet.publisher, words)}")
    return f"{' '.join(parts)} ({len(field.known)})"


def listed(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _hint(everything: Sequence[Series], by: str, wanted: Query, source: Figures) -> str:
    if by == "subject" and not wanted.where.destinations:
        known = {each.series.destination for each in source.of(everything) if each.periods()}
        places = sorted(known - {WORLD, ABROAD})
        if places:
            return f"counted by destination only: add --destination, one of {listed(places)}"
    return "nothing to rank"


TOP_COLUMNS: tuple[Column, ...] = (
    *FIGURE_COLUMNS,
    Column("position", Kind.NUMBER),
    Column("position_best", Kind.NUMBER),
    Column("position_worst", Kind.NUMBER),
    *bounded("share"),
)
_TOP_VIEWS = (
    HumanColumn("rank", View.POSITION, ("position", "position_best", "position_worst")),
    *FIGURE_VIEWS[:5],
    HumanColumn("share", View.SHARE, ("share", "share_low", "share_high"), optional=4),
    *FIGURE_VIEWS[-2:],
)


def top_answer(
    source: Figures, ranking: Ranking, *, by_growth: bool = False, limit: int | None = None
) -> Answer:
    """Rows from the largest down, with the positions that the bounds allow."""
    words = source.words
    found: list[tuple[Entry, Figure]] = []
    silent: list[str] = []
    for entry in ranking.entries:
        figure = source.operand(entry.series, entry.period)
        if by_growth:
            figure = _grown(source, entry, figure)
        if by_growth and figure.yoy is None:
            silent.append(getattr(entry.series, ranking.by))
        elif has_bounds(figure):
            found.append((entry, figure))
    found.sort(key=lambda pair: _size(pair[1], by_growth), reverse=True)
    operands = [Operand(entry.series, entry.period) for entry, _ in found]
    unlike = unlike_in(operands, words)
    apart = why_unlike(operands, unlike, words)
    figures = [figure for _, figure in found]
    rows = figure_rows(figures, words, subjects=True)
    for index, (row, figure) in enumerate(zip(rows, figures, strict=True)):
        if ranking.by == "destination":  # the title says what went there
            row["what"] = destination_name(figure.series.destination, words)
        best, worst = _positions(figures, index, by_growth)
        row.update(position=index + 1, position_best=best, position_worst=worst)
    notes = list(ranking.notes)
    if apart:
        notes.append(f"unlike rows, so no shares: {apart}")
    elif ranking.whole is not None:
        whole = source.operand(ranking.whole.series, ranking.whole.period)
        notes.append(f"shares are of {whole.id}")
        for row, figure in zip(rows, figures, strict=True):
            put(row, "share", derive(SHARE, (figure, whole), unit=PERCENT))
    elif len(figures) > 1 and addable(operands, words)[0]:
        notes.append("shares are of the rows together")
        for index, (row, figure) in enumerate(zip(rows, figures, strict=True)):
            rest = figures[:index] + figures[index + 1 :]
            put(row, "share", share_of_total(figure, rest))
    if silent:
        notes.append(f"no growth known: {', '.join(dict.fromkeys(silent))}")
    if limit is not None and limit < len(rows):
        notes.append(f"{limit} of {len(rows)} rows shown (--limit)")
        rows = rows[:limit]
    return Answer(
        TOP_COLUMNS,
        rows,
        _TOP_VIEWS,
        footnotes=footnotes(rows, source.store),
        notes=tuple(notes),
        warnings=own_count_warning(operands, words),
        title=ranking.title,
        hint=ranking.hint,
    )


def _grown(source: Figures, entry: Entry, figure: Figure) -> Figure:
    """The figure with its growth: as stated, else computed from both levels."""
    shown = source.figures_at(entry.series, entry.period)
    figure = next((each for each in shown if each.id == figure.id), figure)
    if figure.yoy is not None or entry.period.is_undated:
        return figure
    base = source.operand(entry.series, entry.period.year_before())
    growth = growth_between(figure, base) if has_bounds(base) and has_bounds(figure) else None
    if growth is None:
        return figure
    return with_growth(figure, growth, base)


def _positions(figures: Sequence[Figure], index: int, by_growth: bool) -> tuple[int, int]:
    """The best and worst position that the bounds allow, counted from one."""
    low, high = _ends(figures[index], by_growth)
    best = worst = 1
    for other_index, other in enumerate(figures):
        if other_index == index:
            continue
        other_low, other_high = _ends(other, by_growth)
        if other_low is not None and high is not None and other_low > high:
            best += 1
        if other_high is None or low is None or other_high > low:
            worst += 1
    return best, worst


def _ends(figure: Figure, by_growth: bool) -> tuple[Fraction | None, Fraction | None]:
    bounds = figure.yoy.bounds if by_growth and figure.yoy else figure.bounds
    return bounds.low, bounds.high


def _size(figure: Figure, by_growth: bool) -> tuple[bool, Fraction]:
    if by_growth and figure.yoy is not None:
        value, bounds = figure.yoy.value, figure.yoy.bounds
    else:
        value, bounds = figure.value, figure.bounds
    best = value if value is not None else bounds.low if bounds.low is not None else bounds.high
    return (best is not None, best or Fraction(0))
