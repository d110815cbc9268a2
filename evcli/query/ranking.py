"""Rankings: one count of one thing in one window, with the positions that bounds allow.

Figures of different windows, or of different counters, say nothing about who is larger. So what
is ranked is defined alike: of the counts that the question allows, the one with most members.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from evcli.core.comparability import OWN_COUNTS, Operand, adds_up, window_name
from evcli.core.derive import PERCENT, derive, with_growth
from evcli.core.formula import SHARE
from evcli.model import ABROAD, WORLD
from evcli.model.answer import SCREEN_ROWS, Answer, Column, HumanColumn, Kind, View, views_of
from evcli.model.figure import Figure
from evcli.model.period import Period, Window
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Series
from evcli.model.vocabulary import MAKER_KINDS, name_in, short_in
from evcli.query.choice import common_window, counts
from evcli.query.compare import shares_of_total
from evcli.query.figures import Figures, is_missing
from evcli.query.names import names_apart, small
from evcli.query.rows import (
    FIGURE_COLUMNS,
    figure_rows,
    figure_views,
    footnotes,
    share_columns,
    with_bounds,
)
from evcli.query.selection import (
    UNNAMED,
    Query,
    When,
    answering,
    is_known,
    known_window,
    series_named,
)
from evcli.query.titles import place_name, topic_title
from evcli.query.topic_screen import is_region
from evcli.query.topic_table import TOPICS
from evcli.query.topics import chief_year, is_stock
from evcli.text.lists import first_few, listed

_MOST_NAMES = 5
_OWN = "own count"
_MAKERS = "makers"
_POSITION_COLUMNS = (
    Column(
        "position",
        Kind.NUMBER,
        description="Place by value; empty where only a lower bound is known.",
        shown=HumanColumn("", View.POSITION, ("position", "position_best", "position_worst")),
    ),
    Column("position_best", Kind.NUMBER, description="The best place that the bounds allow."),
    Column("position_worst", Kind.NUMBER, description="The worst place that the bounds allow."),
)
_SHARE_COLUMNS = share_columns(optional=4)
TOP_COLUMNS: tuple[Column, ...] = (*FIGURE_COLUMNS, *_POSITION_COLUMNS, *_SHARE_COLUMNS)
_TOP_VIEWS = (*views_of(_POSITION_COLUMNS), *figure_views(*views_of(_SHARE_COLUMNS)))


class _Count(NamedTuple):
    """The series that are counted alike, by what is ranked, and the window in which they are.

    ``like`` is one of them, and ``kind`` what their subjects are; ``window`` is None where each has
    a date of its own; ``known`` are those with a figure.
    """

    like: Series
    kind: str
    members: Mapping[str, Sequence[Series]]
    window: Period | None
    known: set[str]


class _ToRank(NamedTuple):
    """What is ranked, the whole it is a share of (if that is known), and what is said about it."""

    operands: Sequence[Operand]
    title: str = "Ranking"
    whole: Operand | None = None
    more: str = ""
    notes: Sequence[str] = ()
    hint: str = "nothing to rank"


def top_answer(
    source: Figures, wanted: Query, *, by_growth: bool = False, limit: int | None = None
) -> Answer:
    """Rows from the largest down, with the positions that the bounds allow.

    Ranked are the series that are named by id, else one series per subject or, broken down by
    destination, per place; *by_growth* by their growth, and at most *limit* of them. Of what only
    a lower bound is known there is no place: it stands last.
    """
    words = source.words
    by = "destination" if wanted.by == "destination" else "subject"
    chooser = _Chooser(source, wanted, by)
    to_rank = _named(source, wanted) if wanted.series else chooser.chosen()
    found = [(each, _grown(source, each)) for each in to_rank.operands]
    ranked = [
        (operand, figure)
        for operand, figure in found
        if (figure.yoy is not None if by_growth else not is_missing(figure))
    ]
    ranked.sort(key=lambda pair: _rank(pair[1], by_growth), reverse=True)
    operands = [operand for operand, _ in ranked]
    figures = [figure for _, figure in ranked]
    bounds = [_deciding(figure, by_growth).bounds for figure in figures]
    placed = bounds if by_growth else [each for each in bounds if each.high is not None]
    rows = figure_rows(figures, words, names_apart([each.series for each in figures], words))
    for index, (row, figure) in enumerate(zip(rows, figures, strict=True)):
        if not wanted.series:  # the title says the rest
            row["what"] = chooser.label(chooser.name(figure.series))
        if index < len(placed):
            best, worst = _positions(placed, index)
            row.update(position=index + 1, position_best=best, position_worst=worst)
    notes = list(to_rank.notes)
    if len(figures) > 1 and to_rank.whole is None and not adds_up(operands, words):
        notes.append("no shares: the rows are counted in different ways")
    elif any(figure.bounds.high is None for figure in figures):
        notes.append("no shares: of some only a lower bound is known")
    elif to_rank.whole is not None:
        whole = source.operand(*to_rank.whole)
        notes.append(f"shares are of {whole.id}")
        for row, figure in zip(rows, figures, strict=True):
            row.update(with_bounds("share", derive(SHARE, (figure, whole), unit=PERCENT)))
    elif len(figures) > 1:
        notes.append("shares are of the rows together")
        for row, share in zip(rows, shares_of_total(figures), strict=True):
            row.update(with_bounds("share", share))
    unknown = [chooser.label(chooser.name(o.series)) for o, _ in found if o not in operands]
    if by_growth and unknown:
        notes.append(f"no growth known: {', '.join(dict.fromkeys(unknown))}")
    if limit is not None and limit < len(rows):
        notes.append(f"{limit} of {len(rows)} rows shown (--limit)")
        rows = rows[:limit]
    own = {each.series.publisher for each in operands if words.is_own_count(each.series.publisher)}
    return Answer(
        TOP_COLUMNS,
        rows,
        _TOP_VIEWS,
        footnotes=footnotes(rows, source.store),
        notes=tuple(notes),
        title=f"{to_rank.title}{' · by growth' if by_growth else ''}",
        hint=to_rank.hint,
        caution=OWN_COUNTS if len(own) > 1 else "",
        more=to_rank.more,
        screen=tuple(range(SCREEN_ROWS)) if len(rows) > SCREEN_ROWS else None,
    )


def _named(source: Figures, wanted: Query) -> _ToRank:
    """The series that ids or globs name, in the newest window that all have, or that most have."""
    every = series_named(source.store, wanted.series)
    named = [each for each in every if wanted.where.admits(each)]
    window = common_window(source, named, wanted)
    own = [(each, window or known_window(source, each, wanted)) for each in named]
    operands = [Operand(each, period) for each, period in own if period is not None]
    flows = [e for e in operands if window_name(*e, source.words) not in ("instant", "undated")]
    usual = Counter(each.period for each in flows).most_common(1)
    left = [each for each in flows if each.period != usual[0][0]]
    ids = ", ".join(f"{each.series.id} ({each.period})" for each in left)
    return _ToRank(
        [each for each in operands if each not in left],
        notes=[f"of other windows, so not ranked: {ids}"] if left else [],
    )


class _Chooser:
    """Decides what one question ranks: ``by`` subject, or ``by`` destination."""

    def __init__(self, source: Figures, wanted: Query, by: str) -> None:
        self._source, self._words, self.by = source, source.words, by
        metrics = wanted.where.metrics or _usual(wanted, by)
        self._wanted = wanted._replace(where=wanted.where._replace(metrics=metrics))

    def chosen(self) -> _ToRank:
        """One series per subject or place, of the count that a reader expects."""
        everything = self._wanted.where.series(self._source.store)
        candidates = self._suited(everything)
        if self.by == "subject" and not any(self._kind(each) == _MAKERS for each in candidates):
            candidates = self._of_same_topic() or candidates
        found = self._counts(candidates)
        if not found:
            return _ToRank([], hint=self._hint(everything))
        count = max(found, key=self._weight)
        operands = list(self._operands(count))
        ranked = {self.name(each.series) for each in operands}
        others = [self._in_words(each) for each in found if each is not count]
        return _ToRank(
            operands,
            self._title(count),
            self._whole(everything, count) if self.by == "destination" else None,
            self._missing(count, ranked),
            [f"not ranked here: {first_few(others)}"] if others else [],
        )

    def label(self, id: str) -> str:
        """The name of a place or of a maker."""
        if self.by == "destination":
            return name_in(self._words.destinations, id)
        return short_in(self._words.subjects, id)

    def name(self, series: Series) -> str:
        """The id of what a series stands for in the ranking."""
        return series.destination if self.by == "destination" else series.subject

    def _suited(self, found: Sequence[Series]) -> list[Series]:
        """What may be ranked at all: the whole for subjects, countries rather than regions."""
        if self._wanted.where.destinations:
            return list(found)
        if self.by == "subject":
            return [each for each in found if each.destination in (WORLD, ABROAD)]
        places = [each for each in found if each.destination not in (WORLD, ABROAD)]
        countries = [each for each in places if not is_region(each.destination, self._words)]
        return countries or places

    def _of_same_topic(self) -> list[Series]:
        """Makers' series of another measure of the same topic: pledges, where none invests."""
        asked = self._wanted.where.metrics
        topic = next((each for each in TOPICS.values() if set(asked) <= set(each.first)), None)
        for metric in topic.first if topic else ():
            where = self._wanted.where._replace(metrics=(metric,))
            found = self._suited(where.series(self._source.store))
            if makers := [each for each in found if self._kind(each) == _MAKERS]:
                return makers
        return []

    def _kind(self, series: Series) -> str:
        """A country is not ranked among makers, nor an industry among its members."""
        known = self._words.subjects.get(series.subject)
        return _MAKERS if known is None or known.kind in MAKER_KINDS else known.kind.value

    def _alike(self, series: Series) -> tuple[str, ...]:
        """What all that one ranking compares has in common."""
        several = len(self._wanted.where.metrics) > 1  # asked for together, so ranked together
        metric = "" if several else series.metric
        if self.by == "destination":
            unit, counter = series.unit, series.publisher
            return series.subject, metric, series.scope, unit, counter, series.method
        kind = "" if self._wanted.where.subjects else self._kind(series)
        return metric, series.unit, self._counter(series), kind

    def _counter(self, series: Series) -> str:
        own = self._words.is_own_count(series.publisher)
        return _OWN if own else self._words.publisher_name(series.publisher)

    def _counts(self, candidates: Sequence[Series]) -> list[_Count]:
        """The counts with figures for the question, each in the window that most of it has."""
        groups: dict[tuple[str, ...], dict[str, list[Series]]] = {}
        for series in candidates:
            members = groups.setdefault(self._alike(series), {})
            members.setdefault(self.name(series), []).append(series)
        found = []
        for members in groups.values():
            like = next(iter(members.values()))[0]
            window, known = self._window(members)
            if known:
                found.append(_Count(like, self._kind(like), members, window, known))
        return found

    def _window(self, members: Mapping[str, Sequence[Series]]) -> tuple[Period | None, set[str]]:
        """The window that is ranked, and who is known in it; None where each has its own date.

        The year asked for, or the last full one, unless most lack it; else the window that most
        have: of several the longest, and where no year was asked for the newest.
        """
        when = self._wanted.when
        every = list(itertools.chain.from_iterable(members.values()))
        if is_stock(self._source, every[0]) or (when.period and when.period.is_undated):
            return None, self._known_in(members, None)
        if when.period is not None:
            return when.period, self._known_in(members, when.period)
        windows: dict[Period, set[str]] = {}
        for name, series in members.items():
            for each in self._source.of_all(series):
                observed = set(each.observed_periods).intersection(answering(each, self._wanted))
                for period in observed:
                    if not period.is_undated:
                        windows.setdefault(period, set()).add(name)
        picked = when.pick(sorted(windows, key=lambda period: period.sort_key))
        if not picked:
            return when.year_period, set()
        year = chief_year([[p] for p in picked for _ in windows[p]], when)
        most = max(len(windows[period]) for period in picked)
        if year in windows and 2 * len(windows[year]) >= most:
            return year, windows[year]

        def weight(period: Period) -> tuple[int, date, int]:
            newest = period.end if when.year is None else None
            return len(windows[period]), newest or date.min, period.months or 0

        window = max(picked, key=weight)
        return window, windows[window]

    def _known_in(self, members: Mapping[str, Sequence[Series]], window: Period | None) -> set[str]:
        known = (each for series in members.values() for each in series)
        return {self.name(each) for each in known if self._operand(each, window) is not None}

    def _operand(self, series: Series, window: Period | None) -> Operand | None:
        """The series in the window, or in its own newest, if there is a figure."""
        period = window or known_window(self._source, series, self._wanted)
        if period is None or not is_known(self._source.operand(series, period), self._wanted):
            return None
        return Operand(series, period)

    def _weight(self, count: _Count) -> tuple[bool, bool, bool, int, int, str]:
        """What can be ranked at all, by a counter with a name, first; then what one expects.

        That is all vehicles before a part of them, makers before countries and industries, and of
        what is left the count with most members.
        """
        every = itertools.chain.from_iterable(count.members.values())
        windows = sum(len(self._source.of(each).observed_periods) for each in every)
        expected = bool(self._wanted.where.subjects) or count.kind == _MAKERS
        if self.by == "destination":
            expected = count.like.scope == "all"
        several, named = len(count.known) > 1, count.like.publisher != UNNAMED
        return several, named, expected, len(count.known), windows, str(self._alike(count.like))

    def _operands(self, count: _Count) -> Iterator[Operand]:
        """One series each: that which stands for its subject by the one rule of all commands.

        A window that is no year, and was not asked for, is ranked only where it is stated.
        """
        window, wanted = count.window, self._wanted
        by_name = window in (None, wanted.when.period) or window.window is Window.YEAR
        for name, members in count.members.items():
            series = members
            if self.by == "subject":
                when = wanted.when if window is None else When(period=window)
                where = wanted.where._replace(subjects=(name,), metrics=(members[0].metric,))
                stands = counts(self._source, wanted._replace(where=where, when=when, by=""))
                series = [each for each in stands if each in members] or members
            for each in series:
                if not by_name and window not in self._source.of(each).observed_periods:
                    continue
                if operand := self._operand(each, window):
                    yield operand
                    break

    def _whole(self, everything: Sequence[Series], count: _Count) -> Operand | None:
        """What went to the world by the same count, if it is stated for the same window."""
        window = count.window
        for each in everything:
            same = self._alike(each) == self._alike(count.like._replace(metric=each.metric))
            stated = window in self._source.of(each).observed_periods
            if each.destination == WORLD and same and window is not None and stated:
                return Operand(each, window)
        return None

    def _title(self, count: _Count) -> str:
        words, like, where = self._words, count.like, self._wanted.where
        by_place = self.by == "destination"
        scopes = (like.scope,) if by_place and like.scope != "all" else where.scopes
        if by_place and like.metric == "exports":
            only = where._replace(subjects=(like.subject,), scopes=scopes, destinations=())
            what = topic_title(TOPICS["exports"].titles, words, self._wanted._replace(where=only))
        elif like.metric == "exports":
            what = "Vehicle exports by maker"
        else:
            what = name_in(words.metrics, like.metric)
            names = [small(words.scopes[each].name) for each in scopes if each in words.scopes]
            what += f" of {listed(names)}" if names else ""
        if where.destinations and not by_place:
            what += f" in {listed([place_name(words, each) for each in where.destinations])}"
        counter = self._counter(like)
        parts = [
            f"{what} by destination" if by_place else what,
            "makers' own counts" if counter == _OWN else f"counted by {counter}",
        ]
        return " · ".join([*parts, count.window.label] if count.window else parts)

    def _missing(self, count: _Count, ranked: set[str]) -> str:
        """Who is counted otherwise but has no figure here, in one line."""
        belongs = self._words.belongs_to
        without = [
            each
            for each in count.members
            if each not in ranked
            and not any(belongs(each, o) or belongs(o, each) for o in ranked)
            and not any(belongs(each, o) for o in count.members if o != each)
        ]
        if count.window is None or not without:
            return ""
        names = sorted(map(self.label, without))
        return f"not known for {count.window.label}: {first_few(names, _MOST_NAMES)}"

    def _in_words(self, count: _Count) -> str:
        """A count in a few words: what it counts, who counted, how many members it has."""
        by_place = self.by == "destination"
        what = short_in(self._words.scopes, count.like.scope) if by_place else count.kind
        return f"{what} by {self._counter(count.like)} ({len(count.known)})"

    def _hint(self, everything: Sequence[Series]) -> str:
        if self.by == "subject" and not self._wanted.where.destinations:
            known = {e.series.destination for e in self._source.of_all(everything) if e.periods}
            if places := first_few(sorted(known - {WORLD, ABROAD})):
                return f"counted by destination only: add --destination, one of {places}"
        return "nothing to rank"


def _usual(wanted: Query, by: str) -> tuple[str, ...]:
    """What is ranked where nothing is said: places by exports, makers by what they sold abroad."""
    if by == "destination":
        return ("exports",)
    return ("registrations",) if wanted.where.destinations else ("overseas-sales",)


def _grown(source: Figures, operand: Operand) -> Figure:
    """The figure with its growth; a disputed level grows by the range of all that is stated."""
    figure = source.operand(*operand)
    if not figure.disputed or figure.yoy is not None or operand.period.is_undated:
        return figure
    return with_growth(figure, source.operand(operand.series, operand.period.year_before()))


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


def _rank(figure: Figure, by_growth: bool) -> tuple[bool, bool, Fraction]:
    """The largest first; what only has a lower bound after all others, unless *by_growth*."""
    number = _deciding(figure, by_growth)
    best = next((each for each in (number.value, *number.bounds) if each is not None), None)
    return by_growth or number.bounds.high is not None, best is not None, best or Fraction(0)
