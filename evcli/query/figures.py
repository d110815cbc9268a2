"""Figures of the store: stated, else derived."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cached_property, partial
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from evcli.errors import check_one_of
from evcli.grouping import grouped
from evcli.model.period import Period, parse_period

if TYPE_CHECKING:  # see the reader of the store: nothing of the records before names are resolved
    from fractions import Fraction

    from evcli.model.figure import Figure
    from evcli.model.records import Fact, Series
    from evcli.model.vocabulary import Vocabulary
    from evcli.query.later import Releases
    from evcli.query.solved import Answers
    from evcli.store.reader import Store, UnreadFact


VINTAGES = ("first", "now")
_LOOSE = 100  # bounds wider than that part of the number are worth a look at the windows inside
_WIDEST = 2  # what a derived figure may be wide: the upper bound over the lower


def is_missing(figure: Figure) -> bool:
    """Whether nothing at all is known of the figure's value."""
    return figure.value is None and figure.bounds == (None, None)


def is_loose(figure: Figure) -> bool:
    """Whether other facts may well tell it more closely: it is a hundredth wide, or open."""
    low, high = figure.bounds
    return low is None or high is None or (high != low and (high - low) * _LOOSE > low)


def is_answer(figure: Figure) -> bool:
    """Whether a figure says enough to be taken: any that is stated, or a close derived one."""
    low, high = figure.bounds
    if figure.basis == "derived":
        return low is not None and high is not None and high <= _WIDEST * low
    return not is_missing(figure)


def latest(periods: Iterable[Period]) -> Period | None:
    """The one that ends last, of several the shortest; None where none is dated."""
    dated = [(each.end, each.start, each) for each in periods if each.end and each.start]
    return max(dated)[-1] if dated else None


def nothing_after(known: Iterable[SeriesFigures], period: Period) -> str:
    """That nothing so late as *period* is recorded of any; empty where something may be."""
    newest = latest(each.newest for each in known if each.newest)
    late = newest and newest.end and period.start and period.start >= newest.end
    return f"nothing after {newest.label} is recorded" if newest and late else ""


class SeriesFigures:
    """All periods of one series; each is resolved once, when it is first asked for."""

    def __init__(self, series: Series, facts: Iterable[UnreadFact], source: Figures) -> None:
        # not before a name is known: an error and completion come without the records
        from evcli.core import formula, resolve

        self._resolve, self._operand = resolve.resolve, resolve.operand
        self._grow, self._sum = formula.with_growth, formula.with_parts
        words = source.words
        self.middled = partial(formula.with_middle, unit=words.units.get(series.unit))
        self._source = source
        self.series = series
        metric = words.metrics.get(series.metric)
        self._kind = metric.kind if metric else ""
        self._facts: dict[Period, list[UnreadFact]] = grouped(facts, attrgetter("period"))
        self._resolved: dict[Period, tuple[Figure, ...]] = {}

    @cached_property
    def periods(self) -> list[Period]:
        """Every period with something to show, oldest first, undated last."""
        wrong_too = self._source.include_deprecated
        every = chain.from_iterable(self._facts.values())
        shown = {each.period for each in every if wrong_too or each.rank != "deprecated"}
        return sorted(shown, key=attrgetter("sort_key"))

    @cached_property
    def observed_periods(self) -> list[Period]:
        """The periods for which something other than a plan or a deprecated fact is stated."""
        every = chain.from_iterable(self._facts.values())
        observed = {e.period for e in every if e.status != "forecast" and e.rank != "deprecated"}
        return sorted(observed, key=attrgetter("sort_key"))

    @cached_property
    def newest(self) -> Period | None:
        """The window observed that ends last, of several the shortest."""
        return latest(self.observed_periods)

    def smallest_around(self, period: Period) -> Period | None:
        """The smallest window around *period* for which something is observed."""
        around = (each for each in self.observed_periods if each.contains(period))
        larger = (each for each in around if each != period)
        return min(larger, key=lambda each: (each.months or 0, each.sort_key), default=None)

    def stated(self, period: Period) -> tuple[Figure, ...]:
        """What sources state for *period*, without computed growth; several if they disagree."""
        if period not in self._resolved:
            known: Sequence[UnreadFact] = self._facts.get(period, ())
            if self._source.vintage == "first":
                known = self._releases.first(period) or known
            facts, wrong_too = [each.read() for each in known], self._source.include_deprecated
            found = self._resolve(self.series, period, facts, include_deprecated=wrong_too)
            self._resolved[period] = tuple([self.middled(figure) for figure in found])
        return self._resolved[period]

    def operand(self, period: Period) -> Figure:
        """The one figure that arithmetic uses; a missing one says why."""
        return self._operand(self.series, period, self.stated(period))

    def figures(self, period: Period) -> list[Figure]:
        """The figures that are stated for *period*, with the closest growth that follows."""
        return [self.grown(figure) for figure in self.stated(period)]

    @cached_property
    def _releases(self) -> Releases:
        from evcli.query.later import Releases

        return Releases(self._facts)

    def as_it_stands(self, figure: Figure) -> Figure:
        """A figure with what later releases imply of it; as they imply it, where that is wanted."""
        if self._kind != "flow" or not figure.is_observed or figure.period.is_undated:
            return figure
        later = self._releases.after(figure.period, figure.bounds)
        if later is None:
            return figure
        apart = later.bounds.intersect(figure.bounds) is None
        notes = (*figure.notes, later.note) if apart else figure.notes
        figure = figure._replace(now=later.bounds, notes=notes)
        if self._source.vintage != "now":
            return figure
        from evcli.core.formula import within
        from evcli.model.figure import BY_LATER, Derived

        windows = grouped(later.facts, attrgetter("period")).items()
        inputs = [self._resolve(self.series, window, facts)[0] for window, facts in windows]
        lineage = Derived(BY_LATER, tuple(inputs), later.expression)
        now = figure._replace(value=None, bounds=later.bounds, lineage=lineage, qualifier="")
        return self.middled(now if apart else within(figure, now))

    def grown(self, figure: Figure) -> Figure:
        """A figure of this series with its closest growth, stated or computed from both levels."""
        # growth of a share would be per cent of per cent, which nobody reads right
        if self._kind == "share" or figure.period.is_undated or not figure.is_observed:
            return figure
        return self.grown_on(figure, self.base(figure.period.year_before()))

    @cached_property
    def _restated(self) -> Fraction:
        """The part of a base that is usually restated within the year."""
        usual = self._source.words.usual_restatement(self.series.publisher, self.series.metric)
        return usual.between(0, 12)

    def grown_on(self, figure: Figure, base: Figure) -> Figure:
        """A figure of this series with its closest growth on *base*, if that is known."""
        return figure if is_missing(base) else self._grow(figure, base, self._restated)

    def base(self, period: Period) -> Figure:
        """What growth is measured on: the level stated, else the sum of stated windows inside."""
        figure = self.operand(period)
        if period in self._facts or self._kind != "flow":
            return figure
        runs: dict[date | None, list[Period]] = {period.start: []}
        for each in self.observed_periods:  # by their beginning
            if each.start in runs and period.contains(each) and each != period:
                run = [*runs[each.start], each]
                runs[each.end] = max(runs.get(each.end, run), run, key=len)
        parts = [self.operand(each) for each in runs.get(period.end, ())]
        return self.middled(self._sum(figure, parts)) if parts else figure


class Figures:
    """Resolves series to figures; the facts of a series are read from the store once.

    ``store`` is the compiled store, ``as_of`` the date by which a source must have been out (None
    where none was given), ``include_deprecated`` whether figures known to be wrong are shown,
    ``vintage`` whether figures are as they were first printed, or as they stand now, ``left_out``
    the sources that count for nothing, as do other copies of what they repeat.
    What no source states is inferred when a window is asked for.
    """

    def __init__(
        self,
        store: Store,
        *,
        as_of: str | None = None,
        include_deprecated: bool = False,
        vintage: str = "",
    ) -> None:
        if vintage:
            check_one_of("vintage", vintage, VINTAGES)
        self.store = store
        self.as_of = as_of and str(parse_period(as_of))  # of a year that has sources
        self.include_deprecated = include_deprecated
        self.vintage = vintage
        self.left_out: tuple[str, ...] = ()
        self._known: dict[str, SeriesFigures] = {}
        self._levels: dict[tuple[str, Period], Figure] = {}

    def without(self, sources: Collection[str]) -> Figures:
        """The same without what rests on these sources, or on copies of what they repeat."""
        wrong_too, vintage = self.include_deprecated, self.vintage
        other = Figures(self.store, as_of=self.as_of, include_deprecated=wrong_too, vintage=vintage)
        other.left_out = tuple(sorted({*self.left_out, *sources}))
        return other

    @cached_property
    def words(self) -> Vocabulary:
        """The vocabulary of the packs."""
        return self.store.vocabulary

    @cached_property
    def inferrer(self) -> Answers:
        """What derives figures; imported when first needed."""
        from evcli.query.solved import Answers

        return Answers(self)

    @cached_property
    def _sources_out(self) -> frozenset[str]:
        by = parse_period(self.as_of).end if self.as_of else None
        ends = ((each.id, each.published and each.published.end) for each in self.store.sources())
        return frozenset(id for id, end in ends if by and end and end <= by)

    @cached_property
    def _origins_left_out(self) -> frozenset[str]:
        repeated = (each.origin for each in self.store.sources(self.left_out))
        return frozenset(filter(None, (*self.left_out, *repeated)))

    def counts(self, fact: UnreadFact | Fact) -> bool:
        """Whether a fact was published in time and rests on no source that is left out.

        The original that a source left out repeats is no copy, and counts.
        """
        gone = self.left_out and (
            fact.source in self.left_out
            or (fact.origin in self._origins_left_out and fact.source != fact.origin)
        )
        return not gone and self.is_out(fact.source)

    def is_out(self, source: str) -> bool:
        """Whether the source was surely published by the date asked for; one undated never is."""
        return self.as_of is None or source in self._sources_out

    def of(self, series: Series) -> SeriesFigures:
        """The figures of one series."""
        return self._known.get(series.id) or self.of_all([series])[0]

    def of_all(self, series: Sequence[Series]) -> list[SeriesFigures]:
        """The figures of *series*, in their order."""
        new = [each for each in series if each.id not in self._known]
        if new:
            facts: dict[str, list[UnreadFact]] = {each.id: [] for each in new}
            for fact in self.store.unread_facts(facts):
                if self.counts(fact):
                    facts[fact.series].append(fact)
            for each in new:
                self._known[each.id] = SeriesFigures(each, facts[each.id], self)
        return [self._known[each.id] for each in series]

    def facts(self, series: Sequence[str]) -> list[Fact]:
        """The facts of *series*, of those published in time."""
        return [each for each in self.store.facts(series) if self.counts(each)]

    def figures_at(self, series: Series, period: Period, *, why_none: bool = False) -> list[Figure]:
        """Those for exactly *period*: stated, else derived, else none; *why_none*: one says why."""
        known = self.of(series)
        stated = known.stated(period)
        if len(stated) == 1:
            return [known.grown(known.as_it_stands(self.closest(stated[0])))]
        if stated:
            return known.figures(period)
        derived = self.inferrer.figure(series, period)
        return [derived] if why_none or derived.basis == "derived" else []

    def operand(self, series: Series, period: Period) -> Figure:
        """The figure that arithmetic uses, with its growth: stated, else derived, else why none."""
        known, figure = self.of(series), self.level(series, period)
        if known.stated(period) or series.unit == "":
            return known.grown(figure if self.vintage == "now" else known.as_it_stands(figure))
        return figure

    def level(self, series: Series, period: Period) -> Figure:
        """The same, with no growth but what is stated; worked out once.

        What later releases imply of it is there only where it takes its place.
        """
        figure = self._levels.get((series.id, period))
        if figure is None:
            known = self.of(series)
            if known.stated(period) or series.unit == "":
                figure = self.closest(known.operand(period))
                figure = known.as_it_stands(figure) if self.vintage == "now" else figure
            else:
                figure = self.inferrer.figure(series, period)
            self._levels[series.id, period] = figure
        return figure

    def closest(self, figure: Figure) -> Figure:
        """A stated figure within what other facts allow, where it is loose.

        Of one of which nothing but a growth is stated the level that follows.
        """
        if not is_loose(figure) or figure.disputed or figure.period.is_undated:
            return figure
        below = figure.bounds.low is not None and figure.bounds.low < 0
        if below or not figure.sources or not figure.is_observed:
            return figure
        derived = self.inferrer.figure(figure.series, figure.period)
        if derived.basis != "derived":
            return figure
        from evcli.core.formula import within  # with the engine

        if is_missing(figure):
            how = [note for note in derived.notes if not figure.yoy or note.kind != "growth"]
            notes = (*figure.notes, *how)
            if figure.yoy is not None:
                derived = derived._replace(yoy=figure.yoy, yoy_basis=figure.yoy_basis)
            return derived._replace(notes=notes)
        return self.of(figure.series).middled(within(figure, derived))
