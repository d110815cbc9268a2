"""Figures that no source states but that follow from what sources state, with tight bounds.

The facts that bear on a figure are those of its series and of the series tied to it. They are held
together by :mod:`evcli.inference`; both are imported only when something has to be inferred.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from evcli.core.comparability import Operand
from evcli.core.formula import with_middle
from evcli.core.resolve import NOTHING_LEADS_THERE, NOTHING_STATED, figure_id, missing
from evcli.inference.bounds import Disputed, Inference, Inferences, Inferred, Negative
from evcli.inference.family import Cell, Objective, fact_of, families, usable_facts
from evcli.model.figure import BY_INFERENCE, Derived, Figure, Missing
from evcli.model.note import Note, NoteKind
from evcli.model.period import Period
from evcli.model.quantity import computed
from evcli.model.records import Fact, Series
from evcli.query.later import releases_in_words
from evcli.query.solved import stated_inputs, tied_to
from evcli.text.numbers import between

if TYPE_CHECKING:
    from evcli.query.figures import Figures

_MOST_AT_HAND = 16  # families whose systems are kept


class Inferrer:
    """Infers figures of one store; families of series are read once."""

    def __init__(self, source: Figures) -> None:
        self._source = source
        self._tied = cache(lambda series: tuple(tied_to(source, series)))
        # a family's systems take megabytes, and questions go from family to family
        self._read = lru_cache(_MOST_AT_HAND)(self._read_tied)

    def figure(self, series: Series, period: Period) -> Figure:
        """What follows for *series* in *period* from what is stated of others, else why nothing."""
        answer = self.answer([Operand(series, period)])
        if not isinstance(answer, Inferred) or not (
            # that a count is not below zero, or not above the window around it, is no answer
            answer.derivations or ((answer.bounds.low or 0) > 0 and answer.bounds.high is not None)
        ):
            return missing(series, period, self._why_not(series, period, answer))
        facts = self.tied(series)[1]
        windows = dict.fromkeys((facts[id_].series, facts[id_].period) for id_ in answer.facts)
        inputs = stated_inputs(self._source, windows)
        lineage = Derived(BY_INFERENCE, inputs, answer.formula, answer.in_formula)
        level = computed(answer.value, answer.bounds, series.unit)
        follows = (level.value, level.bounds, lineage, series.unit, level.qualifier)
        notes = tuple(_assumptions(answer))
        figure = Figure(figure_id(series, period), series, period, *follows, notes=notes)
        unit = self._source.words.units.get(series.unit)
        return self._with_growth(with_middle(figure, unit))

    def answer(self, operands: Sequence[Operand], formula: str = "") -> Inference | None:
        """What follows for a window, or for a formula over several of a family; None if nothing."""
        family = self._family_of(operands)
        try:
            objectives = [_objective(*each) for each in operands]
            objective = getattr(Objective, formula)(*objectives) if formula else objectives[0]
            if family is None:
                return None
            if not formula:
                family = family.without(Cell(operands[0].series.id, operands[0].period))
            return family.of(objective, closed=not formula)
        except (KeyError, ValueError):
            return None  # a window that no fact of the family comes near

    def _family_of(self, operands: Sequence[Operand]) -> Inferences | None:
        """The family that knows all of *operands*, if there is one."""
        family = self.family(operands[0].series)
        series = {cell.series for each in operands for cell in _objective(*each).cells}
        return family if family and series <= family.family.series.keys() else None

    def family(self, series: Series) -> Inferences | None:
        """The family that a series belongs to."""
        found, id_ = self.tied(series)[0], series.part or series.id
        return next((each for each in found if id_ in each.family.series), None)

    def tied(self, series: Series) -> tuple[list[Inferences], dict[str, Fact]]:
        """The families among *series* and all that may bear on it, and their facts by id."""
        return self._read(self._tied(series))

    def _read_tied(self, ids: Sequence[str]) -> tuple[list[Inferences], dict[str, Fact]]:
        series = {each.id: each for each in self._source.store.series(ids)}
        facts = self._source.facts(ids)
        usable, disputed = usable_facts(facts, series)
        found = families(usable, series, self._source.words, disputed=disputed, bind_bases=True)
        vintage = self._source.vintage
        return [Inferences(each, vintage) for each in found], {each.id: each for each in facts}

    def _why_not(self, series: Series, period: Period, answer: Inference | None) -> Missing:
        match answer:
            case Disputed():
                first, second = answer.first, answer.second
                return Missing(
                    f"disputed, nothing derived: {first.formula} gives {between(*first.bounds)}, "
                    f"{second.formula} gives {between(*second.bounds)}",
                    _facts_of((*first.statements, *second.statements)),
                )
            case Negative():
                below = f"{answer.formula or 'it'} would be negative, {between(*answer.bounds)}"
                return Missing(f"nothing derived: {below}", _facts_of(answer.statements))
        smallest = self._source.of(series).smallest_around(period)
        if smallest is not None:
            text = f"{NOTHING_STATED.text}, and it is not separable from {smallest}"
            return Missing(text, (figure_id(series, smallest),), smallest)
        return NOTHING_LEADS_THERE

    def _with_growth(self, figure: Figure) -> Figure:
        """Growth on the year before, where that follows too."""
        if figure.series.part:
            return figure
        before = figure.period.year_before()
        operands = [Operand(figure.series, figure.period), Operand(figure.series, before)]
        family = self._family_of(operands)
        if family is None or not family.derivations(_objective(*operands[1])):
            return figure  # without a base that some formula leads to
        answer = self.answer(operands, "growth")
        if not isinstance(answer, Inferred):
            return figure
        growth = computed(answer.value, answer.bounds, "percent")
        note = Note(NoteKind.GROWTH, f"growth: {answer.formula}", answer.facts)
        return figure._replace(yoy=growth, yoy_basis="derived", notes=(*figure.notes, note))


def _objective(series: Series, period: Period) -> Objective:
    """What a series is at a period: a window, or for a share one window divided by another."""
    if series.part and series.whole:
        part, whole = (Objective.of(Cell(id_, period)) for id_ in (series.part, series.whole))
        return Objective.share(part, whole)
    return Objective.of(Cell(series.id, period))


def _facts_of(statements: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(fact_of, statements)))


def _assumptions(answer: Inferred) -> Iterator[Note]:
    """What the bounds allow for between releases, and which restatement they take in."""
    first = next(iter(answer.derivations), None)
    if first is not None and first.bounds != first.strict:
        text = (
            f"by {releases_in_words(first.months)}, the usual restatement allowed for; "
            f"if nothing was restated {between(*first.strict)}"
        )
        yield Note(NoteKind.CAUTION, text, _facts_of(first.statements))
    for each in answer.apart:
        text = f"restated: {each.formula}, by {releases_in_words(each.months)}, gives "
        yield Note(NoteKind.CAUTION, text + between(*each.strict), _facts_of(each.statements))
