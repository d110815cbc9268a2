"""Rankings: one count of one thing in one window, with the positions that bounds allow.

Figures of different windows, or of different counters, say nothing about who is larger. So what
is ranked is defined alike: of the counts that the question allows, the one with most members.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from operator import attrgetter, itemgetter

from evcli.core.comparability import Operand, adds_up, own_count_warning, window_name
from evcli.core.formula import PERCENT, SHARE, derive, with_growth
from evcli.grouping import grouped
from evcli.model import EVERYWHERE, WORLD
from evcli.model.answer import Answer, layout_of
from evcli.model.figure import Figure
from evcli.model.period import Period, Window
from evcli.model.quantity import Bounds, Quantity, known_number
from evcli.model.records import Series
from evcli.model.vocabulary import MAKER_KINDS, OWN_COUNT, UNNAMED, name_in
from evcli.query import rows
from evcli.query.computed import shares_of_total
from evcli.query.figures import Figures
from evcli.query.operands import common_window, counts, nothing_hint
from evcli.query.selection import Query, When, answering, is_known, known_window, series_named
from evcli.query.titles import names_apart, place_name, short_name, small, topic_title
from evcli.query.topic_answer import is_region
from evcli.query.topic_table import TOPICS
from evcli.text.lists import first_few, listed
from evcli.tuples import NamedTuple

_MOST_NAMES = 5
_MAKERS = "makers"
_OF_RANKING = layout_of("ranked")
TOP_COLUMNS = (*rows.FIGURE_COLUMNS, *_OF_RANKING.columns)
_PLACE, _SHARE = _OF_RANKING.views
_TOP_VIEWS = (_PLACE, *rows.figure_views(_SHARE))
_EMPTY = Answer(TOP_COLUMNS, [], _TOP_VIEWS, title="Ranking", hint="nothing to rank")
# what is said of a ranking, what is ranked, and the whole it is a share of, if that is known
_Ranked = tuple[Answer, Sequence[Operand], Figure | None]


class _Count(NamedTuple):
    """The series that are counted alike, by what is ranked, and the window in which they are.

    ``known`` are those with a figure; ``window`` is None where each has a date of its own.
    """

    members: Mapping[str, Sequence[Series]]
    window: Period | None
    known: set[str]

    @property
    def like(self) -> Series:
        """One of them."""
        return next(chain.from_iterable(self.members.values()))


def top_answer(
    source: Figures,
    wanted: Query,
    *,
    by_growth: bool = False,
    limit: int | None = None,
    shown: int | None = None,
) -> Answer:
    """Rows from the largest down, with the positions that the bounds allow.

    Ranked are the series that are named by id, else one series per subject or, broken down by
    destination, per place; *by_growth* by their growth, and at most *limit* of them. Of what only
    a lower bound is known there is no place: it stands last. Rows are made for the first *shown*
    (None: all).
    """
    words = source.words
    chooser = _Chooser(source, wanted)
    told, to_rank, whole = _named(source, wanted) if wanted.series else chooser.chosen()

    def grown(each: Operand) -> Figure:
        figure = source.operand(*each)
        if figure.disputed and figure.yoy is None and not each.period.is_undated:
            # it grows by the range of all that is stated
            figure = with_growth(figure, source.operand(each.series, each.period.year_before()))
        return figure

    found = [(each, grown(each) if by_growth else source.level(*each)) for each in to_rank]
    ranked = [
        (by_growth or number.bounds.high is not None, float(size), size, each, level, number.bounds)
        for each, level in found
        if (number := level.yoy if by_growth else level) is not None
        and (size := known_number(number)) is not None
    ]
    ranked.sort(key=itemgetter(0, 1, 2), reverse=True)
    operands, levels = [each[3] for each in ranked], [each[4] for each in ranked]
    ids = {chooser.name(each.series) for each, _ in found}
    # the title says the rest
    what = names_apart([each.series for each in levels], words) if wanted.series else []
    notes, views = list(told.notes), told.views
    rows_made = len(operands[:limit][:shown])
    shares: Sequence[Quantity | Figure] = []
    if len(levels) > 1 and whole is None and not adds_up(operands, words):
        notes.append("no shares: the rows are counted in different ways")
    elif any(figure.bounds.high is None for figure in levels):
        notes.append("no shares: of some only a lower bound is known")
    elif whole is not None:
        notes.append(f"shares are of {whole.id}")
        shares = [derive(SHARE, (each, whole), unit=PERCENT) for each in levels[:rows_made]]
    elif len(levels) > 1:
        notes.append("shares are of the rows together")
        shares = shares_of_total(levels, rows_made)
        views = tuple(e._replace(head="of these") if e.head == "share" else e for e in views)
    figures = [grown(each) for each in operands[:rows_made]]
    named = [chooser.label(chooser.name(each.series), ids) for each in operands[:rows_made]]
    made = rows.figure_rows(figures, words, what[:rows_made] or named)
    bounds = [bounds for closed, *_, bounds in ranked if closed]
    for row, place in zip(made, _places(bounds), strict=False):  # the last may have none
        row |= zip(_PLACE.fields, place, strict=True)
    for row, share in zip(made, shares, strict=False):  # of which there may be none
        row |= rows.with_bounds("share", share)
    placed = set(operands) if by_growth else ()
    out = [each.series for each, _ in found if by_growth and each not in placed]
    if unknown := dict.fromkeys(chooser.label(chooser.name(each), ids) for each in out):
        notes.append(f"no growth known: {', '.join(unknown)}")
    every = len(operands[:limit])
    if every < len(operands):
        notes.append(f"{every} of {len(operands)} rows shown (--limit)")
    cut = f"{rows_made} of {every:,} rows: --all" if rows_made < every else ""
    return told._replace(
        rows=made,
        views=views,
        footnotes=rows.footnotes(made, source.store),
        notes=tuple(notes),
        title=f"{told.title}{' · by growth' if by_growth else ''}",
        caution="; ".join(own_count_warning(operands, words)),
        screen=rows.screenful(made),
        more="; ".join(filter(None, (told.more, cut))),
        figures=rows.by_id(figures, words),
    )


def _named(source: Figures, wanted: Query) -> _Ranked:
    """The series that ids or globs name, in the newest window that all have, or that most have."""
    named = [*filter(wanted.where.admits, series_named(source.store, wanted.series))]
    window = common_window(source, named, wanted)
    own = [(each, window or known_window(source, each, wanted)) for each in named]
    operands = [Operand(each, period) for each, period in own if period is not None]
    flows = [e for e in operands if window_name(*e, source.words) not in ("instant", "undated")]
    usual = Counter(each.period for each in flows).most_common(1)
    left = [each for each in flows if each.period != usual[0][0]]
    ids = ", ".join(f"{each.series.id} ({each.period})" for each in left)
    notes = (f"of other windows, so not ranked: {ids}",) if left else ()
    return _EMPTY._replace(notes=notes), [each for each in operands if each not in left], None


class _Chooser:
    """Decides what one question ranks: places, or subjects."""

    def __init__(self, source: Figures, wanted: Query) -> None:
        self._source, self._words = source, source.words
        self._by_place = wanted.by == "destination"
        where = wanted.where
        if not self._by_place and set(where.destinations) <= set(EVERYWHERE):
            where = where.having("destination", ())
        # places by exports, makers by what they sold abroad
        usual = "registrations" if where.destinations else "overseas-sales"
        metrics = where.metrics or ("exports" if self._by_place else usual,)
        self._where = where._replace(metrics=metrics)
        self._wanted = wanted._replace(where=self._where)

    def chosen(self) -> _Ranked:
        """One series per subject or place, of the count that a reader expects."""
        everything = self._where.series(self._source.store)
        candidates = self._suited(everything)
        if not self._by_place and not any(self._kind(each) == _MAKERS for each in candidates):
            # makers by another measure of the same topic: pledges, where none invests
            asked = set(self._where.metrics)
            first = next((each.first for each in TOPICS.values() if asked <= set(each.first)), ())
            some = self._where.having("metric", first).series(self._source.store) if first else []
            makers = [each for each in self._suited(some) if self._kind(each) == _MAKERS]
            by_metric = grouped(makers, attrgetter("metric"))
            candidates = next((by_metric[e] for e in first if e in by_metric), candidates)
        self._source.of_all(candidates)  # read at once
        alike = grouped(candidates, self._alike).values()
        counted = (self._count(grouped(each, self.name)) for each in alike)
        found = [each for each in counted if each.known]
        if not found:
            every = self._source.of_all(everything)
            hint = nothing_hint(self._source, every, self._wanted)
            places = {e.series.destination for e in every if e.periods}.difference(EVERYWHERE)
            if places and not self._by_place and not self._where.destinations:
                few = first_few(sorted(places))
                hint = f"counted by destination only: add --destination, one of {few}"
            return _EMPTY._replace(hint=hint), [], None
        count = max(found, key=self._weight) if found[1:] else found[0]
        operands = list(self._operands(count))
        rest = ((each.like, len(each.known)) for each in found if each is not count)
        by = self._words.counter
        others = [f"{self._kind(e)} by {by(e.publisher)} ({known})" for e, known in rest]
        told = _EMPTY._replace(
            title=self._title(count),
            more=self._missing(count, {self.name(each.series) for each in operands}),
            notes=(f"not ranked here: {first_few(others)}",) if others else (),
        )
        window, like = count.window, self._alike(count.like)
        wholes = (  # what went to the world by the same count, stated for the same window
            self._source.operand(each, window)
            for each in everything
            if window and self._by_place and each.destination == WORLD
            if self._alike(each) == like and window in self._source.of(each).observed_periods
        )
        return told, operands, next(wholes, None)

    def label(self, id: str, ranked: Collection[str] = ()) -> str:
        """The name of a place or of a maker, with its group where that is *ranked*, too."""
        if self._by_place:
            return short_name("destination", id, self._words)
        groups = [e for e in self._words.subject_and_groups(id) if e != id and e in ranked]
        name, *group = (short_name("subject", each, self._words) for each in (id, *groups[:1]))
        return f"{name} ({group[0]})" if group else name

    def name(self, series: Series) -> str:
        """The id of what a series stands for in the ranking."""
        return series.destination if self._by_place else series.subject

    def _suited(self, found: Sequence[Series]) -> list[Series]:
        """What may be ranked at all: the whole for subjects, countries rather than regions."""
        if self._where.destinations:
            return list(found)
        places = [e for e in found if (e.destination in EVERYWHERE) != self._by_place]
        if not self._by_place:
            return places
        countries = [each for each in places if not is_region(each.destination, self._words)]
        return countries or places

    def _kind(self, series: Series) -> str:
        """The part that is counted in places; makers, which no country or industry is among."""
        if self._by_place:
            return short_name("scope", series.scope, self._words)
        known = self._words.subjects.get(series.subject)
        return _MAKERS if known is None or known.kind in MAKER_KINDS else known.kind.value

    def _alike(self, series: Series) -> tuple[str, ...]:
        """What all that one ranking compares has in common."""
        several = len(self._where.metrics) > 1  # asked for together, so ranked together
        metric, unit = "" if several else series.metric, series.unit
        if self._by_place:
            return series.subject, metric, series.scope, unit, series.publisher, series.method
        kind = "" if self._where.subjects else self._kind(series)
        place = series.destination if self._where.destinations else ""
        return metric, unit, self._words.counter(series.publisher), kind, place

    def _count(self, members: Mapping[str, Sequence[Series]]) -> _Count:
        """The *members* in the window that is ranked.

        The year asked for, or the last full one, unless most lack it; else the window that most
        have: of several the longest, and where no year was asked for the newest.
        """
        when = self._wanted.when
        like = next(chain.from_iterable(members.values()))

        def known_in(window: Period | None) -> set[str]:
            return {n for n in members if any(self._operand(e, window) for e in members[n])}

        by_date = self._words.is_stock(like.metric) or (when.period and when.period.is_undated)
        if by_date or when.period:
            window = None if by_date else when.period
            return _Count(members, window, known_in(window))
        windows: defaultdict[Period | None, set[str]] = defaultdict(set)
        for name, series in members.items():
            for each in self._source.of_all(series):
                known = each.observed_periods
                if self._wanted.where.sources:
                    known = [*{*known}.intersection(answering(each, self._wanted))]
                for period in known:
                    windows[period].add(name)
        dated = [period for period in windows if period and not period.is_undated]
        picked = when.pick(sorted(dated, key=attrgetter("sort_key")))
        year = when.chief_year(period for period in picked for _ in windows[period])
        most = max((len(windows[period]) for period in picked), default=0)
        if year is not None:  # what follows for it counts as well
            windows[year] |= known_in(year)

        def weight(period: Period) -> tuple[int, date, int]:
            newest = period.end if when.year is None else None
            return len(windows[period]), newest or date.min, period.months or 0

        window = max(picked, key=weight, default=None)
        if year in windows and 2 * len(windows[year]) >= most:
            window = year
        return _Count(members, window, windows[window])

    def _operand(self, series: Series, window: Period | None) -> Operand | None:
        """The series in the window, or in its own newest, if there is a figure."""
        period = window or known_window(self._source, series, self._wanted)
        if period is None or not is_known(self._source.level(series, period), self._wanted):
            return None
        return Operand(series, period)

    def _weight(self, count: _Count) -> tuple[bool, bool, bool, int, int, str]:
        """What can be ranked at all, by a counter with a name, first; then what one expects.

        That is all vehicles before a part of them, makers before countries and industries, and of
        what is left the count with most members.
        """
        like, window = count.like, count.window
        # of how many the number is known, and not just a bound or a growth
        known = sum(
            window is None
            or any(None not in self._source.level(e, window).bounds for e in count.members[n])
            for n in count.known
        )
        every = self._source.of_all([*chain.from_iterable(count.members.values())])
        windows = sum(len(each.observed_periods) for each in every)
        expected = bool(self._where.subjects) or self._kind(like) == _MAKERS
        expected = like.scope == "all" if self._by_place else expected
        named = like.publisher != UNNAMED
        return known > 1, named, expected, known, windows, str(self._alike(like))

    def _operands(self, count: _Count) -> Iterator[Operand]:
        """One series each: that which stands for its subject by the one rule of all commands.

        A window that is no year, and was not asked for, is ranked only where it is stated.
        """
        window, wanted = count.window, self._wanted
        by_name = window in (None, wanted.when.period) or window.window is Window.YEAR
        for name, series in count.members.items():
            if not self._by_place and len(series) > 1:
                when = wanted.when if window is None else When(period=window)
                where = self._where._replace(subjects=(name,), metrics=(series[0].metric,))
                stands = counts(self._source, Query(where, when))
                series = [each for each in stands if each in series] or series
            stated = (s for s in series if by_name or window in self._source.of(s).observed_periods)
            operands = (self._operand(each, window) for each in stated)
            yield from islice(filter(None, operands), 1)

    def _title(self, count: _Count) -> str:
        words, like, where = self._words, count.like, self._where
        by_place, exports = self._by_place, like.metric == "exports"
        scopes = (like.scope,) if by_place and like.scope != "all" else where.scopes
        if by_place and exports:
            only = where._replace(subjects=(like.subject,), scopes=scopes, destinations=())
            what = topic_title(TOPICS["exports"].titles, words, self._wanted._replace(where=only))
        else:
            what = "Vehicle exports by maker" if exports else name_in(words.metrics, like.metric)
            names = [small(name_in(words.scopes, each)) for each in scopes]
            what += f" of {listed(names)}" if names and not exports else ""
        if where.destinations and not by_place:
            what += f" in {place_name(words, like.destination)}"
        counter = self._words.counter(like.publisher)
        who = "makers' own counts" if counter == OWN_COUNT else f"counted by {counter}"
        when = [count.window.label] if count.window else []
        return " · ".join([f"{what} by destination" if by_place else what, who, *when])

    def _missing(self, count: _Count, ranked: set[str]) -> str:
        """Who is counted otherwise but has no figure here, in one line."""
        groups = {each: self._words.subject_and_groups(each) for each in {*count.members, *ranked}}
        above = {group for each in ranked for group in groups[each]}  # and themselves
        names = sorted(
            self.label(each)
            for each in count.members
            if each not in above
            and ranked.isdisjoint(groups[each])
            and count.members.keys().isdisjoint(groups[each][1:])
        )
        if count.window is None or not names:
            return ""
        return f"not known for {count.window.label}: {first_few(names, _MOST_NAMES)}"


def _places(bounds: Sequence[Bounds]) -> Iterator[tuple[int, int, int]]:
    """The position of each, and the best and worst that the bounds allow, counted from one."""
    lows = sorted((float(low), low) for low, _ in bounds if low is not None)  # floats are quick
    highs = sorted((float(high), high) for _, high in bounds if high is not None)
    every = len(bounds)
    for place, (low, high) in enumerate(bounds, 1):
        above = 0 if high is None else len(lows) - bisect_right(lows, (float(high), high))
        below = every if low is None else every - bisect_right(highs, (float(low), low))
        yield place, 1 + above, below + (low == high is not None)
