"""Figures of the store: stated, else derived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evcli.model.figure import Figure
from evcli.model.period import Period, parse_period
from evcli.model.records import Fact, Series
from evcli.model.vocabulary import MetricKind, Vocabulary
from evcli.query.series_figures import SeriesFigures, is_missing
from evcli.store.reader import Store, UnreadFact

if TYPE_CHECKING:
    from evcli.query.derived import Derivation


class FigureSource:
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
        self._derivation: Derivation | None = None
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
    def derivation(self) -> Derivation:
        """What derives figures; made when first needed."""
        if self._derivation is None:
            from evcli.query.derived import Derivation

            self._derivation = Derivation(self)
        return self._derivation

    def _grows(self, series: Series) -> bool:
        # growth of a share would be per cent of per cent, which nobody reads right
        metric = self.words.metrics.get(series.metric)
        return metric is None or metric.kind is not MetricKind.SHARE
