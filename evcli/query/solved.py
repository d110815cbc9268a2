"""Answers of the inference engine that the store keeps, so that each is solved once.

The store of the built-in record has them for calendar windows. For all else, other packs and an
earlier date too, the engine is asked; it is imported no sooner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from evcli.core.comparability import Operand
from evcli.core.resolve import NOTHING_LEADS_THERE, figure_id, missing, operand
from evcli.model.figure import BY_INFERENCE, Derived, Figure
from evcli.model.kept import Solved
from evcli.model.period import CALENDAR, Period, Window, parse_period
from evcli.model.quantity import Quantity
from evcli.model.records import Series
from evcli.query.figures import is_loose

if TYPE_CHECKING:
    from collections.abc import Callable

    from evcli.inference.bounds import Inference
    from evcli.query.figures import Figures
    from evcli.query.inferred import Inferrer

_CALENDAR = (*CALENDAR.values(), Window.YEAR_TO_DATE)
_Kept = tuple[range | None, "dict[Period, tuple[bool, Callable[[], Solved]]]"]


class Answers:
    """What is inferred from the facts of one store: as it was solved, else by the engine."""

    def __init__(self, source: Figures) -> None:
        self._source = source
        self._known: dict[str, _Kept] = {}

    @cached_property
    def engine(self) -> Inferrer:
        """What solves; imported when first needed."""
        from evcli.query.inferred import Inferrer

        return Inferrer(self._source)

    def figure(self, series: Series, period: Period) -> Figure:
        """What follows for *series* in *period*; a missing figure says why nothing does."""
        if not self.knows(series, period):
            return self.engine.figure(series, period)
        kept = self._kept(series)[1].get(period)
        return (
            missing(series, period, NOTHING_LEADS_THERE)
            if kept is None
            else self._of(series, kept[1]())
        )

    def follows(self, series: Series, period: Period) -> bool:
        """Whether a figure follows: some derivation leads to *series* in *period*, undisputed."""
        if not self.knows(series, period):
            return self.engine.follows(series, period)
        kept = self._kept(series)[1].get(period)
        return kept is not None and kept[0]

    def answer(self, operands: Sequence[Operand], formula: str = "") -> Inference | None:
        """What follows for a window, or for a formula over several of a family; None if nothing."""
        return self.engine.answer(operands, formula)

    def tightened(self, figure: Figure, formula: str, operands: Sequence[Operand]) -> Figure:
        """A computed figure whose inputs were inferred, with the bounds of the whole system."""
        return self.engine.tightened(figure, formula, operands)

    def knows(self, series: Series, period: Period) -> bool:
        """Whether the store has the answer."""
        years = self._kept(series)[0]
        if years is None or period.start is None or period.last_day is None:
            return False
        if period.last_day.year < years.start or period.start.year >= years.stop:
            return True  # nothing that is stated comes near
        of_calendar = period.year is not None and period.window in _CALENDAR
        return of_calendar and _is_open(self._source, series, period)

    def _kept(self, series: Series) -> _Kept:
        if series.id not in self._known:
            source, store = self._source, self._source.store
            plain = source.as_of is None and not source.include_deprecated
            years = store.solved_years(series.id) if plain else None
            self._known[series.id] = years, {} if years is None else store.unread_solved(series.id)
        return self._known[series.id]

    def _of(self, series: Series, solved: Solved) -> Figure:
        if solved.missing is not None:
            return missing(series, solved.period, solved.missing)
        level = solved.level
        assert level is not None
        windows = ((id_, parse_period(period)) for id_, period in solved.inputs)
        inputs = stated_inputs(self._source, windows)
        return Figure(
            figure_id(series, solved.period),
            series,
            solved.period,
            level.value,
            level.bounds,
            Derived(BY_INFERENCE, inputs, solved.expression, solved.statements),
            series.unit,
            level.qualifier,
            solved.growth,
            notes=solved.notes,
        )


def stated_inputs(source: Figures, windows: Iterable[tuple[str, Period]]) -> tuple[Figure, ...]:
    """What is stated of *windows*, each of the series of an id: what a derived figure rests on."""
    wanted = list(windows)
    of = {each.id: each for each in source.store.series([id_ for id_, _ in wanted])}
    known = [(source.of(of[id_]), window) for id_, window in wanted]
    return tuple(operand(each.series, window, each.stated(window)) for each, window in known)


def solve(target: Path) -> None:
    """Solve what may be asked of the store at *target*, and keep the answers there."""
    from evcli.query.figures import Figures
    from evcli.store.build import add_solved
    from evcli.store.cache import store_at

    with store_at(target) as store:
        engine = Answers(source := Figures(store)).engine
        series = store.series(store.all_series_ids())
        years = {each.id: engine.years(each) for each in series}
        solved = [
            found
            for each in series
            for period in _windows(years[each.id])
            if _is_open(source, each, period)
            for found in _solved(engine, each, period)
        ]
    add_solved(target, years, solved)


def _solved(engine: Inferrer, series: Series, period: Period) -> Iterator[Solved]:
    """The answer to be kept; none where nothing leads there, which need not be said."""
    figure = engine.figure(series, period)
    follows = engine.follows(series, period)
    if figure.missing == NOTHING_LEADS_THERE and not follows:
        return
    level, lineage = None, Derived(BY_INFERENCE, ())
    if isinstance(figure.lineage, Derived):
        level, lineage = (
            Quantity(figure.value, figure.bounds, figure.qualifier, figure.unit),
            figure.lineage,
        )
    yield Solved(
        series.id,
        period,
        follows,
        level,
        figure.yoy,
        lineage.expression,
        lineage.statements,
        tuple((each.series.id, str(each.period)) for each in lineage.inputs),
        () if figure.missing else figure.notes,
        figure.missing,
    )


def _windows(years: range) -> Iterator[Period]:
    """The calendar windows and years to date of *years*."""
    for year in years:
        whole = Period.of_year(year)
        to_date = (Period.of_months(year, 1, months) for months in range(1, 13))
        parts = (part for months in CALENDAR for part in whole.split_into(months))
        yield from dict.fromkeys((*parts, *to_date))


def _is_open(source: Figures, series: Series, period: Period) -> bool:
    """Whether no source states the level closely: what the engine may be asked."""
    stated = source.of(series).stated(period)
    return not any(each.is_observed and not is_loose(each) for each in stated)
