"""All figures of one series, resolved from their facts when asked for."""

from __future__ import annotations

from collections.abc import Iterable

from evcli.core.resolve import operand, resolve
from evcli.model.figure import Figure, Resolution
from evcli.model.period import Period
from evcli.model.records import Rank, Series, Status
from evcli.store.reader import UnreadFact


def is_missing(figure: Figure) -> bool:
    """Whether nothing at all is known of the figure's value."""
    bounds = figure.bounds
    return figure.value is None and bounds.low is None and bounds.high is None


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
        from evcli.core.derive import growth_between  # only some figures need it

        base = self.operand(base_period)
        growth = growth_between(figure, base)
        if growth is None:
            return figure
        return figure._replace(yoy=growth, notes=(*figure.notes, f"growth computed from {base.id}"))
