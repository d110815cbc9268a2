"""Figures of the store: stated, else derived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from evcli.core.resolve import operand, resolve
from evcli.model.figure import Figure, Resolution
from evcli.model.note import Note, NoteKind
from evcli.model.period import Period, parse_period
from evcli.model.quantity import Quantity
from evcli.model.records import Fact, Rank, Series, Status
from evcli.model.vocabulary import MetricKind, Vocabulary
from evcli.store.reader import Store, UnreadFact

if TYPE_CHECKING:
    from evcli.query.inferred import Inferrer


def is_missing(figure: Figure) -> bool:
    """Whether nothing at all is known of the figure's value."""
    bounds = figure.bounds
    return figure.value is None and bounds.low is None and bounds.high is None


def with_growth(figure: Figure, growth: Quantity, base: Figure) -> Figure:
    """The figure with the *growth* that was computed from *base*, and a note that says so."""
    note = Note(NoteKind.GROWTH, f"growth computed from {base.id}", (base.id,))
    return figure._replace(yoy=growth, notes=(*figure.notes, note))


class SeriesFigures:
    """All periods of one series; each is resolved once, when it is first asked for."""

    def __init__(
        self, series: Series, facts: Iterable[UnreadFact], *, with_deprecated: bool, grows: bool
    ) -> None:
        self.series = series
        self._with_deprecated = with_deprecated
        self._grows = grows
        self._facts: dict[Period, list[UnreadFact]] = {}
        for fact in facts:
            self._facts.setdefault(fact.period, []).append(fact)
        self._rivals: dict[Period, Resolution] = {}
        self._periods: list[Period] | None = None
        self._observed: list[Period] | None = None

    def periods(self) -> list[Period]:
        """Every period with something to show, oldest first, undated last."""
        if self._periods is None:
            shown = [
                period
                for period, facts in self._facts.items()
                if self._with_deprecated or any(fact.rank is not Rank.DEPRECATED for fact in facts)
            ]
            self._periods = sorted(shown, key=lambda period: period.sort_key)
        return self._periods

    def observed_periods(self) -> list[Period]:
        """The periods for which something other than a plan or a deprecated fact is stated."""
        if self._observed is None:
            self._observed = [
                period
                for period in self.periods()
                if any(
                    fact.status is not Status.FORECAST and fact.rank is not Rank.DEPRECATED
                    for fact in self._facts[period]
                )
            ]
        return self._observed

    def rivals(self, period: Period) -> Resolution:
        """What stands for *period*, without computed growth."""
        if period not in self._rivals:
            self._rivals[period] = resolve(
                self.series,
                period,
                [each.read() for each in self._facts.get(period, ())],
                include_deprecated=self._with_deprecated,
            )
        return self._rivals[period]

    def operand(self, period: Period) -> Figure:
        """The one figure that arithmetic uses; a missing one says why."""
        return operand(self.series, period, self.rivals(period))

    def figures(self, period: Period) -> list[Figure]:
        """The figures to show for *period*, growth computed where none is stated."""
        return [self._with_growth(figure) for figure in self.rivals(period).figures]

    def _with_growth(self, figure: Figure) -> Figure:
        if (
            figure.yoy is not None
            or not self._grows
            or figure.period.is_undated
            or figure.status == Status.FORECAST
            or figure.rank == Rank.DEPRECATED
        ):
            return figure
        base_period = figure.period.year_before()
        if base_period not in self._facts:
            return figure
        from evcli.core.derive import growth_between

        base = self.operand(base_period)
        growth = growth_between(figure, base)
        if growth is None:
            return figure
        return with_growth(figure, growth, base)


class Figures:
    """Resolves series to figures; facts are read from the store once a series and query.

    What no source states is derived when a window is asked for, unless *derive* is off.
    """

    def __init__(
        self,
        store: Store,
        *,
        as_of: str | None = None,
        include_deprecated: bool = False,
        derive: bool = True,
    ) -> None:
        self._store = store
        self._as_of = as_of
        self._include_deprecated = include_deprecated
        self._derive = derive
        self._derivation: Inferrer | None = None
        self._known: dict[str, SeriesFigures] = {}
        self._out: dict[str, bool] | None = None

    @property
    def store(self) -> Store:
        """The compiled store."""
        return self._store

    @property
    def words(self) -> Vocabulary:
        """The vocabulary of the packs."""
        return self.store.vocabulary

    @property
    def as_of(self) -> str | None:
        """The date by which a source must have been out; None where none was given."""
        return self._as_of

    @property
    def include_deprecated(self) -> bool:
        """Whether figures known to be wrong are shown."""
        return self._include_deprecated

    @property
    def derives(self) -> bool:
        """Whether what no source states is derived."""
        return self._derive

    def is_out(self, source: str) -> bool:
        """Whether the source was surely published by the date asked for; one undated never is."""
        if self._as_of is None:
            return True
        if self._out is None:
            by = parse_period(self._as_of).end
            self._out = {
                each.id: bool(
                    by and each.published and each.published.end and each.published.end <= by
                )
                for each in self.store.sources()
            }
        return self._out.get(source, False)

    def of(self, series: Sequence[Series], *, few: bool = False) -> list[SeriesFigures]:
        """The figures of *series*, in their order; *few* if not many windows will be asked for."""
        new = [each for each in series if each.id not in self._known]
        if new:
            facts: dict[str, list[UnreadFact]] = {each.id: [] for each in new}
            for fact in self.store.unread_facts(facts, published_by=self._as_of, few=few):
                facts[fact.series].append(fact)
            for each in new:
                self._known[each.id] = SeriesFigures(
                    each,
                    facts[each.id],
                    with_deprecated=self._include_deprecated,
                    grows=self._grows(each),
                )
        return [self._known[each.id] for each in series]

    def one(self, series: Series) -> SeriesFigures:
        """The figures of one series."""
        return self.of([series])[0]

    def facts(self, series: Sequence[str]) -> list[Fact]:
        """The facts of *series*, of those published in time."""
        return self.store.facts(series, published_by=self._as_of)

    def figures_at(
        self, series: Series, period: Period, *, or_why_none: bool = False
    ) -> list[Figure]:
        """The figures for exactly *period*: stated, else derived, else none.

        With *or_why_none*, one without a value that says why there is none.
        """
        stated = self.one(series).figures(period)
        if stated or not self._derive:
            return stated
        derived = self.derivation.figure(series, period)
        return [derived] if or_why_none or derived.basis == "derived" else []

    def operand(self, series: Series, period: Period) -> Figure:
        """The one figure that arithmetic uses: stated, else derived; a missing one says why."""
        stated = self.one(series).operand(period)
        if not self._derive or not is_missing(stated) or stated.series.unit == "":
            return stated
        if self.one(series).rivals(period).figures:
            return stated  # a plan, or a change without a level: that is the reason to give
        return self.derivation.figure(series, period)

    @property
    def derivation(self) -> Inferrer:
        """What derives figures; made when first needed."""
        if self._derivation is None:
            from evcli.query.inferred import Inferrer

            self._derivation = Inferrer(self)
        return self._derivation

    def _grows(self, series: Series) -> bool:
        # growth of a share would be per cent of per cent, which nobody reads right
        metric = self.words.metrics.get(series.metric)
        return metric is None or metric.kind is not MetricKind.SHARE
