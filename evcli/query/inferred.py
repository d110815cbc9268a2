"""Figures that no source states but that follow from what sources state, with tight bounds.

The facts that bear on a figure are those of its series and of the series tied to it: other
scopes of the same count, and shares with their parts and wholes. They are held together by
:mod:`evcli.inference`, which is imported only when something has to be derived.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from evcli.core.resolve import NOTHING_STATED, figure_id, missing
from evcli.model.figure import BY_INFERENCE, Derived, Figure, Missing
from evcli.model.note import Note, NoteKind
from evcli.model.period import Period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Fact, Series

if TYPE_CHECKING:
    import evcli.inference as inference
    from evcli.model.vocabulary import Vocabulary
    from evcli.query.figures import SeriesFigures
    from evcli.store.reader import Store

Operand = tuple[Series, Period]
_MOST_TRIED = 8


class FactSource(Protocol):
    """What a derivation reads from: :class:`evcli.query.figures.FigureSource`."""

    @property
    def store(self) -> Store:
        """The compiled store."""
        ...

    @property
    def words(self) -> Vocabulary:
        """The vocabulary of the packs."""
        ...

    def facts(self, series: Sequence[str]) -> list[Fact]:
        """The facts of *series*, of those published in time."""
        ...

    def one(self, series: Series) -> SeriesFigures:
        """The stated figures of one series."""
        ...


class Inferrer:
    """Derives figures of one store; families of series are read once."""

    def __init__(self, source: FactSource) -> None:
        self._source = source
        self._families: dict[str, inference.Inferences | None] = {}
        self._facts: dict[str, Fact] = {}

    def figure(self, series: Series, period: Period) -> Figure:
        """What follows for *series* in *period*; a missing figure says why nothing does."""
        if period.is_undated:
            return missing(series, period, NOTHING_STATED)
        answer = self.answer([(series, period)])
        figure = self._as_figure(series, period, answer)
        return self._with_growth(figure) if figure.basis == "derived" else figure

    def follows(self, series: Series, period: Period) -> bool:
        """Whether a figure follows for *series* in *period*: some way leads there, undisputed."""
        answers = self._answers(series)
        target = self._target(series, period)
        if answers is None:
            return False
        if not {each.series for each in target.windows} <= answers.family.series.keys():
            return False
        try:
            return answers.follow(target)
        except (KeyError, ValueError):
            return False  # a window that no fact of the family comes near

    def answer(self, operands: Sequence[Operand], formula: str = "") -> inference.Inference | None:
        """What the engine says of a window, or of a formula over several of one family."""
        answers = self._answers(operands[0][0])
        if answers is None:
            return None
        targets = [self._target(series, period) for series, period in operands]
        windows = {window.series for target in targets for window in target.windows}
        if not windows <= answers.family.series.keys():
            return None
        from evcli.inference import Objective

        makers: Mapping[str, Callable[..., Objective]] = {
            "growth": Objective.growth,
            "share": Objective.share,
            "ratio": Objective.ratio,
            "difference": Objective.difference,
            "total": Objective.total,
        }
        try:
            target = makers[formula](*targets) if formula else targets[0]
            return _as_stated(answers.to(target))
        except (KeyError, ValueError):
            return None  # a window that no fact of the family comes near

    def tightened(self, figure: Figure, formula: str, operands: Sequence[Operand]) -> Figure:
        """A computed figure whose inputs were derived, with the bounds of the whole system."""
        from evcli.inference import Inferred as Answer

        answer = self.answer(operands, formula)
        if not isinstance(answer, Answer):
            return figure
        bounds = answer.bounds.intersect(figure.bounds) or answer.bounds
        value = figure.value
        if value is not None and not bounds.contains(value):
            value = answer.value
        inputs = figure.lineage.inputs if isinstance(figure.lineage, Derived) else ()
        lineage = Derived(formula, inputs, answer.formula or formula, answer.in_formula)
        return figure._replace(value=value, bounds=bounds, lineage=lineage)

    def _target(self, series: Series, period: Period) -> inference.Objective:
        from evcli.inference import Cell, Objective

        if series.part and series.whole:
            part, whole = (
                Objective.window(Cell(id_, period)) for id_ in (series.part, series.whole)
            )
            return Objective.share(part, whole)
        return Objective.window(Cell(series.id, period))

    def _answers(self, series: Series) -> inference.Inferences | None:
        wanted = series.part or series.id
        if wanted not in self._families:
            from evcli.inference import Inferences, fact_of, families, usable_facts

            tied = {each.id: each for each in self._tied(series)}
            facts = self._source.facts(list(tied))
            self._facts.update((fact.id, fact) for fact in facts)
            settled = usable_facts(facts, tied)
            found = families(settled.facts, tied, self._source.words, disputed=settled.disputed)
            for family in found:
                answers = Inferences(family, lambda each: self._facts[fact_of(each)].origin)
                for id_ in family.series:
                    self._families[id_] = answers
            self._families.setdefault(wanted, None)
        return self._families[wanted]

    def _tied(self, series: Series) -> list[Series]:
        """The series whose facts may bear on *series*: same count, other scopes; and shares."""
        store = self._source.store
        near = store.select_series(subjects=[series.subject], publishers=[series.publisher])
        near = [each for each in near if each.destination == series.destination]
        ids = {id_ for each in (series, *near) for id_ in (each.part, each.whole) if id_}
        known = {each.id: each for each in (series, *near)}
        for each in store.series(sorted(ids - known.keys())):
            known[each.id] = each
        return list(known.values())

    def _as_figure(
        self, series: Series, period: Period, answer: inference.Inference | None
    ) -> Figure:
        import evcli.inference as inference

        if isinstance(answer, inference.Inferred) and _says_something(answer.bounds, answer.ways):
            facts = [self._facts[id_] for id_ in answer.facts]
            return Figure(
                figure_id(series, period),
                series,
                period,
                answer.value,
                answer.bounds,
                Derived(BY_INFERENCE, self._inputs(facts), answer.formula, answer.in_formula),
                series.unit,
                notes=tuple(_assumptions(answer.statements, facts)),
            )
        return missing(series, period, self._why_not(series, period, answer))

    def _inputs(self, facts: Sequence[Fact]) -> tuple[Figure, ...]:
        windows = dict.fromkeys((fact.series, fact.period) for fact in facts)
        series = {each.id: each for each in self._source.store.series([id_ for id_, _ in windows])}
        return tuple(self._source.one(series[id_]).operand(period) for id_, period in windows)

    def _why_not(
        self, series: Series, period: Period, answer: inference.Inference | None
    ) -> Missing:
        import evcli.inference as inference

        match answer:
            case inference.Disputed():
                first, second = answer.first, answer.second
                return Missing(
                    f"disputed, nothing derived: {first.formula} gives {_range(first.bounds)}, "
                    f"{second.formula} gives {_range(second.bounds)}",
                    tuple(dict.fromkeys((*first.facts, *second.facts))),
                )
            case inference.Infeasible(statements=statements) if statements:
                ids = tuple(dict.fromkeys(map(inference.fact_of, statements)))
                return Missing(
                    f"nothing derived: {', '.join(ids)} cannot all hold (evcli check)", ids
                )
            case inference.Negative():
                return Missing(
                    f"nothing derived: {answer.formula or 'it'} would be negative, "
                    f"{_range(answer.bounds)}",
                    tuple(dict.fromkeys(map(inference.fact_of, answer.statements))),
                )
        nothing = NOTHING_STATED.text
        smallest = self._smallest_around(series, period)
        if smallest is not None:
            text = f"{nothing}, and it is not separable from {smallest}"
            return Missing(text, (figure_id(series, smallest),), smallest)
        return Missing(f"{nothing}, and nothing stated leads there")

    def _smallest_around(self, series: Series, period: Period) -> Period | None:
        """The smallest window around *period* that is stated, or follows from what is."""
        known = self._source.one(series).observed_periods()
        stated = [each for each in known if each.contains(period) and each != period]
        smallest = min(stated, key=lambda each: (each.months or 0, each.sort_key), default=None)
        span = period.month_span
        if span is None or smallest is None or smallest.months is None:
            return smallest
        ends = {end for each in known for end in each.month_span or ()}
        between = sorted(
            (last - first, first)
            for first in ends
            for last in ends
            if first <= span[0] and last >= span[1] and last - first < smallest.months
        )
        for months, first in between[:_MOST_TRIED]:
            window = Period.of_months(first // 12, first % 12 + 1, months)
            if window != period and self.follows(series, window):
                return window
        return smallest

    def _with_growth(self, figure: Figure) -> Figure:
        """Growth on the year before, where that follows too."""
        import evcli.inference as inference

        if figure.series.part:
            return figure
        before = figure.period.year_before()
        answer = self.answer([(figure.series, figure.period), (figure.series, before)], "growth")
        if not isinstance(answer, inference.Inferred) or not answer.ways:
            return figure
        growth = Quantity(answer.value, answer.bounds, "", "percent")
        note = Note(NoteKind.GROWTH, f"growth: {answer.formula}", answer.facts)
        return figure._replace(yoy=growth, notes=(*figure.notes, note))


def _as_stated(answer: inference.Inference) -> inference.Inference:
    """The answer with an end open that no statement gives, only that a count is never negative."""
    from evcli.inference import Inferred as Answer

    if not isinstance(answer, Answer):
        return answer
    low = answer.bounds.low if answer.low_statements else None
    high = answer.bounds.high if answer.high_statements else None
    return dataclasses.replace(answer, bounds=Bounds(low, high))


def _says_something(bounds: Bounds, ways: Sequence[object]) -> bool:
    # that a count is not below zero, or not above the window around it, is no answer
    return bool(ways) or (bounds.low is not None and bounds.low > 0 and bounds.high is not None)


def _assumptions(statements: Sequence[str], facts: Sequence[Fact]) -> list[Note]:
    """What must hold between releases for the derivation to be right."""
    from evcli.inference import fact_of

    sources = {fact.id: fact.source for fact in facts}
    changes = [each for each in statements if fact_of(each) != each]
    levels = tuple(sorted({sources[each] for each in statements if each in sources}))
    notes = []
    if changes:
        releases = tuple(dict.fromkeys(sources[fact_of(each)] for each in changes))
        told = f"the base is as restated in {', '.join(releases)}"
        notes.append(Note(NoteKind.CAUTION, told, releases))
    if len(levels) > 1:
        told = f"assumes no restatement between {' and '.join(levels)}"
        notes.append(Note(NoteKind.CAUTION, told, levels))
    return notes


def _range(bounds: Bounds) -> str:
    low = "open" if bounds.low is None else f"{float(bounds.low):,.12g}"
    high = "open" if bounds.high is None else f"{float(bounds.high):,.12g}"
    return f"{low} to {high}"
