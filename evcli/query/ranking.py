"""Rankings: one count of one thing in one window, with the positions that bounds allow.

Figures of different windows, or of different counters, say nothing about who is larger. So what
is ranked is defined alike: of the counts that the question allows, the one with most members.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from evcli.core.comparability import Operand, fields_in_words, own_count_warning, unlike_in
from evcli.core.derive import PERCENT, derive
from evcli.core.formula import SHARE
from evcli.errors import UsageError
from evcli.model import ABROAD, WORLD
from evcli.model.answer import Answer, Column, HumanColumn, Kind, View, views_of
from evcli.model.figure import Figure
from evcli.model.period import Period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Series
from evcli.model.vocabulary import MAKER_KINDS, MetricKind, Vocabulary, name_in
from evcli.query.compare import share_of_total, why_no_total
from evcli.query.figures import Figures, is_missing
from evcli.query.rows import (
    FIGURE_COLUMNS,
    figure_rows,
    figure_views,
    footnotes,
    share_columns,
    with_bounds,
)
from evcli.query.selection import UNNAMED, Query, answering, is_known, known_window, series_named
from evcli.text.phrases import first_few

_OWN = "own count"
_MAKERS = "makers"
_NOT_OVER_TIME = (MetricKind.STOCK, MetricKind.CAPACITY)
_POSITION_COLUMNS = (
    Column(
        "position",
        Kind.NUMBER,
        description="Place by value.",
        shown=HumanColumn("rank", View.POSITION, ("position", "position_best", "position_worst")),
    ),
    Column("position_best", Kind.NUMBER, description="The best place that the bounds allow."),
    Column("position_worst", Kind.NUMBER, description="The worst place that the bounds allow."),
)
_SHARE_COLUMNS = share_columns(optional=4)
TOP_COLUMNS: tuple[Column, ...] = (*FIGURE_COLUMNS, *_POSITION_COLUMNS, *_SHARE_COLUMNS)
_TOP_VIEWS = (*views_of(_POSITION_COLUMNS), *figure_views(*views_of(_SHARE_COLUMNS)))


class _ToRank(NamedTuple):
    """What is ranked, the whole it is a share of (if that is known), and what is said about it."""

    operands: list[Operand]
    whole: Operand | None = None
    title: str = "Ranking"
    notes: tuple[str, ...] = ()
    hint: str = "nothing to rank"


class _Definition(NamedTuple):
    """What all that one ranking compares has in common; empty where it does not matter."""

    subject: str
    metric: str
    scope: str
    unit: str
    publisher: str
    method: str
    kind: str = ""


class _Count(NamedTuple):
    """The series of one definition by what is ranked, and the window in which they are.

    ``window`` is None where each has a date of its own; ``known`` are those with a figure.
    """

    definition: _Definition
    members: dict[str, list[Series]]
    window: Period | None
    known: frozenset[str]


def top_answer(
    source: Figures,
    patterns: Sequence[str],
    wanted: Query,
    *,
    by_growth: bool = False,
    limit: int | None = None,
) -> Answer:
    """Rows from the largest down, with the positions that the bounds allow.

    Ranked are the series that *patterns* name, else one series per subject or, broken down by
    destination, per place; *by_growth* by their growth. UsageError where nothing says what.
    """
    words = source.words
    chooser = _Chooser(source, wanted)
    to_rank = chooser.named(patterns) if patterns else chooser.chosen()
    found: list[tuple[Operand, Figure]] = []
    without_growth: list[str] = []
    for operand in to_rank.operands:
        figure = source.operand(*operand)
        if by_growth and figure.yoy is None:
            without_growth.append(chooser.name(operand.series))
        elif not is_missing(figure):
            found.append((operand, figure))
    found.sort(key=lambda pair: _size(_deciding(pair[1], by_growth)), reverse=True)
    operands = [operand for operand, _ in found]
    apart = fields_in_words(unlike_in(operands, words))
    figures = [figure for _, figure in found]
    bounds = [_deciding(figure, by_growth).bounds for figure in figures]
    rows = figure_rows(figures, words, subjects=True)
    for index, (row, figure) in enumerate(zip(rows, figures, strict=True)):
        if chooser.by == "destination":  # the title says what went there
            row["what"] = name_in(words.destinations, figure.series.destination)
        best, worst = _positions(bounds, index)
        row.update(position=index + 1, position_best=best, position_worst=worst)
    notes = list(to_rank.notes)
    if apart:
        notes.append(f"unlike rows, so no shares: {apart}")
    elif to_rank.whole is not None:
        whole = source.operand(*to_rank.whole)
        notes.append(f"shares are of {whole.id}")
        for row, figure in zip(rows, figures, strict=True):
            row.update(with_bounds("share", derive(SHARE, (figure, whole), unit=PERCENT)))
    elif len(figures) > 1 and not why_no_total(operands, words):
        notes.append("shares are of the rows together")
        for index, (row, figure) in enumerate(zip(rows, figures, strict=True)):
            rest = figures[:index] + figures[index + 1 :]
            row.update(with_bounds("share", share_of_total(figure, rest)))
    if without_growth:
        notes.append(f"no growth known: {', '.join(dict.fromkeys(without_growth))}")
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
        title=to_rank.title,
        hint=to_rank.hint,
    )


class _Chooser:
    """Decides what one question ranks: ``by`` subject, or ``by`` destination."""

    def __init__(self, source: Figures, wanted: Query) -> None:
        self._source = source
        self._words = source.words
        self._wanted = wanted
        self.by = "destination" if wanted.by == "destination" else "subject"

    def name(self, series: Series) -> str:
        """The id of what a series stands for in the ranking."""
        return series.destination if self.by == "destination" else series.subject

    def named(self, patterns: Sequence[str]) -> _ToRank:
        """The series that ids or globs name, each in its best window."""
        return _ToRank(
            [
                Operand(series, period)
                for series in series_named(self._source.store, patterns)
                if self._wanted.where.admits(series)
                and (period := known_window(self._source, series, self._wanted))
            ]
        )

    def chosen(self) -> _ToRank:
        """One series per subject or place, of the count that a reader expects."""
        where = self._wanted.where
        if not where.metrics:
            raise UsageError("top needs something to rank", "name series, or give --metric")
        everything = where.series(self._source.store)
        candidates = self._suited(everything)
        counts = self._counts(candidates)
        if not counts:
            return _ToRank([], hint=self._hint(everything))
        count = max(counts, key=self._weight)
        operands = self._operands(count)
        others = [each for each in counts if each is not count]
        return _ToRank(
            operands,
            self._whole(everything, count) if operands and self.by == "destination" else None,
            self._title(count),
            tuple(self._left_out(count, others, operands, set(everything) - set(candidates))),
        )

    def _suited(self, found: list[Series]) -> list[Series]:
        """What may be ranked at all: the whole for subjects, countries rather than regions."""
        if self._wanted.where.destinations:
            return found
        if self.by == "subject":
            return [each for each in found if each.destination in (WORLD, ABROAD)]
        places = [each for each in found if each.destination not in (WORLD, ABROAD)]
        countries = [each for each in places if not _is_region(each.destination, self._words)]
        return countries or places

    def _counts(self, candidates: Sequence[Series]) -> list[_Count]:
        """The counts with figures for the question, each in the window that most of it has."""
        groups: dict[_Definition, dict[str, list[Series]]] = {}
        for series in candidates:
            members = groups.setdefault(self._definition(series), {})
            members.setdefault(self.name(series), []).append(series)
        counts = []
        for definition, members in groups.items():
            windows = self._windows(members)
            if windows is None:
                known = _members_with(
                    members, lambda each: known_window(self._source, each, self._wanted)
                )
                if known:
                    counts.append(_Count(definition, members, None, known))
            elif windows:
                window = self._most_have(windows)
                counts.append(_Count(definition, members, window, frozenset(windows[window])))
        return counts

    def _definition(self, series: Series) -> _Definition:
        several = len(self._wanted.where.metrics) > 1  # asked for together, so ranked together
        metric = "" if several else series.metric
        if self.by == "destination":
            of_places = (series.scope, series.unit, series.publisher, series.method)
            return _Definition(series.subject, metric, *of_places)
        publisher = _OWN if self._words.is_own_count(series.publisher) else series.publisher
        kind = "" if self._wanted.where.subjects else _kind(series.subject, self._words)
        return _Definition("", metric, "", series.unit, publisher, "", kind)

    def _windows(self, members: dict[str, list[Series]]) -> dict[Period, frozenset[str]] | None:
        """Who is known in which window asked for; None where each has a date of its own."""
        when = self._wanted.when
        first = next(iter(members.values()))[0]
        metric = self._words.metrics.get(first.metric)
        if metric is not None and metric.kind in _NOT_OVER_TIME:
            return None
        if when.period is not None and when.period.is_undated:
            return None
        windows: dict[Period, set[str]] = {}
        for name, series in members.items():
            for each in self._source.of_all(series):
                observed = set(each.observed_periods)
                for period in answering(each, self._wanted):
                    if period in observed and not period.is_undated:
                        windows.setdefault(period, set()).add(name)
        exact = when.period
        if exact is not None:
            return {
                exact: frozenset(windows.get(exact, ()))
                or _members_with(members, lambda each: self._is_known(each, exact))
            }
        picked = when.pick(sorted(windows, key=lambda period: period.sort_key))
        return {period: frozenset(windows[period]) for period in picked}

    def _is_known(self, series: Series, period: Period) -> bool:
        return is_known(self._source.operand(series, period), self._wanted)

    def _most_have(self, windows: dict[Period, frozenset[str]]) -> Period:
        """The year asked for, unless most lack it; else the window that most have.

        Of several, the longest; where no year was asked for, the newest.
        """
        most = max(len(names) for names in windows.values())
        year = self._wanted.when.year_period
        if year in windows and 2 * len(windows[year]) >= most:
            return year

        def weight(period: Period) -> tuple[int, date, int]:
            newest = period.end if year is None else None
            return len(windows[period]), newest or date.min, period.months or 0

        return max(windows, key=weight)

    def _weight(self, count: _Count) -> tuple[bool, bool, bool, int, int, str]:
        """What can be ranked at all, by a counter with a name, first; then what one expects.

        That is all vehicles before a part of them, makers before countries and industries, and of
        what is left the count with most members.
        """
        definition = count.definition
        every = itertools.chain.from_iterable(count.members.values())
        windows = sum(len(self._source.of(each).observed_periods) for each in every)
        expected = definition.kind in ("", _MAKERS)
        if self.by == "destination":
            expected = definition.scope == "all"
        several, named = len(count.known) > 1, definition.publisher != UNNAMED
        return several, named, expected, len(count.known), windows, str(definition)

    def _operands(self, count: _Count) -> list[Operand]:
        """One series each: counted as most are, stated before derived, the widest scope first."""
        window = count.window

        def is_stated(series: Series) -> bool:
            return window is None or window in self._source.of(series).observed_periods

        every = itertools.chain.from_iterable(count.members.values())
        methods = Counter(each.method for each in every if is_stated(each))
        usual = methods.most_common(1)[0][0] if methods else ""

        def order(series: Series) -> tuple[bool, bool, bool, int, str]:
            depth = len(list(self._words.scope_and_wholes(series.scope)))
            abroad = series.destination == ABROAD
            return (series.method != usual, abroad, not is_stated(series), depth, series.id)

        operands = []
        for series in count.members.values():
            for each in sorted(series, key=order):
                period = self._period_of(each, window)
                if period is not None:
                    operands.append(Operand(each, period))
                    break
        return operands

    def _period_of(self, series: Series, window: Period | None) -> Period | None:
        """The window, if there is a figure; one that was asked for by name may be derived."""
        when = self._wanted.when
        if window is None:
            return known_window(self._source, series, self._wanted)
        by_name = window in (when.period, when.year_period)
        if not by_name and window not in self._source.of(series).observed_periods:
            return None
        return window if self._is_known(series, window) else None

    def _whole(self, everything: Iterable[Series], count: _Count) -> Operand | None:
        """What went to the world by the same count, if it is stated for the same window."""
        window = count.window
        for series in everything:
            same = self._definition(series)._replace(metric=series.metric) == count.definition
            if (
                series.destination == WORLD
                and same
                and window is not None
                and window in self._source.of(series).observed_periods
            ):
                return Operand(series, window)
        return None

    def _title(self, count: _Count) -> str:
        words, definition = self._words, count.definition
        parts = ["Ranking"]
        if self.by == "destination":
            parts.append(name_in(words.subjects, definition.subject))
        if definition.metric in words.metrics:
            parts.append(words.metrics[definition.metric].name)
        if definition.scope in words.scopes:
            parts.append(words.scopes[definition.scope].name)
        if definition.publisher not in ("", _OWN):
            parts.append(f"counted by {words.publisher_name(definition.publisher)}")
        if count.window is not None:
            parts.append(str(count.window))
        return " · ".join(parts)

    def _left_out(
        self,
        count: _Count,
        others: Sequence[_Count],
        operands: Sequence[Operand],
        unsuited: Iterable[Series],
    ) -> Iterator[str]:
        """What has a figure but no place in this ranking, and how to rank it."""
        ranked = {self.name(operand.series) for operand in operands}
        without = [each for each in count.members if each not in ranked]
        if count.window is not None and without:
            yield f"no figure for {count.window}: {first_few(without)}"
        if self.by == "destination" and not self._wanted.where.destinations:
            regions = {
                each.destination
                for each in unsuited
                if each.destination not in (WORLD, ABROAD)
                and known_window(self._source, each, self._wanted)
            }
            if regions:
                names = first_few(sorted(regions))
                yield f"regions are not ranked among countries: {names} (--destination names them)"
        counts = [self._in_words(each) for each in others if each.known - ranked]
        if counts:
            yield f"other counts are left out: {first_few(counts)}"

    def _in_words(self, count: _Count) -> str:
        """A count in a few words: what it counts, who counted, how many members it has."""
        words, definition = self._words, count.definition
        parts = []
        if definition.subject not in ("", "CN"):
            parts.append(name_in(words.subjects, definition.subject))
        if definition.kind:
            parts.append(definition.kind)
        if definition.scope:
            scope = words.scopes.get(definition.scope)
            parts.append(scope.name.lower() if scope else definition.scope)
        parts.append(f"by {words.publisher_name(definition.publisher)}")
        return f"{' '.join(parts)} ({len(count.known)})"

    def _hint(self, everything: Sequence[Series]) -> str:
        if self.by == "subject" and not self._wanted.where.destinations:
            known = {
                each.series.destination for each in self._source.of_all(everything) if each.periods
            }
            places = sorted(known - {WORLD, ABROAD})
            if places:
                names = first_few(places)
                return f"counted by destination only: add --destination, one of {names}"
        return "nothing to rank"


def _members_with(
    members: Mapping[str, Iterable[Series]], known: Callable[[Series], object]
) -> frozenset[str]:
    """Those of whom one series at least is known."""
    return frozenset(name for name, series in members.items() if any(map(known, series)))


def _is_region(destination: str, words: Vocabulary) -> bool:
    """Whether a destination is more than one country: it has members, or no country's code."""
    known = words.destinations.get(destination)
    return len(destination) != 2 or bool(known and known.members)


def _kind(subject: str, words: Vocabulary) -> str:
    """A country is not ranked among makers, nor an industry among its members."""
    known = words.subjects.get(subject)
    if known is None or known.kind in MAKER_KINDS:
        return _MAKERS
    return known.kind.value


def _positions(bounds: Sequence[Bounds], index: int) -> tuple[int, int]:
    """The best and worst position that the bounds allow, counted from one."""
    low, high = bounds[index]
    best = worst = 1
    for other_low, other_high in (*bounds[:index], *bounds[index + 1 :]):
        if other_low is not None and high is not None and other_low > high:
            best += 1
        if other_high is None or low is None or other_high > low:
            worst += 1
    return best, worst


def _deciding(figure: Figure, by_growth: bool) -> Figure | Quantity:
    return figure.yoy if by_growth and figure.yoy is not None else figure


def _size(number: Figure | Quantity) -> tuple[bool, Fraction]:
    best = next((each for each in (number.value, *number.bounds) if each is not None), None)
    return (best is not None, best or Fraction(0))
